"""System packages: what is missing, installed by apt when it may, named otherwise."""

import glob
import importlib.util
import os
import re
import shutil
import subprocess

from .out import Failure, say, step, warn
from .proc import capture, environment, run

CHROMIUM = ("google-chrome", "chromium", "chromium-browser", "google-chrome-stable")


def postgres_bin(major=None):
    """Folder of initdb and pg_ctl: the newest server >= 14, or exactly ``major``. None when absent."""
    found = {}
    folders = glob.glob("/usr/lib/postgresql/*/bin") + glob.glob("/usr/pgsql-*/bin")
    pg_ctl = shutil.which("pg_ctl")
    if pg_ctl:
        folders.append(os.path.dirname(os.path.realpath(pg_ctl)))
    for folder in folders:
        if not all(
            os.access(os.path.join(folder, tool), os.X_OK) for tool in ("initdb", "pg_ctl", "postgres")
        ):
            continue
        version = capture([os.path.join(folder, "postgres"), "--version"], check=False).split()
        if version:
            number = int(re.match(r"\d+", version[2])[0])
            if number >= 14:
                found[number] = folder
    if major:
        return found.get(int(major))
    return found[max(found)] if found else None


def has_venv():
    return bool(importlib.util.find_spec("ensurepip") and importlib.util.find_spec("venv"))


def chromium():
    return next((path for path in map(shutil.which, CHROMIUM) if path), None)


def needed(home, for_tests, own_cluster):
    """(package, why, must) for everything that is missing."""
    rows = []
    if own_cluster and not postgres_bin():
        rows.append(("postgresql", "сервер базы данных, версия 14 или новее", True))
    if not own_cluster and not shutil.which("psql"):
        rows.append(("postgresql-client", "psql и pg_dump для базы из DATABASE_URL", True))
    if not has_venv() and not any(home.root.glob("venv-*/clinic-ok")):
        rows.append(("python3-venv", "виртуальное окружение Python", True))
    if not shutil.which("wkhtmltopdf"):
        rows.append(("wkhtmltopdf", "печать в PDF (без него печать идёт через браузер)", False))
    if for_tests and not chromium():
        rows.append(("chromium", "тесты в браузере", True))
    return rows


def ensure(home, *, for_tests, own_cluster):
    """Install what is missing or say what the administrator has to install."""
    rows = needed(home, for_tests, own_cluster)
    marker = home.run / "optional-asked"
    if not any(must for _name, _why, must in rows) and marker.exists():
        return
    if not rows:
        return
    say("Не хватает системных пакетов:")
    for name, why, must in rows:
        say("  {} – {}{}".format(name, why, "" if must else " (необязательно)"))
    prefix = _apt_prefix()
    if prefix is not None:
        _install(home, prefix, rows)
    marker.touch()
    still = [name for name, _why, must in needed(home, for_tests, own_cluster) if must]
    if still:
        raise Failure(
            "Установите от имени администратора и повторите:\n"
            "    apt-get update && apt-get install {}\n{}".format(
                " ".join(still),
                "Сам ./clinic этого не смог: нет прав администратора или apt."
                if prefix is None
                else "apt пробовал, но не смог; журнал: %s" % (home.logs / "apt.log"),
            )
        )


def _apt_prefix():
    if not shutil.which("apt-get"):
        return None
    if os.geteuid() == 0:
        return []
    if (
        shutil.which("sudo")
        and subprocess.run(["sudo", "-n", "true"], capture_output=True, check=False).returncode == 0
    ):
        return ["sudo", "-n"]
    return None


def _install(home, prefix, rows):
    log = home.logs / "apt.log"
    env = environment(home, DEBIAN_FRONTEND="noninteractive")
    # dpkg cut off in the middle leaves the system's packages broken: it goes on when this call is killed,
    # and the next call waits for it
    wait = ["-o", "DPkg::Lock::Timeout=600"]
    apt = [*prefix, "env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-q", "-y", *wait]
    with step("Обновляю список пакетов apt"):
        run(home, [*apt, "update"], log, env=env, check=False)
    for must in (True, False):
        names = [name for name, _why, is_must in rows if is_must == must]
        if not names:
            continue
        with step("Устанавливаю {}".format(", ".join(names))):
            install = [*apt, "install", "--no-install-recommends", *names]
            code = run(home, install, log, env=env, check=False, lasting=True)
        if code and must:
            warn(f"apt закончился с кодом {code}, журнал: {log}")
        elif code:
            say("  без {} можно работать, продолжаю".format(", ".join(names)))

"""Obtain a complete Odoo 19: ODOO_SOURCE, an importable one, Debian's package, git – in this order."""

import json
import os
import pathlib
import re
import shutil
import sys

from . import debian, mends
from .home import remove_tree, write_atomic
from .out import Failure, say, step, warn
from .proc import capture, environment, run

SERIES = "19.0"
UPSTREAM = "https://github.com/odoo/odoo.git"
LAYOUTS = ("", "usr/lib/python3/dist-packages", "..")


class Source:
    """A found Odoo: the folder to put on Python's path, the version, where it came from."""

    def __init__(self, path, version, origin):
        self.path, self.version, self.origin = str(path), version, origin

    @property
    def key(self):
        return f"{self.version} {self.origin}"


def obtain(home):
    """Return the Source to use, building it when needed. Call under the set-up lock."""
    remembered = home.root / "odoo.json"
    wanted = os.environ.get("ODOO_SOURCE")
    if wanted:
        return _given(wanted)
    if remembered.exists():
        data = json.loads(remembered.read_text(encoding="utf-8"))
        if version_of(data["path"]) == data["version"]:
            return Source(**data)
    source = _importable() or _own(home)
    write_atomic(remembered, json.dumps(vars(source)))
    say(f"  Odoo {source.version}: {source.path} ({source.origin})")
    return source


def version_of(folder):
    """Version of the Odoo whose package lies in ``folder``, or None."""
    try:
        text = (pathlib.Path(folder) / "odoo" / "release.py").read_text(encoding="utf-8")
    except OSError:
        return None
    match = re.search(r"^version_info\s*=\s*\(([^)]*)\)", text, re.MULTILINE)
    if not match:
        return None
    parts = [part.strip().strip("'\"") for part in match[1].split(",")]
    return ".".join(parts[:2])


def _given(wanted):
    base = pathlib.Path(wanted).expanduser().absolute()
    for layout in LAYOUTS:
        folder = (base / layout).resolve()
        version = version_of(folder)
        if version == SERIES:
            return Source(folder, version, "ODOO_SOURCE")
        if version:
            raise Failure(f"ODOO_SOURCE={wanted} – это Odoo {version}, а нужна {SERIES}.")
    raise Failure(
        f"В ODOO_SOURCE={wanted} нет Odoo: не нашёлся файл odoo/release.py. "
        f"Укажите папку с исходным кодом Odoo {SERIES} "
        "(копия ветки 19.0 или распакованный пакет Debian)."
    )


def _importable():
    code = "import odoo.release as r; print(r.__file__)"
    out = capture([sys.executable, "-c", code], env={**os.environ}, cwd="/", check=False).strip()
    if not out:
        return None
    folder = pathlib.Path(out).resolve().parent.parent
    version = version_of(folder)
    if version != SERIES:
        warn(f"В системе есть Odoo {version}, она не подходит: нужна {SERIES}.")
        return None
    holes = mends.holes(folder)
    if holes:
        warn(f"В найденной Odoo ({folder}) не хватает файлов: {holes[0]}. Часть страниц может не открыться.")
    return Source(folder, version, "уже установлена")


def _own(home):
    """Build our own tree in a temporary folder and rename it when it is whole."""
    for rest in home.root.glob("odoo.tmp-*"):
        remove_tree(rest)
    building = home.root / f"odoo.tmp-{os.getpid()}"
    building.mkdir()
    tried = []
    ways = [("пакет Debian", debian.fetch), ("git", _clone)]
    if os.environ.get("ODOO_GIT_URL"):
        ways.reverse()  # who names a repository wants it
    for origin, fetch in ways:
        try:
            folder = fetch(home, building)
            version = version_of(folder)
            if version != SERIES:
                raise Failure(f"получена версия {version}, а нужна {SERIES}")
            with step("Дополняю недостающие файлы Odoo"):
                mends.mend(home, folder)
            break
        except Failure as failure:
            tried.append(f"{origin}: {failure}")
            remove_tree(building)
            building.mkdir()
    else:
        remove_tree(building)
        raise Failure(
            "Не удалось получить Odoo {}. Пробовал:\n  – {}\nСкачайте ветку 19.0 сами и укажите её: "
            "ODOO_SOURCE=/путь ./clinic run".format(SERIES, "\n  – ".join(tried))
        )
    if tried:
        say("  не подошло – " + "; ".join(tried))
    remove_tree(home.odoo)
    os.rename(building, home.odoo)
    return Source(home.odoo / folder.relative_to(building), version, origin)


def _clone(home, target):
    if not shutil.which("git"):
        raise Failure("нет программы git")
    url = os.environ.get("ODOO_GIT_URL") or UPSTREAM
    with step(f"Скачиваю Odoo {SERIES} из git (около 300 МБ)"):
        run(
            home,
            ["git", "clone", "--progress", "--depth", "1", "--branch", SERIES, url, target / "upstream"],
            home.logs / "git.log",
            env=environment(home, GIT_TERMINAL_PROMPT="0"),
            what="git clone не удался",
        )
    return target / "upstream"

"""The virtual environment: built from requirements.txt, keyed by its hash, sees Odoo through a .pth file."""

import hashlib
import pathlib
import re
import shutil
import sys

from . import proc
from .home import remove_tree
from .out import Failure, step

NEWEST, OLDEST = (3, 13), (3, 10)
# "python -m odoo" cannot start the process for live updates: it calls its own first argument again
SCRIPT = "odoo-server"
PIP_STEP = re.compile(
    r"^\s*(Collecting|Downloading|Building wheel for|Installing collected packages:) (\S+)", re.MULTILINE
)
PIP_WORDS = {"Collecting": "ищу", "Downloading": "скачиваю", "Building wheel for": "собираю"}
LAUNCHER = "from odoo.cli.command import main\n\nmain()\n"


def ensure(home, source, for_tests=False):
    """Build or complete the environment; returns the path of its Python. Call under the set-up lock."""
    runtime = (home.repo / "requirements.txt").read_bytes()
    interpreter, version = _interpreter()
    key = hashlib.sha256(runtime + repr(version).encode()).hexdigest()[:12]
    folder = home.root / ("venv-" + key)
    python = folder / "bin" / "python"
    stamp = folder / "clinic-ok"
    if not stamp.exists() or not python.exists():
        _build(home, folder, interpreter)
        stamp.touch()
        _forget_others(home, folder)
    _link_odoo(folder, source)
    if for_tests:
        _add_test_tools(home, folder, python)
    return python


def _interpreter():
    if OLDEST <= sys.version_info[:2] <= NEWEST:
        return sys.executable, sys.version_info[:2]
    for minor in range(NEWEST[1], OLDEST[1] - 1, -1):
        path = shutil.which(f"python3.{minor}")
        if path:
            return path, (3, minor)
    raise Failure(
        f"Odoo 19 работает на Python 3.10–3.13, а здесь {sys.version.split()[0]}. "
        "Установите, например, python3.13 и python3.13-venv."
    )


def _build(home, folder, interpreter):
    log = home.logs / "venv.log"
    env = proc.environment(home)
    remove_tree(folder)
    with step("Создаю виртуальное окружение Python"):
        proc.run(home, [interpreter, "-m", "venv", folder], log, env=env, what="python3 -m venv")
    with step("Устанавливаю библиотеки Python из requirements.txt"):
        _pip(home, folder, "requirements.txt", log)


def _add_test_tools(home, folder, python):
    wanted = hashlib.sha256((home.repo / "requirements-test.txt").read_bytes()).hexdigest()
    stamp = folder / "clinic-test-ok"
    if stamp.exists() and stamp.read_text(encoding="utf-8") == wanted:
        return
    with step("Устанавливаю инструменты для тестов из requirements-test.txt"):
        _pip(home, folder, "requirements-test.txt", home.logs / "venv.log")
    stamp.write_text(wanted, encoding="utf-8")


def _pip(home, folder, requirements, log):
    command = [
        folder / "bin" / "python",
        "-m",
        "pip",
        "install",
        "--no-input",
        "--progress-bar=off",
        "--disable-pip-version-check",
    ]
    proc.run(
        home,
        [*command, "-r", home.repo / requirements],
        log,
        env=proc.environment(home),
        cwd=home.repo,
        what=f"Не удалось установить библиотеки Python из {requirements} (нужна сеть или зеркало пакетов)",
        echo=pip_progress,
    )


def pip_progress(text):
    """What pip is doing, out of the end of its log."""
    found = PIP_STEP.findall(text)
    if not found:
        return ""
    word, name = found[-1]
    if word not in PIP_WORDS:
        return "раскладываю файлы"
    return f"{PIP_WORDS[word]} {name.rsplit('/', 1)[-1].rstrip(',')}"


def _link_odoo(folder, source):
    packages = next((folder / "lib").glob("python3*")) / "site-packages"
    link = packages / "clinic_odoo.pth"
    if not link.exists() or link.read_text(encoding="utf-8").strip() != source.path:
        link.write_text(source.path + "\n", encoding="utf-8")
    script = folder / "bin" / SCRIPT
    if not script.exists():
        script.write_text(LAUNCHER, encoding="utf-8")


def _forget_others(home, keep):
    for other in home.root.glob("venv-*"):
        if pathlib.Path(other) != keep:
            remove_tree(other)

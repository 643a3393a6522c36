"""What benches compare the suite with: packages in a folder of their own, never in the environment."""

import hashlib

from .. import proc
from ..home import remove_tree

DECLARED = "tests/bench/requirements.txt"


def obtain(home, python):
    """Folder with the packages; builds it when it is missing. :raises Failure: no network or mirror"""
    declared = home.repo / DECLARED
    digest = hashlib.sha256(declared.read_bytes()).hexdigest()[:12]
    folder = home.root / f"peers-{digest}"
    stamp = folder / "clinic-ok"
    if not stamp.exists():
        for other in home.root.glob("peers-*"):
            remove_tree(other)
        words = ["-m", "pip", "install", "--quiet", "--no-input", "--disable-pip-version-check", "--no-deps"]
        proc.run(
            home,
            [python, *words, "--target", folder, "-r", declared],
            home.logs / "peers.log",
            env=proc.environment(home),
            cwd=home.repo,
            what=f"Не удалось установить пакеты для сравнения из {DECLARED} (нужна сеть или зеркало пакетов)",
        )
        stamp.touch()
    return folder

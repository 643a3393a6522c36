"""Packages that only tests and benches look into, each list in a folder of its own under the home."""

import hashlib

from . import proc
from .home import remove_tree

PIP = ["-m", "pip", "install", "--quiet", "--no-input", "--disable-pip-version-check", "--no-deps"]


def obtain(home, python, name, declared, what):
    """Folder ``name-…`` with the packages that ``declared`` lists; built anew when the list changes.

    :param what: begin of the sentence that says what could not be had
    :raises Failure: no network and no mirror
    """
    listed = home.repo / declared
    digest = hashlib.sha256(listed.read_bytes()).hexdigest()[:12]
    folder = home.root / f"{name}-{digest}"
    stamp = folder / "clinic-ok"
    if not stamp.exists():
        for other in home.root.glob(f"{name}-*"):
            remove_tree(other)
        proc.run(
            home,
            [python, *PIP, "--target", folder, "-r", listed],
            home.logs / f"{name}.log",
            env=proc.environment(home),
            cwd=home.repo,
            what=f"{what} (нужна сеть или зеркало пакетов)",
        )
        stamp.touch()
    return folder

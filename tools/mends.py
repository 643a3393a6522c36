"""Holes of Debian's Odoo package and how they are filled."""

import os
import pathlib
import shutil
import tarfile
import tempfile

from .home import remove_tree
from .out import Failure, say, warn
from .proc import environment, run

SELFIE = "odoo/addons/mail/static/lib/selfie_segmentation"
SELFIE_UPSTREAM = "addons/mail/static/lib/selfie_segmentation"
NPM_PACKAGE = "@mediapipe/selfie_segmentation@0.1.1675465747"
STUB = "// Background blur of video calls is not available in this build.\n"


def holes(folder):
    """Files that the web client wants and that are not there."""
    folder = pathlib.Path(folder)
    found = [str(path) for path in dangling(folder / "odoo")]
    if not any((folder / place / "selfie_segmentation.js").exists() for place in (SELFIE, SELFIE_UPSTREAM)):
        found.append(str(folder / SELFIE / "selfie_segmentation.js"))
    return found


def dangling(folder):
    """Symbolic links below ``folder`` that lead nowhere."""
    for base, folders, files in os.walk(folder):
        for name in (*folders, *files):
            path = os.path.join(base, name)
            if os.path.islink(path) and not os.path.exists(path):
                yield path


def mend(home, folder):
    """Complete a tree of our own; raises Failure when a page would not open afterwards."""
    folder = pathlib.Path(folder)
    if not any((folder / place / "selfie_segmentation.js").exists() for place in (SELFIE, SELFIE_UPSTREAM)):
        _selfie(home, folder / SELFIE)
    left = list(dangling(folder))
    if left:
        raise Failure(f"в пакете не хватает файлов, на которые он ссылается, например {left[0]}")


def _selfie(home, target):
    target.mkdir(parents=True, exist_ok=True)
    try:
        _from_npm(home, target)
    except Failure as failure:
        warn(f"размытие фона в видеозвонках заменено пустым файлом: {str(failure).splitlines()[0]}")
        (target / "selfie_segmentation.js").write_text(STUB, encoding="utf-8")


def _from_npm(home, target):
    if not shutil.which("npm"):
        raise Failure("нет программы npm")
    with tempfile.TemporaryDirectory(dir=home.downloads) as folder:
        command = ["npm", "pack", NPM_PACKAGE, "--pack-destination", folder]
        run(
            home,
            command,
            home.logs / "npm.log",
            env=environment(home),
            cwd=folder,
            what="npm pack",
            timeout=180,
        )
        archive = next(pathlib.Path(folder).glob("*.tgz"), None)
        if archive is None:
            raise Failure("npm pack ничего не скачал")
        unpacked = pathlib.Path(folder) / "unpacked"
        unpacked.mkdir()
        with tarfile.open(archive) as tar:
            members = [
                m for m in tar.getmembers() if m.isfile() and ".." not in pathlib.PurePath(m.name).parts
            ]
            tar.extractall(unpacked, members=members)
        for path in (unpacked / "package").iterdir():
            if path.is_file():
                shutil.copy(path, target / path.name)
        say("  размытие фона видеозвонков взято из npm")
        remove_tree(unpacked)

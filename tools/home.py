"""Where things lie: the checkout, its .clinic folder and everything inside."""

import hashlib
import os
import pathlib
import shutil

from .out import Failure

REPO = pathlib.Path(__file__).resolve().parent.parent
# sun_path holds 108 bytes; PostgreSQL adds "/.s.PGSQL.5432" and a lock file's ".lock" to the folder
SOCKET_LIMIT = 100
SOCKET_NAME = "/.s.PGSQL.5432"


class Home:
    """The folder that holds all state of one checkout (``.clinic``; CLINIC_HOME moves it)."""

    def __init__(self, root=None, repo=REPO):
        self.repo = pathlib.Path(repo)
        self.root = pathlib.Path(root or os.environ.get("CLINIC_HOME") or self.repo / ".clinic").absolute()
        # databases of another server have their own files, notes and running server
        url = os.environ.get("DATABASE_URL")
        self.tag = "-" + hashlib.sha256(url.encode()).hexdigest()[:8] if url else ""

    def __getattr__(self, name):
        if name in ("data", "etc", "run"):
            return self.root / (name + self.tag)
        if name in ("downloads", "odoo", "pg", "logs", "backups", "keys"):
            return self.root / name
        raise AttributeError(name)

    def prepare(self):
        """Create the folders; those with people's data or passwords are closed to others."""
        try:
            self.root.mkdir(parents=True, exist_ok=True)
            for folder in (self.data, self.logs, self.backups, self.etc, self.run):
                folder.mkdir(mode=0o700, exist_ok=True)
            self.downloads.mkdir(exist_ok=True)
        except OSError as error:
            raise Failure(
                f"Не удалось создать папку {self.root}: {error.strerror}. "
                "Проверьте права или укажите другую папку в переменной CLINIC_HOME."
            ) from error
        return self

    @property
    def digest(self):
        """Short stable name of this home, for the folders that must lie elsewhere."""
        return hashlib.sha256(os.fsencode(self.root)).hexdigest()[:12]

    @property
    def var_tmp(self):
        return pathlib.Path("/var/tmp") / ("clinic-" + self.digest)

    def fits_socket(self, folder):
        return len(os.fsencode(folder)) + len(SOCKET_NAME) < SOCKET_LIMIT


def remove_tree(path):
    """Delete a folder that may hold read-only files; absent is fine."""
    path = pathlib.Path(path)
    if not path.exists() and not path.is_symlink():
        return
    if path.is_symlink() or path.is_file():
        path.unlink()
        return

    def unlock(function, name, _info):
        os.chmod(os.path.dirname(name), 0o700)
        os.chmod(name, 0o700)
        function(name)

    shutil.rmtree(path, onerror=unlock)


def write_atomic(path, text, mode=0o600):
    """Write a small file so that a kill leaves either the old or the new one."""
    path = pathlib.Path(path)
    temporary = path.with_name(f"{path.name}.tmp-{os.getpid()}")
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, mode)
    with os.fdopen(descriptor, "w", encoding="utf-8") as stream:
        stream.write(text)
    os.replace(temporary, path)

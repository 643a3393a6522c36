"""The key file of a clinic started by ./clinic: made once, never replaced, never put into a backup."""

import base64
import contextlib
import os

from .out import say

ENVIRONMENT = "CLINIC_KEY_FILE"
HEAD = "# Keys of document and policy numbers. Keep a copy of this file apart from the database.\n"


def ensure(home):
    """Path of the key file, the administrator's own or ours; made with one key when there is none."""
    path = os.environ.get(ENVIRONMENT)
    if path:
        return path
    path = home.keys / "clinic.key"
    if not path.exists():
        home.keys.mkdir(mode=0o700, parents=True, exist_ok=True)
        _make(path)
    return str(path)


def _make(path):
    """Write a new key so that two starts at once agree on one and a power cut leaves a whole file or none."""
    temporary = path.with_name(f"{path.name}.tmp-{os.getpid()}")
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="ascii") as stream:
        stream.write(HEAD + "1 " + base64.b64encode(os.urandom(32)).decode() + "\n")
        stream.flush()
        os.fsync(stream.fileno())
    # unlike a rename, a link never replaces the key that another start has just made
    with contextlib.suppress(FileExistsError):
        os.link(temporary, path)
    temporary.unlink()
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def remind(home):
    """Said after a backup: without the key the encrypted numbers in it cannot be read."""
    say(f"Ключ шифрования номеров в копию не входит; храните отдельно файл {ensure(home)}")

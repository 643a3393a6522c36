"""The key file of a clinic started by ./clinic: made once, never replaced, never put into a backup."""

import base64
import os

from .home import write_atomic
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
        write_atomic(path, HEAD + "1 " + base64.b64encode(os.urandom(32)).decode() + "\n", 0o600)
    return str(path)


def remind(home):
    """Said after a backup: without the key the encrypted numbers in it cannot be read."""
    say(f"Ключ шифрования номеров в копию не входит; храните отдельно файл {ensure(home)}")

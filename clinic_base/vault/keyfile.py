# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The file with the master keys.

One key per line: ``<number 1..65535> <32 bytes in base64>``; empty lines and lines that begin with
``#`` are skipped. The largest number is the key for new values. Only the owner may read the file.
"""

import base64
import binascii
import os
import stat

from .errors import KeyFileError

KEY_BYTES = 32
MAX_KEY_ID = 0xFFFF
#: A key file has a handful of lines; anything larger is some other file.
MAX_FILE_BYTES = 64 * 1024


def read_key_file(path):
    """Keys of a file.

    :return: dict key number -> 32 bytes
    :raise KeyFileError: with a code that says what is wrong
    """
    try:
        status = os.stat(path)
    except FileNotFoundError:
        raise KeyFileError("absent") from None
    except OSError:
        raise KeyFileError("unreadable") from None
    if stat.S_IMODE(status.st_mode) & 0o077:
        raise KeyFileError("open_to_others")
    if status.st_size > MAX_FILE_BYTES:
        raise KeyFileError("malformed")
    try:
        with open(path, encoding="ascii") as stream:
            lines = stream.read().splitlines()
    except (OSError, UnicodeDecodeError):
        raise KeyFileError("unreadable") from None
    return parse_key_lines(lines)


def parse_key_lines(lines):
    """The same for lines of text."""
    keys = {}
    for number, line in enumerate(lines, 1):
        line = line.strip()
        if not line or line.startswith("#"):
            continue
        key_id, key = _parse(line, number)
        if keys.setdefault(key_id, key) != key:
            raise KeyFileError("malformed", number)
    if not keys:
        raise KeyFileError("empty")
    return keys


def _parse(line, number):
    words = line.split()
    if len(words) != 2 or not (words[0].isascii() and words[0].isdecimal()):
        raise KeyFileError("malformed", number)
    try:
        key = base64.b64decode(words[1], validate=True)
    except binascii.Error:
        raise KeyFileError("malformed", number) from None
    key_id = int(words[0])
    if len(key) != KEY_BYTES or not 1 <= key_id <= MAX_KEY_ID:
        raise KeyFileError("malformed", number)
    return key_id, key

# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Field encryption with keys that live outside the database; no Odoo inside."""

from .errors import KeyFileError, KeyMissing, SealBroken, VaultError
from .keyfile import parse_key_lines, read_key_file
from .keyring import KeyRing, key_id_of, new_key_line

__all__ = [
    "KeyFileError",
    "KeyMissing",
    "KeyRing",
    "SealBroken",
    "VaultError",
    "key_id_of",
    "new_key_line",
    "parse_key_lines",
    "read_key_file",
]

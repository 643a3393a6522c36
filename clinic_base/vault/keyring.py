# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Sealed values and blind indexes.

A sealed value is ``version (1) | key number (2, big endian) | nonce (12) | ciphertext | tag (16)``
in URL-safe base64. AES-256-GCM (NIST SP 800-38D) with a random nonce; the place of the value (model,
field, permanent identifier of the person) is its associated data, so a value copied to another
person or column does not open. Keys for data, for indexes and for the check value are derived from
one master key by HKDF-SHA256 (RFC 5869).
"""

import base64
import binascii
import hashlib
import hmac
import os
import struct

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from .errors import KeyMissing, SealBroken
from .keyfile import KEY_BYTES

VERSION = 1
NONCE_BYTES = 12
TAG_BYTES = 16
#: 96 bits: no accidental equality among a billion numbers, short enough for an index.
BLIND_BYTES = 12
_HEAD = struct.Struct(">BH")


def new_key_line(key_id):
    """A line for the key file with a fresh random key."""
    return f"{key_id} {base64.b64encode(os.urandom(KEY_BYTES)).decode()}"


class KeyRing:
    """Master keys by number; the largest number seals, all of them open.

    :param keys: dict key number -> 32 bytes
    """

    def __init__(self, keys):
        if not keys:
            raise ValueError("a ring without keys")
        self._master = dict(keys)
        self._derived = {}
        self.current_id = max(keys)

    @property
    def key_ids(self):
        """Numbers of the keys held, the newest first."""
        return sorted(self._master, reverse=True)

    def _key(self, key_id, purpose):
        key = self._derived.get((key_id, purpose))
        if key is None:
            if key_id not in self._master:
                raise KeyMissing(key_id)
            derive = HKDF(algorithm=hashes.SHA256(), length=KEY_BYTES, salt=None, info=purpose.encode())
            key = self._derived[key_id, purpose] = derive.derive(self._master[key_id])
        return key

    def seal(self, text, place):
        """Encrypt ``text`` for ``place``, a tuple of strings."""
        nonce = os.urandom(NONCE_BYTES)
        head = _HEAD.pack(VERSION, self.current_id)
        cipher = AESGCM(self._key(self.current_id, "clinic/data"))
        body = cipher.encrypt(nonce, text.encode(), head + _bytes_of(place))
        return base64.urlsafe_b64encode(head + nonce + body).decode()

    def open(self, sealed, place):
        """Decrypt what ``seal`` gave for the same place.

        :raise KeyMissing: sealed with a key that is not here
        :raise SealBroken: damaged, from another place, or the key under this number is another one
        """
        raw = _raw(sealed)
        key_id = _HEAD.unpack_from(raw)[1]
        nonce = raw[_HEAD.size : _HEAD.size + NONCE_BYTES]
        cipher = AESGCM(self._key(key_id, "clinic/data"))
        try:
            text = cipher.decrypt(
                nonce, raw[_HEAD.size + NONCE_BYTES :], raw[: _HEAD.size] + _bytes_of(place)
            )
        except InvalidTag:
            raise SealBroken from None
        return text.decode()

    def blind(self, text, field, key_id=None):
        """Keyed hash of a normalised value for an exact search, 24 hexadecimal digits.

        ``field`` separates the indexes of different fields. The current key when ``key_id`` is empty.
        """
        key = self._key(key_id or self.current_id, f"clinic/blind/{field}")
        return hmac.new(key, text.encode(), hashlib.sha256).digest()[:BLIND_BYTES].hex()

    def blinds(self, text, field):
        """The hashes under every key held: while keys change, rows carry either."""
        return [self.blind(text, field, key_id) for key_id in self.key_ids]

    def check_value(self, key_id):
        """Public fingerprint by which a wrong key under a known number is noticed."""
        return hmac.new(self._key(key_id, "clinic/check"), b"check", hashlib.sha256).hexdigest()


def key_id_of(sealed):
    """Number of the key with which a value was sealed."""
    return _HEAD.unpack_from(_raw(sealed))[1]


def _raw(sealed):
    try:
        raw = base64.urlsafe_b64decode(sealed.encode("ascii"))
    except (binascii.Error, UnicodeEncodeError):
        raise SealBroken from None
    if len(raw) < _HEAD.size + NONCE_BYTES + TAG_BYTES or raw[0] != VERSION:
        raise SealBroken
    return raw


def _bytes_of(place):
    """Unambiguous bytes of a tuple of strings: every part with its length."""
    return b"".join(struct.pack(">I", len(part.encode())) + part.encode() for part in place)

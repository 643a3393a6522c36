# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).


class VaultError(Exception):
    """Base of the package's errors; none of them carries a value or a key."""


class KeyFileError(VaultError):
    """The key file cannot be used. ``code``: absent, unreadable, open_to_others, malformed, empty."""

    def __init__(self, code, line=0):
        super().__init__(code)
        self.code = code
        self.line = line


class KeyMissing(VaultError):
    """A value was sealed with a key that the ring does not hold."""

    def __init__(self, key_id):
        super().__init__(str(key_id))
        self.key_id = key_id


class SealBroken(VaultError):
    """The sealed value was changed, belongs to another place, or the key is a wrong one."""

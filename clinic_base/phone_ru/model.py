"""Typed results of reading a phone cell."""

from dataclasses import dataclass

MOBILE = "mobile"
LANDLINE = "landline"

EMPTY = "empty"
TOO_SHORT = "too_short"
TOO_LONG = "too_long"
NO_CITY_CODE = "no_city_code"
INVALID = "invalid"
PLACEHOLDER = "placeholder"
SEVERAL = "several"


@dataclass(frozen=True)
class Phone:
    """One number found in a text."""

    e164: str
    kind: str
    country: str
    extension: str = ""
    note: str = ""
    raw: str = ""

    @property
    def last4(self):
        return self.e164[-4:]


@dataclass(frozen=True)
class Rejected:
    """A piece that looks like a number but is not one; ``code`` says why."""

    raw: str
    code: str


@dataclass(frozen=True)
class PhoneCell:
    """Everything found in one cell. ``note`` is the text around the numbers."""

    phones: tuple = ()
    rejected: tuple = ()
    note: str = ""


class PhoneError(ValueError):
    """A text that must be exactly one phone number is not.

    ``code`` is one of the constants of this module; the number itself is
    deliberately not part of the message.
    """

    def __init__(self, code):
        super().__init__(code)
        self.code = code

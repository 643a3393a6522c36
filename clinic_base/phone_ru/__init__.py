"""Russian and CIS phone numbers as people really type them.

Free of Odoo: text in, dataclasses out. Nothing here logs or raises on bad
text except :func:`parse_phone`, whose :class:`PhoneError` carries a code.
"""

from .model import Phone, PhoneCell, PhoneError, Rejected
from .parse import parse_phone, parse_phones, split_phones
from .show import format_phone, mask_phone, scrub
from .search import search_digits

__all__ = [
    "Phone",
    "PhoneCell",
    "PhoneError",
    "Rejected",
    "format_phone",
    "mask_phone",
    "parse_phone",
    "parse_phones",
    "scrub",
    "search_digits",
    "split_phones",
]

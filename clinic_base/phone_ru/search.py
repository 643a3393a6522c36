"""Digits to look for when somebody types a phone or a part of it."""

import re

from .parse import normalise, parse_phones

_PREFIX = re.compile(r"^[ (]*(?:\+ ?7|8(?=[ (-])|8(?=9[0-9]{4}))")


def search_digits(text):
    """Digits that are a substring of the E.164 number the user means.

    A whole number in any spelling gives the whole E.164 digits; a beginning
    ("8 914 12", "+7914") loses its trunk prefix; a tail ("45-67") stays as it
    is. A text without digits gives an empty string.
    """
    cell = parse_phones(text)
    if len(cell.phones) == 1 and not cell.rejected:
        return cell.phones[0].e164.lstrip("+")
    text = normalise(text)
    digits = "".join(char for char in text if char in "0123456789")
    prefix = _PREFIX.match(text)
    if prefix and 2 < len(digits) <= 11:
        kept = "".join(c for c in text[prefix.end() :] if c in "0123456789")
        return kept or digits
    return digits[:15]

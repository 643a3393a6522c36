"""Numbers of documents as keys of comparison."""

import re
import unicodedata

MAX_TEXT = 200
SNILS, POLICY, PASSPORT = "snils", "policy", "passport"
KINDS = (SNILS, POLICY, PASSPORT)
SNILS_LENGTH = 11
OMS_LENGTH = 16
LEAST = 5

_NOT_DIGITS = re.compile(r"[^0-9]+")
_NOT_SIGNS = re.compile(r"[^0-9A-ZА-Я]+")
_LOOK_ALIKE = str.maketrans("ABCEHKMOPTXYIVL", "АВСЕНКМОРТХУIVL")
_STOP = frozenset(
    {"12345678900", "12345678964", "1234567890", "123456789", "12345678", "123456", "0123456789"}
)


def read_document(kind, text):
    """The number without decoration, or an empty text for nothing and for placeholders."""
    text = unicodedata.normalize("NFKC", str(text or "")[:MAX_TEXT].replace("№", " ")).upper()
    if not text.strip():
        return ""
    digits = _NOT_DIGITS.sub("", text)
    if kind == SNILS:
        return digits if len(digits) >= LEAST and _is_real(digits) else ""
    value = digits
    letters = sum(char.isalpha() for char in text)
    if letters and letters <= 6:
        # certificates of birth have Roman numerals and letters in their series
        value = _NOT_SIGNS.sub("", text.translate(_LOOK_ALIKE))
        for word in ("СЕРИЯ", "НОМЕР", "ПАСПОРТ", "ПОЛИС", "ЕНП", "ОМС", "ДМС", "SN", "N"):
            value = value.removeprefix(word)
    return value if len(digits) >= LEAST and _is_real(digits) else ""


def _is_real(digits):
    core = digits.strip("0")
    return (
        len(set(digits)) > 2
        and len(core) > 2
        and digits not in _STOP
        and digits not in "01234567890123456789"
    )

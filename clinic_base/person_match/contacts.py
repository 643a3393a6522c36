"""Phones and e-mail addresses as keys of comparison; placeholders are no evidence.

``phone_ru`` reads phones better (cities, CIS countries); the caller hands it in for the
cells that are not one plain Russian number.
"""
# ruff: noqa: SIM905

import re
import unicodedata

MAX_TEXT = 500
MAX_PHONES = 6

_KEEP_DIGITS = re.compile(r"[^0-9]+")
_PLAIN = re.compile(r"[+0-9 ().\-–\u00a0]{10,24}")
_RUN = re.compile(r"\+?[0-9oOоО](?:[\s().\-–—]*[0-9oOоО]){9,21}")
_LETTER_O = str.maketrans("oOоО", "0000")
_STOP = frozenset({"1234567890", "0123456789", "9123456789", "9876543210", "0987654321", "9012345678"})
_OTHERS = re.compile(
    r"(?<![а-яё])(?:мам|мать|матер|пап[аы]|отец|отц|бабуш|дедуш|муж|жен[аы]|сын|доч|родител|опекун|сестр|брат)",
    re.IGNORECASE,
)
_EMAIL = re.compile(r"[^\s@,;:<>()\"']+@[^\s@,;:<>()\"']+\.[^\s@,;:<>()\"']{2,}")
_EMAIL_LATIN = str.maketrans("асеорхукмтвн", "aceopxykmtbh")
_NO_EMAIL_LOCAL = frozenset(
    """
no net нет none noemail nomail no-mail no-email noreply no-reply test тест mail email e-mail info admin
qwe qwerty asd aaa a aa abc 1 11 111 123 1234 12345 123456 x xx xxx netu netmail user null example
""".split()
)


def read_phones(text, parse=None):
    """``(numbers, whether they are somebody else's)`` of a cell, digits with the country code.

    :param parse: ``text → iterable of E.164 numbers``, asked when the cell is not one plain number
    """
    text = str(text or "")[:MAX_TEXT]
    if not text.strip():
        return (), False
    others = bool(_OTHERS.search(text))
    if _PLAIN.fullmatch(text):
        number = _russian(_KEEP_DIGITS.sub("", text), "+" in text)
        if number:
            return ((number,) if _is_real(number) else ()), others
    found, all_read = _scan(text)
    if parse is not None and not all_read:
        found = [str(number).lstrip("+") for number in parse(text)] or found
    return tuple(dict.fromkeys(number for number in found if _is_real(number)))[:MAX_PHONES], others


def _scan(text):
    """``(Russian numbers in a text, whether no other digits are in it)``."""
    text = unicodedata.normalize("NFKC", text)
    found, read = [], 0
    for match in _RUN.finditer(text):
        digits = _KEEP_DIGITS.sub("", match.group().translate(_LETTER_O))
        number = _russian(digits, "+" in match.group())
        if number:
            found.append(number)
            read += len(digits)
            continue
        if len(digits) >= 20:
            halves = (digits[:11], digits[11:]) if digits[0] in "78" else (digits[:10], digits[10:])
            found += filter(None, (_russian(half, False) for half in halves))
        elif 11 <= len(digits) <= 15:
            found.append(digits.removeprefix("810"))
    return found, bool(found) and read >= sum(char in "0123456789" for char in text)


def _russian(digits, plus):
    if (
        len(digits) == 11
        and digits[0] in "78"
        and digits[1] in "345679"
        or (len(digits) == 11 and digits[:2] == "88")
    ):
        return "7" + digits[1:]
    if len(digits) == 10 and digits[0] in "3489" and not plus:
        return "7" + digits
    return None


def _is_real(number):
    """Neither one digit repeated nor a known "no phone" number."""
    national = number[-10:]
    return len(set(national)) > 2 and national not in _STOP and len(set(national[-7:])) > 1


def read_email(text):
    """The address in lower case, or an empty text for nothing, garbage and "no e-mail" addresses."""
    text = str(text or "")[:MAX_TEXT].strip().lower()
    if "@" not in text:
        return ""
    match = _EMAIL.search(text.translate(_EMAIL_LATIN))
    if not match:
        return ""
    found = match.group().strip(".")
    local, _at, domain = found.partition("@")
    if local in _NO_EMAIL_LOCAL or local == domain.split(".")[0] or len(set(local)) == 1:
        return ""
    return found

"""Read every phone number out of a cell typed by a human."""

import re
import unicodedata
from dataclasses import replace
from functools import lru_cache

import phonenumbers
from phonenumbers import PhoneNumberType

from .model import (
    EMPTY,
    INVALID,
    LANDLINE,
    MOBILE,
    NO_CITY_CODE,
    PLACEHOLDER,
    SEVERAL,
    TOO_LONG,
    TOO_SHORT,
    Phone,
    PhoneCell,
    PhoneError,
    Rejected,
)

MAX_TEXT = 2000
MAX_GROUPS = 40
# A shorter run of digits is a flat, an hour or a joke, never a phone number.
MIN_DIGITS = 5
MAX_DIGITS = 15

_DASHES = dict.fromkeys(map(ord, "‐‑‒–—―−﹣－~"), "-")
_SPACES = dict.fromkeys(map(ord, "\u00a0\u2007\u2009\u202f\u200b\ufeff\t"), " ")
_LETTER_O = re.compile(r"(?<=[0-9(-])[oOоО]+(?=[0-9() .-]|$)|(?<=[ .+])[oOоО]+(?=[0-9)-])")
_LETTER_ZE = re.compile(r"(?<=[0-9])[зЗ](?=[ -]?[0-9])")
_EXTENSION = re.compile(
    r"\s*[,(]?\s*(?:(?:добавочный|доб|внутренний|внутр|вн|доп|ext|x)\.?|#)"
    r"\s*[:№]?\s*([0-9]{1,6})(?![0-9])\)?",
    re.IGNORECASE,
)
_RUN = re.compile(r"\+?[ (]*[0-9](?:[0-9 ().+-]*[0-9])?")
_GROUP = re.compile(r"\+?[0-9]+")
_CIS_PREFIXES = (
    "373",
    "374",
    "375",
    "380",
    "992",
    "993",
    "994",
    "995",
    "996",
    "998",
)
_STOP_LIST = frozenset(
    {
        "1234567890",
        "0123456789",
        "9123456789",
        "9876543210",
        "0987654321",
        "9012345678",
    }
)
_NOISE = re.compile(r"^(?:(?:телефон|тел|т)\b[.:]?\s*)+", re.IGNORECASE)
_TRIM = " \t\r\n,;:/\\|.-–()[]"


def normalise(text):
    """Plain ASCII digits, dashes and spaces; between digits letter O is zero and Cyrillic Ze is three."""
    text = unicodedata.normalize("NFKC", str(text or "")[:MAX_TEXT])
    text = text.translate(_DASHES).translate(_SPACES)
    text = _LETTER_ZE.sub("3", text)
    return _LETTER_O.sub(lambda match: "0" * len(match.group()), text)


def parse_phones(text, city_code=None):
    """All numbers of a cell, with what was rejected and the note around them.

    :param text: anything; ``None`` is an empty cell
    :param city_code: digits of the clinic's city code ("3952"), prepended to
        numbers of five to seven digits
    :rtype: PhoneCell
    """
    text = normalise(text)
    phones, rejected, notes, position = [], [], [], 0
    for match in _RUN.finditer(text):
        if match.start() < position:
            continue
        run = match.group()
        if sum(char.isdigit() for char in run) < MIN_DIGITS:
            continue
        notes.append(text[position : match.start()])
        position = match.end()
        found, refused = _read_run(run, city_code)
        rejected += refused
        extension = _EXTENSION.match(text, position)
        if extension:
            position = extension.end()
            if found:
                found[-1] = replace(found[-1], extension=extension.group(1))
        phones += found
    notes.append(text[position:])
    notes = [_clean_note(note) for note in notes]
    note = " ".join(filter(None, notes))
    if len(phones) > 1:
        phones = _share_notes(phones, notes)
    elif phones:
        phones = [replace(phones[0], note=note)]
    return PhoneCell(tuple(_unique(phones)), tuple(rejected), note)


def parse_phone(text, city_code=None):
    """Exactly one number, or :class:`PhoneError` with the reason's code."""
    cell = parse_phones(text, city_code)
    if len(cell.phones) > 1:
        raise PhoneError(SEVERAL)
    if cell.rejected:
        raise PhoneError(cell.rejected[0].code)
    if not cell.phones:
        has_digit = any(char.isdigit() for char in str(text or "")[:MAX_TEXT])
        raise PhoneError(TOO_SHORT if has_digit else EMPTY)
    return cell.phones[0]


def split_phones(text, city_code=None):
    """``(phones, rest)``: the numbers, and the text without them.

    A note that is simply all of the rest is not repeated on the number.
    """
    cell = parse_phones(text, city_code)
    rest = [cell.note, *(item.raw for item in cell.rejected)]
    phones = tuple(replace(phone, note="") if phone.note == cell.note else phone for phone in cell.phones)
    return phones, " ".join(filter(None, rest))


def _read_run(run, city_code):
    """Numbers in an unbroken run of digits and signs: one, or several glued."""
    groups = _GROUP.findall(run)[:MAX_GROUPS]
    whole, code = _read_number("".join(groups), city_code)
    if whole:
        return [replace(whole, raw=run.strip())], []
    parts = _segment(groups, city_code) if len(groups) > 1 else None
    if parts:
        return parts, []
    if len(groups) == 1:
        parts = _halves(groups[0], city_code)
        if parts:
            return parts, []
    return [], [Rejected(run.strip(), code)]


def _segment(groups, city_code):
    """Cut the groups into valid numbers, the longest first, or ``None``."""
    best = {len(groups): []}
    for start in range(len(groups) - 1, -1, -1):
        for stop in range(len(groups), start, -1):
            if stop not in best:
                continue
            joined = "".join(groups[start:stop])
            if not MIN_DIGITS <= len(joined.lstrip("+")) <= MAX_DIGITS:
                continue
            phone, _code = _read_number(joined, city_code)
            if phone:
                raw = " ".join(groups[start:stop])
                best[start] = [replace(phone, raw=raw), *best[stop]]
                break
    return best.get(0)


def _halves(digits, city_code):
    """Two numbers typed without any sign between them: 8914…8902…."""
    plain = digits.lstrip("+")
    if len(plain) not in (20, 21, 22):
        return None
    for cut in (11, 10):
        first, _code = _read_number(plain[:cut], city_code)
        second, _code = _read_number(plain[cut:], city_code)
        if first and second:
            return [replace(first, raw=plain[:cut]), replace(second, raw=plain[cut:])]
    return None


@lru_cache(maxsize=2000)  # while a card is made its number is read again and again
def _read_number(digits, city_code):
    """``(Phone, None)`` or ``(None, code)`` for digits with an optional plus."""
    plus = digits.startswith("+")
    digits = digits.replace("+", "")
    if not digits.strip("0"):
        return None, PLACEHOLDER
    if len(digits) > MAX_DIGITS + 2:
        return None, TOO_LONG
    code = _size_code(digits, plus)
    for candidate in _candidates(digits, plus, city_code):
        number = _valid(candidate)
        if number is None:
            continue
        if _is_placeholder(candidate):
            return None, PLACEHOLDER
        return _make_phone(number), None
    if len(digits) < 8 and not city_code and not plus:
        code = NO_CITY_CODE
    return None, code


def _size_code(digits, plus):
    """Why a number may be bad, judged by its length alone."""
    size = len(digits)
    trunk = digits[0] in "78" and (plus or size > 10 or digits[:2] == "89")
    if size < 10 or (trunk and size < 11):
        return TOO_SHORT
    return TOO_LONG if trunk and size > 11 else INVALID


def _candidates(digits, plus, city_code):
    """International spellings to try, the likeliest first (without plus)."""
    size = len(digits)
    if plus:
        yield digits
        if digits.startswith("8") and size == 11:
            yield "7" + digits[1:]
        return
    if digits.startswith("810") and size > 11:
        yield digits[3:]
    if digits.startswith("00"):
        yield digits[2:]
    if size == 11 and digits[0] in "78":
        yield "7" + digits[1:]
    if size == 10:
        yield "7" + digits
    if digits.startswith(_CIS_PREFIXES):
        yield digits
    code = "".join(char for char in str(city_code or "") if char.isdigit())
    if code and size + len(code) == 10 and size >= MIN_DIGITS:
        yield "7" + code + digits


def _valid(candidate):
    if not candidate or candidate.startswith("0"):
        return None
    try:
        number = phonenumbers.parse("+" + candidate, None)
    except phonenumbers.NumberParseException:
        return None
    return number if phonenumbers.is_valid_number(number) else None


def _is_placeholder(candidate):
    national = candidate[-10:]
    return len(set(national)) == 1 or national in _STOP_LIST or national.endswith("0000000")


def _make_phone(number):
    kind = phonenumbers.number_type(number)
    return Phone(
        e164=phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164),
        kind=MOBILE if kind == PhoneNumberType.MOBILE else LANDLINE,
        country=phonenumbers.region_code_for_number(number) or "",
    )


def _clean_note(text):
    text = _NOISE.sub("", " ".join(text.split()).strip(_TRIM)).strip(_TRIM)
    return re.sub(r"\s+([,;])", r"\1", text)


def _share_notes(phones, notes):
    """The note that stands after a number belongs to it."""
    own = [note for note in notes[1:]]
    if len(own) != len(phones):
        return phones
    if notes[0] and not any(own):
        # "мама 8914…, папа 8902…" puts the word before the number.
        own = notes[:-1]
    elif notes[0] and not own[-1]:
        own = notes[:-1]
    return [replace(phone, note=note) for phone, note in zip(phones, own, strict=True)]


def _unique(phones):
    seen = {}
    for phone in phones:
        seen.setdefault((phone.e164, phone.extension), phone)
    return seen.values()

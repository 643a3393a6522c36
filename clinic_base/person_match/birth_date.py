"""Birth dates in the spellings of registration desks."""

import re
import unicodedata
from datetime import date

EMPTY = "empty"
UNKNOWN_FORMAT = "unknown_format"
IMPOSSIBLE = "impossible"
FUTURE = "future"
TOO_OLD = "too_old"

MAX_AGE = 125
MAX_TEXT = 200

_MONTHS = {
    "янв": 1,
    "фев": 2,
    "мар": 3,
    "апр": 4,
    "мая": 5,
    "май": 5,
    "июн": 6,
    "июл": 7,
    "авг": 8,
    "сен": 9,
    "окт": 10,
    "ноя": 11,
    "дек": 12,
}
_MONTH_WORD = (
    "янв(?:ар[ья])?|фев(?:р(?:ал[ья])?)?|мар(?:та?)?|апр(?:ел[ья])?|ма[йя]|июн[ья]?|июл[ья]?"
    "|авг(?:уста?)?|сен(?:т(?:ябр[ья])?)?|окт(?:ябр[ья])?|ноя(?:б(?:р[ья])?)?|дек(?:абр[ья])?"
)
_SEP = r"\s*[./\-–—,]\s*"
_END = r"(?:[ T]00:00(?::00)?)?(?![0-9])(?:\s*г(?:\.\s*р\.?|ода?\b|\b\.?)(?:\s*рождения\b)?)?"
_START = r"(?<![0-9.+])"
_PATTERNS = (
    (
        "ymd",
        re.compile(
            rf"{_START}([12][0-9]{{3}})[.\-/]([0-9]{{1,2}})[.\-/]([0-9]{{1,2}})(?:[T ][0-9:.Z+]+)?{_END}"
        ),
    ),
    ("dmy", re.compile(rf"{_START}([0-9]{{1,2}}){_SEP}([0-9]{{1,2}}){_SEP}([0-9]{{4}}|[0-9]{{2}}){_END}")),
    (
        "word",
        re.compile(
            rf"{_START}([0-9]{{1,2}})[\s.-]*({_MONTH_WORD})\.?[\s.,-]*([0-9]{{4}}|[0-9]{{2}}){_END}",
            re.IGNORECASE,
        ),
    ),
    ("dmy", re.compile(rf"{_START}([0-3]?[0-9])\s+([01]?[0-9])\s+([12][0-9]{{3}}){_END}")),
    ("dmy", re.compile(rf"{_START}([0-9]{{2}})([0-9]{{2}})((?:19|20)[0-9]{{2}}){_END}")),
)
_WHOLE_ONLY = (
    ("dmy", re.compile(rf"([0-9]{{2}})([0-9]{{2}})([0-9]{{2}}){_END}")),
    ("dmy", re.compile(rf"([0-9]{{1,2}})\s+([0-9]{{1,2}})\s+([0-9]{{2}}){_END}")),
    ("ymd", re.compile(rf"((?:19|20)[0-9]{{2}})([01][0-9])([0-3][0-9]){_END}")),
)


class BirthDateError(ValueError):
    """The text is not a birth date; ``code`` is a constant of this module."""

    def __init__(self, code):
        super().__init__(code)
        self.code = code


def parse_birth_date(text, today):
    """The date meant by the whole text.

    :param text: "12.03.1985", ISO, "12.03.85", "12 марта 1985 г.", "12031985"
    :param today: the date on the patient's calendar; decides the century of a
        two-digit year (the latest one that is not in the future)
    :raises BirthDateError: empty, of no known format, impossible (31 February),
        in the future, or of somebody older than anybody
    """
    if isinstance(text, date):
        return _checked(text.year, text.month, text.day, today)
    text = _clean(text)
    if not text:
        raise BirthDateError(EMPTY)
    for kind, pattern in (*_PATTERNS, *_WHOLE_ONLY):
        match = pattern.fullmatch(text)
        if match:
            return _read(kind, match.groups(), today)
    raise BirthDateError(UNKNOWN_FORMAT)


def find_birth_date(text, today):
    """The first date inside a longer text.

    :return: ``(date, error code, start, stop)``; date and code are ``None`` and
        the span is empty when nothing looks like a date
    """
    text = str(text or "")
    spans = []
    for rank, (kind, pattern) in enumerate(_PATTERNS):
        match = pattern.search(text)
        if match:
            spans.append((match.start(), rank, kind, match))
    error = (None, None, 0, 0)
    for _start, _rank, kind, match in sorted(spans, key=lambda span: span[:2]):
        try:
            return _read(kind, match.groups(), today), None, match.start(), match.end()
        except BirthDateError as problem:
            # "25-14-33" is a city phone, not a mistyped date.
            phone_like = "-" in match.group() and len(match.groups()[-1]) == 2
            if not error[1] and not phone_like:
                error = (None, problem.code, match.start(), match.end())
    return error


def _clean(text):
    text = unicodedata.normalize("NFKC", str(text or "")[:MAX_TEXT])
    text = " ".join(text.split()).strip(" .,;")
    return re.sub(r"^(?:д\.?\s*р\.?|дата рождения|р\.)\s*:?\s*", "", text, flags=re.IGNORECASE)


def _read(kind, parts, today):
    if kind == "ymd":
        year, month, day = parts
    else:
        day, month, year = parts
    if kind == "word":
        month = _MONTHS[month[:3].lower()]
    full = int(year)
    if len(year) == 2:
        full = _century(full, int(month), int(day), today)
    return _checked(full, int(month), int(day), today)


def _century(year, month, day, today):
    """The latest century in which the birth is not in the future."""
    century = today.year // 100 * 100
    late = (century + year, month, day) > (today.year, today.month, today.day)
    return century - 100 + year if late else century + year


def _checked(year, month, day, today):
    try:
        value = date(year, month, day)
    except ValueError:
        raise BirthDateError(IMPOSSIBLE) from None
    if value > today:
        raise BirthDateError(FUTURE)
    if today.year - value.year > MAX_AGE:
        raise BirthDateError(TOO_OLD)
    return value

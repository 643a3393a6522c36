"""Birth dates for comparison: numbers instead of objects, placeholders told apart."""

import re
from datetime import date

from .birth_date import BirthDateError, parse_birth_date

# dates that programs write when nobody knows: 1 January of anything says the year at most
_NOTHING = frozenset({19000101, 19700101, 19010101, 18991230, 18991231, 10101, 11110101, 19000100})
_DMY = re.compile(r"\s*([0-3]?[0-9])[./-]([01]?[0-9])[./-]((?:19|20)[0-9]{2})\s*")
_YMD = re.compile(r"\s*((?:19|20)[0-9]{2})-([01][0-9])-([0-3][0-9])(?:[T ][0-9:.Z+]*)?\s*")
_YEAR = re.compile(
    r"(?:0?0|[хx?_]{1,2})[./-](?:0?0|[хx?_]{1,2})[./-]((?:19|20)[0-9]{2})(?![0-9])", re.IGNORECASE
)
_ONLY_YEAR = re.compile(r"\s*((?:19|20)[0-9]{2})\s*(?:г\.?(?:\s*р\.?)?|год.*)?\s*", re.IGNORECASE)
_EXCEL = re.compile(r"\s*([1-9][0-9]{3,4})(?:\.0)?\s*")
_EXCEL_ZERO = date(1899, 12, 30).toordinal()


def read_birth(text, today):
    """``(yyyymmdd or 0, year or 0)`` of a birth date cell; never raises.

    :param today: a date; nobody is born later
    """
    if isinstance(text, date):
        return _plausible(text.year, text.month, text.day, today)
    text = str(text or "")[:80]
    match = _DMY.fullmatch(text)
    if match:
        day, month, year = match.groups()
        return _plausible(int(year), int(month), int(day), today)
    match = _YMD.fullmatch(text)
    if match:
        return _plausible(*map(int, match.groups()), today)
    return _read_slowly(text, today)


def _read_slowly(text, today):
    if not text.strip():
        return 0, 0
    match = _YEAR.search(text) or _ONLY_YEAR.fullmatch(text)
    if match:
        return 0, _year(int(match.group(1)), today)
    try:
        value = parse_birth_date(text, today)
    except BirthDateError:
        match = _EXCEL.fullmatch(text)
        if match and len(match.group(1)) == 5:
            value = date.fromordinal(_EXCEL_ZERO + int(match.group(1)))
            return _plausible(value.year, value.month, value.day, today)
        return 0, 0
    return _plausible(value.year, value.month, value.day, today)


def _plausible(year, month, day, today):
    number = year * 10000 + month * 100 + day
    if number in _NOTHING:
        return 0, 0
    known = _year(year, today)
    if not known:
        return 0, 0
    try:
        value = date(year, month, day)
    except ValueError:
        if month > 12 and day <= 12:
            return _plausible(year, day, month, today)
        return 0, known if (day == 0 or month == 0) else 0
    if value > today:
        return 0, 0
    return (0, year) if (month, day) == (1, 1) else (number, year)


def _year(year, today):
    return year if 1900 < year <= today.year and today.year - year <= 125 else 0


def read_moment(text, today):
    """``yyyymmdd`` of a moment of creation, or 0."""
    text = str(text or "")[:40].strip()
    match = _YMD.match(text) or _DMY.match(text)
    if not match:
        return 0
    year, month, day = match.groups() if len(match.group(1)) == 4 else reversed(match.groups())
    number = int(year) * 10000 + int(month) * 100 + int(day)
    return number if number <= today.year * 10000 + 1231 else 0


def age_at(birth, moment):
    """Full years between two ``yyyymmdd`` numbers."""
    return (moment - birth) // 10000

# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Converters of single cells for imports; no Odoo inside. None of them raises."""

import re
from datetime import date, timedelta

_MDY = re.compile(r"(\d{1,2})[./-](\d{1,2})[./-](\d{2,4})(.*)", re.DOTALL)
_EXCEL_ZERO = date(1899, 12, 30)


def month_first(text):
    """``03/12/1985`` of American programs → ``12.03.1985``."""
    match = _MDY.fullmatch(text.strip())
    return f"{match[2]}.{match[1]}.{match[3]}{match[4]}" if match else text


def excel_day(text):
    """The number of a day in Excel → ISO date."""
    match = re.fullmatch(r"(\d{1,6})(?:[.,]\d+)?", text.strip())
    if not match or not 1 <= int(match[1]) <= 200_000:
        return text
    return (_EXCEL_ZERO + timedelta(days=int(match[1]))).isoformat()


def digits(text):
    """Only the digits."""
    return "".join(char for char in text if char.isdigit())


def first_line(text):
    """What stands before the first end of line."""
    return text.strip().splitlines()[0] if text.strip() else ""


def trimmed(text):
    """Without blanks at both ends."""
    return text.strip()


CONVERTERS = {
    "trim": trimmed,
    "month_first": month_first,
    "excel_day": excel_day,
    "digits": digits,
    "first_line": first_line,
}


def value_map(text):
    """``{from: to}`` of ``м=male; ж=female``; texts are compared without case."""
    found = {}
    for piece in re.split(r"[;\n]", text or ""):
        before, sign, after = piece.partition("=")
        if sign:
            found[before.strip().casefold()] = after.strip()
    return found


def convert(text, converter, mapping, default):
    """The value of a cell.

    :param converter: key of ``CONVERTERS`` or empty
    :param mapping: what ``value_map`` gave
    :param default: instead of an empty cell
    """
    text = (text or "").replace("\u00a0", " ")
    if converter in CONVERTERS:
        text = CONVERTERS[converter](text)
    if mapping:
        text = mapping.get(text.strip().casefold(), text)
    return text if text.strip() else default or ""

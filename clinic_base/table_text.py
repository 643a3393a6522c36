# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Tables pasted from a spreadsheet or read from a CSV or XLSX file; no Odoo inside."""

import csv
import io
import re
from zipfile import BadZipFile

#: A line that begins with this is a remark for the human, not a row.
REMARK = "#"

#: Zones by their distance from Moscow, as Russian schedules name them: МСК+5.
_MSK_ZONES = {
    -1: "Europe/Kaliningrad",
    0: "Europe/Moscow",
    1: "Europe/Samara",
    2: "Asia/Yekaterinburg",
    3: "Asia/Omsk",
    4: "Asia/Krasnoyarsk",
    5: "Asia/Irkutsk",
    6: "Asia/Yakutsk",
    7: "Asia/Vladivostok",
    8: "Asia/Magadan",
    9: "Asia/Kamchatka",
}
_NUMBER = re.compile(r"\d+(?:[.,]\d+)?")


class TableError(ValueError):
    """The file is not a table that can be read."""


def separator(text):
    """The separator of a pasted table: tab, semicolon or comma, whichever comes first in this order."""
    return next((char for char in "\t;" if char in text), ",")


def read_rows(text, header_words=()):
    """``[(line, [cell, …])]`` of the rows that are neither empty, nor remarks, nor the header."""
    char = separator(text)
    rows = []
    for line in text.splitlines():
        if not line.strip() or line.lstrip().startswith(REMARK):
            continue
        cells = [" ".join(cell.split()) for cell in next(csv.reader([line], delimiter=char))]
        if not rows and cells[0].casefold() in header_words:
            continue
        rows.append((line, cells))
    return rows


def text_from_file(content, name):
    """A pasted-like text of a CSV (UTF-8 or windows-1251) or XLSX file; raises TableError."""
    if name.lower().endswith((".xlsx", ".xlsm")):
        return _text_from_xlsx(content)
    for encoding in ("utf-8-sig", "cp1251"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise TableError(name)


def _text_from_xlsx(content):
    from openpyxl import load_workbook
    from openpyxl.utils.exceptions import InvalidFileException

    try:
        sheet = load_workbook(io.BytesIO(content), read_only=True, data_only=True).worksheets[0]
        rows = [
            ["" if cell is None else " ".join(str(cell).split()) for cell in row]
            for row in sheet.iter_rows(values_only=True)
        ]
    except (BadZipFile, InvalidFileException, KeyError, IndexError, ValueError, OSError) as error:
        raise TableError("xlsx") from error
    return "\n".join("\t".join(row).rstrip("\t") for row in rows if any(row))


def split_names(cell):
    """Several names in one cell: ``Иванова / Петров + Ким``, or with commas."""
    return [name.strip() for name in re.split(r"[/+,|]", cell or "") if name.strip()]


def key(name):
    """Names are compared without case, ё and extra spaces."""
    return " ".join((name or "").casefold().replace("ё", "е").split())


def same_person(written, full_name):
    """Does ``Иванова``, ``Иванова А. П.`` or the whole name mean this person?"""
    wanted = re.findall(r"[^\s.]+", key(written))
    words = key(full_name).split()
    return 0 < len(wanted) <= len(words) and all(
        word == part if number == 0 else word.startswith(part)
        for number, (part, word) in enumerate(zip(wanted, words, strict=False))
    )


def read_minutes(cell):
    """``30``, ``30 мин``, ``1:15``, ``1 ч 15 мин`` -> minutes, None when it is not a duration."""
    text = key(cell)
    match = re.fullmatch(r"(\d{1,2}):(\d{2})(?::00)?", text) or re.fullmatch(
        r"(\d{1,2})\s*(?:ч|час|h)\w*\.?\s*(?:(\d{1,2})\s*(?:мин|min|м)?\w*\.?)?", text
    )
    if match:
        return int(match[1]) * 60 + int(match[2] or 0)
    match = re.fullmatch(r"(\d{1,4})(?:[.,]0+)?\s*(?:мин|min|м)?\w*\.?", text)
    return int(match[1]) if match else None


def read_price(cell):
    """``1 500,00 ₽`` -> 1500.0, None when it is not a price."""
    text = re.sub(r"[\s\u00a0\u202f'’]", "", cell or "")
    text = re.sub(r"(?i)(руб\.?|р\.?|rub|₽)$", "", text)
    if re.fullmatch(r"\d{1,3}(,\d{3})+(\.\d+)?", text):
        text = text.replace(",", "")
    return float(text.replace(",", ".")) if _NUMBER.fullmatch(text) else None


def read_zone(cell, zones):
    """An IANA name, its city, or ``МСК+5`` -> IANA name among ``zones``; None when unknown."""
    text = key(cell).replace(" ", "")
    match = re.fullmatch(r"(?:мск|msk)(?:([+-]\d{1,2}))?", text)
    if match:
        return _MSK_ZONES.get(int(match[1] or 0))
    for zone in zones:
        if text in (zone.casefold(), zone.casefold().rsplit("/", 1)[-1]):
            return zone
    return None

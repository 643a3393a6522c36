"""Rows of workbooks: XLSX by openpyxl in its streaming mode, XLS by xlrd. Merged cells are filled."""

import datetime
import os
import re
from zipfile import BadZipFile, ZipFile

from .errors import (
    BOMB,
    DAMAGED,
    MAX_BOOK_BYTES,
    MAX_COLUMNS,
    MAX_SHARED_BYTES,
    MAX_UNPACKED_BYTES,
    NOT_TEXT,
    PROTECTED,
    TOO_LARGE,
    TableFileError,
    short,
)
from .guard import unguarded

#: xlrd holds a whole book.
MAX_XLS_BYTES = 30 << 20
MAX_MERGES = 100_000
#: Rows of one merged area, and of all of them: what is told of merged areas is held in memory.
MAX_MERGED_ROWS, MAX_MERGED = 1000, 200_000
_MERGE = re.compile(rb'<mergeCell ref="([A-Z]{1,3})([0-9]{1,7}):([A-Z]{1,3})([0-9]{1,7})"')


def xlsx_rows(path, notes):
    """``(row number, sheet, cells)`` of every visible sheet."""
    if os.path.getsize(path) > MAX_BOOK_BYTES:
        raise TableFileError(TOO_LARGE, MAX_BOOK_BYTES >> 20)
    _check_zip(path)
    from openpyxl import load_workbook

    with open(path, "rb") as stream:  # by its name openpyxl would judge the kind
        try:
            book = load_workbook(stream, read_only=True, data_only=True, keep_links=False)
        except Exception as error:  # a damaged book fails in many ways inside the library
            raise TableFileError(DAMAGED) from error
        try:
            yield from _book_rows(path, book, notes)
        finally:
            book.close()


def _book_rows(path, book, notes):
    try:
        with ZipFile(path) as package:
            for sheet in book.worksheets:
                if sheet.sheet_state == "visible":
                    yield from _sheet_rows(sheet, _merges(package, sheet), notes)
    except TableFileError:
        raise
    except (BadZipFile, KeyError, ValueError, SyntaxError, OSError, TypeError, AttributeError) as error:
        raise TableFileError(DAMAGED) from error


def _check_zip(path):
    """Refuse what would not fit into the memory before anything is unpacked."""
    try:
        with ZipFile(path) as package:
            parts = package.infolist()
    except (BadZipFile, OSError, ValueError) as error:
        raise TableFileError(DAMAGED) from error
    names = {part.filename for part in parts}
    if "xl/workbook.xml" not in names and not any(name.endswith("workbook.xml") for name in names):
        raise TableFileError(NOT_TEXT)
    shared = sum(part.file_size for part in parts if part.filename.lower().endswith("sharedstrings.xml"))
    if shared > MAX_SHARED_BYTES or sum(part.file_size for part in parts) > MAX_UNPACKED_BYTES:
        raise TableFileError(BOMB)


def _merges(package, sheet):
    """``{row: [(first column, last column, first row)]}`` of merged areas, without reading the cells."""
    found, areas, held, tail = {}, 0, 0, b""
    try:
        stream = package.open(sheet._worksheet_path)
    except (AttributeError, KeyError):
        return found
    with stream:
        while block := stream.read(1 << 20):
            data = tail + block
            end = 0
            for match in _MERGE.finditer(data):
                end = match.end()
                left, top, right, bottom = match.groups()
                areas, height = areas + 1, int(bottom) - int(top) + 1
                if areas > MAX_MERGES or not 0 < height <= MAX_MERGED_ROWS or held + height > MAX_MERGED:
                    continue
                held += height
                for row in range(int(top), int(bottom) + 1):
                    found.setdefault(row, []).append((_column(left), _column(right), int(top)))
            tail = data[max(end, len(data) - 64) :]
    return found


def _column(letters):
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number - 1


def _sheet_rows(sheet, merges, notes):
    sheet.reset_dimensions()
    above = {}
    for number, values in enumerate(sheet.iter_rows(values_only=True), 1):
        areas = merges.get(number)
        if not areas and not any(value is not None for value in values):
            continue
        if any(value is not None for value in values[MAX_COLUMNS:]):
            notes.cut += 1
        cells = [text_of(value, notes) for value in values[:MAX_COLUMNS]]
        for left, right, top in areas or ():
            if left >= MAX_COLUMNS:
                continue
            if top == number:
                above[left, top] = cells[left] if left < len(cells) else ""
            _fill(cells, left, right if top == number else left, above.get((left, top), ""))
        if any(cells):
            yield number, sheet.title, cells


def _fill(cells, left, right, text):
    """A merged area: its text stands in each of its columns, and in the first one of further rows."""
    right = min(right, MAX_COLUMNS - 1)
    if len(cells) <= right:
        cells.extend([""] * (right + 1 - len(cells)))
    for place in range(left, right + 1):
        cells[place] = cells[place] or text


def xls_rows(path, notes):
    """The same for books of Excel 97–2003."""
    if os.path.getsize(path) > MAX_XLS_BYTES:
        raise TableFileError(TOO_LARGE, MAX_XLS_BYTES >> 20)
    try:
        import xlrd
    except ImportError:
        raise TableFileError(NOT_TEXT) from None
    try:
        with open(os.devnull, "w", encoding="utf-8") as silence:
            book = xlrd.open_workbook(path, logfile=silence, formatting_info=False)
    except Exception as error:  # a protected or damaged book fails in many ways inside the library
        raise TableFileError(PROTECTED) from error
    for sheet in book.sheets():
        if sheet.visibility:
            continue
        for number in range(sheet.nrows):
            cells = []
            for cell in sheet.row(number)[:MAX_COLUMNS]:
                value = cell.value
                if cell.ctype == xlrd.XL_CELL_DATE:
                    try:
                        value = xlrd.xldate_as_datetime(value, book.datemode)
                    except (ValueError, OverflowError, xlrd.xldate.XLDateError):
                        value = str(value)
                elif cell.ctype in (xlrd.XL_CELL_ERROR, xlrd.XL_CELL_EMPTY, xlrd.XL_CELL_BLANK):
                    value = None
                cells.append(text_of(value, notes))
            if any(cells):
                yield number + 1, sheet.name, cells


def text_of(value, notes):
    """What a person sees in the cell."""
    if value is None:
        return ""
    if isinstance(value, str):
        return short(unguarded(value.replace("\x00", "")), notes)
    if isinstance(value, bool):
        return "1" if value else "0"
    if isinstance(value, datetime.datetime):
        whole_day = not (value.hour or value.minute or value.second)
        return value.date().isoformat() if whole_day else value.isoformat(" ", "minutes")
    if isinstance(value, datetime.date):
        return value.isoformat()
    if isinstance(value, float):
        return f"{value:.0f}" if value.is_integer() and abs(value) < 1e18 else repr(value)
    return str(value)

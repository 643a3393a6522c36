"""A file of any known kind → its headings and a stream of rows."""

import os
from dataclasses import dataclass, field
from itertools import chain, islice

from .book_rows import xls_rows, xlsx_rows
from .csv_rows import csv_rows
from .dbf_rows import dbf_rows, is_dbf
from .encoding import SAMPLE
from .errors import (
    EMPTY,
    MAX_COLUMNS,
    MAX_ROWS,
    MAX_TEXT_BYTES,
    NOT_TEXT,
    TOO_LARGE,
    TOO_LONG,
    TOO_WIDE,
    WEB_PAGE,
    Notes,
    TableFileError,
)
from .headers import LOOK_ROWS, find_header

_BLANK = b"\x00\r\n\t \xef\xbb\xbf"
_OTHER_KINDS = (
    b"%PDF", b"\x1f\x8b", b"Rar!", b"7z\xbc", b"\x89PNG", b"\xff\xd8\xff", b"SQLite", b"\x7fELF", b"{\\rtf",
)  # fmt: skip
_OLE, _ZIP = b"\xd0\xcf\x11\xe0", b"PK\x03\x04"


@dataclass
class Table:
    """``columns`` are the headings, ``fields`` what each of them is or ``None``; ``rows`` is read once.

    ``rows`` gives ``(line, sheet, cells)``; the cells may be fewer or more than the headings.
    """

    columns: list
    fields: list
    rows: object
    notes: Notes = field(default_factory=Notes)


def kind_of(path):
    """``xlsx, xls, dbf`` or ``csv`` by the content, never by the name.

    :raises TableFileError: empty, too large, or no table at all
    """
    size = os.path.getsize(path)
    with open(path, "rb") as stream:
        sample = stream.read(SAMPLE)
    if not sample.strip(_BLANK):
        raise TableFileError(EMPTY)
    if sample.startswith(_ZIP):
        return "xlsx"
    if sample.startswith(_OLE):
        return "xls"
    if size > MAX_TEXT_BYTES:
        raise TableFileError(TOO_LARGE, MAX_TEXT_BYTES >> 20)
    if is_dbf(path, sample):
        return "dbf"
    start = sample[:512].lstrip(_BLANK).lower()
    if start.startswith((b"<html", b"<!doctype", b"<table", b"<?xml")):
        raise TableFileError(WEB_PAGE)
    if sample.startswith(_OTHER_KINDS):
        raise TableFileError(NOT_TEXT)
    return "csv"


def open_table(path, field_of, encoding="", delimiter=""):
    """The table of a file. Memory does not grow with its length.

    :param field_of: ``heading → field or None``
    :param encoding: when it was guessed wrongly
    :raises TableFileError: also while rows are taken
    """
    notes = Notes(kind=kind_of(path))
    if notes.kind == "csv":
        rows = csv_rows(path, notes, encoding, delimiter)
    elif notes.kind == "dbf":
        rows = dbf_rows(path, notes, encoding)
    else:
        rows = (xlsx_rows if notes.kind == "xlsx" else xls_rows)(path, notes)
    first = list(islice(rows, LOOK_ROWS + 1))
    if not first:
        raise TableFileError(EMPTY)
    sheet = first[0][1]
    top = [row for row in first if row[1] == sheet]
    columns, fields, start = find_header([cells for _line, _sheet, cells in top[:LOOK_ROWS]], field_of)
    if len(columns) >= MAX_COLUMNS:
        raise TableFileError(TOO_WIDE, MAX_COLUMNS)
    notes.columns = {name: title for name, title in zip(fields, columns, strict=True) if name}
    notes.unknown = tuple(
        title[:40] for name, title in zip(fields, columns, strict=True) if not name and title
    )
    rest = _same_sheets(chain(first, rows), sheet, columns, start, field_of, notes)
    return Table(columns, fields, _counted(rest, notes), notes)


def _same_sheets(rows, sheet, columns, start, field_of, notes):
    """Rows below the heading; further sheets only when they have the same heading."""
    seen, name, skipped = 0, sheet, False
    for row in rows:
        if row[1] != name:
            name, seen = row[1], 0
            skipped = find_header([row[2]], field_of)[0][: len(columns)] != columns
            if skipped:
                notes.other_sheets += (name,)
            else:
                seen = start
                continue
        if skipped:
            continue
        seen += 1
        if seen > start:
            yield row


def _counted(rows, notes):
    for row in rows:
        notes.rows += 1
        if notes.rows > MAX_ROWS:
            raise TableFileError(TOO_LONG, MAX_ROWS)
        yield row

"""Rows of a dBase table (1С 7.7, КЛАДР): records have one length, so a block is decoded at once."""

import datetime
import os
import struct
from dataclasses import dataclass

from .encoding import high_bytes, russian_code_page
from .errors import DAMAGED, MAX_CELL, MAX_COLUMNS, TableFileError

_BLOCK_RECORDS = 4096
_DRIVERS = {0x26: "cp866", 0x65: "cp866", 0x57: "cp1251", 0xC9: "cp1251"}
#: So many Russian letters tell more than the byte in the header, which is often wrong.
_ENOUGH = 200
_VERSIONS = {0x02, 0x03, 0x04, 0x05, 0x30, 0x31, 0x32, 0x43, 0x63, 0x83, 0x8B, 0x8E, 0xCB, 0xF5, 0xFB}
_TEXT_TYPES = "CNFDLGP"


@dataclass(frozen=True)
class _Field:
    name: bytes
    kind: str
    start: int
    length: int


def is_dbf(path, sample):
    """Whether the beginning is a dBase header that fits the length of the file."""
    if len(sample) < 65 or sample[0] not in _VERSIONS:
        return False
    head, record = struct.unpack_from("<HH", sample, 8)
    plausible = 65 <= head <= 32 * (MAX_COLUMNS + 12) and record > 1 and head <= os.path.getsize(path)
    return plausible and chr(sample[43]) in "CNFDLMGPIBTY@+OQVW0"


def dbf_rows(path, notes, encoding=""):
    """``(record number, "", cells)``; the first row are the names of the columns.

    Records that carry the mark of deletion are left out; of a cut file what is there is read.
    """
    with open(path, "rb") as stream:
        count, head, size, driver, fields = _header(stream)
        there = max(0, os.fstat(stream.fileno()).st_size - head)
        if not count and there >= size:  # a program that died did not write the number
            count = there // size
        if there // size < count:
            notes.broken = True
            count = there // size
        stream.seek(head)
        sample = stream.read(min(size * 500, 1 << 20))
        texts = b"".join(
            sample[at + field.start : at + field.start + field.length]
            for at in range(0, len(sample) - size + 1, size)
            for field in fields
            if field.kind == "C"
        )
        high = high_bytes(texts + b"".join(field.name for field in fields))
        known = _DRIVERS.get(driver)
        notes.encoding = encoding or (
            known if known and len(high) < _ENOUGH else russian_code_page(high) if high else known or "cp866"
        )
        notes.memo = any(field.kind not in _TEXT_TYPES + "IBTY@+O" for field in fields)
        yield 0, "", [field.name.decode(notes.encoding, "replace").strip() for field in fields]
        stream.seek(head)
        yield from _records(stream, count, size, fields, notes)


def _header(stream):
    head = stream.read(32)
    if len(head) < 32:
        raise TableFileError(DAMAGED)
    count, length, size = struct.unpack_from("<IHH", head, 4)
    fields, start = [], 1
    for _number in range((length - 33) // 32):
        piece = stream.read(32)
        if len(piece) < 32 or piece[:1] in (b"\r", b"\x00", b"\n"):
            break
        kind, width = chr(piece[11]), piece[16]
        if kind == "C" and head[0] in (0x03, 0x83, 0xF5):
            width += piece[17] * 256  # long texts of Clipper
        fields.append(_Field(piece[:11].split(b"\x00")[0], kind, start, width))
        start += width
    if not fields or not size or start > size or len(fields) > MAX_COLUMNS:
        raise TableFileError(DAMAGED)
    return count, length, size, head[29], fields


def _records(stream, count, size, fields, notes):
    places = [(field.start, field.start + field.length, _reader(field)) for field in fields]
    number = 0
    while number < count:
        block = stream.read(size * min(_BLOCK_RECORDS, count - number))
        whole = len(block) // size
        if not whole:
            notes.broken = True
            return
        text = block.decode(notes.encoding, "replace").replace("\x00", " ")
        for at in range(0, whole * size, size):
            number += 1
            if block[at] == 0x1A:
                return
            if block[at] == 0x2A:
                notes.deleted += 1
                continue
            yield (
                number,
                "",
                [
                    read(block[at + start : at + stop])
                    if read
                    else text[at + start : at + stop].strip()[:MAX_CELL]
                    for start, stop, read in places
                ],
            )


def _reader(field):
    """How the bytes of a cell become text; ``None`` for plain text."""
    if field.kind == "D":
        return _day
    if field.kind == "L":
        return lambda raw: {b"T": "1", b"Y": "1", b"F": "0", b"N": "0"}.get(raw.upper(), "")
    if field.kind in "I+" and field.length == 4:
        return lambda raw: str(struct.unpack("<i", raw)[0])
    if field.kind in "BO" and field.length == 8:
        return lambda raw: f"{struct.unpack('<d', raw)[0]:.10g}"
    if field.kind == "Y" and field.length == 8:
        return lambda raw: f"{struct.unpack('<q', raw)[0] / 10000:.4f}"
    if field.kind in "T@" and field.length == 8:
        return _moment
    if field.kind in _TEXT_TYPES:
        return None
    return lambda raw: ""


def _day(raw):
    text = raw.decode("ascii", "replace").strip()
    return f"{text[:4]}-{text[4:6]}-{text[6:]}" if len(text) == 8 and text.isdecimal() else text


def _moment(raw):
    days, milliseconds = struct.unpack("<ii", raw)
    if not 1721426 <= days <= 5373484:
        return ""
    day = datetime.date.fromordinal(days - 1721425)
    minutes = max(0, milliseconds) // 60000 % 1440
    return day.isoformat() + (f" {minutes // 60:02d}:{minutes % 60:02d}" if minutes else "")

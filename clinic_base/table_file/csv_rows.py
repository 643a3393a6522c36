"""Rows of a text with separators, whatever its quotes are like."""

import csv
from collections import Counter, deque

from .encoding import SAMPLE, guess_encoding
from .errors import MAX_COLUMNS, MAX_LINE, short

DELIMITERS = ";,\t|"
_LOOK = 50
#: A quoted cell over more lines or signs than this is a stray quote.
_SPAN_LINES, _SPAN_CHARS = 100, 64 * 1024
_LINE_END = "\r\n"


def guess_delimiter(text):
    """The separator that cuts the most lines into the most columns alike."""
    lines = [line for line in text.splitlines()[: _LOOK * 4] if line.strip()][:_LOOK]
    if lines and lines[0].lower().startswith("sep=") and len(lines[0]) == 5:
        return lines[0][4]

    def likely(sign):
        counts = Counter(line.count(sign) for line in lines)
        counts.pop(0, None)
        return max((times * count for count, times in counts.items()), default=0)

    return max(DELIMITERS, key=lambda sign: (likely(sign), -DELIMITERS.index(sign)))


def csv_rows(path, notes, encoding="", delimiter=""):
    """``(line number, "", cells)`` of every line that is not blank."""
    with open(path, "rb") as stream:
        sample = stream.read(SAMPLE)
    notes.encoding = encoding or guess_encoding(path, sample)
    text = sample.decode(notes.encoding, "replace").replace("\x00", "").lstrip("\ufeff")
    notes.delimiter = delimiter or guess_delimiter(text)
    csv.field_size_limit(2 * MAX_LINE)
    with open(path, encoding=notes.encoding, errors="replace", newline="") as stream:
        yield from _Rows(stream, notes)


class _Rows:
    """Puts lines together to rows; a quote that does not close costs nobody his row."""

    def __init__(self, stream, notes):
        self.stream, self.notes = stream, notes
        self.sign, self.ahead, self.width, self.number = notes.delimiter, deque(), 0, 0

    def __iter__(self):
        while line := self._line():
            number = self.number
            if not line.strip(" \t\r\n\ufeff" + self.sign):
                self.notes.empty += bool(line.strip(_LINE_END))
                continue
            if number == 1 and line.lower().startswith("sep=") and len(line.strip()) <= 5:
                continue
            cells = self._cells(line)
            if len(cells) > MAX_COLUMNS:
                self.notes.cut += 1
                del cells[MAX_COLUMNS:]
            self.width = self.width or len(cells)
            if max(map(len, cells)) > MAX_LINE // 512:
                cells = [short(cell, self.notes) for cell in cells]
            yield number, "", cells

    def _line(self):
        """The next physical line, at most ``MAX_LINE`` signs of it; an empty text at the end."""
        if self.ahead:
            self.number += 1
            return self.ahead.popleft()
        line = self.stream.readline(MAX_LINE)
        if line:
            self.number += 1
        if len(line) == MAX_LINE and not line.endswith(("\n", "\r")):
            self.notes.cut += 1
            while True:
                piece = self.stream.readline(MAX_LINE)
                if not piece or piece.endswith(("\n", "\r")):
                    break
        return line.replace("\x00", "") if "\x00" in line else line

    def _cells(self, line):
        if '"' not in line:
            return line.rstrip(_LINE_END).split(self.sign, MAX_COLUMNS)
        try:
            return self._parse([line], True)
        except csv.Error as error:
            is_open = "unexpected end" in str(error)
        plain = line.rstrip(_LINE_END).split(self.sign, MAX_COLUMNS)
        if not is_open:
            loose = self._parse([line], False)
            return plain if len(plain) == self.width != len(loose) else loose
        more, whole = [line], None
        size = len(line)
        while len(more) < _SPAN_LINES and size < _SPAN_CHARS and (following := self._line()):
            more.append(following)
            size += len(following)
            if '"' in following:
                try:
                    whole = self._parse(more, True)
                    break
                except csv.Error:
                    continue
        if whole is not None and (len(whole) == self.width or len(plain) != self.width):
            return whole
        self.notes.broken = True
        self.ahead.extendleft(reversed(more[1:]))
        self.number -= len(more) - 1
        return plain

    def _parse(self, lines, strict):
        return next(csv.reader(iter(lines), delimiter=self.sign, strict=strict), [])

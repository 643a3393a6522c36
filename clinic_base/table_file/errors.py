"""Limits of what is read, and what was noticed while reading."""

from dataclasses import dataclass, field

#: A longer line is cut, so that a file without ends of lines stays within the memory.
MAX_LINE = 1 << 20
MAX_CELL = 4000
MAX_COLUMNS = 1000
MAX_ROWS = 2_000_000
MAX_TEXT_BYTES = 1 << 30
MAX_BOOK_BYTES = 100 << 20
MAX_UNPACKED_BYTES = 1 << 30
#: Texts of a workbook are held in memory as a whole.
MAX_SHARED_BYTES = 96 << 20

EMPTY, NO_FIELDS, NOT_TEXT, DAMAGED = "empty", "no_fields", "not_text", "damaged"
TOO_LARGE, BOMB, TOO_WIDE, TOO_LONG = "too_large", "bomb", "too_wide", "too_long"
PROTECTED, WEB_PAGE = "protected", "web_page"


class TableFileError(ValueError):
    """The file cannot be read as a table; ``code`` is a constant of this module, ``limit`` its bound."""

    def __init__(self, code, limit=0):
        super().__init__(code)
        self.code, self.limit = code, limit


@dataclass
class Notes:
    """What was noticed on the way; complete once all rows were taken."""

    kind: str = ""
    encoding: str = ""
    delimiter: str = ""
    columns: dict = field(default_factory=dict)  # field → header
    unknown: tuple = ()
    rows: int = 0
    ragged: int = 0
    cut: int = 0
    empty: int = 0
    deleted: int = 0
    broken: bool = False  # quotes that do not close, bytes that are missing at the end
    memo: bool = False  # columns whose texts lie in another file
    other_sheets: tuple = ()
    no_id: bool = False


def short(cell, notes):
    """The cell, cut to what anybody would type."""
    if len(cell) > MAX_CELL:
        notes.cut += 1
        return cell[:MAX_CELL]
    return cell

"""Tables out of files that other programs write: CSV and TXT, XLSX and XLS, DBF.

Free of Odoo: ``open_table(path, field_of)`` recognises the kind, the encoding, the separator and the
heading and streams the rows; ``read_people(path)`` gives records with the fields of ``person_match``;
``guarded`` is for cells that leave again. Memory does not grow with the length of a file. Nothing here
logs, and errors carry codes only.
"""

from .errors import MAX_CELL, MAX_COLUMNS, MAX_ROWS, Notes, TableFileError
from .guard import DANGEROUS, guarded, unguarded
from .headers import find_header, fold_header, heading_words
from .people import PEOPLE_WORDS, field_of_person, read_people, with_second_phone
from .table import Table, kind_of, open_table

__all__ = [
    "DANGEROUS",
    "MAX_CELL",
    "MAX_COLUMNS",
    "MAX_ROWS",
    "PEOPLE_WORDS",
    "Notes",
    "Table",
    "TableFileError",
    "field_of_person",
    "find_header",
    "fold_header",
    "guarded",
    "heading_words",
    "kind_of",
    "open_table",
    "read_people",
    "unguarded",
    "with_second_phone",
]

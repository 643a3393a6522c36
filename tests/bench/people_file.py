"""A file of patients as an old program exports it: dirty cards, three of a hundred rows are garbage."""

import csv
import random

from clinic_bench import people

SHARE = 0.03
KINDS = ("no_name", "no_letters", "no_such_day", "not_a_day", "same_id", "endless_name")


def spoil(row, kind, first_id):
    """Make a row that must be rejected."""
    names = ("full_name", "family_name", "given_name", "patronymic")
    if kind in ("no_name", "no_letters", "endless_name"):
        row.update(dict.fromkeys(names, ""))
    if kind == "no_letters":
        row["family_name"] = "12345 ???"
    elif kind == "endless_name":
        row["family_name"] = "Ж" * 20_000
    elif kind == "no_such_day":
        row["birth_date"] = "31.02.1980"
    elif kind == "not_a_day":
        row["birth_date"] = "на Пасху"
    elif kind == "same_id":
        row["id"] = first_id


def write(path, count, seed=5, encoding="cp1251"):
    """Write the file; lines of the rows that must be rejected.

    Rows in order have their traps, too: bytes of zero, quotes that do not close, cells too many.
    """
    rows, _truth, _town = people.generate(count, seed)
    dice, bad = random.Random(seed), []
    titles = list(rows[0])
    with open(path, "w", encoding=encoding, errors="replace", newline="") as stream:
        table = csv.writer(stream, delimiter=";")
        table.writerow(titles)
        for place, row in enumerate(rows):
            row["source"] = ""
            cells_more = []
            if place and dice.random() < SHARE:
                spoil(row, dice.choice(KINDS), rows[0]["id"])
                bad.append(place + 2)
            elif dice.random() < SHARE:
                trap = dice.choice(("zero", "wide", "formula"))
                row["note"] = {"zero": "а\x00б", "formula": "=1+1"}.get(trap, row["note"])
                cells_more = ["лишнее"] * 300 if trap == "wide" else []
            table.writerow([row[title] for title in titles] + cells_more)
    return bad

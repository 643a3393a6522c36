"""КЛАДР: rows of KLADR.DBF, STREET.DBF and DOMA.DBF become places and lists of houses.

The rows come from any reader of DBF: lists of texts after a first list with the names of the columns.
"""

from .places import AREA, CITY, REGION, SETTLEMENT, STREET, Place, short_type

#: The code of what exists now ends so; other endings are former names.
ACTUAL = "00"


def region_of(code):
    """The two digits of the region."""
    return str(code or "")[:2]


def parent_code(code):
    """The code of the place above; empty above a region. Codes without the two digits of the state."""
    if len(code) == 15:
        return code[:11]
    for start in (8, 5, 2):
        if int(code[start:] or 0):
            above = code[:start].ljust(11, "0")
            return above if int(code[start : start + 3]) else parent_code(above)
    return ""


def _level(code):
    if len(code) == 15:
        return STREET
    if code[8:] != "000":
        return SETTLEMENT
    if code[5:8] != "000":
        return CITY
    return AREA if code[2:5] != "000" else REGION


def kladr_objects(rows, regions=()):
    """Places or streets that exist now, of the chosen regions (all when empty).

    :param rows: first the names of the columns, then lists of texts
    :return: generator of :class:`Place` with codes of 11 or 15 digits
    """
    wanted = frozenset(regions)
    rows = iter(rows)
    column = _columns(next(rows, ()), ("NAME", "SOCR", "CODE", "INDEX"))
    for row in rows:
        code = row[column["CODE"]].strip()
        if len(code) not in (13, 17) or not code.isdigit() or code[-2:] != ACTUAL:
            continue
        if wanted and code[:2] not in wanted:
            continue
        short = code[:-2]
        yield Place(
            code=short,
            name=row[column["NAME"]].strip(),
            kind=short_type(row[column["SOCR"]]),
            level=_level(short),
            region=code[:2],
            parent=parent_code(short),
            kladr=code,
            postcode=row[column["INDEX"]].strip(),
        )


def kladr_houses(rows, regions=()):
    """``(code of the street, list of houses, postcode)`` of the chosen regions."""
    wanted = frozenset(regions)
    rows = iter(rows)
    column = _columns(next(rows, ()), ("NAME", "CODE", "INDEX"))
    for row in rows:
        code = row[column["CODE"]].strip()
        if len(code) == 19 and code.isdigit() and (not wanted or code[:2] in wanted):
            street = code[:15]
            # houses of a place without streets stand under zeros
            yield (
                street if int(street[11:]) else street[:11],
                row[column["NAME"]].strip(),
                row[column["INDEX"]].strip(),
            )


def _columns(header, names):
    """Places of the columns; a ValueError names the first that is missing."""
    known = {str(name).strip().upper(): number for number, name in enumerate(header)}
    for name in names:
        if name not in known:
            raise ValueError(name)
    return known

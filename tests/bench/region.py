"""A made-up region of the address classifier: КЛАДР as DBF tables, ГАР as a ZIP with XML."""

import random
import struct
import zipfile

WIDTHS = {"NAME": 40, "SOCR": 10, "CODE": 19, "INDEX": 6}
REGION, CITY = "38", "Иркутск"
STEMS = (
    "Берёз",
    "Солнеч",
    "Набереж",
    "Завод",
    "Школь",
    "Лугов",
    "Сосн",
    "Реч",
    "Камен",
    "Дорож",
    "Север",
    "Юж",
)
MIDDLES = ("ов", "ин", "ск", "н", "к", "евск", "овинск", "анск")
ENDS = ("ая", "ый", "ое", "цева", "ина", "ова")
KINDS = (("ул", "ул."), ("пер", "пер."), ("проезд", "проезд"), ("б-р", "б-р"))
GUID = "00000000-0000-4000-8000-{:012d}"
PLACES = ((1, "Иркутская", "обл", 1, "3800000000000", 0), (2, CITY, "г", 5, "3800000100000", 1))


def streets(count, seed=38):
    """``count`` pairs (name, number of the kind), no pair twice."""
    dice, seen = random.Random(seed), {}
    while len(seen) < count:
        name = dice.choice(STEMS) + dice.choice(MIDDLES) + dice.choice(ENDS)
        if dice.random() < 0.7:
            name = f"{dice.randrange(2, 99)}-й {name}"
        seen[name, dice.randrange(len(KINDS))] = True
    return list(seen)


def write_kladr(folder, names, houses):
    """Files KLADR.DBF, STREET.DBF and DOMA.DBF; ``houses`` numbers of each street, 10 in a row."""
    _dbf(
        folder / "KLADR.DBF", [(name, kind, code, "664000") for _id, name, kind, _level, code, _up in PLACES]
    )
    _dbf(
        folder / "STREET.DBF",
        [(name, KINDS[kind][0], _street(n), "664003") for n, (name, kind) in enumerate(names, 1)],
    )
    rows = []
    for n in range(1, len(names) + 1):
        for row, first in enumerate(range(1, houses + 1, 10), 1):
            numbers = ",".join(str(house) for house in range(first, min(first + 10, houses + 1)))
            rows.append((numbers, "ДОМ", f"{_street(n)[:15]}{row:04d}", "664003"))
    _dbf(folder / "DOMA.DBF", rows)


def _street(number):
    return f"38000001000{number:04d}00"


def _dbf(path, rows):
    fields = b"".join(
        name.encode().ljust(11, b"\0") + b"C" + bytes(4) + bytes([width, 0]) + bytes(14)
        for name, width in WIDTHS.items()
    )
    size = 1 + sum(WIDTHS.values())
    head = struct.pack("<B3BIHH", 3, 124, 1, 1, len(rows), 33 + len(fields), size).ljust(29, b"\0")
    with open(path, "wb") as stream:
        stream.write(head + b"\x26\0\0" + fields + b"\r")
        for row in rows:
            cells = (
                cell.encode("cp866").ljust(width) for cell, width in zip(row, WIDTHS.values(), strict=True)
            )
            stream.write(b" " + b"".join(cells))
        stream.write(b"\x1a")


def write_gar(path, names, houses):
    """One ZIP; every house is an object of its own, beside it a plot of land that nobody asks for."""
    first = 10 + len(names)
    places = [(key, name, f"{kind}.", level, up) for key, name, kind, level, _code, up in PLACES]
    places += [(10 + n, name, KINDS[kind][1], 8, 2) for n, (name, kind) in enumerate(names)]
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        with _member(archive, "ADDR_OBJ") as put:
            for key, name, kind, level, _up in places:
                put(
                    f'<OBJECT ID="{key}" OBJECTID="{key}" OBJECTGUID="{GUID.format(key)}" NAME="{name}"'
                    f' TYPENAME="{kind}" LEVEL="{level}" ISACTUAL="1" ISACTIVE="1"/>'
                )
        with _member(archive, "ADM_HIERARCHY") as put:
            for key, _name, _kind, _level, up in places:
                put(f'<ITEM OBJECTID="{key}" PARENTOBJID="{up}" REGIONCODE="38" ISACTIVE="1"/>')
            for number in range(2 * houses * len(names)):
                street = 10 + number // 2 // houses
                put(
                    f'<ITEM OBJECTID="{first + number}" PARENTOBJID="{street}" REGIONCODE="38" ISACTIVE="1"/>'
                )
        with _member(archive, "ADDR_OBJ_PARAMS") as put:
            for key, *_rest in places:
                put(f'<PARAM OBJECTID="{key}" TYPEID="5" VALUE="664003" CHANGEIDEND="0"/>')
        with _member(archive, "HOUSES") as put:
            for number in range(houses * len(names)):
                key = first + 2 * number
                put(
                    f'<HOUSE ID="{key}" OBJECTID="{key}" OBJECTGUID="{GUID.format(key)}"'
                    f' HOUSENUM="{number % houses + 1}" HOUSETYPE="2" ISACTUAL="1" ISACTIVE="1"/>'
                )


class _member:
    """One XML file of an archive, written as it comes."""

    def __init__(self, archive, name):
        self._stream = archive.open(
            f"{REGION}/AS_{name}_20260101_{GUID.format(0)}.XML", "w", force_zip64=True
        )

    def __enter__(self):
        self._stream.write(b'<?xml version="1.0" encoding="utf-8"?><ALL>')
        return lambda text: self._stream.write(text.encode())

    def __exit__(self, *_problem):
        self._stream.write(b"</ALL>")
        self._stream.close()

"""ГАР: XML files of one region, one element per row, everything in attributes, read as a stream."""

import re
from xml.parsers import expat

from .places import AREA, CITY, REGION, SETTLEMENT, STREET, Place, short_type

#: LEVEL of AS_ADDR_OBJ -> ours; 7 and 8 are the street network. 4 is a municipal settlement, which often
#: bears the name of its town: a town of its own would make that name doubtful.
_LEVELS = {1: REGION, 2: AREA, 3: AREA, 4: AREA, 5: CITY, 6: SETTLEMENT, 7: STREET, 8: STREET}
#: TYPEID of parameters.
POSTCODE, KLADR_CODE = "5", "10"
_GUID = re.compile(r"^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$")


class GarError(ValueError):
    """The file is no XML of ГАР or is damaged; ``code`` says which."""

    def __init__(self, code):
        super().__init__(code)
        self.code = code


def _elements(stream, tag):
    """Attributes of every element of a stream; memory does not grow with the file."""
    found = []

    def started(name, attributes):
        if name == tag:
            found.append(attributes)

    def refused(*_declaration):
        raise GarError("entities")

    parser = expat.ParserCreate()
    parser.StartElementHandler = started
    parser.StartDoctypeDeclHandler = refused
    try:
        while chunk := stream.read(1 << 16):
            parser.Parse(chunk, False)
            yield from found
            found.clear()
        parser.Parse(b"", True)
    except expat.ExpatError:
        raise GarError("damaged") from None


def _is_live(row):
    return row.get("ISACTIVE") == "1" and row.get("ISACTUAL", "1") == "1"


def gar_objects(stream, region):
    """Places and streets of AS_ADDR_OBJ that are in force; without parents and codes of КЛАДР."""
    for row in _elements(stream, "OBJECT"):
        level = _LEVELS.get(int(row.get("LEVEL") or 0)) if (row.get("LEVEL") or "").isdigit() else None
        guid = (row.get("OBJECTGUID") or "").lower()
        if not level or not _is_live(row) or not row.get("OBJECTID") or not _GUID.match(guid):
            continue
        kind = short_type((row.get("TYPENAME") or "").rstrip("."))
        yield Place(row["OBJECTID"], row.get("NAME") or "", kind, level, region, guid=guid)


def gar_parents(stream):
    """``(object, parent)`` of AS_ADM_HIERARCHY in force."""
    for row in _elements(stream, "ITEM"):
        if row.get("ISACTIVE") == "1" and row.get("OBJECTID") and row.get("PARENTOBJID", "0") != "0":
            yield row["OBJECTID"], row["PARENTOBJID"]


def gar_postcodes(stream):
    """``(object, parameter, value)`` of AS_ADDR_OBJ_PARAMS: postcodes and codes of КЛАДР in force."""
    for row in _elements(stream, "PARAM"):
        if row.get("TYPEID") in (POSTCODE, KLADR_CODE) and row.get("CHANGEIDEND", "0") == "0":
            yield row.get("OBJECTID", ""), row["TYPEID"], row.get("VALUE") or ""


def gar_houses(stream):
    """``(object, number, guid)`` of AS_HOUSES in force; the street is the parent in the hierarchy."""
    for row in _elements(stream, "HOUSE"):
        if _is_live(row) and row.get("OBJECTID") and row.get("HOUSENUM"):
            extra = [
                ("к" if row.get(f"ADDTYPE{n}") == "1" else "стр") + row[f"ADDNUM{n}"]
                for n in (1, 2)
                if row.get(f"ADDNUM{n}")
            ]
            yield row["OBJECTID"], "".join([row["HOUSENUM"], *extra]), (row.get("OBJECTGUID") or "").lower()

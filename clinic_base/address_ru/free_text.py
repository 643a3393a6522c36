"""An address as people write it, taken apart."""

import re
from dataclasses import dataclass, field

from .names import fold
from .places import AREA, CITY, REGION, SETTLEMENT, SPELLINGS, STREET

MAX_TEXT = 500

_POSTCODE = re.compile(r"(?<![0-9])[1-9][0-9]{5}(?![0-9])")
_NUMBER = r"([0-9]+(?:\s*/\s*[0-9]+)?(?:\s?[а-яa-z](?![а-яa-z]))?(?:\s*/\s*[0-9]+)?)"
_MARKS = (
    (
        "flat",
        re.compile(rf"(?<![а-яa-z-])(?:кв|квартира|оф|офис|ком|комн|комната|пом|помещение)[\s.№]*{_NUMBER}"),
    ),
    ("structure", re.compile(rf"(?<![а-яa-z-])(?:стр|строение)[\s.№]*{_NUMBER}")),
    ("building", re.compile(rf"(?<![а-яa-z-])(?:к|кор|корп|корпус)[\s.№]*{_NUMBER}")),
    ("house", re.compile(rf"(?<![а-яa-z-])(?:д|дом|вл|владение|уч|участок)[\s.№]*{_NUMBER}")),
)
#: "12-45", "12а", "12/3 - 45", "5 3" at the end of a street
_TAIL = re.compile(rf"(?:^|(?<=[\s,])){_NUMBER}(?:\s*(?:-|,|\s)\s*([0-9]+))?$")
_COUNTRY = re.compile(r"(?<![а-я])(?:россия|рф|российская федерация)(?![а-я])\.?,?")
_TYPES = sorted(SPELLINGS, key=len, reverse=True)
_TYPE = re.compile(rf"(?<![а-яa-z0-9-])({'|'.join(re.escape(text) for text in _TYPES)})(?![а-яa-z0-9-])\.?")
#: Parts of a city that people name besides the street.
_QUARTERS = ("мкр", "кв-л", "тер")
_CARDINAL = re.compile(r"^[0-9]+$")


@dataclass(frozen=True)
class Address:
    """Parts of an address as typed (folded); ``kinds`` says which kind stood with a level."""

    raw: str = ""
    postcode: str = ""
    region: str = ""
    area: str = ""
    city: str = ""
    settlement: str = ""
    street: str = ""
    house: str = ""
    building: str = ""
    structure: str = ""
    flat: str = ""
    kinds: dict = field(default_factory=dict)

    @property
    def whole_house(self):
        """House with building and structure, as the classifier writes them."""
        parts = (self.house, self.building and f"к{self.building}", self.structure and f"стр{self.structure}")
        return "".join(part for part in parts if part)


def read_address(text):
    """An :class:`Address`; an empty one for a text that says nothing."""
    raw = str(text or "")[:MAX_TEXT]
    rest = _COUNTRY.sub(" ", fold(raw).replace("\\", "/"))
    found = {"raw": raw}
    postcode = _POSTCODE.search(rest)
    if postcode:
        found["postcode"] = postcode.group()
        rest = rest[: postcode.start()] + "," + rest[postcode.end() :]
    for name, pattern in _MARKS:
        mark = pattern.search(rest)
        if mark:
            found[name] = _tidy(mark.group(1))
            rest = rest[: mark.start()] + "," + rest[mark.end() :]
    pieces = [piece for part in re.split("[,;]", rest) for piece in _pieces(part.strip(" .-"))]
    return _placed(pieces, found)


def _tidy(number):
    return re.sub(r"\s+", "", number)


def _pieces(part):
    """``[(level, kind, name)]`` of one part between commas; several when kinds stand before names."""
    marks = [mark for mark in _TYPE.finditer(part) if not _is_initial(part, mark)]
    if not marks:
        return [(0, "", part)] if part else []
    first = marks[0]
    before = part[: first.start()].strip(" .-")
    after = part[first.end() :].strip(" .-")
    kind, level = SPELLINGS[first.group(1)]
    if before and (not after or (_TAIL.fullmatch(after) and not _CARDINAL.match(before))):
        # "Ленина ул", "Ленина ул 5"
        return [(level, kind, before), *([(0, "", after)] if after else [])]
    if before and len(marks) == 1 and level in (REGION, AREA):
        # "Иркутская обл Иркутск"
        return [(level, kind, before), (0, "", after)]
    pieces = _pieces(before) if before else []
    next_mark = marks[1] if len(marks) > 1 else None
    if next_mark is None:
        return [*pieces, (level, kind, after)]
    name = part[first.end() : next_mark.start()].strip(" .-")
    if not name:
        # two kinds in a row: the first belongs to what stood before it
        return [*pieces, *_pieces(part[next_mark.start() :])]
    return [*pieces, (level, kind, name), *_pieces(part[next_mark.start() :])]


def _is_initial(part, mark):
    """A letter that is a part of a name ("С. Перовской") and no kind: a surname follows a dot."""
    word = mark.group(1)
    if len(word) > 1 or not mark.group().endswith("."):
        return False
    before = part[: mark.start()].strip()
    return bool(_TYPE.search(before)) and not before.endswith(",")


def _placed(pieces, found):
    kinds, free = {}, []
    names = {REGION: "region", AREA: "area", CITY: "city", SETTLEMENT: "settlement", STREET: "street"}
    for level, kind, name in pieces:
        if not level:
            free.append(name)
            continue
        if level == STREET:
            name = _cut_tail(name, found)
        slot = names[level]
        if not name:
            continue
        if slot in found and level == STREET:
            # "мкр Юбилейный, ул 3": both are kept in words, the first is the street
            continue
        if slot not in found:
            found[slot], kinds[slot] = name, kind
    _place_free(free, found, kinds)
    return Address(kinds=kinds, **found)


def _place_free(free, found, kinds):
    """Names without a kind: numbers are the house, the last name is the street, those before are places."""
    names = []
    for text in free:
        if not found.get("house") or not found.get("flat"):
            text = _cut_tail(text, found)
        if re.search(r"[^\W\d_]{2}", text):
            names.append(text)
    if names and kinds.get("street") in _QUARTERS:
        # "мкр Солнечный, Ржанова 45": the street is the last
        del found["street"], kinds["street"]
    if names and "street" not in found:
        found["street"] = names.pop()
        if not names and "house" not in found and "city" not in found and "settlement" not in found:
            # one word alone is a place rather than a street
            found["city"] = found.pop("street")
    for name in reversed(names):
        slot = next((slot for slot in ("city", "area", "region") if slot not in found), None)
        if slot == "city" and "settlement" in found:
            slot = "area" if "area" not in found else "region"
        if slot and slot not in found:
            found[slot] = name


def _cut_tail(text, found):
    """The name without house and flat at its end, which go to ``found``."""
    tail = _TAIL.search(text)
    if not tail or ("house" in found and "flat" in found):
        return text
    house, flat = _tidy(tail.group(1)), tail.group(2)
    if "house" in found:
        if flat or not _CARDINAL.match(house):
            return text
        found["flat"] = house
    else:
        found["house"] = house
        if flat:
            found.setdefault("flat", flat)
    return text[: tail.start()].strip(" .,-")


def show_address(place_titles, address):
    """One line: "Иркутская обл, г Иркутск, ул Ленина, д 5 к 2, кв 12"."""
    parts = list(place_titles)
    if address.house:
        house = f"д {address.house}"
        house += f" к {address.building}" if address.building else ""
        house += f" стр {address.structure}" if address.structure else ""
        parts.append(house)
    if address.flat:
        parts.append(f"кв {address.flat}")
    return ", ".join(parts)

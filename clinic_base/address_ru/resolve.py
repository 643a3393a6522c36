"""From a free text to a place of the classifier: exact, likely, several or none, with the reason."""

from dataclasses import dataclass, replace

from .free_text import Address, read_address
from .houses import has_house
from .names import similar_names
from .places import CITY, STREET, Place

EXACT, LIKELY, SEVERAL, NONE = "exact", "likely", "several", "none"

#: Reasons, for the caller to put into words.
EMPTY, NO_PLACE, SEVERAL_PLACES, NO_STREET, SEVERAL_STREETS = (
    "empty", "no_place", "several_places", "no_street", "several_streets",
)  # fmt: skip
SPELLING, OTHER_KIND, NO_SUCH_HOUSE, NO_HOUSE, WITHOUT_STREET, OWN_CITY, FULL = (
    "spelling", "other_kind", "no_such_house", "no_house", "without_street", "own_city", "full",
)  # fmt: skip

SURE, GOOD = 0.999, 0.86
MOST = 10


class Book:
    """What the classifier must answer; the caller derives from it."""

    def places(self, name, region=""):
        """Regions, areas, cities and settlements with a name like ``name``: list of :class:`Place`."""
        raise NotImplementedError

    def streets(self, place, name):
        """Streets right in a place with a name like ``name``."""
        raise NotImplementedError

    def houses(self, street):
        """Texts with the house numbers of a street; empty when they are not known."""
        raise NotImplementedError

    def above(self, place):
        """Places above one, the region first."""
        raise NotImplementedError


@dataclass(frozen=True)
class Result:
    """What a text means. ``variants`` are all places that fit, the best first."""

    state: str
    reason: str
    address: Address
    place: Place | None = None
    variants: tuple = ()


def resolve(text, book, home=None):
    """The :class:`Result` for a text.

    :param home: the city that is meant where none is named
    """
    address = read_address(text)
    if not (address.city or address.settlement or address.street):
        return Result(NONE, EMPTY, address)
    places, sure, named = _find_places(address, book, home)
    if not named and not places and address.street:
        address, places, sure = _city_before_street(address, book)
    if not places:
        return Result(NONE, NO_PLACE, address)
    if not address.street:
        return _without_street(address, places, sure)
    found = [
        (score, kind_fits, street)
        for place in places
        for score, kind_fits, street in _streets(address, book, place)
    ]
    if not found and not named:
        other, others, other_sure = _city_before_street(address, book)
        found = [row for place in others for row in _streets(other, book, place)]
        if found:
            address, places, sure = other, others, other_sure
    if not found:
        return Result(NONE, NO_STREET, address, places[0], tuple(places[:MOST]))
    return _judge(address, book, found, sure, named or home is None or places[0] != home)


def _find_places(address, book, home):
    """``(places, sure, named)``: where the street is looked for."""
    name = address.settlement or address.city
    if not name:
        return ([home] if home else []), True, False
    region = ""
    if address.region:
        regions = _best(address.region, [p for p in book.places(address.region) if p.level == 1])
        region = regions[0][1].region if regions else ""
    found = _best(name, [place for place in book.places(name, region) if place.level in (3, 4)])
    kind = address.kinds.get("settlement" if address.settlement else "city")
    fitting = [row for row in found if not kind or row[1].kind == kind] or found
    if len(fitting) > 1 and (address.area or (address.settlement and address.city)):
        above = address.area or address.city
        within = [
            row for row in fitting if any(similar_names(above, p.name) >= GOOD for p in book.above(row[1]))
        ]
        fitting = within or fitting
    if len(fitting) > 1 and home:
        # of several villages of one name that beside the clinic is meant, but a person looks at it
        near = [row for row in fitting if row[1].region == home.region]
        fitting = near or fitting
    top = max((score for score, _place in fitting), default=0)
    places = [place for score, place in fitting if score >= top - 0.001]
    return places, top >= SURE and len(places) == 1, True


def _city_before_street(address, book):
    """ "Иркутск Ленина 5": the first word may be a city. Returns the address read so, places, sure."""
    words = address.street.split()
    for count in range(1, min(3, len(words))):
        city, street = " ".join(words[:count]), " ".join(words[count:])
        found = [row for row in _best(city, book.places(city)) if row[1].level in (CITY, CITY + 1)]
        exact = [place for score, place in found if score >= SURE]
        if exact:
            return replace(address, city=city, street=street), exact, len(exact) == 1
    return address, [], False


def _best(name, places):
    """``[(score, place)]`` good enough, the best first."""
    scored = [(similar_names(name, place.name), place) for place in places]
    return sorted((row for row in scored if row[0] >= GOOD), key=lambda row: (-row[0], row[1].code))


def _streets(address, book, place):
    """``[(score, kind fits, street)]`` in one place."""
    kind = address.kinds.get("street")
    return [
        (score, not kind or street.kind == kind, street)
        for score, street in _best(address.street, book.streets(place, address.street))
    ]


def _without_street(address, places, sure):
    if len(places) > 1:
        return Result(SEVERAL, SEVERAL_PLACES, address, None, tuple(places[:MOST]))
    if sure and not address.house and places[0].level != STREET:
        return Result(LIKELY, WITHOUT_STREET, address, places[0], (places[0],))
    return Result(LIKELY, WITHOUT_STREET if sure else SPELLING, address, places[0], (places[0],))


def _judge(address, book, found, sure, city_named):
    found.sort(key=lambda row: (-row[1], -row[0], row[2].code))
    top_score, top_fits, _street = found[0]
    equal = [street for score, fits, street in found if fits == top_fits and score >= top_score - 0.001]
    variants = tuple(street for _score, _fits, street in found[:MOST])
    if len(equal) > 1:
        with_house = [s for s in equal if address.house and _house(address, book, s)]
        if len(with_house) != 1:
            return Result(SEVERAL, SEVERAL_STREETS, address, None, variants)
        return Result(LIKELY, SEVERAL_STREETS, address, with_house[0], variants)
    street = equal[0]
    if top_score < SURE or not sure:
        return Result(LIKELY, SPELLING, address, street, variants)
    if not top_fits:
        return Result(LIKELY, OTHER_KIND, address, street, variants)
    if not address.house:
        return Result(LIKELY, NO_HOUSE, address, street, variants)
    if _house(address, book, street) is False:
        return Result(LIKELY, NO_SUCH_HOUSE, address, street, variants)
    return Result(EXACT, FULL if city_named else OWN_CITY, address, street, variants)


def _house(address, book, street):
    lists = book.houses(street)
    found = has_house(lists, address.whole_house)
    # a list of plain numbers says nothing of buildings
    return (
        has_house(lists, address.house) if found is False and address.whole_house != address.house else found
    )

"""What an address consists of: levels, kinds of places and streets, one place of the classifier."""

from dataclasses import dataclass

REGION, AREA, CITY, SETTLEMENT, STREET = 1, 2, 3, 4, 5
LEVELS = {REGION: "region", AREA: "area", CITY: "city", SETTLEMENT: "settlement", STREET: "street"}

#: canonical abbreviation -> (level, spellings); the first level that fits is taken.
_TYPES = {
    "обл": (REGION, "обл область"),
    "край": (REGION, "край"),
    "респ": (REGION, "респ республика"),
    "ао": (REGION, "ао аобл"),
    "р-н": (AREA, "р-н рн район р-он"),
    "улус": (AREA, "улус у"),
    "г": (CITY, "г гор город"),
    "пгт": (SETTLEMENT, "пгт"),
    "рп": (SETTLEMENT, "рп р.п"),
    "п": (SETTLEMENT, "п пос поселок"),
    "с": (SETTLEMENT, "с село"),
    "д": (SETTLEMENT, "дер деревня д"),
    "х": (SETTLEMENT, "х хутор"),
    "ст-ца": (SETTLEMENT, "ст-ца станица"),
    "ст": (SETTLEMENT, "ст станция"),
    "аул": (SETTLEMENT, "аул"),
    "нп": (SETTLEMENT, "нп"),
    "ул": (STREET, "ул улица"),
    "пр-кт": (STREET, "пр-кт пр-т просп проспект пр"),
    "пер": (STREET, "пер переулок"),
    "мкр": (STREET, "мкр мкр-н м-н мкрн микрорайон"),
    "б-р": (STREET, "б-р бул бульвар"),
    "наб": (STREET, "наб набережная"),
    "ш": (STREET, "ш шоссе"),
    "пл": (STREET, "пл площадь"),
    "проезд": (STREET, "проезд пр-д"),
    "тракт": (STREET, "тракт"),
    "кв-л": (STREET, "кв-л квл квартал"),
    "туп": (STREET, "туп тупик"),
    "аллея": (STREET, "аллея ал"),
    "снт": (STREET, "снт сдт"),
    "днт": (STREET, "днт"),
    "тер": (STREET, "тер территория"),
    "линия": (STREET, "линия"),
    "спуск": (STREET, "спуск"),
    "въезд": (STREET, "въезд"),
    "заезд": (STREET, "заезд"),
    "гск": (STREET, "гск"),
}
#: spelling without dots -> (canonical, level)
SPELLINGS = {
    spelling: (short, level) for short, (level, spellings) in _TYPES.items() for spelling in spellings.split()
}


def short_type(text):
    """The canonical abbreviation of a kind in any spelling, or the folded text itself."""
    folded = str(text or "").strip().lower().replace("ё", "е").rstrip(".")
    return SPELLINGS.get(folded, (folded, 0))[0]


@dataclass(frozen=True)
class Place:
    """One row of the classifier. ``code`` is КЛАДР's or ГАР's own; ``parent`` the code above it."""

    code: str
    name: str
    kind: str
    level: int
    region: str = ""
    parent: str = ""
    guid: str = ""
    kladr: str = ""
    postcode: str = ""

    @property
    def title(self):
        """As it is written: "ул Ленина", "Иркутская обл"."""
        after = self.level in (REGION, AREA) and self.kind in ("обл", "край", "р-н", "ао", "улус")
        parts = (self.name, self.kind) if after else (self.kind, self.name)
        return " ".join(part for part in parts if part)

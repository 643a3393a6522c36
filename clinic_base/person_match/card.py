"""A patient's card brought to comparable values.

``NORMALISATION`` is stored with keys and models made from cards; another number means: make them anew.
"""

from dataclasses import dataclass, field

NORMALISATION = 2

FIELDS = (
    "id", "source", "created", "full_name", "family_name", "given_name", "patronymic", "sex", "birth_date",
    "phone", "phone2", "email", "address", "snils", "policy", "passport", "note",
)  # fmt: skip


def letters(text):
    """The letters of a folded word as bits of one number."""
    found = 0
    for char in text:
        found |= 1 << (ord(char) & 63)
    return found


class Word:
    """One value of a name, shared by all cards that have it; ``number`` tells values apart quickly."""

    __slots__ = ("initial", "latin", "letters", "number", "skeletons", "text")

    def __init__(self, number, text, latin, skeletons):
        self.letters = letters(text)  # a set of them in one number
        self.number, self.text, self.latin, self.skeletons = number, text, latin, skeletons
        self.initial = text[:1] if len(text.rstrip(".")) == 1 else ""


class Surname(Word):
    """``stem`` has no gender ending, ``parts`` are the stems of a double one, ``keys`` are for blocking."""

    __slots__ = ("keys", "parts", "stem")


class Given(Word):
    """``names`` are the full names it may stand for, ``keys`` are for blocking.

    ``known`` – it is in the dictionary, ``full`` – as a full name.
    """

    __slots__ = ("full", "keys", "known", "names")


class Patronymic(Word):
    """``father`` is his name or its stem; ``sex`` is told by the ending."""

    __slots__ = ("father", "known", "sex")


@dataclass(slots=True, eq=False)
class Card:
    """What is compared. ``None`` and empty values are no evidence for or against anything."""

    id: str = ""
    surname: Surname | None = None
    former: tuple = ()
    given: Given | None = None
    patronymic: Patronymic | None = None
    sex: str = ""
    birth: int = 0  # yyyymmdd, only a full and plausible date
    year: int = 0  # of birth, also where nothing more is known
    created: int = 0
    phones: tuple = ()
    others_phone: bool = False  # the cell says "mother" and the like
    email: str = ""
    address: object = None
    documents: dict = field(default_factory=dict)  # kind → number
    note: str = ""

    @property
    def is_empty(self):
        return not (self.surname or self.given or self.phones or self.email or self.documents)

    def sort_key(self):
        """An order that depends on the content only."""
        names = (self.surname, self.given, self.patronymic)
        return (
            self.id,
            *(word.text if word else "" for word in names),
            self.birth,
            self.year,
            self.created,
            self.phones,
            self.email,
            sorted(self.documents.items()),
            self.address.key if self.address else "",
            sorted(self.address.words) if self.address else [],
            self.sex,
            self.note,
        )

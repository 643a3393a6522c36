"""A free-text address as a key of comparison: words of the street, house, flat.

A rough key for duplicates only; resolving an address to a code is another package's work.
"""

import re
import unicodedata
from functools import lru_cache

from .given_names import fold

MAX_TEXT = 400

_INDEX = re.compile(r"(?<![0-9])[1-9][0-9]{5}(?![0-9])")
_MARKED = re.compile(
    r"(?<![а-яa-z])(?:(кв(?:артира)?|оф(?:ис)?|комн?(?:ата)?|пом(?:ещение)?|apt)|"
    r"(д(?:ом)?|вл(?:адение)?|уч(?:асток)?)|к(?:орп(?:ус)?)?|стр(?:оение)?|лит(?:ера)?)"
    r"[\s.№]*([0-9]+(?:\s*/\s*[0-9]+)?(?:\s?[а-я](?![а-я]))?)"
)
_STREET = re.compile(
    r"(?<![а-я])(?:ул(?:ица)?|пр(?:-?к?т|осп(?:ект)?)?|пер(?:еулок)?|мкр(?:н|айон)?|б(?:-?р|ул(?:ьвар)?)|наб(?:ережная)?|"
    r"ш(?:оссе)?|пл(?:ощадь)?|тракт|проезд|снт|днт|кв-?л|квартал|тупик|аллея)(?![а-я])"
)
_PLACE = re.compile(
    r"(?<![а-я])(?:г(?:ор(?:од)?)?|обл(?:асть)?|респ(?:ублика)?|край|р-?н|район|с(?:ело)?|п(?:ос(?:елок)?|гт)?|"
    r"дер(?:евня)?|ст(?:-?ца|аница)?|рп|рф|россия|российская\s+федерация|д|дом|кв)(?![а-я])\.?"
)
_TOKEN = re.compile(r"[^\W_]+")
_TAIL = re.compile(r"([0-9]+(?:\s*/\s*[0-9]+)?\s?[а-я]?)(?![а-я])\s*[-,\s]\s*([0-9]+)\s*$")
_BLANKS = re.compile(r"\s+")
_LETTER = re.compile("[а-яa-z]")
_PIECES = re.compile("[,;]")
_WORD = re.compile(r"[^\W\d_]{3,}")
_LAST = re.compile(r"(?<![0-9а-я-])([0-9]+(?:/[0-9]+)?\s?[а-я]?)(?![0-9а-я-])\s*$")


class AddressKey:
    """``street`` and ``words`` are sorted and folded; ``house`` is empty when there is none.

    ``key`` is exact, or an empty text when the address names no house.
    """

    __slots__ = ("flat", "house", "key", "street", "words")

    def __init__(self, street, house, flat, words):
        self.street, self.house, self.flat, self.words = street, house, flat, words
        self.key = "|".join((" ".join(street), house, flat)) if street and house else ""

    @property
    def values(self):
        return self.street, self.house, self.flat, self.words


def read_address(text):
    """An :class:`AddressKey`, or ``None`` for an address that says nothing."""
    text = fold(unicodedata.normalize("NFKC", str(text or "")[:MAX_TEXT])).replace("\\", "/")
    text = " ".join(_INDEX.sub(" ", text).split())
    if not text:
        return None
    words = frozenset(_TOKEN.findall(text))
    text, house, building, flat = _cut_marked(text)
    if not house:
        text, house, flat = _by_place(text, flat)
    house = _BLANKS.sub("", house) + ("к" + building if building else "")
    street = _street(text)
    if not street and not house:
        return None
    return AddressKey(street, house, flat, words)


def _cut_marked(text):
    """``(text without them, house, building, flat)`` where words say which number is which."""
    found = {"house": "", "building": "", "flat": ""}

    def keep(match):
        kind = "flat" if match.group(1) else "house" if match.group(2) else "building"
        if found[kind]:
            return match.group()
        found[kind] = _BLANKS.sub("", match.group(3))
        return " , "

    return _MARKED.sub(keep, text), found["house"], found["building"], found["flat"]


def _by_place(text, flat):
    """House and flat by their place at the end: "Ленина 12-45", "Ленина, 12, 45"."""
    text = text.strip(" ,.;")
    if not flat:
        match = _TAIL.search(text)
        if match and _LETTER.search(text[: match.start()]):
            return text[: match.start()], match.group(1), match.group(2)
    match = _LAST.search(text)
    if match:
        return text[: match.start()], match.group(1), flat
    return text, "", flat


@lru_cache(maxsize=100_000)
def _street(text):
    """Words of the street: the piece marked as one, else the last piece with letters."""
    pieces = [piece.strip(" .") for piece in _PIECES.split(text)]
    chosen = ""
    for piece in pieces:
        if _STREET.search(piece):
            chosen = piece
            break
        if _WORD.search(_PLACE.sub(" ", piece)):
            chosen = piece
    marked = _STREET.search(chosen)
    if marked and _WORD.search(chosen[marked.end() :]):
        # "Иркутск ул Ленина": what stands before the mark is the town
        chosen = chosen[marked.end() :]
    chosen = _STREET.sub(" ", chosen)
    words = [word for word in _TOKEN.findall(chosen) if len(word) > 1 or word.isdigit()]
    kept = [word for word in words if not _PLACE.fullmatch(word)]
    return tuple(sorted(kept or words))

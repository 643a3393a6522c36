"""What a registrar means by one line in the search box."""

import re
import unicodedata
from dataclasses import dataclass

from .birth_date import find_birth_date
from .given_names import fold
from .names import decode_layout

MAX_TEXT = 200
MAX_WORDS = 6

_RUN = re.compile(r"\+?[ (]*[0-9](?:[0-9 ().+-]*[0-9])?")
_GROUP = re.compile(r"[0-9]+")
_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
_CARD = re.compile(r"(?<![^\W_])(?=[^\s]*[0-9])(?=[^\s]*[^\W\d_])[\w/-]{3,}")


@dataclass(frozen=True)
class Number:
    """Digits whose meaning depends on the data; each field is one guess.

    ``phone``: a part of the number; ``tail``: exactly its last four digits;
    ``card``: card number; ``year``: year of birth; ``date``: birth date typed
    without separators.
    """

    digits: str
    phone: str = ""
    tail: str = ""
    card: str = ""
    year: int = 0
    date: object = None


@dataclass(frozen=True)
class SearchQuery:
    """All parts must hold together. ``words`` are tuples of alternatives."""

    words: tuple = ()
    birth_date: object = None
    numbers: tuple = ()
    cards: tuple = ()

    @property
    def is_empty(self):
        return not (self.words or self.birth_date or self.numbers or self.cards)


def parse_search(text, today, search_digits):
    """Split the line into name parts, a birth date and numbers.

    :param today: date used for the century of "85"
    :param search_digits: callable that brings a phone spelling to digits,
        handed in by the caller
    """
    text = unicodedata.normalize("NFKC", str(text or "")[:MAX_TEXT].replace("№", " "))
    text = re.sub("[‐‑‒–—―−]", "-", text)
    birth_date, _error, start, stop = find_birth_date(text, today)
    if birth_date and not _looks_bare(text[start:stop]):
        text = f"{text[:start]} ; {text[stop:]}"
    else:
        birth_date = None
    cards = tuple(match.group().upper() for match in _CARD.finditer(text))
    text = _CARD.sub(" ; ", text)
    numbers = []
    for match in _RUN.finditer(text):
        numbers += _read_run(match.group(), bool(_WORD.search(text)), today, search_digits)
    words = tuple(_alternatives(word) for word in _WORD.findall(_RUN.sub(" ", text)))
    return SearchQuery(words[:MAX_WORDS], birth_date, tuple(numbers[:MAX_WORDS]), cards[:2])


def _looks_bare(text):
    """Eight digits in a row may be a date, but also a card or a phone part."""
    return text.strip().isdigit()


def _alternatives(word):
    word = word.replace("’", "'")
    if word.isascii():
        return tuple(dict.fromkeys((fold(word), fold(decode_layout(word)))))
    return (fold(word),)


def _read_run(run, with_words, today, search_digits):
    groups = _GROUP.findall(run)
    digits = "".join(groups)
    if run.startswith("+"):
        return [_phone_part(run, digits, search_digits)]
    joined = bool(re.search(r"[()+.-]", run))
    pairs = 4 <= len(digits) <= 7 and all(len(group) <= 3 for group in groups)
    trunk = groups[0] in ("7", "8")
    whole = joined or trunk or len(digits) >= 10 or len(groups) > 2 or (pairs and not with_words)
    if len(groups) > 1 and whole:
        return [_phone_part(run, digits, search_digits)]
    return [_single(group, with_words, today, search_digits) for group in groups]


def _phone_part(run, digits, search_digits):
    phone = search_digits(run) or digits
    return Number(digits, phone=phone, tail=phone if len(phone) == 4 else "")


def _single(digits, with_words, today, search_digits):
    size = len(digits)
    year = 0
    if size == 2 and with_words:
        late = int(digits) > today.year % 100
        year = today.year // 100 * 100 - (100 if late else 0) + int(digits)
    elif size == 4 and with_words and today.year - 125 <= int(digits) <= today.year:
        year = int(digits)
    found, _error, _start, _stop = find_birth_date(digits, today) if size == 8 else (None, None, 0, 0)
    phone = ""
    if size >= 3 and size != 4:
        phone = search_digits(digits) if size >= 5 else digits
    return Number(
        digits,
        phone=phone,
        tail=digits if size == 4 else "",
        card=digits if size <= 10 and not year else "",
        year=year,
        date=found,
    )

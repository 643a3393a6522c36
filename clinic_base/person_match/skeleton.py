"""One key for a Russian word and all its Latin spellings; Latin words back to Cyrillic."""

import re
from functools import lru_cache

from .given_names import all_names, fold
from .names import decode_layout

_TO_LATIN = dict(
    zip(
        "абвгдезийклмнопрстуфцыэ",
        (
            "a",
            "b",
            "v",
            "g",
            "d",
            "e",
            "z",
            "i",
            "i",
            "k",
            "l",
            "m",
            "n",
            "o",
            "p",
            "r",
            "s",
            "t",
            "u",
            "f",
            "c",
        )
        + ("i", "e"),
        strict=True,
    )
)
_TO_LATIN.update(
    {"ё": "e", "ж": "X", "х": "h", "ч": "C", "ш": "W", "щ": "W", "ъ": "", "ь": "", "ю": "iu", "я": "ia"}
)
_DIGRAPHS = re.compile(r"shch|shh|sch|tch|sh|zh|ch|kh|ts|tz|ph|th|ck")
_DIGRAPH = {
    "shch": "W", "shh": "W", "sch": "W", "sh": "W", "tch": "C", "ch": "C", "zh": "X", "kh": "h", "ts": "c",
    "tz": "c", "ph": "f", "th": "t", "ck": "k",
}  # fmt: skip
_FIRST = str.maketrans({"y": "i", "j": "i", "w": "v", "x": "ks", "q": "k", "c": "k"})
_SECOND = str.maketrans({"y": "i", "j": "X", "w": "W", "x": "h", "q": "k", "c": "c"})
_NOT_LETTERS = re.compile(r"[^a-zA-Z]")
_YO = re.compile(r"io(?=[^aeiou]|$)")
_SOFT = re.compile(r"i+(?=[aeou])")
_DOUBLE = re.compile(r"(.)\1+")
_BACK = """
shch:щ sch:щ shh:щ sh:ш zh:ж tch:ч ch:ч kh:х ts:ц tz:ц yu:ю iu:ю ju:ю ya:я ia:ия ja:я yo:е ye:е je:е
iy:ий yy:ый yi:ий ii:ий ey:ей ay:ай oy:ой ck:к ph:ф th:т x:кс a:а b:б c:к d:д e:е f:ф g:г h:х i:и
j:й k:к l:л m:м n:н o:о p:п q:к r:р s:с t:т u:у v:в w:в y:ы z:з
"""
_BACK_MAP = dict(pair.split(":") for pair in _BACK.split())
_BACK_RE = re.compile("|".join(_BACK_MAP))
_LATIN_WORD = re.compile(r"[A-Za-z'’`-]+\.?")
_SURNAME_END = re.compile(
    r"(?:[оеё]ва?|[иы]на?|ск(?:ий|ая)|цк(?:ий|ая)|ко|ук|юк|[иы]х|ян|дзе|швили|ович|евич)$"
)
_VOWELS = frozenset("аеёиоуыэюяaeiouy")


@lru_cache(maxsize=200_000)
def skeletons(word):
    """Keys of a word in either alphabet; two only when a Latin letter may be read in two ways.

    Equal keys of a Cyrillic and a Latin word mean that one may be the other's transliteration.
    """
    text = fold(word)
    if not any("a" <= char <= "z" for char in text):
        return (_finish("".join(_TO_LATIN.get(char, "") for char in text)),)
    text = _NOT_LETTERS.sub("", "".join(_TO_LATIN.get(char, char) for char in text))
    text = _DIGRAPHS.sub(lambda match: _DIGRAPH[match.group()], text)
    # the digraphs are capitals by now, the rest of the letters may still be read in two ways
    return tuple(dict.fromkeys(_finish(text.translate(table)) for table in (_FIRST, _SECOND)))


def _finish(text):
    text = _YO.sub("e", text)
    text = _SOFT.sub("", text)
    return _DOUBLE.sub(r"\1", text)


def is_latin(word):
    """Whether the word is written with Latin letters only."""
    return bool(_LATIN_WORD.fullmatch(word))


def _given_by_skeleton():
    found = {}
    for word in all_names():
        found.setdefault(skeletons(word)[0], word)
    return found


_GIVEN = _given_by_skeleton()


def given_from_latin(word):
    """The known given name a Latin word spells, or ``None``."""
    for key in skeletons(word):
        if key in _GIVEN:
            return _GIVEN[key]
    return None


def cyrillic(word):
    """A plausible Cyrillic reading of a Latin word."""
    text = fold(word)
    return _BACK_RE.sub(lambda match: _BACK_MAP[match.group()], text).replace("'", "ь")


def wrong_layout(word, known):
    """The Cyrillic word that a Latin string becomes on a Russian keyboard, or ``None``.

    :param known: callable, whether a Cyrillic word is a known name
    """
    decoded = decode_layout(word).strip(".,")
    folded = fold(decoded)
    if not folded or not all("а" <= char <= "я" or char == "-" for char in folded):
        return None
    if known(folded):
        return decoded
    if given_from_latin(word):
        return None
    before = sum(char in _VOWELS for char in fold(word)) / len(word)
    after = sum(char in _VOWELS for char in folded) / len(folded)
    signs = any(char in "[];',.`{}:\"<>~" for char in word[:-1])
    looks = bool(_SURNAME_END.search(folded)) and len(folded) > 4 and after > 0.2
    if (looks and (before < 0.25 or not _SURNAME_END.search(cyrillic(word)))) or (signs and after > before):
        return decoded
    return decoded if before < 0.15 and after >= 0.2 else None

"""Names of places and streets: one form for comparison, and how much two of them agree."""

import re
import unicodedata
from functools import lru_cache

try:
    from rapidfuzz.distance import JaroWinkler as _fast
except ImportError:  # the optional library is not there: slower, the same answer
    _fast = None

_TOKEN = re.compile(r"[0-9]+|[^\W\d_]+")
_ORDINAL = re.compile(r"([0-9]+)\s*-?\s*(?:ый|ий|ой|ая|ое|ые|го|ти|ей|й|я|е)(?![а-я])")
_WORDS = {
    "первая": "1", "первый": "1", "вторая": "2", "второй": "2", "третья": "3", "третий": "3",
    "четвертая": "4", "четвертый": "4", "пятая": "5", "пятый": "5",
    "им": "", "имени": "", "большая": "б", "большой": "б", "малая": "м", "малый": "м", "лет": "", "летия": "",
}  # fmt: skip
#: Two words are the same with a slip of the hand from this on.
TYPO = 0.92


def fold(text):
    """Lower case, one kind of dash and letter, single spaces."""
    text = unicodedata.normalize("NFKC", str(text or "")).lower().replace("ё", "е")
    text = re.sub("[‐‑‒–—―−]", "-", text)
    return " ".join(text.split())


def name_key(name):
    """Words of a name in one order: "3-я Железнодорожная" and "железнодорожная 3-я" are equal."""
    return " ".join(sorted(_tokens(str(name or "")[:200])))


@lru_cache(maxsize=65536)
def _tokens(name):
    text = _ORDINAL.sub(r"\1", fold(name))
    words = (_WORDS.get(word, word) for word in _TOKEN.findall(text))
    return tuple(word for word in words if word)


def similar_names(typed, name):
    """0…1: how likely ``typed`` names the thing called ``name``; 1 for the same words in any order.

    Numbers must agree. A letter stands for a word that begins with it ("К. Маркса"). A part of a
    longer name ("Маркса" for "Карла Маркса") is likely, not sure.
    """
    mine, others = list(_tokens(typed)), list(_tokens(name))
    if not mine or not others:
        return 0.0
    if sorted(mine) == sorted(others):
        return 1.0
    if sorted(filter(str.isdigit, mine)) != sorted(filter(str.isdigit, others)):
        return 0.0
    total, left = 0.0, list(others)
    for word in sorted(mine, key=len, reverse=True):
        best, place = 0.0, None
        for number, other in enumerate(left):
            agreement = _similar_words(word, other)
            if agreement > best:
                best, place = agreement, number
        if place is None:
            return 0.0
        total += best
        left.pop(place)
    score = total / len(mine)
    if left:
        # words that were not typed: known by the rest, but no more than likely
        score = min(score, 0.96) - 0.06 * len(left)
    return max(0.0, round(score, 4))


def _similar_words(one, other):
    if one == other:
        return 1.0
    if one.isdigit() or other.isdigit():
        return 0.0
    if len(one) == 1 or len(other) == 1:
        return 0.97 if one[0] == other[0] else 0.0
    value = _jaro_winkler(one, other)
    return value * 0.97 if value >= TYPO else 0.0


def _jaro_winkler(one, other):
    if _fast is not None:
        return _fast.similarity(one, other)
    return jaro_winkler(one, other)


def jaro_winkler(one, other):
    """The usual measure with a prefix weight of 0.1; for installations without rapidfuzz."""
    if one == other:
        return 1.0
    reach = max(len(one), len(other)) // 2 - 1
    flags, matched = [False] * len(other), []
    for number, char in enumerate(one):
        for place in range(max(0, number - reach), min(len(other), number + reach + 1)):
            if not flags[place] and other[place] == char:
                flags[place] = True
                matched.append(char)
                break
    if not matched:
        return 0.0
    moved = (
        sum(a != b for a, b in zip(matched, (c for c, f in zip(other, flags, strict=True) if f), strict=True))
        // 2
    )
    count = len(matched)
    jaro = (count / len(one) + count / len(other) + (count - moved) / count) / 3
    prefix = 0
    for a, b in zip(one[:4], other[:4], strict=False):
        if a != b:
            break
        prefix += 1
    return jaro + prefix * 0.1 * (1 - jaro) if jaro > 0.7 else jaro

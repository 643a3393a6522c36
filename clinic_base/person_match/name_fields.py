"""Name cells → surname, given name, patronymic, whatever cell each of them stands in."""

import itertools
import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

from .given_names import fold, is_given_name
from .names import decode_layout, is_junk, parse_full_name
from .patronymics import is_known_patronymic, looks_like_patronymic, patronymic_from_latin
from .sex import PARTICLES, is_patronymic
from .skeleton import cyrillic, given_from_latin, is_latin, wrong_layout
from .surnames import cut_former, looks_like_surname

MAX_TEXT = 300

_PLAIN = re.compile(r"[а-яё]+(?:-[а-яё]+)*")
_GLUED = re.compile(r"(?<=[а-яёa-z])(?=[А-ЯЁA-Z])")
_LOOK_ALIKE_LATIN = dict(zip("aceopxykABCEHKMOPTXY", "асеорхукАВСЕНКМОРТХУ", strict=True))
_MIXED = re.compile(r"[^\W\d_]+")
_LATIN_TOKEN = re.compile(r"[A-Za-z\[\];',.`{}:\"<>~-]*[A-Za-z][A-Za-z\[\];',.`{}:\"<>~-]*")
_INITIALS = re.compile(r"(?<=\b[A-Za-z])\.(?=[A-Za-z])")
_LATIN = re.compile("[A-Za-z]")
_CYRILLIC = re.compile("[А-Яа-яЁё]")


@dataclass(frozen=True)
class Names:
    """Folded words; ``latin`` maps a word to the Latin one it was read from."""

    family: str = ""
    given: str = ""
    patronymic: str = ""
    former: tuple = ()
    note: str = ""
    latin: tuple = ()


def read_names(family, given, patronymic, full=""):
    """The parts of a name out of up to four cells; never raises."""
    quick = _quick(family, given, patronymic)
    if quick:
        return quick
    if full and not (family or given or patronymic):
        quick = _usual_order([_plain_word(word) for word in str(full)[:MAX_TEXT].split()])
        if quick:
            return quick
    cells = [_tidy(cell) for cell in (family, given, patronymic)]
    full = _tidy(full)
    if full and not (cells[0] and cells[1]):
        if any(cells):
            full = full if len(full) >= sum(map(len, cells)) else " ".join(filter(None, cells))
        return _read_one(full)
    return _read_parts(*cells)


def _tidy(cell):
    text = str(cell or "")[:MAX_TEXT]
    if text.isascii() and not text.strip():
        return ""
    text = unicodedata.normalize("NFKC", text.replace("\x00", " ")).replace("\u0301", "")
    return " ".join(unicodedata.normalize("NFC", text).split())


@lru_cache(maxsize=200_000)
def _plain_word(cell):
    """``(folded word, is a given name, is a patronymic)`` of one plain Russian word, or ``None``."""
    word = fold(str(cell)[:MAX_TEXT].strip())
    if not _PLAIN.fullmatch(word) or is_junk(word):
        return None
    return word, is_given_name(word), is_patronymic(word)


def _quick(family, given, patronymic):
    """The common case at the price of three look-ups."""
    if not (family and given):
        return None
    one, two = _plain_word(family), _plain_word(given)
    if one is None or two is None:
        return None
    if patronymic:
        three = _plain_word(patronymic)
        known = two[1] or not (one[1] or one[2] or two[2])
        return Names(one[0], two[0], three[0]) if known and three is not None and three[2] else None
    return Names(one[0], two[0]) if two[1] and not one[1] and not one[2] else None


def _usual_order(words):
    """The common orders of a whole name, or ``None``."""
    if None in words:
        return None
    if len(words) == 3:
        one, two, three = words
        if two[1] and three[2]:
            return Names(one[0], two[0], three[0])
        if one[1] and two[2] and not three[2]:
            return Names(three[0], one[0], two[0])
    if len(words) == 2 and words[1][1] and not words[0][1] and not words[0][2]:
        return Names(words[0][0], words[1][0])
    return None


def _read_one(text):
    """A whole name in one cell."""
    text, former = cut_former(text)
    text = _split_glued(text)
    text, latin = _to_cyrillic(text, _is_wrong_layout(text))
    name = parse_full_name(text)
    return _finish(name.family, name.given, name.patronymic, former, name.note, latin)


def _read_parts(family, given, patronymic):
    family, former = cut_former(family)
    glued = [_split_glued(cell) for cell in (family, given, patronymic)]
    layout = _is_wrong_layout(" ".join(glued))
    read = [_to_cyrillic(cell, layout) for cell in glued]
    latin = {key: value for _text, found in read for key, value in found.items()}
    cells, notes = [], []
    for text, _found in read:
        words, note = _words(text)
        cells.append(words)
        notes += note
    notes = " ".join(notes)
    if all(len(cell) <= 1 for cell in cells):
        words = _best_places([cell[0] if cell else "" for cell in cells])
        return _finish(*words, former, notes, latin)
    if _keeps_places(cells):
        return _finish(*(" ".join(cell) for cell in cells), former, notes, latin)
    name = parse_full_name(" ".join(text for text, _found in read))
    return _finish(name.family, name.given, name.patronymic, former, name.note or notes, latin)


def _words(text):
    """``(words of a name, notes)`` of one cell."""
    if not text:
        return [], []
    if _plain_word(text) is not None:
        return [text], []
    name = parse_full_name(text)
    return name.full.split(), [name.note] if name.note else []


def _keeps_places(cells):
    """Several words in a cell that belong together: "Ван дер Ваальс", "Гасан оглы", "Иванова Петрова"."""
    family, given, patronymic = cells
    if not given or any(looks_like_patronymic(word) for word in family + given):
        return False
    if any(len(word.rstrip(".")) == 1 for word in family + given):
        return False
    if any(is_given_name(word) and not looks_like_surname(word) for word in family):
        return False
    if len(patronymic) > 1 and fold(patronymic[-1]) not in PARTICLES:
        return False
    return bool(family)


@lru_cache(maxsize=100_000)
def _fit(place, word):
    if not word:
        return 0
    if len(word.rstrip(".")) == 1:
        return -1 if place == 0 else 0.3
    if place == 0:
        fit = 1 if looks_like_surname(word) else 0
        return fit - (1.5 if is_known_patronymic(word) else 0) - (1 if is_given_name(word) and not fit else 0)
    if place == 1:
        return 2 if is_given_name(word) else (-1.5 if is_known_patronymic(word) else 0)
    return 2 if looks_like_patronymic(word) else 0


def _best_places(words):
    """The order of three single words that fits them best; the order of the cells when nothing is better."""
    best, score = words, sum(_fit(place, word) for place, word in enumerate(words)) + 0.5
    for order in itertools.permutations(words):
        found = sum(_fit(place, word) for place, word in enumerate(order))
        if found > score:
            best, score = list(order), found
    return best


def _split_glued(text):
    """ "ИвановаМарияПетровна" → three words."""
    if " " in text or not _GLUED.search(text) or len(text) < 6:
        return text
    pieces = _GLUED.split(text)
    return " ".join(pieces) if all(len(piece) > 1 for piece in pieces) else text


def _is_wrong_layout(text):
    """Whether some Latin word becomes a known name on the Russian keyboard: then all the others do so too."""
    if not _LATIN.search(text):
        return False
    words = (token for token in text.split() if len(token) > 2 and _LATIN_TOKEN.fullmatch(token))
    return any(_is_known(fold(decode_layout(word).strip(".,"))) for word in words)


def _to_cyrillic(text, layout):
    """``(text, {Cyrillic word: Latin word it was read from})``."""
    if not _LATIN.search(text):
        return text, {}
    if _CYRILLIC.search(text):
        text = _MIXED.sub(lambda match: _one_alphabet(match.group()), text)
    decoded, found = [], {}
    for token in _INITIALS.sub(". ", text).split():
        if not _LATIN_TOKEN.fullmatch(token):
            decoded.append(token)
            continue
        if layout:
            word = decode_layout(token)
        else:
            word = wrong_layout(token, _is_known) if len(token) > 2 else None
        if word is None:
            bare = token.strip("[];,.`{}:\"<>~'-")
            word = _from_latin(bare) if is_latin(bare) else token
            if word != token and len(bare) > 1:
                found[fold(word)] = fold(bare)
        decoded.append(word)
    return " ".join(decoded), found


def _is_known(word):
    return is_given_name(word) or is_known_patronymic(word)


def _one_alphabet(word):
    if not (_LATIN.search(word) and _CYRILLIC.search(word)):
        return word
    return "".join(_LOOK_ALIKE_LATIN.get(char, char) for char in word)


def _from_latin(word):
    if len(word) == 1:
        return cyrillic(word).upper() or word
    return given_from_latin(word) or patronymic_from_latin(word) or cyrillic(word)


def _finish(family, given, patronymic, former, note, latin):
    parts = [fold(part).strip(" .-'") for part in (family, given, patronymic)]
    used = tuple((part, latin[part]) for part in parts if part in latin)
    return Names(*parts, tuple(fold(word) for word in former), note, used)

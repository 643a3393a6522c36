"""One field "full name" → surname, given name, patronymic and what is left."""

import re
import unicodedata
from dataclasses import dataclass

from .given_names import fold, is_given_name
from .sex import PARTICLES, is_patronymic

MAX_TEXT = 1000

_JUNK = frozenset(
    [
        "vip",
        "вип",
        "долг",
        "должник",
        "дмс",
        "омс",
        "платно",
        "новый",
        "новая",
        "повторный",
        "повторная",
        "пациент",
        "пациентка",
        "пац",
        "клиент",
        "клиентка",
        "ребенок",
        "реб",
        "фио",
        "беременная",
        "мама",
        "папа",
        "сын",
        "дочь",
        "муж",
        "жена",
        "бабушка",
        "дедушка",
        "тест",
        "сотрудник",
        "сотрудница",
        "инвалид",
        "конфликтный",
        "звонить",
        "скидка",
        "гр",
        "др",
    ]
)
_PREFIXES = frozenset(
    {"фон", "ван", "де", "да", "дер", "ди", "дю", "ла", "ле", "эль", "аль", "бен", "тер", "кара"}
)
_LOOK_ALIKE = dict(zip("aceopxykABCEHKMOPTXY", "асеорхукАВСЕНКМОРТХУ", strict=True))
_LAYOUT = dict(
    zip(
        "`qwertyuiop[]asdfghjkl;'zxcvbnm,.~QWERTYUIOP{}ASDFGHJKL:\"ZXCVBNM<>",
        "ёйцукенгшщзхъфывапролджэячсмитьбюЁЙЦУКЕНГШЩЗХЪФЫВАПРОЛДЖЭЯЧСМИТЬБЮ",
        strict=True,
    )
)
_BRACKETS = re.compile(r"[(\[{<«\"]([^()\[\]{}<>«»\"]*)[)\]}>»\"]")
_CYRILLIC = re.compile(r"[А-Яа-яЁё]")
_LATIN = re.compile(r"[A-Za-z]")
_DASH = re.compile(r"\s*[‐‑‒–—-]\s*")
_STOP = re.compile(r"(?<=[^\W\d_])\.(?=[^\s.])")
_BETWEEN = re.compile(r"[\s,;:/\\|_+=*#!?&%$№]+")
_CLEAN = re.compile(r"[^\W\d_]+(?:['-][^\W\d_]+)*\.?")
_INITIAL = re.compile(r"[^\W\d_]\.?")
_SURNAME = re.compile(r"(?:[оеё]в|[оеё]ва|[иы]н|[иы]на|ский|ская|цкий|цкая|ко|ук|юк|ых|их|ян|дзе|швили)$")


@dataclass(frozen=True)
class PersonName:
    """A name in parts. ``confident`` is False when a human should look at it."""

    family: str = ""
    given: str = ""
    patronymic: str = ""
    note: str = ""
    confident: bool = False

    @property
    def full(self):
        return " ".join(filter(None, (self.family, self.given, self.patronymic)))


def parse_full_name(text):
    """Split a full name typed into one field.

    Known given names and patronymic endings decide the order; where they say
    nothing the surname stands first. Brackets, marks such as "VIP" and words
    with digits go to ``note``. Never raises.
    """
    text = unicodedata.normalize("NFKC", str(text or "")[:MAX_TEXT].replace("№", " "))
    text, note = _cut_notes(text)
    if _LATIN.search(text) and not _CYRILLIC.search(text):
        text = _fix_layout(text)
    words, junk = _words(text)
    note = " ".join(filter(None, (note, *junk)))
    family, given, patronymic, left, sure = _assign(words)
    note = " ".join(filter(None, (note, *left)))
    return PersonName(
        family=proper_case(family),
        given=proper_case(given),
        patronymic=proper_case(patronymic),
        note=note,
        confident=sure and not left,
    )


def is_junk(word):
    """Whether the word is a mark beside the name ("VIP", "долг") and no part of it."""
    return fold(word.strip(".")) in _JUNK


def decode_layout(text):
    """The text as it would be had the keyboard been Russian."""
    return "".join(_LAYOUT.get(char, char) for char in text)


def _cut_notes(text):
    notes = []

    def keep(match):
        notes.append(match.group(1))
        return " "

    text = _BRACKETS.sub(keep, text)
    return text, " ".join(" ".join(notes).split())


def _fix_layout(text):
    decoded = decode_layout(text)
    words, _junk = _words(decoded)
    if any(is_given_name(word) or is_patronymic(word) for word in words):
        return decoded
    return text


def _words(text):
    """Words of the name, and the words that are not part of it."""
    text = _DASH.sub("-", text).replace("’", "'").replace("`", "'")
    # "И.П.Иванов" and "Иванов И.П." fall apart at the full stops.
    text = _STOP.sub(". ", text)
    words, junk = [], []
    for raw in _BETWEEN.split(text):
        word = _look_alikes(raw.strip("-'\"()[]{}<>«»"))
        if not word.strip("."):
            continue
        letters = sum(char.isalpha() for char in word)
        if any(char.isdigit() for char in word) or not letters or fold(word.strip(".")) in _JUNK:
            junk.append(raw)
            continue
        if letters < len(word) and not _CLEAN.fullmatch(word):
            junk.append(raw)
            continue
        if letters > 1:
            word = word.rstrip(".")
        words.append(word)
    return words, junk


def _look_alikes(word):
    if _CYRILLIC.search(word) and _LATIN.search(word):
        return "".join(_LOOK_ALIKE.get(char, char) for char in word)
    return word


def _assign(words):
    """``(family, given, patronymic, left over, sure)`` of cleaned words."""
    words = _join_particles(words)
    initials = [word for word in words if _INITIAL.fullmatch(word)]
    words = [word for word in words if not _INITIAL.fullmatch(word)]
    if initials:
        return _with_initials(words, [word.rstrip(".").upper() + "." for word in initials])
    place = _patronymic_place(words)
    if place is None:
        return _without_patronymic(words)
    patronymic = words[place]
    others = words[:place] + words[place + 1 :]
    if not others:
        # A lone word with such an ending is a surname (Абрамович).
        return patronymic, "", "", [], False
    if len(others) == 1:
        if place == 0 and not _is_given(others[0]):
            return others[0], "", patronymic, [], False
        return "", others[0], patronymic, [], False
    known = [i for i, word in enumerate(others) if _is_given(word)]
    given_at = max(place - 1, 0)
    if known and given_at not in known:
        given_at = known[0]
    given = others[given_at]
    before, after = others[:given_at], others[given_at + 1 :]
    family, left = (before, after) if before else (after[:1], after[1:])
    sure = bool(known) and len(family) == 1
    return " ".join(family), given, patronymic, left, sure


def _patronymic_place(words):
    """Index of the patronymic, or ``None``; a leading one is rather a surname."""
    places = [i for i, word in enumerate(words) if is_patronymic(word)]
    if not places:
        return None
    if len(words) == 2 and places == [0] and _is_given(words[1]):
        return None
    return next((i for i in places if i and _is_given(words[i - 1])), places[-1])


def _is_given(word):
    """A known given name, or a double one made of known halves."""
    return is_given_name(word) or ("-" in word and all(map(is_given_name, word.split("-"))))


def _join_particles(words):
    joined = []
    for word in words:
        if fold(word) in PARTICLES and joined and not _INITIAL.fullmatch(joined[-1]):
            joined[-1] = f"{joined[-1]} {word.lower()}"
        elif joined and fold(joined[-1]) in _PREFIXES and len(joined) == 1 and len(words) > 3:
            joined[-1] = f"{joined[-1]} {word}"
        else:
            joined.append(word)
    return joined


def _with_initials(words, initials):
    if not words:
        return "", initials[0], "".join(initials[1:2]), initials[2:], False
    if len(words) == 1:
        return words[0], initials[0], "".join(initials[1:2]), initials[2:], False
    family, given, patronymic, left, _sure = _assign(words)
    if given and not patronymic:
        return family, given, initials[0], left + initials[1:], False
    return family, given, patronymic, left + initials, False


def _without_patronymic(words):
    if not words:
        return "", "", "", [], False
    known = [i for i, word in enumerate(words) if _is_given(word)]
    if len(words) == 1:
        return ("", words[0], "", [], False) if known else (words[0], "", "", [], False)
    if len(words) == 2:
        first, second = words
        swapped = known == [0] and not (_SURNAME.search(fold(first)) and not _SURNAME.search(fold(second)))
        if swapped:
            return second, first, "", [], bool(_SURNAME.search(fold(second)))
        return first, second, "", [], known == [1]
    if len(words) == 3 and known and known[0] == 0 and known[-1] != 2:
        return words[2], f"{words[0]} {words[1]}", "", [], False
    return words[0], words[1], " ".join(words[2:]), [], False


def proper_case(text):
    """Capital letters where they belong; mixed case is left as it was typed."""
    return " ".join(
        word.lower()
        if fold(word) in PARTICLES
        else word
        if _is_mixed(word)
        else "-".join(_capital(part) for part in word.split("-"))
        for word in text.split()
    )


def _is_mixed(word):
    letters = word.replace("-", "").replace("'", "").replace(".", "")
    return not (letters.isupper() or letters.islower())


def _capital(part):
    if fold(part) in PARTICLES:
        return part.lower()
    return part[:1].upper() + part[1:].lower()

"""Surnames: the form without gender, the parts of a double one, former ones."""

import re
from functools import lru_cache

from .given_names import fold, is_given_name
from .sex import is_patronymic

_FORMER_WORD = (
    r"(?:дев(?:ичья|\.)?|бывш(?:ая|ий|\.)?|ранее|урожд(?:[её]нная|\.)?|до\s+брака|прежн(?:яя|\.)?|экс|"
    r"стар(?:ая|\.)|по\s+мужу|в\s+девичестве)"
    # Девяткина and Ранеева are surnames, not such words
    r"(?:(?<=\.)|(?![а-яё]))"
)
_NAME = r"([А-Яа-яЁё]{2,}(?:-[А-Яа-яЁё]{2,})?)"
_FORMER = re.compile(
    rf"(?<![а-яё]){_FORMER_WORD}\s*(?:фамилия|фам\.?|ф\.)?\s*[:–-]?\s*{_NAME}",
    re.IGNORECASE,
)
_IN_BRACKETS = re.compile(r"[(\[{/]\s*" + _NAME + r"\s*[)\]}]?")
_LOOKS = re.compile(
    r"(?:[оеё]ва?|[иы]на?|[сц]к(?:ий|ая|ой)|ко|ук|юк|[иы]х|ян|дзе|швили|[ое]вич|[ыо]й|ая|ий)$"
)
_HALVES = re.compile(r"[-\s]+")
_ENDINGS = (
    ("ская", "ск"), ("ский", "ск"), ("ской", "ск"), ("цкая", "цк"), ("цкий", "цк"), ("цкой", "цк"),
    ("ова", "ов"), ("ева", "ев"), ("ина", "ин"), ("ына", "ын"), ("ая", ""), ("ый", ""), ("ий", ""),
    ("ой", ""),
)  # fmt: skip
_NOT_SURNAMES = frozenset(
    {"мама", "папа", "жена", "дочь", "сын", "муж", "дмс", "омс", "нет", "фамилия", "вип"}
)


@lru_cache(maxsize=200_000)
def stem(surname):
    """The surname without its gender ending: Иванова → иванов, Горская → горск."""
    text = fold(surname)
    for ending, left in _ENDINGS:
        if text.endswith(ending) and len(text) - len(ending) + len(left) >= 3:
            return text[: -len(ending)] + left
    return text


def parts(surname):
    """The halves of a double surname, or the surname itself."""
    found = [part for part in _HALVES.split(surname) if len(part) > 2]
    return found or [surname]


def looks_like_surname(word):
    """By its ending; a short given name such as Марина looks so as well."""
    return bool(_LOOKS.search(fold(word))) and not is_patronymic(word)


def former_in_note(text):
    """Surnames that a note calls former: "дев. Петрова", "ранее Сидорова"."""
    return [match.group(1) for match in _FORMER.finditer(text) if _is_surname(match.group(1))]


def cut_former(text):
    """``(text without them, former surnames)`` of a surname cell: "Иванова (Петрова)", "Иванова/Петрова"."""
    if text.isalpha():
        return text, []
    found = []

    def keep(match):
        word = match.group(1)
        if not _is_surname(word) or not (looks_like_surname(word) and not is_given_name(word)):
            return match.group()
        found.append(word)
        return " "

    found += former_in_note(text)
    text = _FORMER.sub(lambda match: " " if _is_surname(match.group(1)) else match.group(), text)
    text = _IN_BRACKETS.sub(keep, text)
    return text, found


def _is_surname(word):
    return fold(word) not in _NOT_SURNAMES and not is_patronymic(word)

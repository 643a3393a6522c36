"""Sex told by the patronymic, or else by the given name."""

import re
from functools import lru_cache

from .given_names import fold, sex_of_given_name

MALE_PARTICLES = frozenset({"оглы", "оглу", "углы", "угли", "улы", "уулу", "огли"})
FEMALE_PARTICLES = frozenset({"кызы", "кизи", "гызы", "кыз", "гизи"})
PARTICLES = MALE_PARTICLES | FEMALE_PARTICLES

_BETWEEN = re.compile(r"[\s-]+")
_MALE = re.compile(r"[а-я]{2,}(?:ович|евич|ьич)$")
_FEMALE = re.compile(r"[а-я]{2,}(?:овна|евна|ична|инична)$")
_MALE_SHORT = frozenset({"ильич", "кузьмич", "фомич", "лукич", "никитич", "саввич"})

_SEXES = {
    **dict.fromkeys(("м", "муж", "мужской", "мужчина", "мальчик", "male", "m", "1"), "male"),
    **dict.fromkeys(("ж", "жен", "женский", "женщина", "девочка", "female", "f", "w", "2"), "female"),
}


def read_sex(text):
    """``male`` or ``female`` of a cell such as "Ж" or "муж.", or an empty text."""
    return _SEXES.get(str(text).strip(" .").lower(), "")


def sex_from_patronymic(text):
    """``male``, ``female`` or ``None``."""
    return _sex_of(str(text or ""))


@lru_cache(maxsize=100_000)
def _sex_of(text):
    words = _BETWEEN.split(fold(text).strip())
    last = words[-1]
    if last in MALE_PARTICLES:
        return "male"
    if last in FEMALE_PARTICLES:
        return "female"
    if last in _MALE_SHORT or _MALE.search(last):
        return "male"
    if _FEMALE.search(last):
        return "female"
    return None


def is_patronymic(word):
    """Whether a word ends like a patronymic or with the particle of one; particles alone say nothing."""
    parts = _BETWEEN.split(fold(str(word or "")).strip())
    return sex_from_patronymic(word) is not None and not PARTICLES.issuperset(parts)


def sex_from_name(name):
    """Sex of a :class:`~.names.PersonName`: patronymic first, then given name."""
    return sex_from_patronymic(name.patronymic) or sex_of_given_name(name.given)

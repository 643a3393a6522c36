"""Patronymics by the father they name: Геннадиевна and Геннадьевна have one father."""

from functools import lru_cache

from .given_names import canonical_names, fold, male_names
from .sex import PARTICLES, sex_from_patronymic
from .skeleton import skeletons

_IRREGULAR = {
    "павел": ("павлович",), "лев": ("львович",), "яков": ("яковлевич",), "петр": ("петрович",),
    "михаил": ("михайлович", "михаилович"), "даниил": ("данилович", "даниилович", "данилыч"),
    "гавриил": ("гаврилович", "гавриилович"), "самуил": ("самуилович", "самойлович"),
    "николай": ("николаевич", "никлаевич"), "илья": ("ильич",), "давид": ("давидович", "давыдович"),
    "иосиф": ("иосифович", "осипович"), "авраам": ("абрамович", "авраамович"),
    "артем": ("артемович", "артемьевич"), "савва": ("саввич", "саввович"),
}  # fmt: skip


def _forms(name):
    if name in _IRREGULAR:
        return _IRREGULAR[name]
    if name.endswith("ий"):
        return name[:-2] + "ьевич", name[:-2] + "иевич"
    if name.endswith(("й", "ь")):
        return (name[:-1] + "евич",)
    if name.endswith("а"):
        return name[:-1] + "ич", name[:-1] + "ович"
    if name.endswith("я"):
        return (name[:-1] + "ич",)
    if name.endswith(("ж", "ш", "ч", "щ", "ц")):
        return (name + "евич",)
    return (name + "ович",) if name[-1] not in "оеиуэы" else (name + "вич",)


def _female(form):
    if form.endswith(("ович", "евич")):
        return (form[:-2] + "на",)
    if form.endswith("ич"):
        return form[:-2] + "ична", form[:-2] + "инична"
    return ()


def _load():
    fathers, by_skeleton = {}, {}
    for name in male_names():
        for form in _forms(name):
            for each in (form, *_female(form)):
                fathers.setdefault(each, name)
                by_skeleton.setdefault(skeletons(each)[0], each)
    return fathers, by_skeleton


_FATHERS, _BY_SKELETON = _load()
_ENDINGS = ("инична", "ович", "евич", "овна", "евна", "ична", "ич")


def is_known_patronymic(word):
    """Whether the patronymic of a known male name."""
    return fold(word) in _FATHERS


def patronymic_from_latin(word):
    """The known patronymic a Latin word spells, or ``None``."""
    for key in skeletons(word):
        if key in _BY_SKELETON:
            return _BY_SKELETON[key]
    return None


@lru_cache(maxsize=50_000)
def father_of(text):
    """``(father's name or stem, whether it is a known name)`` of a patronymic, folded."""
    folded = fold(text)
    if folded in _FATHERS:
        return _FATHERS[folded], True
    words = folded.replace("-", " ").split()
    if len(words) > 1 and words[-1] in PARTICLES:
        names = sorted(canonical_names(words[0]))
        return (fold(names[0]), True) if len(names) == 1 else (words[0], False)
    for ending in _ENDINGS:
        if folded.endswith(ending) and len(folded) > len(ending) + 1:
            return folded[: -len(ending)], False
    return folded, False


def looks_like_patronymic(word):
    """By its ending or by its particle."""
    return is_known_patronymic(word) or sex_from_patronymic(word) is not None

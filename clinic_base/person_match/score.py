"""Weight of a pair: the plain model, the model inside one household, vetoes, zone."""

from dataclasses import dataclass
from functools import lru_cache

from .compare import (
    ADDRESS,
    B_CLOSE,
    B_OTHER,
    B_PART,
    BIRTH,
    C_CLOSE,
    D_CONTRADICT,
    DOCUMENTS,
    EMAIL,
    EQUAL,
    G_INITIAL,
    G_OTHER,
    G_TYPO,
    G_VARIANT,
    GIVEN,
    NOTHING,
    P_CLOSE,
    P_INITIAL,
    P_OTHER,
    PATRONYMIC,
    PHONE,
    S_CLOSE,
    S_PART,
    SEX,
    SURNAME,
    X_OTHER,
)
from .dates import age_at
from .documents import POLICY, SNILS
from .model import HOUSE_FIELDS

AUTO, REVIEW, IGNORE = "auto", "review", "ignore"

V_GIVEN, V_DOCUMENTS, V_NAMESAKES, V_NAME_ONLY, V_CHILD = (
    "given",
    "documents",
    "namesakes",
    "name_only",
    "adult_child",
)
DROPPING = frozenset({V_GIVEN, V_NAMESAKES, V_CHILD})

DROPPED = -4.0
CONTRADICTION = -6.0
GENERATION = 12
ADULT = 18
NAMED = ((SURNAME, "surname"), (GIVEN, "given"), (PATRONYMIC, "patronymic"))


@dataclass(slots=True)
class Match:
    """``weight`` in bits: 0 is an even chance. ``vetoes`` are codes, ``groups`` agree exactly."""

    levels: tuple
    weight: float
    plain: float
    house: float | None
    vetoes: tuple
    groups: frozenset
    zone: str

    @property
    def probability(self):
        if self.weight < -500:
            return 0.0
        return 1 / (1 + 2.0**-self.weight)

    @property
    def forbidden(self):
        """The two cards may not stand in one cluster."""
        return bool(DROPPING.intersection(self.vetoes))


class Scorer:
    """Scores pairs of cards with a model and a comparer of the same base."""

    def __init__(self, model, comparer):
        self.model, self.comparer = model, comparer
        self._plain, self._house = {}, {}

    def score(self, left, right, levels=None, plain=None):
        """The :class:`Match` of two cards; the same whichever comes first."""
        if levels is None:
            levels = self.comparer.levels(left, right)
        plain = self.plain_weight(levels, left, right) if plain is None else plain
        house = self.house_weight(levels, left, right) if is_household(levels) else None
        weight = plain if house is None else min(plain, house)
        vetoes = find_vetoes(levels, left, right, self.comparer.today)
        if V_DOCUMENTS in vetoes:
            weight += CONTRADICTION
        if V_NAME_ONLY in vetoes:
            weight += self.model.name_shift
        if vetoes and weight > DROPPED and DROPPING.intersection(vetoes):
            weight = DROPPED
        groups = exact_groups(levels, left, right)
        return Match(
            levels,
            weight,
            plain,
            house,
            vetoes,
            groups,
            self._zone(weight, levels, vetoes, groups, left, right),
        )

    def plain_weight(self, levels, left, right):
        """Weight of the plain model, the rarity of the names included."""
        known = self._plain.get(levels)
        if known is None:
            model = self.model
            total = model.start
            for number, level in enumerate(levels):
                if level > EQUAL or (level and number > PATRONYMIC):
                    total += model.plain[number][level]
            known = self._plain[levels] = (total, EQUAL in levels[:BIRTH])
        total, named = known
        return total + sum(self.equal_weights(levels, left, right)) if named else total

    def equal_weights(self, levels, left, right):
        """Weights of exact agreement of surname, given name, patronymic; 0 where there is none."""
        weigh = self.model.equal_weight
        return (
            weigh(SURNAME, _commoner(self.model, SURNAME, left.surname.stem, right.surname.stem))
            if levels[SURNAME] == EQUAL
            else 0.0,
            weigh(GIVEN, _commoner(self.model, GIVEN, left.given.names[0], right.given.names[0]))
            if levels[GIVEN] == EQUAL
            else 0.0,
            weigh(
                PATRONYMIC, _commoner(self.model, PATRONYMIC, left.patronymic.father, right.patronymic.father)
            )
            if levels[PATRONYMIC] == EQUAL
            else 0.0,
        )

    def house_weight(self, levels, left, right):
        model = self.model
        total = self._house.get(levels)
        if total is None:
            total = model.house_start + sum(model.house[number][levels[number]] for number in HOUSE_FIELDS)
            self._house[levels] = total
        return total + (model.siblings if is_one_child(levels, left) else 0.0)

    def _zone(self, weight, levels, vetoes, groups, left, right):
        if weight < self.model.review:
            return IGNORE
        if weight < self.model.auto or vetoes or not may_be_auto(levels, groups, left, right, self.comparer):
            return REVIEW
        return AUTO


def _commoner(model, number, one, other):
    """Of two spellings that count as equal, the more frequent one."""
    if one is other or one == other:
        return one
    seen = model.frequencies[number]
    return max((one, other), key=lambda value: (seen.get(value, 0), value))


def is_one_child(levels, card):
    """Given name and patronymic agree, and he is not his father's namesake: brothers are not named alike."""
    return levels[GIVEN] == levels[PATRONYMIC] == EQUAL and card.patronymic.father not in card.given.names


def is_household(levels):
    """Whether the two may simply be relatives: they share a phone, an address, an e-mail or a birth date."""
    may_be_twins = levels[BIRTH] == EQUAL and levels[SURNAME] in (EQUAL, S_CLOSE)
    return (
        (may_be_twins and levels[GIVEN] in (G_VARIANT, G_INITIAL, G_TYPO))
        or levels[PHONE] == EQUAL
        or levels[EMAIL] == EQUAL
        or levels[ADDRESS] in (EQUAL, C_CLOSE)
        or (levels[DOCUMENTS] == EQUAL and levels[GIVEN] != EQUAL)
    )


def find_vetoes(levels, left, right, today):
    """Codes of the reasons why the machine alone must not join the two."""
    found = []
    if levels[GIVEN] == G_OTHER:
        same_person = levels[DOCUMENTS] == EQUAL and levels[BIRTH] in (EQUAL, B_CLOSE)
        if not same_person:
            found.append(V_GIVEN)
    if levels[DOCUMENTS] == D_CONTRADICT:
        found.append(V_DOCUMENTS)
    common = any(levels[number] in (EQUAL, C_CLOSE) for number in (BIRTH, DOCUMENTS, EMAIL, ADDRESS))
    common = common or levels[PHONE] == EQUAL
    if levels[BIRTH] == B_OTHER and left.birth and right.birth and not common:
        found.append(V_NAMESAKES)
    elif levels[BIRTH] == B_OTHER and left.year and right.year and abs(left.year - right.year) >= GENERATION:
        if levels[PATRONYMIC] == P_OTHER and levels[GIVEN] == EQUAL:
            found.append(V_NAMESAKES)
        elif _adult_and_child(left, right, today):
            found.append(V_CHILD)
    if levels[SURNAME] and not common:
        found.append(V_NAME_ONLY)
    return tuple(found)


def _adult_and_child(left, right, today):
    """One was a child when its card was made, the other grown up before both cards."""
    birth = [card.birth or card.year * 10000 + 101 for card in (left, right)]
    moments = [card.created or today for card in (left, right)]
    ages = [[age_at(each, moment) for moment in moments] for each in birth]
    return (max(ages[0]) < ADULT <= min(ages[1])) or (max(ages[1]) < ADULT <= min(ages[0]))


def exact_groups(levels, left, right):
    """Independent groups of evidence that agree exactly: name, birth, phone, document."""
    return _exact_groups(levels, left.others_phone or right.others_phone)


@lru_cache(maxsize=20_000)
def _exact_groups(levels, others_phone):
    found = []
    if levels[GIVEN] in (EQUAL, G_TYPO) and _same_name(levels):
        found.append("name")
    if levels[BIRTH] == EQUAL:
        found.append("birth")
    if levels[PHONE] == EQUAL and not others_phone:
        found.append("phone")
    if levels[DOCUMENTS] == EQUAL:
        found.append("document")
    return frozenset(found)


def _same_name(levels):
    """The whole name agrees; beside an equal birth date or document one slip in a part does not matter."""
    surname, given, patronymic = levels[SURNAME], levels[GIVEN], levels[PATRONYMIC]
    if surname == given == EQUAL and patronymic in (NOTHING, EQUAL):
        return True
    # without the date a missing patronymic may hide a mother and a daughter of one name
    if levels[BIRTH] != EQUAL and not (levels[DOCUMENTS] == EQUAL and patronymic == EQUAL):
        return False
    if surname == given == EQUAL:
        return patronymic in (P_CLOSE, P_INITIAL)
    if patronymic != EQUAL:
        return False
    return (surname in (S_CLOSE, S_PART) and given == EQUAL) or (surname == EQUAL and given == G_TYPO)


def may_be_auto(levels, groups, left, right, comparer):
    """Whether a machine may join the pair without a human, whatever its weight."""
    if len(groups) < 2:
        return False
    own = _own_document(left.documents, right.documents)
    if levels[GIVEN] != EQUAL and not _may_be_one_name(levels, groups, own, left, right, comparer):
        return False
    # which of two surnames is the present one, only a document tells
    if levels[SURNAME] not in (EQUAL, S_CLOSE, S_PART) and not groups >= {"birth", "document"}:
        return False
    if (
        levels[PATRONYMIC] == P_OTHER
        or levels[DOCUMENTS] == D_CONTRADICT
        or _sexes_clash(levels, left, right)
    ):
        return False
    same_year = bool(left.year) and left.year == right.year
    if levels[BIRTH] == B_OTHER or (levels[BIRTH] == B_PART and not same_year):
        return False
    if levels[BIRTH] == B_PART and left.birth and right.birth and not groups >= {"name", "document"}:
        return False
    if "birth" in groups or own:
        return True
    # name and phone, or a passport that may be the mother's: a son may have his father's whole name, so
    # both years have to be known
    if not (same_year or levels[BIRTH] == B_CLOSE) or abs(left.year - right.year) >= GENERATION:
        return False
    return is_one_child(levels, left)


def _may_be_one_name(levels, groups, own, left, right, comparer):
    """Whether given names that are not equal may stand for one name beyond doubt.

    Initials and short forms may be a twin's, unless the birth date and a number of the person's own agree.
    """
    if levels[GIVEN] == G_TYPO and comparer.is_clear_slip(left.given, right.given):
        return True
    return own and "birth" in groups and levels[GIVEN] in (G_INITIAL, G_VARIANT)


def _own_document(one, other):
    """A number agrees that nobody gives for a child instead of the child's own."""
    return any(one.get(kind) and one.get(kind) == other.get(kind) for kind in (SNILS, POLICY))


def _sexes_clash(levels, left, right):
    """The cells of sex differ, and it is not one wrong cell beside patronymics of one sex."""
    if levels[SEX] != X_OTHER:
        return False
    sexes = {card.patronymic.sex for card in (left, right)} if levels[PATRONYMIC] == EQUAL else {""}
    return levels[GIVEN] != EQUAL or len(sexes) != 1 or "" in sexes

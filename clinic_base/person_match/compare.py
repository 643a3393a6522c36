"""Two cards → a level of agreement for each field. Level 0 says nothing: a side is empty."""

from .documents import KINDS, OMS_LENGTH, PASSPORT, POLICY, SNILS, SNILS_LENGTH
from .given_names import all_names, canonical_names, fold
from .strings import measures

NOTHING = 0
EQUAL = 1
# surname
S_CLOSE, S_PART, S_WOMAN, S_OTHER = 2, 3, 4, 5
# given name
G_VARIANT, G_INITIAL, G_TYPO, G_OTHER = 2, 3, 4, 5
# patronymic
P_CLOSE, P_INITIAL, P_OTHER = 2, 3, 4
# birth date
B_CLOSE, B_PART, B_OTHER = 2, 3, 4
# phone
T_MASS, T_NONE = 2, 3
# documents
D_CLOSE, D_WEAK, D_CONTRADICT = 2, 3, 4
# e-mail, address
C_CLOSE, C_OTHER = 2, 3
# sex
X_OTHER = 2

FIELDS = ("surname", "given", "patronymic", "birth", "phone", "documents", "email", "address", "sex")
SURNAME, GIVEN, PATRONYMIC, BIRTH, PHONE, DOCUMENTS, EMAIL, ADDRESS, SEX = range(len(FIELDS))
LEVELS = (6, 6, 5, 5, 4, 5, 4, 4, 3)  # how many each field has, with 0

ADULT = 18
GIVEN_LIKE = 0.88
SURNAME_LIKE = 0.90
STREET_LIKE = 0.88


class Comparer:
    """Compares cards of one base; remembers the levels of pairs of values.

    :param shared: a :class:`~.census.Census` – values that many people have
    :param today: ``yyyymmdd``, the moment of a card whose creation is unknown
    """

    def __init__(self, shared, today, strings=None):
        self.shared, self.today = shared, today
        self.strings = strings or measures()
        self._edits, self._alike = self.strings.edits, self.strings.jaro_winkler
        self._surname_words = _remembering(self._compare_surnames, EQUAL)
        self.given_level = _remembering(self._compare_given, G_INITIAL)
        self.patronymic_level = _remembering(self._compare_patronymics, P_INITIAL)
        self._frequent = shared.frequent_given
        self._all_names = (*all_names(), *sorted(self._frequent))
        self._readings = {}

    def levels(self, left, right):
        """Levels of all fields in the order of :data:`FIELDS`."""
        # the same word is the same object: nothing is asked about it
        word, same = left.surname, right.surname
        surname = EQUAL if word is same and word is not None else self.surname_level(left, right)
        word, same = left.given, right.given
        if word is same and word is not None and not word.initial:
            given = EQUAL
        else:
            given = self.given_level(word, same)
        if surname >= S_WOMAN and given == G_OTHER and self._swapped(left, right):
            surname = given = EQUAL
        one, other = left.birth, right.birth
        sexes = left.sex and right.sex
        return (
            surname,
            given,
            self.patronymic_level(left.patronymic, right.patronymic),
            EQUAL if one and one == other else self.birth_level(left, right),
            self._phone(left, right) if left.phones and right.phones else NOTHING,
            self._documents(left.documents, right.documents)
            if left.documents and right.documents
            else NOTHING,
            self._email(left.email, right.email) if left.email and right.email else NOTHING,
            self._address(left.address, right.address) if left.address and right.address else NOTHING,
            (EQUAL if left.sex == right.sex else X_OTHER) if sexes else NOTHING,
        )

    # --- names --------------------------------------------------------------------------------

    def surname_level(self, left, right):
        one, other = left.surname, right.surname
        if one is None or other is None:
            return NOTHING
        level = self._surname_words(one, other)
        if level == S_OTHER and (left.former or right.former):
            ones, others = {one.stem, *(word.stem for word in left.former)}, {other.stem}
            others.update(word.stem for word in right.former)
            if ones & others:
                return S_PART
        if (
            level == S_OTHER
            and left.sex == right.sex == "female"
            and self._is_adult(left)
            and self._is_adult(right)
        ):
            return S_WOMAN
        return level

    def _compare_surnames(self, one, other):
        if one.text == other.text and one.latin == other.latin:
            return EQUAL
        if one.latin or other.latin:
            if set(one.skeletons) & set(other.skeletons):
                return EQUAL
            best = min(self._edits(a, b, 2) for a in one.skeletons for b in other.skeletons)
            if best <= 1 and min(len(one.text), len(other.text)) > 3:
                return S_CLOSE
            like = max(self._alike(a, b) for a in one.skeletons for b in other.skeletons)
            return S_PART if like >= SURNAME_LIKE else S_OTHER
        if one.stem == other.stem:
            return S_CLOSE
        if not (one.parts or other.parts or one.initial or other.initial) and far_apart(one, other, 1.45):
            return S_OTHER
        short = min(len(one.stem), len(other.stem))
        if short > 3 and (
            self._edits(one.stem, other.stem, 1) <= 1 or self._edits(one.text, other.text, 1) <= 1
        ):
            return S_CLOSE
        if short > 3 and self._alike(one.stem, other.stem) >= SURNAME_LIKE:
            return S_PART
        if one.parts or other.parts:
            ones, others = set(one.parts or (one.stem,)), set(other.parts or (other.stem,))
            if ones == others:
                return S_CLOSE
            if ones & others:
                return S_PART
        if one.initial or other.initial:
            return NOTHING if one.text[:1] == other.text[:1] else S_OTHER
        return S_OTHER

    def _is_adult(self, card):
        return not card.year or (card.created or self.today) // 10000 - card.year >= ADULT

    def _compare_given(self, one, other):
        if one.initial or other.initial:
            firsts = {name[0] for name in one.names} | {one.text[0]}
            others = {name[0] for name in other.names} | {other.text[0]}
            return G_INITIAL if firsts & others else G_OTHER
        if one.text == other.text:
            return EQUAL
        if one.full and other.full:
            return EQUAL if one.names == other.names else G_OTHER
        if set(one.names) & set(other.names):
            return EQUAL if len(one.names) == len(other.names) == 1 else G_VARIANT
        if (one.latin or other.latin) and set(one.skeletons) & set(other.skeletons):
            return EQUAL
        if self._is_name(one) and self._is_name(other):
            return G_OTHER
        if not (one.latin or other.latin or one.known or other.known) and far_apart(one, other, 1.4):
            return G_OTHER
        ones = one.skeletons if one.latin or other.latin else (one.text, *one.names)
        others = other.skeletons if one.latin or other.latin else (other.text, *other.names)
        for a in dict.fromkeys(ones):
            for b in dict.fromkeys(others):
                if min(len(a), len(b)) < 3:
                    continue
                if self._edits(a, b, 1) <= 1 or self._alike(a, b) >= GIVEN_LIKE:
                    return G_TYPO
        return G_OTHER

    def is_clear_slip(self, one, other):
        """Whether one of two given names is a known name and the other a slip that can mean no other name.

        "Екатрина" can only be Екатерина; "Милина" may be Милана or Милена, and they may be twins.
        """
        if self._is_name(one) == self._is_name(other) or one.latin or other.latin:
            return False
        known, wrong = (one, other) if self._is_name(one) else (other, one)
        if len(known.names) > 1:
            return False
        readings = self._readings.get(wrong.number)
        if readings is None:
            readings = self._readings[wrong.number] = self._nearest_names(wrong.text)
        return readings == {known.names[0]}

    def _nearest_names(self, text):
        """Full names that a misspelt one may mean: those one slip away, or else all that are like it."""
        near = [name for name in self._all_names if self._edits(text, name, 1) <= 1]
        if not near:
            near = [
                name
                for name in self._all_names
                if self._edits(text, name, 2) <= 2 or self._alike(text, name) >= GIVEN_LIKE
            ]
        return frozenset(fold(full) for name in near for full in canonical_names(name) or (name,))

    def _is_name(self, word):
        return word.known or word.text in self._frequent

    def _swapped(self, left, right):
        """Surname and given name have changed places, and no dictionary could tell."""
        if not (left.surname and right.surname and left.given and right.given):
            return False
        crossed = ((left.surname, right.given), (right.surname, left.given))
        for surname, given in crossed:
            if given.initial or not (
                surname.text == given.text or set(surname.skeletons) & set(given.skeletons)
            ):
                return False
        return True

    def _compare_patronymics(self, one, other):
        if one.initial or other.initial:
            return P_INITIAL if one.text[0] == other.text[0] else P_OTHER
        if one.text == other.text:
            return EQUAL
        if one.father == other.father:
            return EQUAL if one.sex == other.sex or not (one.sex and other.sex) else P_CLOSE
        if one.known and other.known:
            return P_OTHER
        if one.latin or other.latin:
            if set(one.skeletons) & set(other.skeletons):
                return EQUAL
            best = min(self._edits(a, b, 2) for a in one.skeletons for b in other.skeletons)
        else:
            best = self._edits(one.text, other.text, 2)
        if best <= 2 and min(len(one.text), len(other.text)) > 4:
            return P_CLOSE
        return P_OTHER

    # --- the rest -----------------------------------------------------------------------------

    def birth_level(self, left, right):
        one, other = left.birth, right.birth
        if one and other:
            return EQUAL if one == other else birth_level(one, other)
        if not (left.year and right.year):
            return NOTHING
        return B_PART if left.year == right.year else B_OTHER

    def _phone(self, left, right):
        mass = self.shared.phones
        found = T_NONE
        for phone in left.phones:
            if phone in right.phones:
                if phone not in mass:
                    return EQUAL
                found = T_MASS
        return found

    def _documents(self, one, other):
        found, contradiction, useless = NOTHING, False, self.shared.documents
        for kind in KINDS:
            a, b = one.get(kind), other.get(kind)
            if not (a and b) or (kind, a) in useless or (kind, b) in useless:
                continue
            level = self._document(kind, a, b)
            if level == D_CONTRADICT:
                contradiction = True
                found = found or D_WEAK
            elif not found or level < found:
                found = level
        if contradiction and (found != EQUAL or _contradict(one, other, SNILS, SNILS_LENGTH)):
            return D_CONTRADICT
        return found

    def _document(self, kind, a, b):
        if a == b:
            return EQUAL
        if self._edits(a, b, 1) <= 1:
            return D_CLOSE
        size = {SNILS: SNILS_LENGTH, POLICY: OMS_LENGTH}.get(kind)
        if kind != PASSPORT and len(a) == len(b) == size:
            return D_CONTRADICT
        return D_WEAK

    def _email(self, one, other):
        if one in self.shared.emails or other in self.shared.emails:
            return NOTHING
        if one == other:
            return EQUAL
        return C_CLOSE if self._edits(one, other, 1) <= 1 else C_OTHER

    def _address(self, one, other):
        if one is other or (one.key and one.key == other.key):
            return EQUAL
        words = one.words & other.words
        if one.house and other.house:
            if one.house == other.house and (one.flat == other.flat or not (one.flat and other.flat)):
                if set(one.street) <= set(other.street) or set(other.street) <= set(one.street):
                    return EQUAL if one.flat == other.flat else C_CLOSE
                if self._alike(" ".join(one.street), " ".join(other.street)) >= STREET_LIKE:
                    return C_CLOSE
            return C_OTHER
        if not one.words or not other.words or (len(one.words) < 3 or len(other.words) < 3):
            return NOTHING
        if one.words == other.words:
            return EQUAL
        return C_CLOSE if 2 * len(words) >= max(len(one.words), len(other.words)) else C_OTHER


def _remembering(compare, initial):
    """``(word, other word) → level`` that compares two different words once.

    :param initial: level of an initial beside itself
    """
    levels = {}

    def level(one, other):
        if one is None or other is None:
            return NOTHING
        if one is other:
            return initial if one.initial else EQUAL
        key = (one.number, other.number) if one.number < other.number else (other.number, one.number)
        found = levels.get(key)
        if found is None:
            found = levels[key] = compare(one, other)
        return found

    return level


def far_apart(one, other, least):
    """Whether too many letters of two words are not in the other for any likeness: a cheap first look.

    :param least: sum of the shares of letters in common that a likeness needs
    """
    a, b = len(one.text), len(other.text)
    common = min(
        a - (one.letters & ~other.letters).bit_count(), b - (other.letters & ~one.letters).bit_count()
    )
    return common * (a + b) < least * a * b


def birth_level(one, other):
    """Level of two full dates, ``yyyymmdd``, that are not equal."""
    year, month, day = one // 10000, one // 100 % 100, one % 100
    year2, month2, day2 = other // 10000, other // 100 % 100, other % 100
    same_day = month == month2 and day == day2
    if year == year2 and month == day2 and day == month2:
        return B_CLOSE
    if same_day and (abs(year - year2) == 100 or _near(year, year2)):
        return B_CLOSE
    if year == year2 and ((month == month2 and _near(day, day2)) or (day == day2 and _near(month, month2))):
        return B_CLOSE
    return B_PART if year == year2 or same_day else B_OTHER


def _near(one, other):
    """One digit apart, or two neighbouring digits swapped."""
    a, b = f"{one:02d}", f"{other:02d}"
    wrong = [place for place in range(len(a)) if a[place] != b[place]]
    if len(wrong) == 1:
        return True
    if len(wrong) != 2 or wrong[1] != wrong[0] + 1:
        return False
    first, second = wrong
    return a[first] == b[second] and a[second] == b[first]


def _contradict(one, other, kind, size):
    a, b = one.get(kind), other.get(kind)
    return bool(a and b and len(a) == len(b) == size and sum(x != y for x, y in zip(a, b, strict=True)) > 2)

"""Invented patients as clinics keep them: families, twins, namesakes, several dirty cards of one person.

Seeded; the truth (which person a card is of) is kept beside the cards and never given to a matcher.
Written without a look at the matcher: nothing here comes from ``person_match``.
"""

import random
from dataclasses import dataclass, field
from datetime import date, timedelta

from clinic_bench import people_names as words
from clinic_bench.people_dirt import Dirt, dirty_card

TODAY = date(2026, 11, 1)
CODES = ("902", "904", "908", "914", "924", "950", "964", "983", "999", "901", "913")
MAIL = ("mail.ru", "yandex.ru", "gmail.com", "bk.ru", "inbox.ru", "rambler.ru")


@dataclass
class Person:
    """Somebody as they are; ``kin`` numbers the household."""

    number: int
    kin: int
    family: str
    given: str
    patronymic: str
    male: bool
    born: date
    phones: list = field(default_factory=list)
    mother: object = None
    email: str = ""
    address: tuple = ()
    snils: str = ""
    policy: str = ""
    passport: str = ""
    maiden: str = ""
    role: str = "adult"

    def age(self, at=TODAY):
        return at.year - self.born.year - ((at.month, at.day) < (self.born.month, self.born.day))


class Town:
    """Makes households until there are enough people."""

    def __init__(self, seed, surnames=1200):
        self.dice = random.Random(seed)
        self.people, self.kin = [], 0
        self.surnames = self._surnames(surnames)
        self.weights = [1 / (rank + 12) for rank in range(len(self.surnames))]
        self.offices = [self._phone() for _turn in range(4)]

    def _surnames(self, size):
        dice, found = self.dice, dict.fromkeys(words.WHOLE_MALE + words.SAME)
        for root in words.ROOTS:
            found[words.male_form(root, dice)] = None
        while len(found) < size:
            root = dice.choice(words.ROOTS) + dice.choice(
                ("", "", "ич", "ин", "ч", "к", "ушк", "ец", "аш", "ыл")
            )
            found[words.male_form(root, dice)] = None
        result = list(found)
        dice.shuffle(result)
        return result

    def _phone(self):
        return f"+7{self.dice.choice(CODES)}{self.dice.randrange(2_000_000, 9_999_999)}"

    def _surname(self, east):
        if east:
            return self.dice.choice(words.TURKIC)
        return self.dice.choices(self.surnames, self.weights)[0]

    def _given(self, male, born, east):
        if east and self.dice.random() < 0.7:
            return self.dice.choice(words.MALE_EAST if male else words.FEMALE_EAST)
        if born.year < 1972:
            names = words.MALE_OLD if male else words.FEMALE_OLD
        else:
            names = words.MALE_YOUNG if male else words.FEMALE_YOUNG
        return self.dice.choices(names, [1 / (rank + 4) for rank in range(len(names))])[0]

    def _person(self, family, male, born, father, east=False, given=None):
        dice = self.dice
        person = Person(
            len(self.people), self.kin, family if male else words.female_form(family), "", "", male, born
        )
        person.given = given or self._given(male, born, east)
        person.patronymic = words.patronymic(father, male)
        person.snils = self._snils() if dice.random() < 0.8 else ""
        person.policy = self._policy() if dice.random() < 0.9 else ""
        if person.age() >= 14:
            person.passport = f"{dice.randrange(1000, 9999)} {dice.randrange(100000, 999999)}"
        self.people.append(person)
        return person

    def _snils(self):
        digits = f"{self.dice.randrange(2_000_000, 999_999_999):09d}"
        check = sum(int(digit) * (9 - place) for place, digit in enumerate(digits)) % 101 % 100
        return f"{digits}{check:02d}"

    def _policy(self):
        digits = f"{self.dice.randrange(10**14, 10**15)}"
        total = 0
        for place, digit in enumerate(reversed(digits)):
            value = int(digit) * (2 - place % 2)
            total += value - 9 if value > 9 else value
        return digits + str(-total % 10)

    def _born(self, low, high):
        """A birth date of somebody between two ages."""
        return TODAY - timedelta(days=self.dice.randrange(int(low * 365.25), int(high * 365.25)))

    def _mail(self, person):
        dice = self.dice
        name = "".join(chr(dice.randrange(97, 123)) for _turn in range(dice.randrange(5, 9)))
        number = person.born.year % 100 if dice.random() < 0.5 else dice.randrange(999)
        person.email = f"{name}{number}@{dice.choice(MAIL)}"

    def household(self):
        """One family, or somebody alone."""
        dice = self.dice
        self.kin += 1
        first = len(self.people)
        east = dice.random() < 0.08
        family = self._surname(east)
        fathers = words.MALE_EAST if east and dice.random() < 0.6 else words.MALE_OLD
        place = (
            dice.choice(words.CITIES),
            dice.choice(words.STREETS).replace("_", " "),
            dice.randrange(1, 160),
            dice.randrange(1, 190),
        )
        adults = []
        kind = dice.random()
        if kind < 0.45:  # somebody alone
            male = dice.random() < 0.4
            adults.append(self._person(family, male, self._born(18, 90), dice.choice(fathers), east))
        else:
            mother_born = self._born(22, 70)
            husband = self._person(
                family,
                True,
                mother_born - timedelta(days=dice.randrange(-1500, 4000)),
                dice.choice(fathers),
                east,
            )
            wife = self._person(family, False, mother_born, dice.choice(fathers), east)
            wife.maiden = words.female_form(self._surname(east))
            if dice.random() < 0.12:
                wife.family = wife.maiden
            adults += [husband, wife]
            self._children(husband, wife, family, east)
        for adult in adults:
            adult.phones = [self._phone()] + ([self._phone()] if dice.random() < 0.25 else [])
            if dice.random() < 0.55:
                self._mail(adult)
            if not adult.male and not adult.maiden and dice.random() < 0.5:
                adult.maiden = words.female_form(self._surname(east))
        if len(adults) == 2 and dice.random() < 0.25:  # the old home number, or one phone for two
            adults[0].phones = list(adults[1].phones)
        for person in self.people[first:]:
            person.address = place
        self._inherit(self.people[first:])

    def _children(self, husband, wife, family, east):
        dice = self.dice
        oldest = min(wife.age() - 19, 45)
        if oldest < 1:
            return
        count = dice.choices((0, 1, 2, 3, 4), (15, 35, 32, 13, 5))[0]
        names = set()
        while count > 0:
            born = self._born(0, oldest)
            twins = count > 1 and dice.random() < 0.08
            if twins and not east and dice.random() < 0.6:
                pair = dice.choice(words.TWINS)
            else:
                pair = (None, None) if twins else (None,)
            for given in pair:
                male = dice.random() < 0.5
                if given:
                    male = given in words.MALE_YOUNG + words.MALE_OLD + words.MALE_EAST
                elif male and not twins and dice.random() < 0.07:
                    given = husband.given  # father and son of one name
                child = self._person(family, male, born, husband.given, east, given)
                while child.given in names:
                    child.given = self._given(male, born, east)
                names.add(child.given)
                child.mother, child.role = wife, "child" if child.age() < 18 else "grown"
            count -= len(pair)

    def _inherit(self, family):
        dice = self.dice
        for person in family:
            if person.mother is None:
                continue
            if person.role == "child" or dice.random() < 0.15:
                person.phones = list(person.mother.phones[:1])
                if person.age() > 11 and dice.random() < 0.4:
                    person.phones.append(self._phone())
                if dice.random() < 0.5:
                    person.email = person.mother.email
            else:
                person.phones = [self._phone()]
                if dice.random() < 0.4:
                    person.address = (*person.address[:2], dice.randrange(1, 160), dice.randrange(1, 190))

    def namesakes(self, share=0.01):
        """Unrelated people with somebody's whole name; rarely their birth year is the same too."""
        dice = self.dice
        for model in dice.sample(self.people, max(1, int(len(self.people) * share))):
            self.kin += 1
            born = (
                self._born(1, 90)
                if dice.random() < 0.8
                else model.born + timedelta(days=dice.randrange(20, 300))
            )
            twin = self._person(model.family, model.male, min(born, TODAY), "Иван", given=model.given)
            twin.family, twin.patronymic = model.family, model.patronymic
            twin.phones = [self._phone()]
            twin.address = (
                dice.choice(words.CITIES),
                dice.choice(words.STREETS).replace("_", " "),
                dice.randrange(1, 160),
                dice.randrange(1, 190),
            )

    def colleagues(self, share=0.01):
        """Adults written down with the phone of their personnel department."""
        dice = self.dice
        adults = [person for person in self.people if person.role == "adult"]
        for person in dice.sample(adults, min(len(adults), max(0, int(len(self.people) * share)))):
            person.phones = [dice.choice(self.offices)]


def population(count, seed):
    """``count`` or a few more people."""
    town = Town(seed, surnames=max(300, min(4000, count // 12)))
    while len(town.people) < count:
        town.household()
    town.namesakes()
    town.colleagues()
    return town


def generate(cards, seed=1, dirt=None, copies=(0.70, 0.22, 0.06, 0.015, 0.005)):
    """``(cards, truth)``: dictionaries with string values, and for each the number of its person.

    :param dirt: :class:`~clinic_bench.people_dirt.Dirt`, how bad the data are
    :param copies: shares of people with one card, two, three …
    """
    dirt = dirt or Dirt()
    average = sum((index + 1) * share for index, share in enumerate(copies)) / sum(copies)
    town = population(int(cards / average * 0.98) + 1, seed)
    dice = random.Random(seed * 7919 + 1)
    people = list(town.people)
    dice.shuffle(people)
    rows, truth = [], []
    for person in people:
        for _turn in range(dice.choices(range(1, len(copies) + 1), copies)[0]):
            rows.append(dirty_card(dice, person, dirt))
            truth.append(person.number)
    order = list(range(len(rows)))
    dice.shuffle(order)
    rows, truth = [rows[i] for i in order][:cards], [truth[i] for i in order][:cards]
    for number, row in enumerate(rows, 1):
        row["id"] = str(number)
    return rows, truth, town

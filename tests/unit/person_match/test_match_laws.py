"""What holds for any text: no exceptions, symmetry, independence of the order, idempotence."""

import random
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from person_match import (
    FAST,
    FIELDS,
    PLAIN,
    Census,
    Comparer,
    Model,
    Normaliser,
    Scorer,
    blocking_keys,
    check_card,
    explain,
    find_duplicates,
    hash_key,
    hashed_keys,
)
from person_match.address_key import read_address
from person_match.contacts import read_email, read_phones
from person_match.dates import read_birth
from person_match.documents import KINDS, read_document
from person_match.name_fields import read_names
from person_match.skeleton import skeletons

from tools.bench import loading

TODAY, NOW = date(2026, 11, 22), 20261122
people = loading.module("people")

TEXT = st.one_of(
    st.text(max_size=40),
    st.text(alphabet="абвгнопрстуяАИПЁёьabcdeiyvkw .-'()[];,/0123456789№*\x00\n", max_size=40),
    st.sampled_from(
        [
            "Иванова Мария Петровна",
            "Маша",
            "М.",
            "VIP",
            "12.03.1985",
            "01.01.1900",
            "8 914 123-45-67",
            "Bdfyjdf",
        ]
    ),
)
RECORD = st.dictionaries(st.sampled_from(FIELDS), TEXT)


def generated(count, seed=3):
    rows, truth, _town = people.generate(count, seed)
    return rows, {row["id"]: person for row, person in zip(rows, truth, strict=True)}


def found(rows, **options):
    normaliser = Normaliser(TODAY)
    return find_duplicates([normaliser.card(row) for row in rows], NOW, **options)


def named(result, groups):
    return sorted(tuple(result.cards[number].id for number in group) for group in groups)


@settings(max_examples=300)
@given(RECORD, RECORD)
def test_no_text_breaks_anything_and_a_pair_has_no_first(one, other):
    normaliser = Normaliser(TODAY)
    left, right = normaliser.card(one), normaliser.card(other)
    scorer = Scorer(Model(), Comparer(Census([left, right]), NOW))
    there, back = scorer.score(left, right), scorer.score(right, left)
    assert there.levels == back.levels and there.zone == back.zone and there.vetoes == back.vetoes
    assert there.weight == pytest.approx(back.weight)
    assert sum(row.weight for row in explain(there, left, right, scorer)) == pytest.approx(
        there.weight, abs=0.01
    )
    keys = blocking_keys(left)
    assert len(keys) == len(set(keys))
    assert hashed_keys(left, b"a") == hashed_keys(normaliser.card(one), b"a")


@given(TEXT, TEXT, TEXT, TEXT)
def test_reading_a_name_twice_changes_nothing(family, given_name, patronymic, full):
    once = read_names(family, given_name, patronymic, full)
    assert read_names(family, given_name, patronymic, full) == once
    for word in (once.family, once.given, once.patronymic):
        assert word == word.lower() and "ё" not in word and not word.isspace()


@given(st.from_regex(r"[а-я]{3,12}", fullmatch=True))
def test_a_read_surname_is_read_again_as_itself(word):
    once = read_names(word.capitalize(), "Мария", "Петровна")
    again = read_names(once.family.capitalize(), once.given.capitalize(), once.patronymic.capitalize())
    assert (again.family, again.given, again.patronymic) == (once.family, once.given, once.patronymic)


@given(TEXT)
def test_values_are_read_again_as_themselves(text):
    for phone in read_phones(text)[0]:
        assert read_phones("+" + phone)[0] == (phone,)
    email = read_email(text)
    assert read_email(email) == email
    for kind in KINDS:
        number = read_document(kind, text)
        assert read_document(kind, number) == number
    birth, year = read_birth(text, TODAY)
    if birth:
        assert read_birth(f"{birth // 10000}-{birth // 100 % 100:02d}-{birth % 100:02d}", TODAY) == (
            birth,
            year,
        )
    read_address(text)
    skeletons(text)


def test_order_and_repetition_change_nothing():
    rows, _truth = generated(600)
    first = found(rows)
    shuffled = rows[:]
    random.Random(5).shuffle(shuffled)
    second = found(shuffled)
    assert named(first, first.clusters) == named(second, second.clusters)
    assert named(first, first.auto_clusters) == named(second, second.auto_clusters)
    assert first.model.to_json() == second.model.to_json()
    weights = [
        sorted(
            (result.cards[i].id, result.cards[j].id, round(match.weight, 9), match.zone)
            for (i, j), match in result.edges.items()
        )
        for result in (first, second)
    ]
    assert weights[0] == weights[1]


def test_a_restart_in_the_middle_changes_nothing():
    rows, _truth = generated(600)
    whole = found(rows)
    restored = Model.from_json(whole.model.to_json(least_frequency=0))
    again = found(rows, model=restored)
    assert named(whole, whole.clusters) == named(again, again.clusters)


def test_without_rapidfuzz_the_same_pairs():
    rows, _truth = generated(2500)
    slow, fast = found(rows, strings=PLAIN), found(rows, strings=FAST or PLAIN)
    differ = set(named(slow, slow.edges)) ^ set(named(fast, fast.edges))
    assert len(differ) <= 0.005 * len(fast.edges)


@pytest.mark.skipif(FAST is None, reason="rapidfuzz is not installed")
@given(st.text(alphabet="абвгд", max_size=9), st.text(alphabet="абвгд", max_size=9), st.integers(0, 3))
def test_plain_measures_are_rapidfuzz(left, right, limit):
    assert PLAIN.edits(left, right, limit) == FAST.edits(left, right, limit)
    assert PLAIN.jaro_winkler(left, right) == pytest.approx(FAST.jaro_winkler(left, right))


@pytest.mark.parametrize(("seed", "rate"), [(1, 1.0), (2, 2.0), (3, 0.4)])
def test_generated_base(seed, rate):
    dirt = loading.module("people_dirt").Dirt(rate=rate)
    rows, truth, _town = people.generate(3000, seed, dirt)
    result = found(rows)
    person = [truth[int(card.id) - 1] for card in result.cards]
    pairs = {
        kind: [(a, b) for group in groups for at, a in enumerate(group) for b in group[at + 1 :]]
        for kind, groups in (("all", result.clusters), ("auto", result.auto_clusters))
    }
    right = {kind: sum(person[a] == person[b] for a, b in those) for kind, those in pairs.items()}
    true = sum(truth.count(number) * (truth.count(number) - 1) // 2 for number in set(truth))
    precision, recall = right["all"] / len(pairs["all"]), right["all"] / true
    assert 2 * precision * recall / (precision + recall) >= 0.96
    assert len(pairs["auto"]) - right["auto"] <= 0.001 * len(pairs["auto"])
    assert right["auto"] >= 0.56 * true
    for group in result.auto_clusters:
        pairs_of_it = [(a, b) for at, a in enumerate(group) for b in group[at + 1 :]]
        assert len(group) <= 3 or all(result.edges[pair].zone == "auto" for pair in pairs_of_it)
    # the keys alone lose little: what is not compared is not found
    keys = [set(blocking_keys(card)) for card in result.cards]
    assert sum(bool(keys[a] & keys[b]) for a, b in true_pairs(person)) >= 0.97 * true


def true_pairs(person):
    places = {}
    for place, number in enumerate(person):
        places.setdefault(number, []).append(place)
    return [(a, b) for those in places.values() for at, a in enumerate(those) for b in those[at + 1 :]]


def test_live_check_finds_the_card_and_not_the_twin():
    base = {
        "family_name": "Орлова", "given_name": "Милана", "patronymic": "Сергеевна",
        "birth_date": "05.06.2018",
        "phone": "89141112233",
    }  # fmt: skip
    normaliser = Normaliser(TODAY)
    cards = [
        normaliser.card({"id": "1", **base}),
        normaliser.card({"id": "2", **base, "given_name": "Милена"}),
        normaliser.card({"id": "3", **base, "birth_date": "05.06.1999", "phone": "89025554433"}),
    ]
    scorer = Scorer(Model(), Comparer(Census(cards), NOW))
    new = normaliser.card({**base, "family_name": "Арлова", "phone": "+7 914 111-22-33"})
    keys = set(hashed_keys(new, b"secret"))
    candidates = [card for card in cards if keys & set(hashed_keys(card, b"secret"))]
    answer = check_card(new, candidates, scorer)
    assert [card.id for card, _match in answer] == ["1"]


def test_cards_of_two_normalisers_are_compared_as_of_one():
    rows, _truth = generated(400)
    normaliser = Normaliser(TODAY)
    known = [normaliser.card(row) for row in rows]
    fresh = [Normaliser(TODAY).card(row) for row in rows]
    # one memory of levels for all pairs, as a batch of the database has it
    here, there = Comparer(Census(known), NOW), Comparer(Census(known), NOW)
    for place in range(1, len(rows)):
        expected = here.levels(known[place - 1], known[place])
        assert there.levels(known[place - 1], fresh[place]) == expected


def test_keys_depend_on_the_secret_and_fit_bigint():
    key = ("phone", "79141112233")
    assert hash_key(key, b"a") == hash_key(key, b"a") != hash_key(key, b"b")
    assert -(2**63) <= hash_key(key, b"a") < 2**63


def test_model_survives_json():
    rows, _truth = generated(2500)
    model = found(rows).model
    assert model.learnt
    again = Model.from_json(model.to_json(least_frequency=0))
    assert again == model
    assert all(
        seen >= 5
        for values in Model.from_json(model.to_json()).frequencies.values()
        for seen in values.values()
    )
    with pytest.raises(ValueError, match="unknown_model_format"):
        Model.from_json("{}")


@pytest.mark.parametrize("count", [0, 1, 2])
def test_bases_of_nobody_and_of_two(count):
    row = {
        "id": "1",
        "full_name": "Иванова Мария Петровна",
        "birth_date": "12.03.1985",
        "phone": "89141234567",
    }
    result = found([row | {"id": str(number)} for number in range(count)])
    assert len(result.clusters) == (count == 2)

"""Every trap of the matcher has a pair here with the zone it must fall into."""

from datetime import date

import pytest
from person_match import (
    AUTO,
    IGNORE,
    REVIEW,
    Census,
    Comparer,
    Model,
    Normaliser,
    Scorer,
    explain,
    find_duplicates,
)

TODAY = date(2026, 11, 22)
NOW = 20261122
MARIA = {
    "family_name": "Ковалёва",
    "given_name": "Мария",
    "patronymic": "Петровна",
    "birth_date": "12.03.1985",
    "phone": "8 914 123-45-67",
}
NONE = dict.fromkeys(("birth_date", "phone"), "")


def pair(left, right, model=None, **options):
    normaliser = Normaliser(TODAY)
    cards = [normaliser.card(record) for record in (left, right)]
    comparer = Comparer(Census(cards, **options), NOW)
    scorer = Scorer(model or Model(), comparer)
    match = scorer.score(*cards)
    mirrored = scorer.score(*reversed(cards))
    assert (mirrored.levels, mirrored.zone) == (match.levels, match.zone)
    assert mirrored.weight == pytest.approx(match.weight)
    for shown in (match, mirrored):
        rows = explain(shown, *(cards if shown is match else cards[::-1]), scorer)
        assert sum(row.weight for row in rows) == pytest.approx(shown.weight, abs=0.01)
        assert rows[-1].total == pytest.approx(shown.weight, abs=0.01)
    return match


SAME = {
    "ё and е": {"family_name": "Ковалева"},
    "capitals": {"family_name": "КОВАЛЁВА", "given_name": "МАРИЯ", "patronymic": "ПЕТРОВНА"},
    "look-alikes": {"family_name": "Kовaлёвa", "given_name": "Mapия"},
    "keyboard layout": {"family_name": "Rjdfk`df", "given_name": "Vfhbz", "patronymic": "Gtnhjdyf"},
    "transliteration of passports": {
        "family_name": "Kovaleva", "given_name": "Mariia", "patronymic": "Petrovna",
    },
    "transliteration GOST": {"family_name": "Kovaljova", "given_name": "Marija", "patronymic": "Petrovna"},
    "transliteration of the web": {
        "family_name": "Kovalyova", "given_name": "Mariya", "patronymic": "Petrovna",
    },
    "swapped fields": {"family_name": "Мария", "given_name": "Ковалёва"},
    "one field": {
        "full_name": "Мария Петровна Ковалёва", "family_name": "", "given_name": "", "patronymic": "",
    },
    "glued": {"full_name": "КовалёваМарияПетровна", "family_name": "", "given_name": "", "patronymic": ""},
    "all in the surname": {"family_name": "Ковалёва Мария Петровна", "given_name": "", "patronymic": ""},
    "note": {"family_name": "Ковалёва (ДМС)", "patronymic": "Петровна VIP"},
    "no patronymic": {"patronymic": ""},
    "diminutive": {"given_name": "Маша"},
    "date ISO": {"birth_date": "1985-03-12"},
    "two-digit year": {"birth_date": "12.03.85"},
    "phone +7": {"phone": "+7 (914) 123-45-67"},
    "phone ten digits": {"phone": "9141234567"},
    "phone with a letter": {"phone": "8914123456O", "birth_date": "12.03.1985"},
    "two phones in a cell": {"phone": "8 902 511-22-33, 89141234567"},
    "second phone": {"phone": "89025112233", "phone2": "7 914 123 45 67"},
    "married, old surname in brackets": {"family_name": "Ковалёва (Сидорова)"},
    "double surname": {"family_name": "Сидорова-Ковалёва"},
    "surname misspelt": {"family_name": "Кавалёва"},
    "patronymic misspelt": {"patronymic": "Перовна"},
    "day and month swapped": {"birth_date": "03.12.1985"},
    "one wrong digit of the date": {"birth_date": "13.03.1985"},
    "other phone": {"phone": "8 902 511-22-33"},
    "given name misspelt, it can mean no other": {"given_name": "Мраия"},
    "the cell of sex is wrong": {"sex": "М"},
    "of the date only the year": {"birth_date": "01.01.1985"},
}  # fmt: skip


@pytest.mark.parametrize("what", SAME)
def test_one_woman_two_cards_are_joined_without_a_human(what):
    assert pair(MARIA, MARIA | SAME[what]).zone == AUTO


REVIEWED = {
    "initials": {"given_name": "М.", "patronymic": "П."},
    "changed surname": {"family_name": "Сидорова"},
    "only the name": NONE,
    "placeholder date, other phone": {"birth_date": "01.01.1900", "phone": "89025112233"},
    "year only, other phone": {"birth_date": "01.01.1985", "phone": "89025112233"},
    "contradictory SNILS": {"snils": "112-233-445 95"},
    "placeholder phone": {"birth_date": "", "phone": "8 999 999-99-99"},
}


SNILS, POLICY = {"snils": "087-654-303 00"}, {"policy": "5867367727546602"}
SLAVA = MARIA | {"family_name": "Ковалёв", "given_name": "Вячеслав", "patronymic": "Петрович"}
SURE = {
    "initial": (MARIA, {"given_name": "М."}, SNILS),
    "initials, another phone": (MARIA, {"given_name": "М.", "phone": "89025112233"}, SNILS),
    "a short form of several names": (SLAVA, {"given_name": "Слава", "patronymic": ""}, SNILS),
    "no date": (MARIA, {"birth_date": ""}, POLICY),
}


@pytest.mark.parametrize("what", SURE)
def test_a_number_of_ones_own_stands_for_what_the_name_leaves_open(what):
    card, other, number = SURE[what]
    assert pair(card | number, card | number | other).zone == AUTO


@pytest.mark.parametrize("what", REVIEWED)
def test_a_human_decides(what):
    assert pair(MARIA | {"snils": "087-654-303 00"}, MARIA | REVIEWED[what]).zone == REVIEW


def child(**values):
    base = {
        "family_name": "Орлова",
        "given_name": "Милана",
        "patronymic": "Сергеевна",
        "birth_date": "05.06.2018",
        "phone": "89141112233",
        "address": "Иркутск, ул. Ленина, д. 5, кв. 12",
        "created": "2024-05-01",
    }
    return base | values


OTHERS = {
    "twins with alike names": (child(), child(given_name="Милена")),
    "twins, another pair": (child(given_name="Анна"), child(given_name="Алина")),
    "twins, a brother": (
        child(given_name="Александра"),
        child(given_name="Александр", family_name="Орлов", patronymic="Сергеевич"),
    ),
    "sisters": (child(), child(given_name="Мария", birth_date="07.08.2015")),
    "mother and daughter": (
        child(),
        child(given_name="Ольга", patronymic="Ивановна", birth_date="01.02.1990"),
    ),
    "father and son of one name": (
        child(family_name="Орлов", given_name="Сергей", patronymic="Сергеевич"),
        child(family_name="Орлов", given_name="Сергей", patronymic="Сергеевич", birth_date="03.04.1988"),
    ),
    "father and son, other patronymics": (
        child(family_name="Орлов", given_name="Сергей", patronymic="Сергеевич"),
        child(family_name="Орлов", given_name="Сергей", patronymic="Петрович", birth_date="03.04.1988"),
    ),
    "namesakes": (MARIA, MARIA | {"birth_date": "30.09.1961", "phone": "89025112233"}),
    "colleagues with one phone": (
        MARIA,
        {
            "family_name": "Петров",
            "given_name": "Олег",
            "patronymic": "Ильич",
            "birth_date": "01.05.1979",
            "phone": "89141234567",
        },
    ),
    "mother's passport on the children's cards": (
        child(passport="2504 123457"),
        child(given_name="Кирилл", birth_date="01.03.2020", passport="2504 123457"),
    ),
    "placeholder e-mail and phone": (
        MARIA | {"email": "no@mail.ru", "phone": "89999999999", "birth_date": ""},
        {"family_name": "Белова", "given_name": "Мария", "phone": "89999999999", "email": "no@mail.ru"},
    ),
    "one placeholder date": (
        {"family_name": "Белова", "given_name": "Мария", "birth_date": "01.01.1900"},
        {"family_name": "Серова", "given_name": "Мария", "birth_date": "01.01.1900"},
    ),
}


@pytest.mark.parametrize("what", OTHERS)
def test_two_people_are_not_even_proposed(what):
    assert pair(*OTHERS[what]).zone == IGNORE


NEVER_AUTO = {
    "son with his father's name and phone, no date": (
        child(family_name="Орлов", given_name="Сергей", patronymic="Сергеевич"),
        child(family_name="Орлов", given_name="Сергей", patronymic="Сергеевич", birth_date=""),
    ),
    "mother and daughter of one name and patronymic, one date unknown": (
        child(given_name="Анна", patronymic="Андреевна"),
        child(given_name="Анна", patronymic="Андреевна", birth_date=""),
    ),
    "twin by the initial": (child(), child(given_name="М.")),
    "twin by the initial, the mother's passport on both cards": (
        child(passport="2504 123457"),
        child(given_name="М.", passport="2504 123457"),
    ),
    "twins, the policy of one on both cards": (
        child(policy="5867367727546602"),
        child(given_name="Милена", policy="5867367727546602"),
    ),
    "twin misspelt, the policy of one on both cards": (
        child(policy="5867367727546602"),
        child(given_name="Милина", policy="5867367727546602"),
    ),
    "namesakes born on one day": (
        child(phone="", address=""),
        child(phone="", address="", given_name="М.", patronymic=""),
    ),
    "initials and a number, no date": (
        child(policy="5867367727546602"),
        child(policy="5867367727546602", given_name="М.", birth_date=""),
    ),
    "grandson with his grandfather's name and phone, no date": (
        child(family_name="Орлов", given_name="Иван", patronymic="Петрович"),
        child(family_name="Орлов", given_name="Иван", patronymic="Петрович", birth_date=""),
    ),
    "twin misspelt": (child(), child(given_name="Милина")),
    "name and mother's phone without a patronymic": (
        child(patronymic="", birth_date=""),
        child(patronymic=""),
    ),
    "twin misspelt so that only the other name is near": (
        child(given_name="Милана"),
        child(given_name="Миленаа"),
    ),
    "mother's passport, her name and no date": (
        child(given_name="Анна", patronymic="", birth_date="", passport="2504 123457"),
        child(given_name="Анна", patronymic="", birth_date="", passport="2504 123457", family_name="Арлова"),
    ),
    "another day of the same year without a document": (
        child(family_name="Орлов", given_name="Иван"),
        child(family_name="Орлов", given_name="Иван", birth_date="17.09.2018"),
    ),
    "sexes differ and no patronymic tells which is right": (
        child(given_name="Женя", patronymic="", sex="М"),
        child(given_name="Женя", patronymic="", sex="Ж"),
    ),
    "ambiguous diminutive": (
        child(given_name="Слава", family_name="Орлов", patronymic="Сергеевич"),
        child(given_name="Вячеслав", family_name="Орлов", patronymic="Сергеевич"),
    ),
}


@pytest.mark.parametrize("what", NEVER_AUTO)
def test_relatives_are_never_joined_by_the_machine(what):
    assert pair(*NEVER_AUTO[what]).zone != AUTO


@pytest.mark.parametrize("surname", ["Девяткина", "Ранеева", "Прежнева", "Экслер"])
def test_a_surname_that_begins_like_the_word_former_stays_whole(surname):
    # the initial takes the name the longer way
    card = Normaliser(TODAY).card(
        {"family_name": surname, "given_name": "Мария В.", "note": f"мать {surname}"}
    )
    assert card.surname.text == surname.lower() and not card.former


@pytest.mark.parametrize("note", ["дев. Петрова", "дев.Петрова", "ранее Петрова", "бывшая: Петрова"])
def test_a_former_surname_in_a_note(note):
    (former,) = Normaliser(TODAY).card({"family_name": "Иванова", "note": note}).former
    assert former.text == "петрова"


def auto_sizes(rows):
    normaliser = Normaliser(TODAY)
    cards = [normaliser.card({"id": str(place), **row}) for place, row in enumerate(rows)]
    return sorted(map(len, find_duplicates(cards, NOW).auto_clusters))


def test_more_than_three_cards_are_joined_when_every_two_of_them_would_be():
    assert auto_sizes([MARIA] * 3) == [3]
    assert auto_sizes([MARIA] * 5) == [5]
    # the card without a date would come in by way of the card with the number
    chain = [MARIA, MARIA, MARIA | POLICY, MARIA | POLICY | {"birth_date": ""}]
    assert auto_sizes(chain[1:]) == [3]
    assert max(auto_sizes(chain)) <= 3
    # so many cards of one person are somebody's test or a fault of an import
    assert max(auto_sizes([MARIA] * 7)) == 3


def test_a_phone_of_a_crowd_is_no_evidence():
    crowd = [
        {
            "id": str(number),
            "family_name": f"Фамил{chr(1072 + number)}ов",
            "given_name": "Олег",
            "phone": "89141234567",
        }
        for number in range(20)
    ]
    normaliser = Normaliser(TODAY)
    result = find_duplicates([normaliser.card(record) for record in crowd], NOW)
    assert result.scorer.comparer.shared.phones == {"79141234567"}
    assert not result.clusters


def test_oglu_and_kyzy():
    gasan = {
        "family_name": "Мамедов",
        "given_name": "Али",
        "birth_date": "02.03.1990",
        "phone": "89141112233",
    }
    assert pair(gasan | {"patronymic": "Гасан оглы"}, gasan | {"patronymic": "Гасан-оглы"}).zone == AUTO
    sister = {**gasan, "family_name": "Мамедова", "given_name": "Лейла", "patronymic": "Гасан кызы"}
    assert pair(gasan | {"patronymic": "Гасан оглы"}, sister).zone == IGNORE


def test_city_number_without_code_is_read_by_the_callers_reader():
    normaliser = Normaliser(TODAY, lambda text: ["+73952251433"] if "25-14-33" in text else [])
    assert normaliser.card({"phone": "25-14-33"}).phones == ("73952251433",)

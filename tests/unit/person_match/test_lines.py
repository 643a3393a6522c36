"""Quick registration and the search box: one line, many meanings."""

from datetime import date
from functools import partial

import pytest
from hypothesis import given
from hypothesis import strategies as st
from person_match import parse_quick_entry, parse_search
from phone_ru import search_digits, split_phones

TODAY = date(2026, 11, 23)
split = partial(split_phones, city_code="3952")


@pytest.mark.parametrize(
    "text",
    [
        "Иванова Мария Петровна 12.03.85 8 914 123-45-67",
        "8 914 123-45-67 Иванова Мария Петровна 12.03.1985",
        "иванова мария петровна, 12 марта 1985 г., тел. 89141234567",
        "12031985 ИВАНОВА МАРИЯ ПЕТРОВНА +79141234567",
        "Иванова 1985-03-12 Мария Петровна 9141234567",
    ],
)
def test_full_line(text):
    entry = parse_quick_entry(text, TODAY, split)
    assert entry.name.full == "Иванова Мария Петровна"
    assert entry.birth_date == date(1985, 3, 12)
    assert [phone.e164 for phone in entry.phones] == ["+79141234567"]
    assert not entry.birth_date_error


def test_surname_and_phone_are_enough():
    entry = parse_quick_entry("Сидоров 25-14-33", TODAY, split)
    assert (entry.name.family, entry.name.given) == ("Сидоров", "")
    assert [phone.e164 for phone in entry.phones] == ["+73952251433"]
    assert entry.birth_date is None


def test_impossible_date_is_an_error_not_a_loss():
    entry = parse_quick_entry("Петров Иван 31.02.1985 89141234567", TODAY, split)
    assert entry.birth_date_error == "impossible"
    assert (entry.name.family, entry.name.given) == ("Петров", "Иван")
    assert len(entry.phones) == 1


def test_two_phones_keep_their_notes():
    entry = parse_quick_entry("Иванова Мария 12.03.85 +79141234567, 8 902 765 43 21 мама", TODAY, split)
    assert [phone.note for phone in entry.phones] == ["", "мама"]


@given(st.text(max_size=120))
def test_quick_entry_never_raises(text):
    parse_quick_entry(text, TODAY, split)


def query(text):
    return parse_search(text, TODAY, search_digits)


def words(text):
    return [alternatives[0] for alternatives in query(text).words]


def test_names():
    assert words("Иванова") == ["иванова"]
    assert words("Мария ИВАНОВА Петровна") == ["мария", "иванова", "петровна"]
    assert words("Алёна Фёдорова") == ["алена", "федорова"]
    assert words("Петрова-Водкина") == ["петрова-водкина"]
    assert query("bdfyjdf").words == (("bdfyjdf", "иванова"),)


def test_surname_and_birth_year():
    for text in ("Иванова 85", "85 Иванова", "Иванова 1985"):
        found = query(text)
        assert words(text) == ["иванова"]
        assert [number.year for number in found.numbers] == [1985]


@pytest.mark.parametrize("text", ["12.03.1985", "12.03.85", "1985-03-12", "12 марта 1985"])
def test_birth_date(text):
    assert query(text).birth_date == date(1985, 3, 12)
    assert query(f"Иванова {text}").birth_date == date(1985, 3, 12)
    assert words(f"Иванова {text}") == ["иванова"]


def test_eight_bare_digits_may_be_a_date_or_something_else():
    number = query("12031985").numbers[0]
    assert (number.date, number.card, number.phone) == (date(1985, 3, 12), "12031985", "12031985")


@pytest.mark.parametrize(
    "text", ["8 914 123-45-67", "+79141234567", "9141234567", "8(914)1234567", "8 914 123 45 67"]
)
def test_whole_phone(text):
    assert [number.phone for number in query(text).numbers] == ["79141234567"]
    assert [number.phone for number in query(f"Иванова {text}").numbers] == ["79141234567"]


@pytest.mark.parametrize("text", ["4567", "45-67", "45 67", "Иванова 4567", "Иванова 45-67"])
def test_last_four_digits(text):
    assert [number.tail for number in query(text).numbers] == ["4567"]


def test_parts_of_a_phone():
    assert query("914 123").numbers[0].phone == "914123"
    assert query("8 914 12").numbers[0].phone == "91412"
    assert query("+7914").numbers[0].phone == "914"
    assert query("123-45-67").numbers[0].phone == "1234567"


def test_year_and_tail_together():
    year, tail = query("Иванова 85 4567").numbers
    assert (year.year, tail.tail) == (1985, "4567")


def test_card_numbers():
    assert query("000123").numbers[0].card == "000123"
    assert query("№123").numbers[0].card == "123"
    assert query("irk-000123").cards == ("IRK-000123",)


def test_empty():
    for text in ("", None, "  ", "***", ".,;"):
        assert query(text).is_empty


@given(st.text(max_size=250) | st.text("0123456789+-() .Ивановаirk№", max_size=60))
def test_search_never_raises_and_stays_small(text):
    found = query(text)
    assert len(found.words) <= 6 and len(found.numbers) <= 6
    for number in found.numbers:
        assert number.digits.isdigit()

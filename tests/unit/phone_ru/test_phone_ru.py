import pytest
from hypothesis import given
from hypothesis import strategies as st
from phone_ru import (
    PhoneError,
    format_phone,
    mask_phone,
    parse_phone,
    parse_phones,
    scrub,
    search_digits,
    split_phones,
)

CITY = "3952"
MAMA = "+79141234567"


@pytest.mark.parametrize(
    "text",
    [
        "8 914 123-45-67",
        "+7 914 123-45-67",
        "+7(914)1234567",
        "7914 123 45 67",
        "79141234567",
        "914 123 45 67",
        "9141234567",
        "8.914.123.45.67",
        "8(914)123-45-67",
        "тел.89141234567",
        "т. 8 914 123-45-67",
        "８９１４１２３４５６７",
        "8–914–123–45–67",
        "8\u00a0914\u00a0123\u00a045\u00a067",
        "8 9I4".replace("I", "1") + " 123 45 67",
        "  8 914 123 45 67  ",
        "+8 914 123 45 67",
    ],
)
def test_spellings_of_one_mobile(text):
    phone = parse_phone(text, CITY)
    assert (phone.e164, phone.kind, phone.country) == (MAMA, "mobile", "RU")
    assert not phone.note


@pytest.mark.parametrize(
    ("text", "e164"),
    [
        ("8914О234567", "+79140234567"),
        ("8 914 O23-45-67", "+79140234567"),
        ("8 914 оо3-45-67", "+79140034567"),
        ("8-9О2-5ОО-12-3О", "+79025001230"),
        ("8 914 12З 45 67", "+79141234567"),
    ],
)
def test_letters_for_digits(text, e164):
    assert parse_phone(text).e164 == e164


@pytest.mark.parametrize(
    ("text", "e164", "kind"),
    [
        ("25-14-33", "+73952251433", "landline"),
        ("251433", "+73952251433", "landline"),
        ("(3952) 25-14-33", "+73952251433", "landline"),
        ("8 (3952) 25-14-33", "+73952251433", "landline"),
        ("8 800 555-35-35", "+78005553535", "landline"),
    ],
)
def test_city_numbers(text, e164, kind):
    phone = parse_phone(text, CITY)
    assert (phone.e164, phone.kind) == (e164, kind)


def test_city_number_of_moscow():
    assert parse_phone("123-45-67", "495").e164 == "+74951234567"


@pytest.mark.parametrize(
    ("text", "e164", "country"),
    [
        ("375 29 123 45 67", "+375291234567", "BY"),
        ("8 10 375 29 123-45-67", "+375291234567", "BY"),
        ("998901234567", "+998901234567", "UZ"),
        ("996555123456", "+996555123456", "KG"),
        ("992 917 123 456", "+992917123456", "TJ"),
        ("380 50 123 45 67", "+380501234567", "UA"),
        ("374 91 123456", "+37491123456", "AM"),
        ("87011234567", "+77011234567", "KZ"),
        ("+7 701 123-45-67", "+77011234567", "KZ"),
        ("+7 978 123-45-67", "+79781234567", "RU"),
        ("+7 949 123-45-67", "+79491234567", "RU"),
        ("0079141234567", MAMA, "RU"),
    ],
)
def test_country_comes_from_the_number(text, e164, country):
    phone = parse_phone(text)
    assert (phone.e164, phone.country) == (e164, country)


@pytest.mark.parametrize(
    "text",
    [
        "89141234567, 89027654321",
        "89141234567; 8 902 765-43-21",
        "8 914 123 45 67 / 8 902 765 43 21",
        "8 914 123 45 67 8 902 765 43 21",
        "8914123456789027654321",
        "91412345679027654321",
        "8 914 123 45 67\n8 902 765 43 21",
        "8-914-123-45-67 или 8-902-765-43-21",
    ],
)
def test_two_numbers_in_a_cell(text):
    assert [phone.e164 for phone in parse_phones(text).phones] == [MAMA, "+79027654321"]


def test_mobile_and_city_number():
    cell = parse_phones("89141234567, 251433", CITY)
    assert [phone.e164 for phone in cell.phones] == [MAMA, "+73952251433"]


@pytest.mark.parametrize(
    "text",
    [
        "мама 89141234567, папа 89027654321",
        "89141234567 мама, 89027654321 папа",
        "89141234567 (мама), 89027654321 (папа)",
    ],
)
def test_notes_stay_with_their_numbers(text):
    assert [phone.note for phone in parse_phones(text).phones] == ["мама", "папа"]


def test_note_of_a_single_number():
    phone = parse_phone("8-914-123-45-67 мама, после 18:00, кв 12")
    assert phone.e164 == MAMA
    assert phone.note == "мама, после 18:00, кв 12"


@pytest.mark.parametrize(
    "text",
    [
        "(3952) 25-14-33 доб. 12",
        "(3952) 25-14-33 доб 12",
        "(3952) 25-14-33, доб.12",
        "(3952) 25-14-33 (доб. 12)",
        "83952251433доб12",
        "(3952) 25-14-33 вн. 12",
        "(3952) 25-14-33 #12",
        "(3952) 25-14-33 ext 12",
    ],
)
def test_extension_is_kept(text):
    phone = parse_phone(text)
    assert (phone.e164, phone.extension, phone.note) == ("+73952251433", "12", "")


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "empty"),
        (None, "empty"),
        ("нет телефона", "empty"),
        ("112", "too_short"),
        ("25-14-33", "no_city_code"),
        ("8 914 123 45 6", "too_short"),
        ("+7 914 123 45 6", "too_short"),
        ("8 914 123 45 678", "too_long"),
        ("8 999 999-99-99", "placeholder"),
        ("9999999999", "placeholder"),
        ("+7 914 000-00-00", "placeholder"),
        ("0000000", "placeholder"),
        ("8 912 345 67 89", "placeholder"),
        ("89141234567 89027654321", "several"),
        ("1" * 10_000, "too_long"),
    ],
)
def test_refusals_have_codes(text, code):
    with pytest.raises(PhoneError) as caught:
        parse_phone(text)
    assert caught.value.code == code
    assert str(text or "?") not in str(caught.value)


def test_rejected_piece_is_reported_beside_a_good_one():
    cell = parse_phones("89141234567, 8 902 12 34")
    assert [phone.e164 for phone in cell.phones] == [MAMA]
    assert [item.raw for item in cell.rejected] == ["8 902 12 34"]


def test_same_number_twice_is_one():
    assert len(parse_phones("89141234567, +7 914 123 45 67").phones) == 1


def test_split_leaves_the_name():
    phones, rest = split_phones("Иванова Мария 8 914 123-45-67")
    assert [phone.e164 for phone in phones] == [MAMA]
    assert rest == "Иванова Мария"
    assert phones[0].note == ""


@pytest.mark.parametrize(
    ("text", "digits"),
    [
        ("8 914 123-45-67", "79141234567"),
        ("+7 914 123-45-67", "79141234567"),
        ("9141234567", "79141234567"),
        ("8 914 12", "91412"),
        ("8914123", "914123"),
        ("+7914", "914"),
        ("+7 (914) 123", "914123"),
        ("45-67", "4567"),
        ("4567", "4567"),
        ("123-45-67", "1234567"),
        ("25-14-33", "251433"),
        ("914 123 45", "91412345"),
        ("", ""),
        ("Иванова", ""),
    ],
)
def test_search_digits(text, digits):
    assert search_digits(text) == digits


def test_display_and_mask():
    assert format_phone(MAMA) == "+7 914 123-45-67"
    assert format_phone("+73952251433", "3952") == "+7 3952 25-14-33"
    assert format_phone(MAMA, "3952") == "+7 914 123-45-67"
    assert format_phone("+375291234567") == "+375291234567"
    assert mask_phone(MAMA) == "+7 *** ***-45-67"
    assert mask_phone("+375291234567") == "*** 45-67"
    assert mask_phone("112") == "***"
    assert mask_phone(None) == ""
    assert scrub("Звонить 8 914 123-45-67 до 18:00") == "Звонить *** до 18:00"


mobiles = st.builds(
    lambda code, rest: f"+79{code:02}{rest:07}",
    st.sampled_from([2, 3, 4, 5, 8, 14, 16, 24, 50, 64, 83]),
    st.integers(1_000_000, 9_999_998),
).filter(lambda e164: parse_phones(e164).phones)

TEMPLATES = [
    "+7{0}{1}{2}{3}",
    "8{0}{1}{2}{3}",
    "8 {0} {1} {2} {3}",
    "8-{0}-{1}-{2}-{3}",
    "8({0}){1}-{2}-{3}",
    "+7 ({0}) {1}-{2}-{3}",
    "7{0}{1}{2}{3}",
    "{0}{1}{2}{3}",
    "{0} {1}-{2}{3}",
    "8.{0}.{1}.{2}.{3}",
    "тел. 8{0}{1}{2}{3}",
    "8 {0} {1} {2} {3} мама",
]


@given(mobiles, st.sampled_from(TEMPLATES))
def test_any_spelling_round_trips(e164, template):
    national = e164[2:]
    text = template.format(national[:3], national[3:6], national[6:8], national[8:])
    assert parse_phone(text).e164 == e164
    assert search_digits(text.split(" мама")[0]) == e164[1:]


@given(mobiles, mobiles, st.sampled_from([", ", ";", " / ", " ", "\n", " и "]))
def test_two_numbers_round_trip(first, second, glue):
    found = [phone.e164 for phone in parse_phones(f"8{first[2:]}{glue}8{second[2:]}").phones]
    assert found == list(dict.fromkeys([first, second]))


@given(mobiles)
def test_reading_the_result_changes_nothing(e164):
    phone = parse_phone(e164)
    assert parse_phone(phone.e164).e164 == phone.e164
    assert parse_phone(format_phone(phone.e164)).e164 == phone.e164
    assert mask_phone(e164).endswith(f"{e164[-4:-2]}-{e164[-2:]}")
    assert e164[2:8] not in mask_phone(e164)


@given(mobiles, st.integers(4, 10))
def test_a_tail_is_found_inside_the_number(e164, size):
    assert search_digits(e164[-size:]) in (e164[-size:], e164[-size + 1 :], e164[1:])


dirty = st.text(st.characters(codec="utf-8"), max_size=200) | st.text(
    "0123456789+-() .,;/доб#оO", max_size=120
)


@given(dirty, st.sampled_from([None, "", "3952", "495", "абв"]))
def test_nothing_raises_and_all_results_are_valid(text, city):
    cell = parse_phones(text, city)
    for phone in cell.phones:
        assert phone.e164.startswith("+") and phone.e164[1:].isdigit()
        assert parse_phone(phone.e164).e164 == phone.e164
        assert phone.kind in ("mobile", "landline")
    search_digits(text)
    scrub(text)
    mask_phone(text)
    split_phones(text, city)

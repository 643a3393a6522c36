from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from person_match import BirthDateError, find_birth_date, parse_birth_date

TODAY = date(2026, 11, 23)


@pytest.mark.parametrize(
    "text",
    [
        "12.03.1985",
        "12.3.1985",
        "12/03/1985",
        "12-03-1985",
        "12 03 1985",
        "12. 03. 1985",
        "1985-03-12",
        "1985.03.12",
        "12.03.85",
        "12-3-85",
        "120385",
        "12031985",
        "19850312",
        "12 марта 1985",
        "12 МАРТА 1985 г.",
        "12 мар 85г",
        "12 марта 1985 года рождения",
        "12марта1985",
        "12.03.1985 г.р.",
        "д.р. 12.03.1985",
        " 12.03.1985. ",
        "1985-03-12T00:00:00",
        "12.03.1985 00:00:00",
        "１２.０３.１９８５",
        date(1985, 3, 12),
    ],
)
def test_spellings(text):
    assert parse_birth_date(text, TODAY) == date(1985, 3, 12)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("23.11.26", date(2026, 11, 23)),
        ("24.11.26", date(1926, 11, 24)),
        ("01.01.00", date(2000, 1, 1)),
        ("05.05.27", date(1927, 5, 5)),
        ("29.02.00", date(2000, 2, 29)),
        ("29 февраля 2024", date(2024, 2, 29)),
        ("1 сент 99", date(1999, 9, 1)),
    ],
)
def test_century_and_leap_years(text, expected):
    assert parse_birth_date(text, TODAY) == expected


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("31.02.1985", "impossible"),
        ("31 февраля 1985", "impossible"),
        ("29.02.2023", "impossible"),
        ("00.00.1985", "impossible"),
        ("12.13.1985", "impossible"),
        ("32.01.1985", "impossible"),
        ("24.11.2026", "future"),
        ("1 мая 2030", "future"),
        ("01.01.1899", "too_old"),
        ("1800-01-01", "too_old"),
        ("", "empty"),
        (None, "empty"),
        ("  ", "empty"),
        ("вчера", "unknown_format"),
        ("1985", "unknown_format"),
        ("12.03", "unknown_format"),
        ("9" * 10_000, "unknown_format"),
    ],
)
def test_refusals(text, code):
    with pytest.raises(BirthDateError) as caught:
        parse_birth_date(text, TODAY)
    assert caught.value.code == code


def test_date_inside_a_line():
    text = "Иванова Мария 12.03.85 8 914 123-45-67"
    found, code, start, stop = find_birth_date(text, TODAY)
    assert (found, code, text[start:stop]) == (date(1985, 3, 12), None, "12.03.85")


def test_bad_date_inside_a_line_is_reported():
    assert find_birth_date("Петров 31.02.1985", TODAY)[:2] == (None, "impossible")


def test_a_phone_is_not_a_date():
    assert find_birth_date("8 914 123-45-67, 25-14-33", TODAY)[:2] in ((None, None), (None, "impossible"))
    assert find_birth_date("8.914.123.45.67", TODAY) == (None, None, 0, 0)


days = st.dates(TODAY - timedelta(days=365 * 110), TODAY)
MONTHS = [
    "января",
    "февраля",
    "марта",
    "апреля",
    "мая",
    "июня",
    "июля",
    "августа",
    "сентября",
    "октября",
    "ноября",
    "декабря",
]


@given(days)
def test_every_day_in_every_spelling(day):
    spellings = [
        f"{day:%d.%m.%Y}",
        f"{day:%Y-%m-%d}",
        f"{day:%d%m%Y}",
        f"{day:%d/%m/%Y}",
        f"{day.day}.{day.month}.{day.year}",
        f"{day.day} {MONTHS[day.month - 1]} {day.year}",
        f"{day.day} {MONTHS[day.month - 1][:3]} {day.year} г.",
    ]
    for text in spellings:
        assert parse_birth_date(text, TODAY) == day
        assert find_birth_date(f"Иванова {text}, ", TODAY)[0] == day


@given(st.dates(TODAY - timedelta(days=365 * 99), TODAY))
def test_two_digit_years_within_a_century(day):
    assert parse_birth_date(f"{day:%d.%m.%y}", TODAY) == day


@given(st.text(max_size=60) | st.text("0123456789./- мартягод", max_size=30))
def test_any_text_gives_a_date_or_a_typed_error(text):
    try:
        value = parse_birth_date(text, TODAY)
    except BirthDateError as error:
        assert error.code
    else:
        assert parse_birth_date(value.isoformat(), TODAY) == value <= TODAY
    _found, _code, start, stop = find_birth_date(text, TODAY)
    assert 0 <= start <= stop <= len(text)

"""Ages at the border of a birthday."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st
from slot_algebra import add_years, age_window, full_years

DATES = st.dates(date(1920, 1, 1), date(2030, 12, 31))


@given(DATES, st.integers(0, 100))
def test_birthday(birth, years):
    day = add_years(birth, years)
    assert full_years(birth, day) == years
    assert full_years(birth, day - timedelta(days=1)) == years - 1


@given(DATES, DATES, st.integers(0, 30), st.none() | st.integers(0, 60))
def test_window(birth, on, age_min, age_max):
    first, after = age_window(birth, age_min, age_max)
    inside = (first is None or on >= first) and (after is None or on < after)
    age = full_years(birth, on)
    assert inside == ((age_min == 0 or age >= age_min) and (age_max is None or age <= age_max))


def test_born_on_29_february():
    assert full_years(date(2008, 2, 29), date(2026, 2, 28)) == 17
    assert full_years(date(2008, 2, 29), date(2026, 3, 1)) == 18

"""The same hours on another day: the clock of the branch counts, through its changes."""

from datetime import date, datetime, timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st
from slot_algebra import copy_range, utc_to_wall, wall_to_utc

ZONES = st.sampled_from(
    ["Europe/Kaliningrad", "Asia/Irkutsk", "Asia/Kamchatka", "Europe/Berlin", "America/New_York"]
)
DAYS = st.dates(date(2026, 1, 1), date(2027, 12, 31))


def shift(day, low, length, tz):
    return wall_to_utc(day, low, tz), wall_to_utc(day, low + length, tz)


@given(DAYS, st.integers(0, 1439), st.integers(5, 1440), st.integers(-400, 400), ZONES)
def test_as_made_on_that_day(day, low, length, days, tz):
    """A copy is what a template of these hours would make there."""
    start, stop = shift(day, low, length, tz)
    if (stop - start) != timedelta(minutes=length) or utc_to_wall(start, tz).hour * 60 + utc_to_wall(
        start, tz
    ).minute != low:
        return
    wanted = shift(day + timedelta(days=days), low, length, tz)
    assert copy_range(start, stop, days, tz) == (wanted if wanted[0] < wanted[1] else None)


@given(DAYS, st.integers(0, 1439), st.integers(5, 1440), st.integers(1, 20), ZONES)
def test_order_is_kept(day, low, length, days, tz):
    """What does not overlap in the source does not overlap in the copy."""
    first = shift(day, low, length, tz)
    second = first[1], wall_to_utc(day, low + length + 60, tz)
    pairs = [copy_range(*pair, days, tz) for pair in (first, second) if pair[0] < pair[1]]
    pairs = [pair for pair in pairs if pair]
    assert all(one[1] <= two[0] for one, two in pairwise(pairs))


def test_the_skipped_hour_is_left_out():
    start, stop = datetime(2027, 3, 21, 1), datetime(2027, 3, 21, 2)  # 2:00–3:00 in Berlin
    assert copy_range(start, stop, 7, "Europe/Berlin") is None
    assert copy_range(start, stop, 0, "Europe/Berlin") == (start, stop)

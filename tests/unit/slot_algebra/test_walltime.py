"""Wall time of branches: rules of one zone per branch, skipped and doubled hours (Z1)."""

from datetime import date, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from slot_algebra import local_date, local_day, utc_to_wall, wall_to_utc

#: All zones of Russia, and zones with summer time on both sides of the equator.
ZONES = [
    "Europe/Kaliningrad", "Europe/Moscow", "Europe/Samara", "Asia/Yekaterinburg", "Asia/Omsk",
    "Asia/Novosibirsk", "Asia/Krasnoyarsk", "Asia/Irkutsk", "Asia/Yakutsk", "Asia/Chita",
    "Asia/Vladivostok", "Asia/Magadan", "Asia/Sakhalin", "Asia/Kamchatka",
    "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "America/Santiago",
]  # fmt: skip
#: The days on which Russian zones changed their rules; midnight of 26.10.2014 came twice in Chita.
CHANGES = [
    date(2010, 3, 28), date(2010, 10, 31), date(2011, 3, 27), date(2014, 10, 26), date(2016, 3, 27),
    date(2016, 4, 24), date(2016, 7, 24),
]  # fmt: skip
DAYS = st.one_of(
    st.dates(date(2025, 1, 1), date(2028, 12, 31)),
    st.dates(date(2010, 1, 1), date(2017, 12, 31)),
    st.builds(lambda day, n: day + timedelta(days=n), st.sampled_from(CHANGES), st.integers(-1, 1)),
)
MINUTES = st.integers(0, 2880)


@given(DAYS, MINUTES, st.sampled_from(ZONES))
def test_round_trip(day, minutes, tz):
    """The clock of the branch shows the wanted time, or it is an hour that this clock skips."""
    wanted = datetime.combine(day, datetime.min.time()) + timedelta(minutes=minutes)
    moment = wall_to_utc(day, minutes, tz)
    shown = utc_to_wall(moment, tz)
    if shown != wanted:
        assert shown > wanted
        assert utc_to_wall(moment - timedelta(minutes=1), tz) < wanted, "first minute after the gap"


@given(DAYS, MINUTES, MINUTES, st.sampled_from(ZONES))
def test_order_is_kept(day, first, second, tz):
    assume(first <= second)
    assert wall_to_utc(day, first, tz) <= wall_to_utc(day, second, tz)


@given(DAYS, st.integers(0, 1439), st.sampled_from(ZONES), st.sampled_from(ZONES))
def test_zone_of_the_reader_does_not_matter(day, minutes, tz, reader):
    """Another user's clock shows another time of the same instant, never another instant."""
    moment = wall_to_utc(day, minutes, tz)
    elsewhere = moment.replace(tzinfo=timezone.utc).astimezone(ZoneInfo(reader))
    back = elsewhere.astimezone(timezone.utc).replace(tzinfo=None)
    assert back == moment
    assert local_date(back, tz) == utc_to_wall(moment, tz).date()


@given(DAYS, st.sampled_from(ZONES))
def test_days_follow_each_other(day, tz):
    start, stop = local_day(day, tz)
    assert stop == local_day(day + timedelta(days=1), tz)[0]
    assert timedelta(hours=22) <= stop - start <= timedelta(hours=26)
    assert local_date(start, tz) == day == local_date(stop - timedelta(minutes=1), tz)


@pytest.mark.parametrize("year", [2010, 2014, 2016, 2026])
@pytest.mark.parametrize("tz", ZONES)
def test_every_day_of_a_year(tz, year):
    """A shift of 9 to 15 begins at 9 on the branch's clock on every day, and lasts 6 hours."""
    for offset in range(365):
        day = date(year, 1, 1) + timedelta(days=offset)
        start, stop = wall_to_utc(day, 540, tz), wall_to_utc(day, 900, tz)
        assert (utc_to_wall(start, tz).hour, utc_to_wall(stop, tz).hour) == (9, 15)
        assert stop - start == timedelta(hours=6)
        assert local_date(start, tz) == day


def test_skipped_hour():
    """Berlin, 29 March 2026: the clock goes from 2:00 to 3:00."""
    day = date(2026, 3, 29)
    assert wall_to_utc(day, 119, "Europe/Berlin") == datetime(2026, 3, 29, 0, 59)
    assert wall_to_utc(day, 120, "Europe/Berlin") == datetime(2026, 3, 29, 1, 0)
    assert wall_to_utc(day, 150, "Europe/Berlin") == datetime(2026, 3, 29, 1, 0)
    assert wall_to_utc(day, 180, "Europe/Berlin") == datetime(2026, 3, 29, 1, 0)
    assert wall_to_utc(day, 210, "Europe/Berlin") == datetime(2026, 3, 29, 1, 30)


def test_doubled_hour():
    """Berlin, 25 October 2026: 2:00 to 3:00 comes twice; the first passage is meant."""
    day = date(2026, 10, 25)
    assert wall_to_utc(day, 150, "Europe/Berlin") == datetime(2026, 10, 25, 0, 30)
    assert wall_to_utc(day, 180, "Europe/Berlin") == datetime(2026, 10, 25, 2, 0)


def test_zones_that_changed_for_good():
    """Chita went from UTC+10 to +8 in 2014 (midnight came twice) and to +9 in 2016; Irkutsk from +9 to +8."""
    before, change = date(2014, 10, 25), date(2014, 10, 26)
    assert local_day(before, "Asia/Chita") == (datetime(2014, 10, 24, 14), datetime(2014, 10, 25, 14))
    assert local_day(change, "Asia/Chita") == (datetime(2014, 10, 25, 14), datetime(2014, 10, 26, 16))
    assert wall_to_utc(change, 540, "Asia/Chita") == datetime(2014, 10, 26, 1)
    assert wall_to_utc(date(2016, 3, 26), 540, "Asia/Chita") == datetime(2016, 3, 26, 1)
    assert wall_to_utc(date(2016, 3, 27), 540, "Asia/Chita") == datetime(2016, 3, 27, 0)
    assert wall_to_utc(before, 540, "Asia/Irkutsk") == datetime(2014, 10, 25, 0)
    assert wall_to_utc(change, 540, "Asia/Irkutsk") == datetime(2014, 10, 26, 1)


def test_shift_over_midnight():
    assert wall_to_utc(date(2026, 5, 1), 1440 + 120, "Asia/Irkutsk") == datetime(2026, 5, 1, 18, 0)
    assert local_date(datetime(2026, 5, 1, 18, 0), "Asia/Irkutsk") == date(2026, 5, 2)

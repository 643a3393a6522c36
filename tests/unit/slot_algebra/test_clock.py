# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What was agreed keeps its wall time when the rules of a zone change; changes are found to the minute."""

from datetime import datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st
from slot_algebra import clock_rules, kept_moment, offset_at, rules_differ, utc_to_wall

ZONES = [
    "Europe/Moscow",
    "Asia/Irkutsk",
    "Asia/Chita",
    "Europe/Berlin",
    "Australia/Lord_Howe",
    "Asia/Kolkata",
]
MOMENTS = st.datetimes(datetime(2012, 1, 1), datetime(2028, 1, 1)).map(
    lambda moment: moment.replace(second=0, microsecond=0)
)


@given(MOMENTS, st.sampled_from(ZONES), st.sampled_from(ZONES))
def test_wall_time_is_kept(moment, old, new):
    kept = kept_moment(moment, offset_at(moment, old), new)
    wanted, shown = utc_to_wall(moment, old), utc_to_wall(kept, new)
    # an hour that the new rules skip becomes the end of the gap
    assert shown == wanted or wanted < shown <= wanted + timedelta(hours=1)


@given(MOMENTS, st.sampled_from(ZONES))
def test_nothing_moves_without_a_change(moment, zone):
    assert kept_moment(moment, offset_at(moment, zone), zone) == moment


@given(MOMENTS, st.sampled_from(ZONES), st.integers(0, 366 * 24 * 60))
def test_rules_tell_every_offset(first, zone, minutes):
    last = first + timedelta(days=366)
    rules = clock_rules(first, last, zone)
    at = first + timedelta(minutes=minutes)
    assert [rule[1] for rule in rules if rule[0] <= at][-1] == offset_at(at, zone)
    assert rules_differ(rules, zone, last) is None


def test_the_first_difference_is_found():
    first, last = datetime(2026, 1, 1), datetime(2026, 12, 31)
    rules = clock_rules(first, last, "Europe/Berlin")
    assert rules_differ(rules, "Africa/Algiers", last) == datetime(2026, 3, 29, 1)
    assert rules_differ(rules, "Asia/Irkutsk", last) == first

"""A course of visits against every row that there is."""

from datetime import date, timedelta
from itertools import combinations, pairwise

from hypothesis import given
from hypothesis import strategies as st
from slot_algebra import Rhythm, Start, choose_series
from slot_algebra.series import DAY_COST

FIRST = date(2026, 11, 23)
STARTS = st.lists(
    st.builds(
        Start,
        st.integers(-1, 9).map(lambda n: FIRST + timedelta(days=n)),
        st.integers(8, 12).map(lambda hour: hour * 60),
        st.integers(1, 2),
    ),
    max_size=9,
    unique=True,
)
RHYTHMS = st.builds(
    Rhythm,
    st.integers(1, 4),
    st.integers(1, 3),
    st.sampled_from((540, 600)),
    st.integers(0, 1),
    st.sampled_from((60, 1440)),
    st.booleans(),
    st.sampled_from((frozenset(range(7)), frozenset({0, 2, 4}), frozenset({1}), frozenset({0, 1, 5, 6}))),
)


def between(first, last, rhythm):
    """Days that suit after the first one up to the last one."""
    days = (first + timedelta(days=n) for n in range(1, (last - first).days + 1))
    return sum(day.weekday() in rhythm.weekdays for day in days)


def cost(row, rhythm):
    gaps = [between(start.day, later.day, rhythm) for start, later in pairwise(row)]
    # the first day itself is none to wait for when it suits
    wait = between(FIRST - timedelta(days=1), row[0].day, rhythm) - 1
    days = wait + sum(abs(gap - rhythm.every) for gap in gaps)
    return days * DAY_COST + sum(abs(start.minute - rhythm.minute) for start in row)


def keeps(row, rhythm):
    gaps = [between(start.day, later.day, rhythm) for start, later in pairwise(row)]
    return (
        row[0].day >= FIRST
        and all(start.day.weekday() in rhythm.weekdays for start in row)
        and all(max(1, rhythm.every - rhythm.slack) <= gap <= rhythm.every + rhythm.slack for gap in gaps)
        and all(abs(start.minute - rhythm.minute) <= rhythm.off for start in row)
        and (not rhythm.one_owner or len({start.owner for start in row}) == 1)
    )


@given(STARTS, RHYTHMS)
def test_no_row_is_better(starts, rhythm):
    found = choose_series(starts, rhythm, FIRST)
    rows = [
        row
        for size in range(1, rhythm.count + 1)
        for row in combinations(sorted(starts), size)
        if keeps(row, rhythm)
    ]
    if not rows:
        assert found == []
        return
    best = min((-len(row), cost(row, rhythm)) for row in rows)
    assert keeps(found, rhythm)
    assert (-len(found), cost(found, rhythm)) == best


@given(STARTS, RHYTHMS, st.randoms())
def test_the_order_of_starts_does_not_matter(starts, rhythm, dice):
    mixed = list(starts)
    dice.shuffle(mixed)
    assert choose_series(mixed, rhythm, FIRST) == choose_series(starts, rhythm, FIRST)


def test_ten_visits_every_other_day_at_about_ten():
    days = [FIRST + timedelta(days=n) for n in range(40)]
    starts = [Start(day, hour * 60, 1) for day in days if day.weekday() < 5 for hour in (9, 10, 15)]
    row = choose_series(starts, Rhythm(10, every=2, minute=610, slack=1, off=120), FIRST)
    assert len(row) == 10
    assert {start.minute for start in row} == {600}
    assert all(start.day.weekday() < 5 for start in row)


def test_mondays_wednesdays_and_fridays():
    days = [FIRST + timedelta(days=n) for n in range(30)]
    starts = [Start(day, 600, 1) for day in days if day != FIRST + timedelta(days=2)]
    found = choose_series(
        starts, Rhythm(6, slack=1, weekdays=frozenset({0, 2, 4})), FIRST + timedelta(days=1)
    )
    # the first Wednesday is taken
    assert [start.day.strftime("%a %d") for start in found] == [
        "Fri 27", "Mon 30", "Wed 02", "Fri 04", "Mon 07", "Wed 09",
    ]  # fmt: skip

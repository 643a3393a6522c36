"""Patterns of working days: weekly, of two weeks, odd and even dates, days on and off, single dates."""

from datetime import date, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st
from slot_algebra import Block, Pattern, expand, self_overlaps
from slot_algebra.pattern import CYCLE, DATES, PARITY, TWO_WEEKS, WEEK, day_of_cycle, is_on, week_of

DAYS = st.dates(date(2024, 1, 1), date(2029, 12, 31))
MONDAY = date(2026, 11, 30)


def dates_of(pattern, blocks, first, days):
    ranges = expand(pattern, blocks, first, first + timedelta(days=days - 1))
    return [start.date().isoformat()[5:] for start, _stop, _block in ranges]


def test_week_with_a_break():
    blocks = [Block(n, low, high, weekday=0) for n, (low, high) in enumerate([(540, 780), (840, 1080)])]
    ranges = expand(Pattern(), blocks, MONDAY, MONDAY + timedelta(days=7))
    hours = [(start.hour, stop.hour, block.key) for start, stop, block in ranges]
    assert hours == [(9, 13, 0), (14, 18, 1)] * 2


def test_two_weeks_count_from_the_monday_of_the_anchor():
    pattern = Pattern(TWO_WEEKS, anchor=MONDAY + timedelta(days=3))
    one, two, both = (Block(week, 540, 600, weekday=day, week=week) for day, week in ((0, 1), (0, 2), (2, 0)))
    assert dates_of(pattern, [one], MONDAY, 28) == ["11-30", "12-14"]
    assert dates_of(pattern, [two], MONDAY, 28) == ["12-07", "12-21"]
    assert dates_of(pattern, [both], MONDAY, 21) == ["12-02", "12-09", "12-16"]
    assert dates_of(pattern, [one], MONDAY - timedelta(days=28), 28) == ["11-02", "11-16"], (
        "and into the past"
    )


def test_odd_and_even_dates():
    odd, even = Block("odd", 540, 600, parity=1), Block("even", 840, 900, parity=2)
    first = date(2026, 12, 30)
    assert dates_of(Pattern(PARITY), [odd], first, 5) == ["12-31", "01-01", "01-03"], "31 is followed by 1"
    assert dates_of(Pattern(PARITY), [even], first, 5) == ["12-30", "01-02"]
    weekdays = Pattern(PARITY, skip_weekends=True)
    assert dates_of(weekdays, [odd, even], date(2026, 12, 4), 4) == ["12-04", "12-07"]


def test_two_days_on_two_off():
    pattern = Pattern(CYCLE, anchor=MONDAY, days_on=2, days_off=2)
    every = Block("all", 480, 1200)
    assert dates_of(pattern, [every], MONDAY, 8) == ["11-30", "12-01", "12-04", "12-05"]
    day, night = Block("day", 480, 1200, cycle_day=1), Block("night", 1200, 480, cycle_day=2)
    ranges = expand(pattern, [day, night], MONDAY, MONDAY + timedelta(days=3))
    assert [(stop - start, block.key) for start, stop, block in ranges] == [
        (timedelta(hours=12), "day"),
        (timedelta(hours=12), "night"),
    ]


def test_single_dates():
    blocks = [Block(0, 540, 600, day=MONDAY), Block(1, 540, 600, day=MONDAY + timedelta(days=9))]
    assert dates_of(Pattern(DATES), blocks, MONDAY, 30) == ["11-30", "12-09"]


def test_hours_that_the_clock_skips_are_left_out():
    night = Block(0, 120, 180, tz="Europe/Berlin", weekday=6)
    assert not expand(Pattern(), [night], date(2026, 3, 29), date(2026, 3, 29))
    assert len(expand(Pattern(), [night], date(2026, 3, 22), date(2026, 3, 29))) == 1


def test_blocks_of_two_branches_keep_their_own_clocks():
    """Nine in Irkutsk is four in Moscow; the ranges are told apart by the instant."""
    blocks = [
        Block("irkutsk", 540, 600, "Asia/Irkutsk", weekday=0),
        Block("moscow", 540, 600, "Europe/Moscow", weekday=0),
    ]
    ranges = expand(Pattern(), blocks, MONDAY, MONDAY)
    assert [(start, block.key) for start, _stop, block in ranges] == [
        (datetime(2026, 11, 30, 1), "irkutsk"),
        (datetime(2026, 11, 30, 6), "moscow"),
    ]


def test_overlaps_within_a_pattern():
    monday = [
        Block("a", 540, 780, weekday=0),
        Block("b", 720, 900, weekday=0),
        Block("c", 780, 900, weekday=1),
    ]
    assert [(one.key, two.key) for one, two in self_overlaps(Pattern(), monday)] == [("a", "b")]
    night = [Block("night", 1320, 360, weekday=6), Block("early", 300, 540, weekday=0)]
    assert self_overlaps(Pattern(), night), "the night of Sunday meets Monday"
    turns = [Block("a", 540, 780, weekday=0, week=1), Block("b", 540, 780, weekday=0, week=2)]
    assert not self_overlaps(Pattern(TWO_WEEKS, anchor=MONDAY), turns)
    odd_nights = [Block("n", 1320, 360, parity=1), Block("m", 300, 600, parity=1)]
    assert self_overlaps(Pattern(PARITY), odd_nights), "31 and 1 are both odd"
    cycle = Pattern(CYCLE, anchor=MONDAY, days_on=1, days_off=1)
    assert not self_overlaps(cycle, [Block("day and night", 480, 480)])
    assert self_overlaps(
        Pattern(CYCLE, anchor=MONDAY, days_on=2, days_off=1),
        [Block("n", 480, 490, cycle_day=1), Block("m", 485, 500)],
    )
    assert self_overlaps(
        Pattern(DATES),
        [Block("a", 1320, 360, day=MONDAY), Block("b", 60, 120, day=MONDAY + timedelta(days=1))],
    )


@given(DAYS, DAYS, st.integers(1, 9), st.integers(0, 9))
def test_a_cycle_has_its_days_wherever_one_looks(anchor, day, days_on, days_off):
    pattern = Pattern(CYCLE, anchor=anchor, days_on=days_on, days_off=days_off)
    length = days_on + days_off
    numbers = [day_of_cycle(pattern, day + timedelta(days=n)) for n in range(length)]
    assert sorted(numbers) == list(range(1, length + 1))
    every = Block(0, 540, 600)
    assert sum(is_on(pattern, every, day + timedelta(days=n)) for n in range(length)) == days_on
    assert day_of_cycle(pattern, anchor) == 1


@given(DAYS, DAYS)
def test_two_weeks_alternate(anchor, day):
    pattern = Pattern(TWO_WEEKS, anchor=anchor)
    assert week_of(pattern, day) + week_of(pattern, day + timedelta(days=7)) == 3
    assert week_of(pattern, anchor) == 1


PATTERNS = st.builds(
    Pattern,
    kind=st.sampled_from([WEEK, TWO_WEEKS, PARITY, CYCLE]),
    anchor=DAYS,
    days_on=st.integers(1, 4),
    days_off=st.integers(0, 4),
    skip_weekends=st.booleans(),
)
BLOCKS = st.lists(
    st.builds(
        Block,
        key=st.integers(),
        minute_from=st.sampled_from(range(0, 1440, 120)),
        minute_to=st.sampled_from(range(60, 1441, 60)),
        weekday=st.integers(0, 6),
        week=st.integers(0, 2),
        parity=st.integers(0, 2),
        cycle_day=st.integers(0, 3),
    ),
    max_size=5,
)


@given(PATTERNS, BLOCKS)
def test_what_is_said_not_to_overlap_never_does(pattern, blocks):
    """Against the dates themselves: 90 days of the pattern hold an overlap only if the check says so."""
    spans = []
    for position, block in enumerate(blocks):
        for number in range(90):
            day = date(2026, 12, 1) + timedelta(days=number)
            if is_on(pattern, block, day):
                low = day.toordinal() * 1440
                spans.append((low + block.minute_from, low + block.minute_end, position))
    spans.sort()
    meets = {
        tuple(sorted((one[2], two[2])))
        for number, one in enumerate(spans)
        for two in spans[number + 1 :]
        if two[0] < one[1]
    }
    told = {tuple(sorted((blocks.index(a), blocks.index(b)))) for a, b in self_overlaps(pattern, blocks)}
    positions = {tuple(sorted((blocks.index(blocks[i]), blocks.index(blocks[j])))) for i, j in meets}
    assert positions <= told

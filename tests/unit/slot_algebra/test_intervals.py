"""The set arithmetic against a minute-by-minute model."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st
from slot_algebra import (
    Lead,
    Need,
    Unit,
    contains,
    cut_starts,
    find_starts,
    free_lane,
    intersect,
    merge,
    overlaps,
    subtract,
)

HORIZON = 120
PAIRS = st.lists(st.tuples(st.integers(0, HORIZON), st.integers(0, HORIZON)), max_size=8)


def minutes(pairs):
    return {minute for start, stop in pairs for minute in range(start, stop)}


def tidy(pairs):
    """Sorted, disjoint, not touching, not empty."""
    return all(start < stop for start, stop in pairs) and all(
        first[1] < second[0] for first, second in pairwise(pairs)
    )


@given(PAIRS)
def test_merge(pairs):
    assert minutes(merge(pairs)) == minutes(pairs)
    assert tidy(merge(pairs))


@given(PAIRS, PAIRS)
def test_subtract(first, second):
    assert minutes(subtract(first, second)) == minutes(first) - minutes(second)
    assert tidy(subtract(first, second))


@given(PAIRS, PAIRS)
def test_intersect(first, second):
    assert minutes(intersect(first, second)) == minutes(first) & minutes(second)
    assert intersect(first, second) == intersect(second, first)


@given(st.tuples(st.integers(0, 30), st.integers(0, 30)), st.tuples(st.integers(0, 30), st.integers(0, 30)))
def test_overlaps(first, second):
    assert overlaps(first, second) == bool(minutes([first]) & minutes([second]))


def test_touching_pairs_do_not_overlap():
    assert not overlaps((0, 10), (10, 20))
    assert merge([(0, 10), (10, 20)]) == [(0, 20)]
    assert contains([(0, 10), (10, 20)], (5, 15))


@given(PAIRS, st.integers(-20, 20), st.integers(1, 30), st.integers(1, 40))
def test_cut_starts(pairs, anchor, step, duration):
    free = merge(pairs)
    found = cut_starts(free, anchor, step, duration)
    expected = [
        start
        for start in range(HORIZON + 1)
        if (start - anchor) % step == 0
        and any(low <= start and start + duration <= high for low, high in free)
    ]
    assert found == expected


@given(st.dictionaries(st.integers(0, 4), PAIRS), st.tuples(st.integers(0, 50), st.integers(51, 100)))
def test_free_lane(taken, wanted):
    lane = free_lane(taken, wanted, 4)
    free = [n for n in range(4) if not minutes(taken.get(n, ())) & minutes([wanted])]
    assert lane == (free[0] if free else None)


UNIT = st.builds(Unit, st.integers(), PAIRS, PAIRS)
SMALL = st.integers(0, 15)


@given(
    st.builds(
        Lead,
        UNIT,
        PAIRS.map(merge),
        duration=st.integers(1, 40),
        step=st.integers(1, 30),
        before=SMALL,
        after=SMALL,
    ),
    st.lists(st.builds(Need, st.lists(UNIT, max_size=3), SMALL, SMALL), max_size=2),
    PAIRS,
)
def test_find_starts(lead, needs, patient_busy):
    """Every minute of the visit, and of each buffer, is looked at one by one."""

    def free(unit, start, before, after):
        visit = set(range(start, start + lead.duration))
        wide = set(range(start - before, start + lead.duration + after))
        return not wide & minutes(unit.busy) and not visit & minutes(unit.away)

    expected = []
    for low, high in lead.shifts:
        for start in range(low, high - lead.duration + 1, lead.step):
            visit = set(range(start, start + lead.duration))
            good = free(lead.unit, start, lead.before, lead.after) and not visit & minutes(patient_busy)
            if good and all(
                any(free(unit, start, need.before, need.after) for unit in need.units) for need in needs
            ):
                expected.append(start)
    assert find_starts(lead, needs, patient_busy) == expected


def test_two_half_free_rooms_do_not_make_one():
    lead = Lead(Unit(1), [(0, 60)], duration=60, step=60)
    halves = Need([Unit(2, busy=[(0, 30)]), Unit(3, busy=[(30, 60)])])
    assert find_starts(lead, [halves]) == []

"""The way from standing shifts to a pattern: nothing with a visit is touched, twice is as once."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st
from slot_algebra import Standing, Wanted, overlaps, plan_shifts
from slot_algebra.plan import ARCHIVED, DAY_OFF, EDITED, KEEP, MAKE, REMOVE, TAKEN, VISITS


def actions(*args, **kwargs):
    return [(step.action, step.start, step.stop) for step in plan_shifts(*args, **kwargs)]


def test_what_stands_is_kept():
    assert actions([Wanted(1, 5, "a")], [Standing(1, 5, "a", has_visits=True)]) == [(KEEP, 1, 5)]


def test_a_changed_pattern_replaces_what_nobody_uses():
    assert actions([Wanted(2, 6)], [Standing(1, 5)]) == [(REMOVE, 1, 5), (MAKE, 2, 6)]
    assert actions([Wanted(1, 5, "new")], [Standing(1, 5, "old")]) == [(MAKE, 1, 5), (REMOVE, 1, 5)]
    assert actions([], [Standing(1, 5)]) == [(REMOVE, 1, 5)]


def test_visits_and_changes_by_hand_stay():
    assert actions([Wanted(2, 6)], [Standing(1, 5, has_visits=True)]) == [(VISITS, 1, 5), (TAKEN, 2, 6)]
    assert actions([Wanted(2, 6)], [Standing(1, 5, is_edited=True)]) == [(EDITED, 1, 5), (TAKEN, 2, 6)]
    assert actions([Wanted(1, 5, "new")], [Standing(1, 5, "old", has_visits=True)]) == [(VISITS, 1, 5)]


def test_other_shifts_the_past_and_days_off():
    assert actions([Wanted(2, 6)], [Standing(1, 5, is_own=False)]) == [(TAKEN, 2, 6)]
    assert actions([Wanted(5, 6)], [Standing(1, 4)], since=2) == [(MAKE, 5, 6)], "history stays, untold"
    off = Wanted(2, 6, is_closed=True)
    assert actions([off], []) == [(DAY_OFF, 2, 6)]
    assert actions([off], [Standing(2, 6)]) == [(REMOVE, 2, 6), (DAY_OFF, 2, 6)]
    assert actions([Wanted(2, 6)], [], archived=[(2, 6)]) == [(ARCHIVED, 2, 6)]


def test_the_earlier_of_two_that_meet_wins():
    assert actions([Wanted(4, 8), Wanted(1, 5)], []) == [(MAKE, 1, 5), (TAKEN, 4, 8)]


RANGES = st.tuples(st.integers(0, 40), st.integers(1, 8)).map(lambda pair: (pair[0], sum(pair)))
MARKS = st.sampled_from("ab")


@st.composite
def standing_shifts(draw):
    shifts = []
    for pair in draw(st.lists(RANGES, max_size=8)):
        if not any(overlaps(pair, (shift.start, shift.stop)) for shift in shifts):
            flags = [draw(st.booleans()) for _n in range(3)]
            shifts.append(Standing(*pair, draw(MARKS), *flags))
    return shifts


@given(
    st.lists(st.builds(lambda pair, *rest: Wanted(*pair, *rest), RANGES, MARKS, st.booleans()), max_size=8),
    standing_shifts(),
    st.lists(RANGES, max_size=2),
    st.integers(0, 40),
)
def test_plan_against_its_rules(wanted, standing, archived, since):
    steps = plan_shifts(wanted, standing, archived, since)
    removed = [step.standing for step in steps if step.action == REMOVE]
    made = [step.wanted for step in steps if step.action == MAKE]
    assert not any(
        shift.has_visits or shift.is_edited or not shift.is_own or shift.start < since for shift in removed
    )
    after = [shift for shift in standing if shift not in removed]
    after += [Standing(item.start, item.stop, item.mark) for item in made]
    after.sort()
    assert all(one.stop <= two.start for one, two in pairwise(after)), "never overlaps"
    again = plan_shifts(wanted, after, archived, since)
    assert not [step for step in again if step.action in (MAKE, REMOVE)], "twice is as once"
    told = {(step.start, step.stop) for step in steps}
    assert all((item.start, item.stop) in told for item in wanted), "nothing is lost without a word"
    for item in made:
        assert not item.is_closed
        assert not any(overlaps((item.start, item.stop), pair) for pair in archived)

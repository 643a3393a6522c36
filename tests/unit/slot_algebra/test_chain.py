"""Chains of services in one coming against every chain that there is."""

from datetime import datetime, timedelta
from itertools import combinations, pairwise, permutations, product

from hypothesis import given
from hypothesis import strategies as st
from slot_algebra import Place, find_chains

ZERO = datetime(2026, 11, 24, 8, 0)
NO_TIME = timedelta(0)
REFS = st.integers(1, 3)


def minutes(number):
    return timedelta(minutes=10 * number)


def place(start, length, ref=1):
    begin = ZERO + minutes(start)
    return Place(begin, begin + minutes(length), ref)


PLACES = st.lists(
    st.lists(st.builds(place, st.integers(0, 12), st.integers(1, 4), REFS), max_size=5),
    min_size=1,
    max_size=4,
)


@st.composite
def wishes(draw):
    places = draw(PLACES)
    row = st.lists(st.integers(0, 2).map(minutes), min_size=len(places), max_size=len(places))
    pauses = draw(st.none() | st.lists(row, min_size=len(places), max_size=len(places)))
    return places, pauses, draw(st.booleans())


def every_chain(places, pauses, fixed):
    """``(waiting, order, places)`` of every row in which each visit keeps the pauses after all before it."""
    numbers = range(len(places))
    for order in [tuple(numbers)] if fixed else permutations(numbers):
        for row in product(*(places[number] for number in order)):
            for n in range(1, len(row)):
                pause = max(pauses[one][order[n]] for one in order[:n]) if pauses else NO_TIME
                if row[n].start < row[n - 1].stop + pause:
                    break
            else:
                waits = (later.start - earlier.stop for earlier, later in pairwise(row))
                yield sum(waits, NO_TIME), order, row


@given(wishes(), st.none() | st.integers(0, 8).map(minutes), st.randoms())
def test_nobody_waits_less(wish, most, shuffle):
    """From each start the chain found waits as long as the best one of all chains from there."""
    places, pauses, fixed = wish
    wanted = {}
    for waiting, _order, row in every_chain(places, pauses, fixed):
        if most is None or waiting <= most:
            wanted[row[0].start] = min(wanted.get(row[0].start, waiting), waiting)
    found = find_chains(places, pauses, most, limit=999, fixed=fixed)
    assert {chain.start: chain.waiting for chain in found} == wanted
    assert [chain[:2] for chain in found] == sorted(chain[:2] for chain in found)
    mixed = [list(each) for each in places]
    for each in mixed:
        shuffle.shuffle(each)
    assert find_chains(mixed, pauses, most, limit=999, fixed=fixed) == found
    assert find_chains(places, pauses, most, limit=2, fixed=fixed) == found[:2]


@given(wishes())
def test_a_chain_is_what_it_says(wish):
    places, pauses, fixed = wish
    for chain in find_chains(places, pauses, limit=999, fixed=fixed):
        assert sorted(chain.order) == list(range(len(places)))
        assert not fixed or chain.order == tuple(range(len(places)))
        for service, one in zip(chain.order, chain.places, strict=True):
            assert one in places[service]
        assert (chain.start, chain.stop) == (chain.places[0].start, chain.places[-1].stop)
        waits = [later.start - earlier.stop for earlier, later in pairwise(chain.places)]
        assert chain.waiting == sum(waits, NO_TIME)
        for n, m in combinations(range(len(places)), 2):
            pause = pauses[chain.order[n]][chain.order[m]] if pauses else NO_TIME
            assert chain.places[m].start >= chain.places[n].stop + pause


def test_blood_ultrasound_doctor():
    blood = [place(n, 1, n) for n in range(6)]
    scan, doctor = [place(4, 3)], [place(8, 2)]
    (best, *_others) = find_chains([blood, scan, doctor])
    assert best.places == (blood[3], *scan, *doctor), "the last blood test before the scan"
    assert best.waiting == minutes(1)
    assert find_chains([blood, scan, doctor], most=timedelta(minutes=5)) == []
    (best, *_others) = find_chains([doctor, blood, scan])
    assert best.order == (1, 2, 0), "any order"
    assert find_chains([doctor, blood, scan], fixed=True) == []


def test_a_place_that_ends_later_may_wait_less():
    """The soonest end of each step is not the least waiting: a longer visit leaves a shorter gap."""
    first, middle = [place(0, 1)], [place(1, 1, 1), place(1, 4, 2)]
    last = [place(5, 1)]
    (best,) = find_chains([first, middle, last])
    assert (best.waiting, best.places[1].ref) == (NO_TIME, 2)


def test_pauses_between_services_that_do_not_follow_each_other():
    pause = minutes(3)
    pauses = [[NO_TIME] * 2 + [pause], [NO_TIME] * 3, [NO_TIME] * 3]
    rows = [[place(0, 1)], [place(1, 1)], [place(n, 1, n) for n in range(2, 9)]]
    (best,) = find_chains(rows, pauses, fixed=True)
    assert best.places[2].start >= best.places[0].stop + pause


def test_nothing_free():
    assert find_chains([]) == []
    assert find_chains([[place(0, 1)], []]) == []

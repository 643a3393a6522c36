"""Who is offered a freed place first, when it suits him, and how long he may think."""

from datetime import date, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st
from slot_algebra import Waiter, Wish, offer_minutes, rank, suits

NOW = datetime(2026, 11, 23, 9, 0)
MOMENTS = st.datetimes(datetime(2026, 1, 1), NOW)
WAITERS = st.lists(
    st.builds(Waiter, st.integers(1, 10_000), st.integers(0, 2), MOMENTS, st.integers(0, 5)),
    max_size=12,
    unique_by=lambda one: one.id,
)


@given(WAITERS, st.randoms())
def test_the_order_does_not_depend_on_the_input(waiters, shuffle):
    mixed = list(waiters)
    shuffle.shuffle(mixed)
    assert rank(mixed) == rank(waiters)
    assert sorted(rank(waiters)) == sorted(waiters)


@given(WAITERS)
def test_urgency_goes_before_everything(waiters):
    urgencies = [one.urgency for one in rank(waiters)]
    assert urgencies == sorted(urgencies, reverse=True)


@given(WAITERS, st.data())
def test_a_refusal_never_helps_and_waiting_never_harms(waiters, data):
    if not waiters:
        return
    one = data.draw(st.sampled_from(waiters))
    place = rank(waiters).index(one)
    others = [other for other in waiters if other != one]
    refused = one._replace(refusals=one.refusals + 1)
    longer = one._replace(since=one.since - timedelta(days=1))
    assert rank([*others, refused]).index(refused) >= place
    assert rank([*others, longer]).index(longer) <= place


def test_who_keeps_refusing_is_overtaken():
    first = Waiter(1, 0, NOW - timedelta(days=10), 1)
    later = Waiter(2, 0, NOW - timedelta(days=4), 0)
    assert rank([first, later]) == [later, first]
    assert rank([first._replace(refusals=0), later])[0].id == 1


@given(
    st.frozensets(st.integers(0, 6)),
    st.integers(0, 1439),
    st.integers(1, 1440),
    st.datetimes(datetime(2026, 11, 1), datetime(2026, 12, 31)).map(
        lambda moment: moment.replace(second=0, microsecond=0)
    ),
    st.integers(1, 300),
)  # fmt: skip
def test_every_minute_of_the_visit_is_within_the_wish(weekdays, low, high, start, length):
    wish = Wish(weekdays, low, high)
    minute = start.hour * 60 + start.minute
    within = all(low <= minute + n < (high if high < 1440 else 2 * 1440) for n in range(length))
    on_day = not weekdays or start.weekday() in weekdays
    assert suits(wish, start, start + timedelta(minutes=length)) == (within and on_day)


def test_a_visit_over_midnight_suits_who_named_no_end():
    start = datetime(2026, 11, 24, 23, 45)
    stop = start + timedelta(minutes=30)
    assert suits(Wish(), start, stop)
    assert suits(Wish(minute_from=20 * 60), start, stop)
    assert not suits(Wish(minute_to=23 * 60 + 59), start, stop)


def test_dates_are_inclusive():
    wish = Wish(date_from=date(2026, 11, 24), date_to=date(2026, 11, 25))
    length = timedelta(minutes=30)
    fits = [
        suits(wish, datetime(2026, 11, day, 10), datetime(2026, 11, day, 10) + length)
        for day in range(23, 27)
    ]
    assert fits == [False, True, True, False]


@given(st.integers(0, 5000), st.integers(1, 60), st.integers(1, 60), st.integers(0, 48), st.integers(1, 120))
def test_nobody_thinks_past_the_last_moment(left, usual, near, near_hours, least):
    start = NOW + timedelta(minutes=left)
    minutes = offer_minutes(start, NOW, usual, near, near_hours, least)
    if left < least:
        assert minutes is None
        return
    assert 1 <= minutes <= max(usual, near)
    assert left - minutes >= least or minutes == 1
    if left >= near_hours * 60 and left - least >= usual:
        assert minutes == usual

# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Patterns of working days: from a rule on the clock of a branch to dated UTC ranges."""

from dataclasses import dataclass
from datetime import date, timedelta

from .intervals import overlaps
from .walltime import wall_to_utc

DAY = 1440

WEEK, TWO_WEEKS, PARITY, CYCLE, DATES = "week", "two_weeks", "parity", "cycle", "dates"
KINDS = (WEEK, TWO_WEEKS, PARITY, CYCLE, DATES)


@dataclass(frozen=True)
class Pattern:
    """How the days of a schedule follow each other.

    ``kind``: one of ``KINDS``. ``anchor``: a day of the first of two weeks, or the first day of a
    cycle of ``days_on`` working days and ``days_off`` free ones; both go on into the past.
    ``skip_weekends``: odd and even dates on Monday to Friday only.
    """

    kind: str = WEEK
    anchor: date = date(2000, 1, 3)
    days_on: int = 0
    days_off: int = 0
    skip_weekends: bool = False


@dataclass(frozen=True)
class Block:
    """One stretch of hours of the pattern: whole minutes after midnight on the clock of ``tz``.

    An end not after the start lies on the next day. Which days it is for depends on the kind of
    the pattern: ``weekday`` (0 = Monday), with ``week`` 1, 2 or 0 for both; ``parity`` 1 for odd
    dates, 2 for even ones, 0 for both; ``cycle_day`` 1… or 0 for every working day; ``day``.
    ``key`` is the caller's own.
    """

    key: object
    minute_from: int
    minute_to: int
    tz: str = "UTC"
    weekday: int | None = None
    week: int = 0
    parity: int = 0
    cycle_day: int = 0
    day: date | None = None

    @property
    def minute_end(self):
        """Minutes from the midnight of its day to the end."""
        return self.minute_to if self.minute_to > self.minute_from else self.minute_to + DAY


def is_on(pattern, block, day):
    """Whether the block takes place on the date."""
    if pattern.kind == DATES:
        return block.day == day
    if pattern.kind in (WEEK, TWO_WEEKS):
        if block.weekday != day.weekday():
            return False
        return pattern.kind == WEEK or block.week in (0, week_of(pattern, day))
    if pattern.kind == PARITY:
        if pattern.skip_weekends and day.weekday() > 4:
            return False
        return block.parity == 0 or block.parity % 2 == day.day % 2
    number = day_of_cycle(pattern, day)
    return number <= pattern.days_on and block.cycle_day in (0, number)


def week_of(pattern, day):
    """1 or 2: which of the two weeks, Monday to Sunday, the date lies in."""
    first = pattern.anchor - timedelta(days=pattern.anchor.weekday())
    return (day - first).days // 7 % 2 + 1


def day_of_cycle(pattern, day):
    """The number of the date within the cycle, from 1; free days follow the working ones."""
    return (day - pattern.anchor).days % (pattern.days_on + pattern.days_off) + 1


def expand(pattern, blocks, first, last):
    """UTC ranges ``(start, stop, block)`` of both dates and those between, in order of time.

    Hours that the clock skips altogether are left out.
    """
    ranges = []
    for number in range((last - first).days + 1):
        day = first + timedelta(days=number)
        for block in blocks:
            if is_on(pattern, block, day):
                start = wall_to_utc(day, block.minute_from, block.tz)
                stop = wall_to_utc(day, block.minute_end, block.tz)
                if start < stop:
                    ranges.append((start, stop, block))
    return sorted(ranges, key=lambda item: item[:2])


def self_overlaps(pattern, blocks):
    """Pairs of blocks that meet in time on some day of the pattern, each pair once, in order.

    Looked for on the wall clock, as if all blocks were in one zone: the person is one.
    """
    pairs = []
    spans = []
    for day in _sample_days(pattern, blocks):
        for position, block in enumerate(blocks):
            if is_on(pattern, block, day):
                midnight = day.toordinal() * DAY
                spans.append((midnight + block.minute_from, midnight + block.minute_end, position))
    spans.sort()
    for number, (start, stop, position) in enumerate(spans):
        for other_start, other_stop, other in spans[number + 1 :]:
            if other_start >= stop:
                break
            pair = tuple(sorted((position, other)))
            if overlaps((start, stop), (other_start, other_stop)) and pair not in pairs:
                pairs.append(pair)
    return [(blocks[one], blocks[two]) for one, two in sorted(pairs)]


def _sample_days(pattern, blocks):
    """Dates in which every neighbourhood of days of the pattern occurs."""
    if pattern.kind == DATES:
        return sorted({block.day for block in blocks if block.day})
    if pattern.kind == CYCLE:
        count = pattern.days_on + pattern.days_off + 1
    else:
        # odd follows odd only at the end of a month of 31 days, as on 31 January 2000, a Monday
        count = {WEEK: 8, TWO_WEEKS: 15, PARITY: 40}[pattern.kind]
    return [date(2000, 1, 1) + timedelta(days=number) for number in range(count)]

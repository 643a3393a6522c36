# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""A row of visits out of free starts: so many, every so many days, at about one hour."""

from typing import NamedTuple

ALL_WEEK = frozenset(range(7))
#: A day off the rhythm, or a day later begun, weighs as much as so many minutes off the hour.
DAY_COST = 240


class Start(NamedTuple):
    """A free start on the calendar of the branch; ``owner`` gives the service then."""

    day: object  # datetime.date
    minute: int  # after midnight
    owner: int


class Rhythm(NamedTuple):
    """What is wished. ``slack``: days that a visit may be nearer to the one before, or farther.

    ``weekdays``: those that suit, Monday is 0. Days of ``every`` and ``slack`` are counted among them: every
    one of Monday, Wednesday and Friday is three visits a week.
    """

    count: int
    every: int = 1
    minute: int = 600
    slack: int = 0
    off: int = 1440  # the most minutes before or after the hour
    one_owner: bool = False
    weekdays: frozenset = ALL_WEEK


def choose_series(starts, rhythm, first):
    """The best row of starts, of ``rhythm.count`` or of as many as there are: ``[Start]`` by day.

    More visits go before everything, then the smaller sum of: minutes off the hour, days off the rhythm and
    days from ``first`` to the first visit (a day as ``DAY_COST``). Neighbours are ``every ± slack`` days
    apart, at least one. Only days that suit are counted. The answer does not depend on the
    order of ``starts``.
    """
    near = [
        start
        for start in starts
        if start.day >= first
        and start.day.weekday() in rhythm.weekdays
        and abs(start.minute - rhythm.minute) <= rhythm.off
    ]
    if not rhythm.one_owner:
        return _best_row(near, rhythm, first)[2]
    owners = sorted({start.owner for start in near})
    rows = [_best_row([start for start in near if start.owner == owner], rhythm, first) for owner in owners]
    return min(rows, key=lambda row: row[:2], default=(0, 0, []))[2]


def _number(day, weekdays):
    """How many days that suit lie before this one: neighbours differ by one."""
    # the first of January of the year 1 was a Monday
    week, weekday = divmod(day.toordinal() - 1, 7)
    return week * len(weekdays) + sum(other < weekday for other in weekdays)


def _best_row(starts, rhythm, first):
    """``(minus visits, cost, starts)`` by one pass over the days for each visit of the row."""
    best_of = {}
    for start in starts:
        day, cost = _number(start.day, rhythm.weekdays), abs(start.minute - rhythm.minute)
        best_of[day] = min(best_of.get(day, (cost, start)), (cost, start))
    if not best_of or rhythm.count < 1:
        return 0, 0, []
    gaps = range(max(1, rhythm.every - rhythm.slack), rhythm.every + rhythm.slack + 1)
    begin = _number(first, rhythm.weekdays)
    # day → (cost of the row that ends there, day before)
    layers = [{day: (cost + (day - begin) * DAY_COST, None) for day, (cost, _s) in best_of.items()}]
    while len(layers) < rhythm.count:
        before, layer = layers[-1], {}
        for day, (cost, _start) in best_of.items():
            ways = [
                (before[day - gap][0] + abs(gap - rhythm.every) * DAY_COST + cost, gap)
                for gap in gaps
                if day - gap in before
            ]
            if ways:
                total, gap = min(ways)
                layer[day] = (total, day - gap)
        if not layer:
            break
        layers.append(layer)
    day = min(layers[-1], key=lambda each: (layers[-1][each][0], each))
    total, row = layers[-1][day][0], []
    for layer in reversed(layers):
        row.append(best_of[day][1])
        day = layer[day][1]
    return -len(row), total, row[::-1]

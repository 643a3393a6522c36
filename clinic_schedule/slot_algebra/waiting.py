# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Whom a freed place is offered first, and for how long. Time is passed in; nothing here asks the clock."""

from datetime import timedelta
from typing import NamedTuple

from .pattern import DAY

#: So much waiting time does a refusal cost: who keeps refusing does not stay first for ever.
REFUSAL_COSTS = timedelta(days=7)


class Waiter(NamedTuple):
    """Somebody who waits; ``since`` is a datetime, a higher ``urgency`` goes first."""

    id: int
    urgency: int
    since: object
    refusals: int


class Wish(NamedTuple):
    """When somebody can come: days of the week (Monday is 0; empty is any), minutes, days of the year."""

    weekdays: frozenset = frozenset()
    minute_from: int = 0
    minute_to: int = DAY
    date_from: object = None
    date_to: object = None


def rank(waiters):
    """The waiters in the order of offers: urgency, then the time waited less what refusals cost.

    Of equals the one with the smaller id, who was entered first. The order of the input does not matter.
    """
    return sorted(waiters, key=lambda one: (-one.urgency, one.since + one.refusals * REFUSAL_COSTS, one.id))


def suits(wish, start, stop):
    """Whether a visit from ``start`` to ``stop`` on the clock of the branch lies in what was wished.

    A visit that goes on over midnight ends after 24:00 of the day it begins on; a wish that ends at 24:00
    does not say when the visit has to end.
    """
    day = start.date()
    if wish.weekdays and day.weekday() not in wish.weekdays:
        return False
    if (wish.date_from and day < wish.date_from) or (wish.date_to and day > wish.date_to):
        return False
    first = start.hour * 60 + start.minute
    last = first + -((start - stop) // timedelta(minutes=1))
    return wish.minute_from <= first and (last <= wish.minute_to or wish.minute_to >= DAY)


def offer_minutes(start, now, usual, near, near_hours, least):
    """How many minutes people may think over a place that begins at ``start``; None: only a call is left.

    Less than ``least`` minutes before it begins nothing is offered by message; within ``near_hours`` the
    time is the shorter one, and it never goes on later than ``least`` minutes before the visit, unless
    there would be nothing left of it.
    """
    left = (start - now) // timedelta(minutes=1)
    if left < max(least, 1):
        return None
    minutes = near if start - now < timedelta(hours=near_hours) else usual
    return max(1, min(minutes, left - least)) if left > least else 1

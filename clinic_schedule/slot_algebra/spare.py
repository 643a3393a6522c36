# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Reduced prices of time that would stay empty: which rule fits, what it makes of a price.

Prices are amounts in one currency, loads are shares of the working time between 0 and 1.
"""

from decimal import ROUND_FLOOR, Decimal
from typing import NamedTuple


class SpareRule(NamedTuple):
    """When a price is reduced and by how much; ``None`` in a set means that everything fits."""

    ref: int
    company: int
    services: frozenset | None = None  # these, or those of the sections; None: all
    sections: frozenset = frozenset()
    resources: frozenset | None = None
    branches: frozenset | None = None
    channels: frozenset | None = None
    weekdays: frozenset | None = None  # Monday is 0
    minute_from: int = 0  # of the day on the clock of the branch
    minute_to: int = 1440
    lead_from: int = 0  # minutes between now and the start: at least so many
    lead_to: int | None = None  # fewer than so many
    first_day: object = None  # dates of the branch, inclusive
    last_day: object = None
    load_below: float | None = None  # forecast of the day's load of the doctor
    percent: float = 0.0
    least: float = 0.0  # the price does not fall below
    rounding: float = 0.0  # down to a multiple of
    per_day: int = 0  # so many visits of one day; 0: no limit


class SpareTime(NamedTuple):
    """One free start as the rules see it."""

    company: int
    service: int
    sections: frozenset  # of the price list: the service's own and those above it
    resource: int
    branch: int
    channel: str
    wall: object  # datetime on the clock of the branch
    lead: int  # minutes from now to the start


class DayLoad(NamedTuple):
    """How full a day of a doctor is, and how much of it is usually booked from now on."""

    now: float  # share of his working time that is taken
    pickup: float  # share that is usually still booked

    @property
    def forecast(self):
        """Share that will be taken in the end, at most 1."""
        return min(1.0, self.now + self.pickup)

    @property
    def chance(self):
        """Chance that one free start is sold anyway: what is usually booked, over what is free."""
        free = 1.0 - self.now
        return min(1.0, self.pickup / free) if free > 0 else 1.0


def fits(rule, time):
    """Whether the rule is for this time, its load aside."""
    minute = time.wall.hour * 60 + time.wall.minute
    day = time.wall.date()
    return (
        rule.company == time.company
        and (
            rule.services is None
            or time.service in rule.services
            or not rule.sections.isdisjoint(time.sections)
        )
        and all(
            wanted is None or value in wanted
            for wanted, value in (
                (rule.resources, time.resource),
                (rule.branches, time.branch),
                (rule.channels, time.channel),
                (rule.weekdays, day.weekday()),
            )
        )
        and rule.minute_from <= minute < rule.minute_to
        and time.lead >= rule.lead_from
        and (rule.lead_to is None or time.lead < rule.lead_to)
        and (rule.first_day is None or day >= rule.first_day)
        and (rule.last_day is None or day <= rule.last_day)
    )


def is_idle(rule, load):
    """Whether the day is empty enough for the rule."""
    return rule.load_below is None or load.forecast < rule.load_below


def reduced_price(price, rule):
    """The price of the rule: rounded down, not below its least price, never above the usual one."""
    exact = Decimal(str(price)) * (100 - Decimal(str(rule.percent))) / 100
    if rule.rounding > 0:
        step = Decimal(str(rule.rounding))
        exact = (exact / step).to_integral_value(rounding=ROUND_FLOOR) * step
    cheap = max(exact, Decimal(str(rule.least)), Decimal(0))
    return min(float(round(cheap, 2)), price)


def best_rule(price, rules):
    """``(rule, reduced price)`` of the cheapest of these rules, the first of equals; None if none helps."""
    priced = [(reduced_price(price, rule), rule) for rule in rules]
    priced = [(cheap, rule) for cheap, rule in priced if cheap < price]
    if not priced:
        return None
    cheap, rule = min(priced, key=lambda pair: pair[0])
    return rule, cheap

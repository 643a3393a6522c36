# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What has to happen so that the dated shifts follow their pattern, without touching a visit."""

from bisect import bisect_left, insort
from dataclasses import dataclass, field

from .intervals import overlaps

MAKE, KEEP, REMOVE = "make", "keep", "remove"
VISITS, EDITED, ARCHIVED, TAKEN, DAY_OFF = "visits", "edited", "archived", "taken", "day_off"
ACTIONS = (MAKE, KEEP, REMOVE, VISITS, EDITED, ARCHIVED, TAKEN, DAY_OFF)


@dataclass(frozen=True, order=True)
class Wanted:
    """A range the pattern wants; ``mark`` is everything else that makes a shift what it is.

    ``is_closed``: it starts on a day off and is left out.
    """

    start: object
    stop: object
    mark: str = ""
    is_closed: bool = False
    block: object = field(default=None, compare=False)


@dataclass(frozen=True, order=True)
class Standing:
    """A shift that exists.

    ``is_own``: made from this pattern; ``is_edited``: changed by hand after that.
    """

    start: object
    stop: object
    mark: str = ""
    is_own: bool = True
    is_edited: bool = False
    has_visits: bool = False
    shift: object = field(default=None, compare=False)


@dataclass(frozen=True)
class Step:
    """One line of a plan: what happens to a wanted range or to a standing shift.

    Of a range that is taken, ``standing`` is the shift in its place; None if that is made only now.
    """

    action: str
    start: object
    stop: object
    wanted: Wanted | None = None
    standing: Standing | None = None


def plan_shifts(wanted, standing, archived=(), since=None):
    """The steps from the shifts that stand to the pattern, in order of time.

    :param wanted: list of Wanted, may overlap each other: the earlier one wins
    :param standing: active shifts of the resource around the period, which never overlap
    :param archived: ranges of own shifts that somebody has archived: not made again
    :param since: own shifts that start before it are history and are never removed

    An own shift that the pattern no longer wants is removed, unless it has visits or was changed
    by hand: then it stays, and what is wanted in its place is told, not made.
    """
    wanted, standing = sorted(wanted), sorted(standing)
    wishes = {(item.start, item.stop, item.mark) for item in wanted if not item.is_closed}
    steps, taken = [], []
    for shift in standing:
        action = _fate(shift, wishes, since)
        if action:
            steps.append(Step(action, shift.start, shift.stop, standing=shift))
        if action != REMOVE:
            insort(taken, (shift.start, shift.stop))
    kept = {(step.start, step.stop, step.standing.mark) for step in steps if step.action == KEEP}
    held = {(step.start, step.stop) for step in steps if step.action in (VISITS, EDITED)}
    for item in wanted:
        pair = (item.start, item.stop)
        if (*pair, item.mark) in kept:
            kept.discard((*pair, item.mark))
            continue
        if pair in held:
            # the same hours stand already, in another form: told once, as that shift
            continue
        there = None
        if item.is_closed:
            action = DAY_OFF
        elif _meets(pair, taken):
            action = TAKEN
            there = next((one for one in standing if overlaps(pair, (one.start, one.stop))), None)
        elif any(overlaps(pair, other) for other in archived):
            action = ARCHIVED
        else:
            action = MAKE
            insort(taken, pair)
        steps.append(Step(action, item.start, item.stop, item, there))
    return sorted(steps, key=lambda step: (step.start, step.stop, ACTIONS.index(step.action)))


def _fate(shift, wishes, since):
    """What happens to a standing shift; None for one that is not the pattern's own or is history."""
    if not shift.is_own:
        return None
    if (shift.start, shift.stop, shift.mark) in wishes:
        return KEEP
    if since is not None and shift.start < since:
        return None
    if shift.has_visits:
        return VISITS
    return EDITED if shift.is_edited else REMOVE


def _meets(pair, taken):
    """Whether the range meets one of the disjoint, sorted ones."""
    position = bisect_left(taken, pair)
    return any(overlaps(pair, other) for other in taken[max(position - 1, 0) : position + 1])

# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Reference model of the slot search: slow, short and obviously right.

The visit ``[start, start + duration)`` must lie in one shift, outside absences and the
patient's own visits; each thing it occupies must be free for the visit with its own
buffers. A needed unit must be free for the whole visit alone: two half-free rooms do not
make one.
"""

from dataclasses import dataclass, field

from .cutter import cut_starts
from .intervals import overlaps


@dataclass
class Unit:
    """A room or device: what occupies it, and when it is away (repair)."""

    key: int
    busy: list = field(default_factory=list)
    away: list = field(default_factory=list)


@dataclass
class Need:
    """Any one of the units, kept ``before`` and ``after`` the visit as well."""

    units: list
    before: int = 0
    after: int = 0

    def free_units(self, start, stop):
        """The units that are free for the visit with this need's buffers."""
        wanted = (start - self.before, stop + self.after)
        return [
            unit
            for unit in self.units
            if not any(overlaps(pair, wanted) for pair in unit.busy)
            and not any(overlaps(pair, (start, stop)) for pair in unit.away)
        ]


@dataclass
class Lead:
    """A leading resource: its shifts and the terms of one service with it."""

    unit: Unit
    shifts: list
    duration: int
    step: int
    before: int = 0
    after: int = 0


def find_starts(lead, needs=(), patient_busy=(), window=None):
    """All starts of the service with this lead, in order.

    ``window`` is a pair that holds the starts (half-open). Shifts are pairs and anchor
    the grid.
    """
    own = Need([lead.unit], lead.before, lead.after)
    result = []
    for shift in lead.shifts:
        for start in cut_starts([shift], shift[0], lead.step, lead.duration):
            stop = start + lead.duration
            if window and not window[0] <= start < window[1]:
                continue
            if any(overlaps(pair, (start, stop)) for pair in patient_busy):
                continue
            if all(need.free_units(start, stop) for need in (own, *needs)):
                result.append(start)
    return sorted(result)

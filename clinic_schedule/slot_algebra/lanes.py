# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Capacity as lanes: N equal places are N lanes, each with its own intervals."""

from .intervals import overlaps


def free_lane(taken, wanted, limit, first=0):
    """The lowest lane of ``first … first + limit - 1`` that is free for the pair, or None.

    ``taken`` maps a lane to its intervals.
    """
    for lane in range(first, first + limit):
        if not any(overlaps(pair, wanted) for pair in taken.get(lane, ())):
            return lane
    return None

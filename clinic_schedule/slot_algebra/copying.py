# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The same hours on another day, on the clock of the branch."""

from datetime import timedelta

from .walltime import utc_to_wall, wall_to_utc


def copy_range(start, stop, days, tz):
    """The UTC range with the wall time of ``(start, stop)``, so many days later (or earlier).

    None when the clock skips these hours on that day. Across a change of the clock the range is an
    hour longer or shorter, as the hours on the wall say.
    """
    pair = tuple(_moved(moment, days, tz) for moment in (start, stop))
    return pair if pair[0] < pair[1] else None


def _moved(moment, days, tz):
    wall = utc_to_wall(moment, tz)
    minutes = wall.hour * 60 + wall.minute
    return wall_to_utc(wall.date() + timedelta(days=days), minutes, tz) + timedelta(
        seconds=wall.second, microseconds=wall.microsecond
    )

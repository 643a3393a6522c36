# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Wall time of a branch to UTC and back. UTC moments are naive, as Odoo stores them."""

from datetime import datetime, time, timedelta, timezone
from zoneinfo import ZoneInfo

MINUTE = timedelta(minutes=1)


def wall_to_utc(day, minutes, tz):
    """The naive UTC moment of ``minutes`` after midnight on the clock of the zone.

    ``minutes`` may pass 1440 (the following day). An hour that the clock shows twice means
    its first passage; an hour that the clock skips means the first moment after the gap.
    The order of wall times is therefore kept.
    """
    zone = ZoneInfo(tz)
    wall = datetime.combine(day, time()) + timedelta(minutes=minutes)
    moment = wall.replace(tzinfo=zone).astimezone(timezone.utc).replace(tzinfo=None)
    if utc_to_wall(moment, tz) == wall:
        return moment
    # skipped: the offset before the gap led behind it; its end is found by bisection
    low, high = moment - timedelta(days=1), moment
    while high - low > MINUTE:
        middle = low + timedelta(minutes=(high - low) // MINUTE // 2)
        if utc_to_wall(middle, tz) > wall:
            high = middle
        else:
            low = middle
    return high


def utc_to_wall(moment, tz):
    """What the clock of the zone shows at a naive UTC moment, as a naive datetime."""
    return moment.replace(tzinfo=timezone.utc).astimezone(ZoneInfo(tz)).replace(tzinfo=None)


def local_date(moment, tz):
    """The date on the calendar of the zone at a naive UTC moment."""
    return utc_to_wall(moment, tz).date()


def local_day(day, tz):
    """``(start, stop)``: the naive UTC moments between which the zone has this date."""
    return wall_to_utc(day, 0, tz), wall_to_utc(day + timedelta(days=1), 0, tz)

# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What a change of the rules of a zone (a decree, a new tzdata) does to moments agreed before."""

from datetime import timedelta

from .walltime import MINUTE, utc_to_wall, wall_to_utc

DAY = timedelta(days=1)


def offset_at(moment, tz):
    """Minutes by which the clock of the zone is ahead of UTC at a naive UTC moment."""
    return (utc_to_wall(moment, tz) - moment) // MINUTE


def kept_moment(moment, offset, tz):
    """The moment at which the clock shows now what it was to show at ``moment`` with ``offset``.

    The same moment as long as the rules have not changed there, also in an hour shown twice.
    """
    if offset_at(moment, tz) == offset:
        return moment
    wall = moment + timedelta(minutes=offset)
    midnight = wall.replace(hour=0, minute=0)
    return wall_to_utc(wall.date(), (wall - midnight) // MINUTE, tz)


def clock_rules(first, last, tz):
    """``[(moment, offset), …]``: the offset at ``first`` and all later ones until ``last``, to the minute."""
    rules = [(first, offset_at(first, tz))]
    low = first
    while low < last:
        high = min(low + DAY, last)
        if offset_at(high, tz) != rules[-1][1]:
            before = low
            after = high
            while after - before > MINUTE:
                middle = before + timedelta(minutes=(after - before) // MINUTE // 2)
                if offset_at(middle, tz) == rules[-1][1]:
                    before = middle
                else:
                    after = middle
            rules.append((after, offset_at(after, tz)))
            high = after
        low = high
    return rules


def rules_differ(known, tz, last):
    """The first moment before ``last`` at which the zone does not follow ``known``, or None."""
    for position, (moment, offset) in enumerate(known):
        if moment >= last:
            break
        end = known[position + 1][0] if position + 1 < len(known) else last
        for changed, now in clock_rules(moment, min(end, last) - MINUTE, tz):
            if now != offset:
                return changed
    return None

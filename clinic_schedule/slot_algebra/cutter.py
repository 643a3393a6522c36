# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Cutting free time into starts on a grid."""


def grid_index(moment, anchor, step):
    """``(k, exact)``: the last grid point not after the moment, and whether it is the moment."""
    k, rest = divmod(moment - anchor, step)
    return k, not rest


def cut_starts(free, anchor, step, duration):
    """All starts ``anchor + k * step`` at which ``duration`` fits into one free interval.

    ``free`` must already be cut to the time that the starts may use; ``step`` and
    ``duration`` have the type of a difference of two moments and are positive.
    """
    starts = []
    for start, stop in free:
        k, exact = grid_index(start, anchor, step)
        moment = anchor + (k if exact else k + 1) * step
        while moment + duration <= stop:
            starts.append(moment)
            moment += step
    return starts

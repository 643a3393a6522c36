# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Sets of half-open intervals: sorted lists of disjoint pairs, touching pairs joined."""


def merge(intervals):
    """The union of any pairs as a sorted list of disjoint pairs; empty pairs vanish."""
    result = []
    for start, stop in sorted(pair for pair in intervals if pair[0] < pair[1]):
        if result and start <= result[-1][1]:
            if stop > result[-1][1]:
                result[-1] = (result[-1][0], stop)
        else:
            result.append((start, stop))
    return result


def subtract(intervals, holes):
    """What is left of the first set without the second."""
    result = []
    holes = merge(holes)
    for start, stop in merge(intervals):
        for hole_start, hole_stop in holes:
            if hole_stop <= start:
                continue
            if hole_start >= stop:
                break
            if hole_start > start:
                result.append((start, hole_start))
            start = max(start, hole_stop)
            if start >= stop:
                break
        if start < stop:
            result.append((start, stop))
    return result


def intersect(first, second):
    """What both sets have in common."""
    first, second = merge(first), merge(second)
    result, i, j = [], 0, 0
    while i < len(first) and j < len(second):
        start = max(first[i][0], second[j][0])
        stop = min(first[i][1], second[j][1])
        if start < stop:
            result.append((start, stop))
        if first[i][1] < second[j][1]:
            i += 1
        else:
            j += 1
    return result


def overlaps(first, second):
    """Whether two pairs share any time; touching pairs do not."""
    return first[0] < second[1] and second[0] < first[1] and first[0] < first[1] and second[0] < second[1]


def contains(intervals, pair):
    """Whether one interval of the set holds the whole pair."""
    return any(start <= pair[0] and pair[1] <= stop for start, stop in merge(intervals))

"""Edit distance and Jaro–Winkler: rapidfuzz where it is installed, plain Python where it is not."""

from dataclasses import dataclass

try:
    from rapidfuzz.distance import OSA as _OSA
    from rapidfuzz.distance import JaroWinkler as _JaroWinkler
except ImportError:  # the addon installs without it, only slower
    _OSA = _JaroWinkler = None

PREFIX = 4
PREFIX_WEIGHT = 0.1
BOOST_FROM = 0.7


@dataclass(frozen=True)
class Measures:
    """Two functions of two strings. ``edits(a, b, limit)`` gives ``limit + 1`` for "more than the limit"."""

    name: str
    edits: object
    jaro_winkler: object


def plain_edits(left, right, limit):
    """Optimal string alignment: substitutions, insertions, deletions and swapped neighbours."""
    if left == right:
        return 0
    if abs(len(left) - len(right)) > limit:
        return limit + 1
    before, row = None, list(range(len(right) + 1))
    for i, char in enumerate(left, 1):
        older, before, row = before, row, [i]
        for j, other in enumerate(right, 1):
            cost = before[j - 1] + (char != other)
            cost = min(cost, before[j] + 1, row[j - 1] + 1)
            if i > 1 and j > 1 and char == right[j - 2] and left[i - 2] == other:
                cost = min(cost, older[j - 2] + 1)
            row.append(cost)
        if min(row) > limit and min(before) > limit:
            return limit + 1
    return min(row[-1], limit + 1)


def plain_jaro_winkler(left, right):
    """Jaro–Winkler similarity, 0…1, as rapidfuzz counts it."""
    jaro = _jaro(left, right)
    if jaro <= BOOST_FROM:
        return jaro
    prefix = 0
    for char, other in zip(left[:PREFIX], right[:PREFIX], strict=False):
        if char != other:
            break
        prefix += 1
    return jaro + prefix * PREFIX_WEIGHT * (1 - jaro)


def _jaro(left, right):
    if not left or not right:
        return float(left == right)
    if left == right:
        return 1.0
    window = max(max(len(left), len(right)) // 2 - 1, 0)
    taken = [False] * len(right)
    found = []
    for i, char in enumerate(left):
        for j in range(max(0, i - window), min(len(right), i + window + 1)):
            if not taken[j] and right[j] == char:
                taken[j] = True
                found.append(char)
                break
    if not found:
        return 0.0
    others = [char for char, used in zip(right, taken, strict=True) if used]
    swaps = sum(a != b for a, b in zip(found, others, strict=True)) // 2
    same = len(found)
    return (same / len(left) + same / len(right) + (same - swaps) / same) / 3


PLAIN = Measures("python", plain_edits, plain_jaro_winkler)
if _OSA is not None:

    def _fast_edits(left, right, limit, _distance=_OSA.distance):
        return _distance(left, right, score_cutoff=limit)

    FAST = Measures("rapidfuzz", _fast_edits, _JaroWinkler.similarity)
else:
    FAST = None


def measures():
    """The fastest measures there are."""
    return FAST or PLAIN

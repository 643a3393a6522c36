"""Pairs → clusters: the strongest pairs first, nobody beside a card that contradicts."""

AUTO_SIZE = 3
CLIQUE_SIZE = 6
BEST, WORST = 12.0, -12.0
CHECKED = 400  # pairs looked at when two clusters meet; larger ones stay apart
AMBIGUOUS = 4.0


def clusters(edges, score, limit=None):
    """Clusters of cards, each a sorted list; the result depends on the edges only, not on their order.

    Two clusters are joined along their strongest pair when no pair between them is forbidden and the
    weights of all pairs between them speak for it on the whole.

    :param edges: ``{(i, j): Match}`` with ``i < j``, at or above the threshold
    :param score: ``(i, j) → Match`` of any other pair
    :param limit: the largest size of a cluster
    """
    member_of, members = {}, {}
    for left, right in sorted(edges, key=lambda pair: (-edges[pair].weight, pair)):
        one, other = member_of.setdefault(left, left), member_of.setdefault(right, right)
        members.setdefault(one, [one])
        members.setdefault(other, [other])
        if one == other or (limit and len(members[one]) + len(members[other]) > limit):
            continue
        if not _agree(members[one], members[other], edges, score):
            continue
        keep, gone = min(one, other), max(one, other)
        for number in members[gone]:
            member_of[number] = keep
        members[keep] += members.pop(gone)
    return sorted(sorted(group) for group in members.values() if len(group) > 1)


def _agree(one, other, edges, score):
    if len(one) * len(other) > CHECKED:
        return False
    total = 0.0
    for left in one:
        for right in other:
            pair = (left, right) if left < right else (right, left)
            match = edges.get(pair) or score(*pair)
            if match.forbidden:
                return False
            total += min(max(match.weight, WORST), BEST)
    return total > 0


def auto_clusters(group, edges, score, rivals):
    """Parts of a cluster that a machine may join.

    Of three cards at most, held together by pairs of the auto zone; or of more, when every two of them
    are such a pair: then nobody came in by way of somebody else. A group of more than ``CLIQUE_SIZE`` is
    no accident at the desk, so a human looks at the rest of it.

    :param rivals: ``card → weight`` of its strongest pair with a card outside the cluster
    """
    strong = {}
    for place, left in enumerate(group):
        for right in group[place + 1 :]:
            match = edges.get((left, right))
            if match is not None and match.zone == "auto" and not _is_ambiguous(match, left, right, rivals):
                strong[left, right] = match
    if len(group) == 2 or not strong:
        return [group] if strong else []

    def strict(left, right):
        match = edges.get((left, right)) or score(left, right)
        return _Strict(match)

    small = clusters(strong, strict, AUTO_SIZE)
    if not AUTO_SIZE < len(group) <= CLIQUE_SIZE:
        return small
    return max(small, clusters(strong, lambda left, right: Apart, CLIQUE_SIZE), key=_joined)


def _joined(parts):
    return sum(len(part) * (len(part) - 1) for part in parts)


def _is_ambiguous(match, left, right, rivals):
    """Another card outside claims one of the two nearly as strongly (twins, a father and a son)."""
    return max(rivals.get(left, -99.0), rivals.get(right, -99.0)) > match.weight - AMBIGUOUS


def grouped(edges, score):
    """``(clusters, parts that a machine may join)`` of pairs; see :func:`clusters`, :func:`auto_clusters`."""
    groups = clusters(edges, score)
    place = {number: index for index, group in enumerate(groups) for number in group}
    rivals = {}
    for (left, right), match in edges.items():
        if place.get(left) is None or place.get(left) != place.get(right):
            for number in (left, right):
                rivals[number] = max(rivals.get(number, -99.0), match.weight)
    return groups, [part for group in groups for part in auto_clusters(group, edges, score, rivals)]


class Apart:
    """What the score of two cards is that somebody has told apart."""

    weight, forbidden, zone, vetoes = WORST, True, "ignore", ("apart",)


class _Strict:
    """Inside an auto cluster every pair has to be free of vetoes and above the threshold."""

    __slots__ = ("forbidden", "weight")

    def __init__(self, match):
        self.weight = match.weight
        self.forbidden = bool(match.vetoes) or match.zone == "ignore"

# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Several services in one coming: blood test, ultrasound, doctor, with as little waiting as there can be."""

from bisect import bisect_left
from datetime import timedelta
from typing import NamedTuple

NO_TIME = timedelta(0)


class Place(NamedTuple):
    """A free time for one service; ``ref`` is a number by which the caller knows what to book."""

    start: object  # naive UTC datetime
    stop: object
    ref: int


class Chain(NamedTuple):
    """A place for each service; ``order`` are the numbers of the services in the order of the visits."""

    waiting: object  # timedelta between the visits, all together
    start: object
    stop: object
    order: tuple
    places: tuple


def find_chains(places, pauses=None, most=None, limit=10, fixed=False):
    """The chain with the least waiting for each possible start; the best first, of equals the soonest.

    Nothing is guessed: for every set of services that are behind the patient and every place that he
    comes from, the least waiting for the rest is found once, from the end of the chain to its start.

    :param places: for each service a list of its ``Place``, all in one branch and on one day
    :param pauses: ``pauses[a][b]``: timedelta from the end of service a to the start of b; a visit keeps
        the longest one of the services before it. None: none is needed
    :param most: the longest waiting of a chain, all together (timedelta); None: any
    :param fixed: the services are given in the order of ``places``; otherwise in any
    :return: list of ``Chain``, at most ``limit``; it does not depend on the order of each list of places
    """
    count = len(places)
    if not count or not all(places):
        return []
    search = _Search([sorted(set(each)) for each in places], pauses, fixed)
    best = {}
    for chain in search.chains():
        if most is not None and chain.waiting > most:
            continue
        known = best.get(chain.start)
        if known is None or chain < known:
            best[chain.start] = chain
    return sorted(best.values(), key=lambda chain: chain[:4])[:limit]


class _Search:
    """The least waiting from every place on, for each set of visited services (a number of bits)."""

    def __init__(self, places, pauses, fixed):
        self.places, self.fixed = places, fixed
        self.starts = [[place.start for place in each] for each in places]
        count = len(places)
        self.pauses = pauses or [[NO_TIME] * count for _service in places]
        self.whole = (1 << count) - 1
        #: (visited, service) → per place of the service: (waiting of the rest, next service, its place)
        self.rest = {}
        #: (visited, service) → per place: (start + waiting, place) of the best place from there on
        self.heads = {}
        sets = [(1 << n) - 1 for n in range(1, count + 1)] if fixed else range(1, self.whole + 1)
        for visited in sorted(sets, key=int.bit_count, reverse=True):
            for service in self._last(visited):
                self._solve(visited, service)

    def _last(self, visited):
        """The services that may be the last one of those visited."""
        if self.fixed:
            return [visited.bit_length() - 1]
        return [service for service in range(len(self.places)) if visited >> service & 1]

    def _next(self, visited):
        """``(service, pause)`` of the services that may follow."""
        behind = [service for service in range(len(self.places)) if visited >> service & 1]
        ahead = [service for service in range(len(self.places)) if not visited >> service & 1]
        return [
            (service, max(self.pauses[one][service] for one in behind))
            for service in (ahead[:1] if self.fixed else ahead)
        ]

    def _solve(self, visited, service):
        following = self._next(visited)
        rest = [self._onward(place, visited, following) for place in self.places[service]]
        self.rest[visited, service] = rest
        heads, best = [None] * len(rest), None
        for n in range(len(rest) - 1, -1, -1):
            if rest[n] is not None:
                value = (self.places[service][n].start + rest[n][0], n)
                best = value if best is None else min(best, value)
            heads[n] = best
        self.heads[visited, service] = heads

    def _onward(self, place, visited, following):
        """The least waiting after this place, with the next service and its place; None: no way on."""
        if visited == self.whole:
            return NO_TIME, None, None
        best = None
        for service, pause in following:
            at = bisect_left(self.starts[service], place.stop + pause)
            heads = self.heads[visited | 1 << service, service]
            if at < len(heads) and heads[at] is not None:
                way = (heads[at][0] - place.stop, service, heads[at][1])
                best = way if best is None else min(best, way)
        return best

    def chains(self):
        """The best chain from each first place that leads to the end."""
        for service in [0] if self.fixed else range(len(self.places)):
            for n, way in enumerate(self.rest[1 << service, service]):
                if way is not None:
                    yield self._chain(service, n)

    def _chain(self, service, n):
        visited = 1 << service
        waiting, *after = self.rest[visited, service][n]
        order, places = [service], [self.places[service][n]]
        while after[0] is not None:
            service, n = after
            visited |= 1 << service
            order.append(service)
            places.append(self.places[service][n])
            _waiting, *after = self.rest[visited, service][n]
        return Chain(waiting, places[0].start, places[-1].stop, tuple(order), tuple(places))

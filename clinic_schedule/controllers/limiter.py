# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import threading
import time
from collections import OrderedDict, deque


class Limiter:
    """At most so many requests of one key within so many seconds, counted in this process only.

    Guards work, not secrets: links cannot be guessed. Keys are forgotten, the oldest first.
    """

    MOST_KEYS = 10_000

    def __init__(self, most, seconds, clock=time.monotonic):
        self.most, self.seconds, self.clock = most, seconds, clock
        self._hits, self._lock = OrderedDict(), threading.Lock()

    def allows(self, key):
        """Count one request and tell whether it is still within the limit."""
        now = self.clock()
        with self._lock:
            hits = self._hits.setdefault(key, deque())
            self._hits.move_to_end(key)
            while hits and hits[0] <= now - self.seconds:
                hits.popleft()
            while len(self._hits) > self.MOST_KEYS:
                self._hits.popitem(last=False)
            if len(hits) >= self.most:
                return False
            hits.append(now)
            return True

"""One writer at a time: a file lock that dies with its holder."""

import collections
import contextlib
import fcntl
import os
import threading
import time

from .out import say

_held = {}
_threads = collections.defaultdict(threading.RLock)


@contextlib.contextmanager
def locked(home, name):
    """Hold ``.clinic/<name>.lock``; waits aloud for another call. Re-entrant within a thread."""
    path = home.root / (name + ".lock")
    with _threads[str(path)]:
        if _held.get(path):
            yield
        else:
            with _of_processes(path):
                yield


@contextlib.contextmanager
def _of_processes(path):
    with open(path, "a+", encoding="utf-8") as stream:
        _acquire(stream)
        stream.seek(0)
        stream.truncate()
        stream.write(str(os.getpid()))
        stream.flush()
        _held[path] = True
        try:
            yield
        finally:
            del _held[path]


def _acquire(stream):
    told = 0
    while True:
        try:
            fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return
        except BlockingIOError:
            if time.monotonic() - told > 30:
                stream.seek(0)
                say("  жду другой вызов ./clinic (процесс %s) …" % (stream.read().strip() or "?"))
                told = time.monotonic()
            time.sleep(0.3)

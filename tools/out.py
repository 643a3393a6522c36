"""What the command tells its user: short Russian sentences, one failure type, timed steps."""

import contextlib
import sys
import time


class Failure(Exception):
    """A problem the user can act on: the text says what was tried and what to do."""


def say(text=""):
    print(text, flush=True)


def warn(text):
    print(f"! {text}", file=sys.stderr, flush=True)


@contextlib.contextmanager
def step(title):
    """Announce a long step and say how long it took."""
    started = time.monotonic()
    say(f"→ {title} …")
    yield
    say(f"  готово за {duration(time.monotonic() - started)}")


def duration(seconds):
    """Seconds as a person reads them: ``7 с``, ``2 мин 05 с``."""
    if seconds < 10:
        return f"{seconds:.1f} с"
    if seconds < 90:
        return f"{round(seconds)} с"
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes} мин {rest:02d} с"

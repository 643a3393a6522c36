"""./clinic test: chooses the parts, runs them, prints the time of each and the totals."""

import concurrent.futures
import functools
import os
import time

from .. import addons, proc, setup
from ..out import Failure, duration, say
from . import alone, odootests, races, static, upgrades
from .tally import Tally

SHOWN_LINES = 40


class Context:
    """What a part may use."""

    def __init__(self, ground, everything):
        self.ground, self.home, self.everything = ground, ground.home, everything
        self.repo, self.python = ground.home.repo, ground.odoo.python
        self.log_name = "test-odoo"

    @functools.cached_property
    def seed(self):
        """Chooses the samples of the long matrices: one for each commit, so that a failure comes again."""
        if os.environ.get("CLINIC_TEST_SEED"):
            return os.environ["CLINIC_TEST_SEED"]
        return proc.capture(["git", "-C", self.repo, "rev-parse", "HEAD"], check=False).strip() or "0"

    def variables(self):
        """What tests learn from their environment: whole matrices or samples, and which."""
        return {"CLINIC_TEST_SEED": self.seed, "CLINIC_TEST_ALL": "1" if self.everything else ""}


# two processors: these parts, each a single process, one after another on the second of them …
BESIDE = {
    "lint": ("Линтеры", static.lint),
    "budget": ("Размеры файлов", static.budgets),
    "house": ("Устройство дома", static.plan),
    "unit": ("Тесты без Odoo", static.unit),
    "alone": ("Каждый модуль отдельно", alone.run),
    "upgrade": ("Обновление с прежней версии", upgrades.run),
}
# … while these run on the first; the races, which want both, come last
MAIN = {
    "odoo": ("Тесты Odoo", odootests.run),
    "races": ("Гонки записи", races.run),
}


def choose(names, suite, test_addons):
    """Sort the user's words into parts, addons, pytest paths and Odoo test tags."""
    parts, modules, files, tags = [], [], [], []
    for name in names:
        word = name.rstrip("/")
        if word in BESIDE or word in MAIN:
            parts.append(word)
        elif word in ("flows", *test_addons):
            modules.append(odootests.FLOWS if word == "flows" else word)
        elif word in suite:
            modules.append(word)
        elif word.startswith("tests/unit"):
            files.append(name)
        elif any(sign in name for sign in "/:.") or name.isidentifier():
            tags.append(name)
        else:
            raise Failure(
                f"Не знаю, что такое «{name}». Части: {', '.join([*BESIDE, *MAIN, 'flows'])}; "
                "или имя модуля, файл tests/unit/…, метка Odoo вида /модуль:Класс.метод."
            )
    return parts, modules, files, tags


def main(names, everything):
    started = time.monotonic()
    ground = setup.ready(for_tests=True)
    context = Context(ground, everything)
    parts, modules, files, tags = choose(
        names, addons.suite(ground.home.repo), odootests.test_addons(ground.home.repo)
    )
    jobs = _jobs(context, names, parts, modules, files, tags)
    total = Tally()
    with concurrent.futures.ThreadPoolExecutor(1) as pool:
        beside = [(title, pool.submit(_timed, job)) for kind, title, job in jobs if kind == "beside"]
        finished = []
        for title, job in [(title, job) for kind, title, job in jobs if kind == "main"]:
            _collect(beside, finished, total, wait=False)
            say(f"→ {title} …")
            tally, seconds = _timed(job)
            _report(title, tally, seconds)
            total.add(tally)
        _collect(beside, finished, total, wait=True)
    say(f"\nВсего: {duration(time.monotonic() - started)}")
    say(str(total))
    return 1 if total.failed or not (total.passed or total.skipped) else 0


def _jobs(context, names, parts, modules, files, tags):
    jobs = []
    for key, (title, call) in BESIDE.items():
        if not names or key in parts:
            jobs.append(("beside", title, lambda call=call: call(context)))
    if files:
        jobs.append(("beside", "Тесты без Odoo", lambda: static.unit(context, files)))
    if modules or tags:
        title = "Тесты Odoo: " + ", ".join([*modules, *tags])
        jobs.append(("main", title, lambda: odootests.run(context, modules, tags)))
    for key, (title, call) in MAIN.items():
        if not names or key in parts:
            jobs.append(("main", title, lambda call=call: call(context)))
    return jobs


def _timed(job):
    started = time.monotonic()
    return job(), time.monotonic() - started


def _collect(beside, finished, total, wait):
    for title, future in beside:
        if title not in finished and (wait or future.done()):
            tally, seconds = future.result()
            _report(title, tally, seconds)
            total.add(tally)
            finished.append(title)


def _report(title, tally, seconds):
    say(f"{'✗' if tally.failed else '✓'} {title}: {tally} ({duration(seconds)})")
    for line in tally.lines:
        say(f"    {line}")
    for note in tally.notes:
        say(f"  · {note}")
    for name, text in tally.failures:
        say(f"  ✗ {name}")
        for line in text[-SHOWN_LINES:]:
            say(f"      {line}")

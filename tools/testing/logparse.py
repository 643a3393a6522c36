"""Reads Odoo's log of a test run: what ran, what failed, what was skipped, which errors nobody expected."""

import dataclasses
import re

LINE = re.compile(r"^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d,\d{3} \d+ ([A-Z]+) (\S+) ([^\s:]+): (.*)$")
START = re.compile(r"^Starting (\S+) \.\.\.")
SKIP = re.compile(r"^skipped (.+?) : (.*)$")
BROKEN = re.compile(r"^(FAIL|ERROR): (?:Subtest )?(\S+)")
TEST_MODULE = re.compile(r"^odoo\.addons\.([^.]+)\.tests\b")
TIME = re.compile(r"^\d+ post-tests in ([\d.]+)s|^\d+ tests in ([\d.]+)s")
# a tour that did not run proves nothing: these reasons are failures of the environment
NO_BROWSER = ("chrome", "websocket", "devtools")


@dataclasses.dataclass
class Run:
    """Result of reading a log; tests are (module, "Class.method")."""

    started: list = dataclasses.field(default_factory=list)
    broken: dict = dataclasses.field(default_factory=dict)
    skipped: dict = dataclasses.field(default_factory=dict)
    errors: list = dataclasses.field(default_factory=list)
    warnings: list = dataclasses.field(default_factory=list)

    @property
    def passed(self):
        ran = set(self.started)
        return len(ran - set(self.broken) - set(self.skipped))

    def per_module(self):
        counts = {}
        for module, _name in set(self.started):
            counts[module] = counts.get(module, 0) + 1
        return counts

    def without_browser(self):
        """Skips whose reason is a missing browser or its connection."""
        return [
            f"{module} {name}: {why}"
            for (module, name), why in self.skipped.items()
            if any(word in why.lower() for word in NO_BROWSER)
        ]


def read(text):
    """Parse the text of a log into a Run."""
    run = Run()
    record = None
    for raw in text.splitlines():
        match = LINE.match(raw)
        if not match:
            if record is not None:
                record.append(raw)
            continue
        record = _line(run, *match.groups())
    return run


def _line(run, level, _database, logger, message):
    """File one log line; returns the list that collects its following lines, if anybody wants them."""
    found = TEST_MODULE.match(logger)
    module = found[1] if found else ""
    if level in ("INFO", "RUNBOT"):
        _progress(run, module, message)
        return None
    if level in ("ERROR", "CRITICAL"):
        text = [message]
        broken = BROKEN.match(message)
        if broken:
            run.broken.setdefault((module or _module_of(message), broken[2]), text)
        elif not _summary(logger, message):
            run.errors.append((logger, text))
        return text
    if level == "WARNING":
        text = [message]
        run.warnings.append((logger, text))
        return text
    return None


def _progress(run, module, message):
    start = START.match(message)
    if start and module:
        run.started.append((module, start[1]))
        return
    skip = SKIP.match(message)
    if skip:
        run.skipped[(module or _module_of(message), skip[1])] = skip[2]


def _module_of(message):
    """Module out of ``setUpClass (odoo.addons.x.tests.test_y.TestZ)``."""
    found = re.search(r"odoo\.addons\.([^.]+)\.tests", message)
    return found[1] if found else "?"


def _summary(logger, message):
    """Odoo repeats the number of failures as an ERROR line of its own."""
    return logger == "odoo.tests.result" or re.match(r"^Module \S+: \d+ failures?, \d+ errors? of ", message)

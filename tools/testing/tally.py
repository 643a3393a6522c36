"""Counts of one part of the test run, with what a person must read about its failures."""

import dataclasses


@dataclasses.dataclass
class Tally:
    """passed, failed, skipped and the texts behind them."""

    passed: int = 0
    failed: int = 0
    skipped: int = 0
    failures: list = dataclasses.field(default_factory=list)
    notes: list = dataclasses.field(default_factory=list)
    lines: list = dataclasses.field(default_factory=list)

    def check(self, name, problems):
        """One check: passes when ``problems`` is empty."""
        problems = list(problems)
        if problems:
            self.failed += 1
            self.failures.append((name, problems))
        else:
            self.passed += 1

    def skip(self, name, why):
        self.skipped += 1
        self.notes.append(f"{name}: {why}")

    def add(self, other):
        self.passed += other.passed
        self.failed += other.failed
        self.skipped += other.skipped

    def __str__(self):
        return f"{self.passed} passed, {self.failed} failed, {self.skipped} skipped"

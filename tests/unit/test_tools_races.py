"""How ./clinic test reads the answers of the races."""

from tools.testing.races import problems

GOOD = {"bench": "R1", "winners": 100, "expected": 100, "overlaps": 0, "deadlocks": 0, "errors": []}


def test_slow_is_not_wrong():
    assert problems({**GOOD, "ok": False, "worst_ms": 9999}, "log") == []


def test_every_fault_is_named():
    assert problems(None, "log")
    assert problems({"bench": "R1", "error": "died"}, "log") == ["died, журнал log"]
    for fault in (
        {"winners": 101},
        {"overlaps": 1},
        {"deadlocks": 2},
        {"errors": ["x"]},
        {"tokens_ok": False},
    ):
        assert len(problems({**GOOD, **fault}, "log")) == 1

"""Reading Odoo's test log: what counts as run, failed, skipped and as an error nobody expected."""

from tools.testing import logparse

HEAD = "2026-11-22 16:20:05,123 4242 {level} tmp_db {logger}: {message}"


def line(message, level="INFO", logger="odoo.addons.clinic_base.tests.test_branch"):
    return HEAD.format(level=level, logger=logger, message=message)


def log(*lines):
    return logparse.read("\n".join(lines))


def test_passed_tests_are_counted_per_module():
    run = log(
        line("Starting TestBranch.test_zone ... "),
        line("Starting TestBranch.test_hours ... "),
        line("Starting TestBoard.test_move ... ", logger="odoo.addons.clinic_schedule.tests.test_board"),
        line("0 failed, 0 error(s) of 3 tests when loading database 'tmp_db' ", logger="odoo.tests.result"),
    )
    assert run.passed == 3
    assert run.per_module() == {"clinic_base": 2, "clinic_schedule": 1}
    assert not run.broken and not run.errors and not run.skipped


def test_failure_carries_its_traceback():
    run = log(
        line("Starting TestBranch.test_zone ... "),
        line("=" * 70),
        line("FAIL: TestBranch.test_zone", "ERROR"),
        "Traceback (most recent call last):",
        '  File "x.py", line 1, in test_zone',
        "AssertionError: 1 != 2",
        line("Starting TestBranch.test_hours ... "),
        line("Module clinic_base: 1 failures, 0 errors of 2 tests", "ERROR", "odoo.modules.loading"),
        line("1 failed, 0 error(s) of 2 tests when loading database 'tmp_db'", "ERROR", "odoo.tests.result"),
    )
    assert run.passed == 1
    assert list(run.broken) == [("clinic_base", "TestBranch.test_zone")]
    assert run.broken["clinic_base", "TestBranch.test_zone"][-1] == "AssertionError: 1 != 2"
    assert run.errors == [], "Odoo's own totals are not a second error"


def test_subtests_of_one_test_are_one_failure():
    run = log(
        line("Starting TestTexts.test_russian ... "),
        line("FAIL: Subtest TestTexts.test_russian (module='clinic_base')", "ERROR"),
        line("FAIL: Subtest TestTexts.test_russian (module='clinic_schedule')", "ERROR"),
    )
    assert (run.passed, len(run.broken)) == (0, 1)


def test_broken_class_setup_is_a_failure_although_nothing_started():
    run = log(
        line(
            "ERROR: setUpClass (odoo.addons.clinic_base.tests.test_branch.TestBranch)",
            "ERROR",
            "odoo.addons.clinic_base.tests.test_branch",
        ),
        "Traceback (most recent call last):",
    )
    assert run.passed == 0
    assert list(run.broken) == [("clinic_base", "setUpClass")]


def test_unexpected_error_is_reported_with_its_logger():
    run = log(
        line("Starting TestBranch.test_zone ... "),
        line("bad query: INSERT INTO clinic_branch", "ERROR", "odoo.sql_db"),
        "ERROR: relation does not exist",
    )
    assert run.passed == 1
    assert run.errors == [
        ("odoo.sql_db", ["bad query: INSERT INTO clinic_branch", "ERROR: relation does not exist"])
    ]


def test_skipped_tour_without_a_browser_is_told_apart():
    run = log(
        line("Starting TestTour.test_book ... "),
        line("skipped TestTour.test_book : Chrome executable not found"),
        line("Starting TestTour.test_other ... "),
        line("skipped TestTour.test_other : only with --all"),
    )
    assert run.passed == 0
    assert len(run.skipped) == 2
    assert run.without_browser() == ["clinic_base TestTour.test_book: Chrome executable not found"]


def test_warnings_keep_their_following_lines():
    run = log(line("deprecated", "WARNING", "py.warnings"), "  File x")
    assert run.warnings == [("py.warnings", ["deprecated", "  File x"])]


def test_empty_log():
    run = log("")
    assert run.passed == 0 and run.per_module() == {}

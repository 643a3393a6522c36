"""Obtains axe-core, the accessibility checker, for the tests that look at pages in a browser."""

from .. import wheels
from ..out import Failure

DECLARED = "tests/axe/requirements.txt"
FILE, WHY = "CLINIC_AXE_FILE", "CLINIC_AXE_MISSING"


def environment(context):
    """Environment variables for the test run: where axe-core lies, or why it is missing.

    Without it the tests that need it are skipped with this reason, and fail where ``CI`` is set.
    """
    try:
        return {FILE: str(_obtain(context.home, context.python))}
    except Failure as failure:
        return {WHY: " ".join(str(failure).split())[:300]}


def _obtain(home, python):
    folder = wheels.obtain(home, python, "axe", DECLARED, "Не удалось получить axe-core")
    found = next(folder.glob("*/axe.min.js"), None)
    if not found:
        raise Failure(f"В пакете из {DECLARED} нет axe.min.js")
    return found

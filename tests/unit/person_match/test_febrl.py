"""The engine on public sets with known truth: a regression test, not a proof of quality on clinic data."""

import person_match
import pytest

from tools.bench import loading

febrl = loading.module("febrl")
pytestmark = pytest.mark.skipif(
    febrl.folder() is None,
    reason="no FEBRL sets: ./clinic bench D1 obtains them (tests/bench/requirements.txt)",
)


@pytest.mark.parametrize(("names", "with_number", "least"), febrl.LEAST)
def test_best_f1(names, with_number, least):
    f1, compared = febrl.best_f1(person_match, names, with_number)
    assert f1 >= least
    assert compared >= 0.98

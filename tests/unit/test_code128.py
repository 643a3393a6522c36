"""Code 128: the bars are those that any scanner knows."""

import pytest
from code128 import STOP, WIDTHS, modules, svg, symbols
from hypothesis import given
from hypothesis import strategies as st

PAIRS = st.integers(1, 12).flatmap(lambda n: st.text("0123456789", min_size=2 * n, max_size=2 * n))


def test_table():
    assert len(WIDTHS) == len(set(WIDTHS)) == 107
    assert {sum(map(int, widths)) for widths in WIDTHS[:STOP]} == {11}


@given(PAIRS)
def test_bars_read_back(digits):
    """A reader that knows the table gets the digits, and the check symbol fits."""
    widths = "".join(map(str, modules(digits)))
    found = [WIDTHS.index(widths[at : at + 6]) for at in range(0, len(widths) - 7, 6)]
    assert widths[-7:] == WIDTHS[STOP]
    start, *values, check = found
    assert "".join(f"{value:02d}" for value in values) == digits
    assert check == (start + sum(place * value for place, value in enumerate(values, 1))) % 103
    assert symbols(digits) == [*found, STOP]


@pytest.mark.parametrize("digits", ["", "1", "123", "12a4", "١٢", None])
def test_only_pairs_of_digits(digits):
    with pytest.raises(ValueError):
        symbols(digits)


def test_picture():
    assert svg("0011").startswith("<svg ") and svg("0011").count("M") == len(modules("0011")) // 2 + 1

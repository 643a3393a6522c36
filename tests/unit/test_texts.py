"""Texts from outside: numbers are ASCII digits, control characters go."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from texts import whole_number, without_controls


@pytest.mark.parametrize(
    "text", ["²", "٣", "１", "1²", "", " 1", "1 ", "+1", "-1", "1e3", "1_0", "1234567890", None]
)
def test_anything_else_than_ascii_digits_is_no_number(text):
    assert whole_number(text) is None
    assert whole_number(text, 7) == 7


def test_numbers():
    assert [whole_number(text) for text in ("0", "007", "999999999", 12, 0)] == [0, 7, 999999999, 12, 0]


@given(st.text(max_size=12))
def test_whatever_comes_there_is_an_answer(text):
    number = whole_number(text, -1)
    assert number == -1 or number == int(text)
    assert not set(map(ord, without_controls(text))) & {0, 1, 8, 11, 12, 31, 127}

# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import pytest
from document_ru import CHECKS, check_number, split_number
from hypothesis import given
from hypothesis import strategies as st


@pytest.mark.parametrize(
    ("kind", "number", "doubt"),
    [
        ("snils", "112-233-445 95", ""),
        ("snils", "11223344595", ""),
        ("snils", "112-233-445 96", "check"),
        ("snils", "112-233-445", "length"),
        ("snils", "001-001-998 00", ""),
        # the weighted sum is 202, two times 101: two zeros
        ("snils", "087-654-303 00", ""),
        ("snils", "112 233 445 9О", "form"),
        ("passport_rf", "25 04 123456", ""),
        ("passport_rf", "2504 12345", "length"),
        ("passport_rf", "AB 123456", "form"),
        ("birth_certificate", "I-СТ 123456", ""),
        ("birth_certificate", "ii-ст №123456", ""),
        ("birth_certificate", "СТ 123456", "form"),
        ("inn", "500100732259", ""),
        ("inn", "500100732258", "check"),
        ("inn", "7707083893", "length"),
        ("enp", "4000000000000002", ""),
        ("enp", "4000000000000001", "check"),
        ("enp", "123", "length"),
        ("unknown", "anything", ""),
        ("snils", "", ""),
        ("snils", "²²²", "length"),
    ],
)
def test_check(kind, number, doubt):
    assert check_number(kind, number) == doubt


@given(st.sampled_from(sorted(CHECKS)), st.text())
def test_any_text_gives_a_code(kind, number):
    assert check_number(kind, number) in ("", "length", "form", "check")


@given(st.integers(1_001_999, 999_999_999), st.integers(0, 99))
def test_snils_accepts_one_check_number_of_a_hundred(body, tail):
    right = [end for end in range(100) if check_number("snils", f"{body:09d}{end:02d}") == ""]
    assert len(right) == 1
    assert (check_number("snils", f"{body:09d}{tail:02d}") == "") == (tail in right)


@given(st.integers(0, 10**15 - 1), st.integers(0, 15), st.integers(1, 9))
def test_a_single_wrong_digit_of_a_policy_is_noticed(body, place, shift):
    whole = next(f"{body:015d}{last}" for last in range(10) if not check_number("enp", f"{body:015d}{last}"))
    wrong = whole[:place] + str((int(whole[place]) + shift) % 10) + whole[place + 1 :]
    assert check_number("enp", wrong) == "check"


@pytest.mark.parametrize(
    ("kind", "number", "parts"),
    [
        ("passport_rf", "25 04 123456", ("2504", "123456")),
        ("passport_rf", "2504", ("", "2504")),
        ("birth_certificate", "I-СТ № 123456", ("I-СТ", "123456")),
        ("snils", " 112-233-445  95 ", ("", "112-233-445 95")),
        ("other", None, ("", "")),
    ],
)
def test_split(kind, number, parts):
    assert split_number(kind, number) == parts

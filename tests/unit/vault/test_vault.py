# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import base64
import os

import pytest
from hypothesis import given
from hypothesis import strategies as st
from vault import (
    KeyFileError,
    KeyMissing,
    KeyRing,
    SealBroken,
    key_id_of,
    new_key_line,
    parse_key_lines,
    read_key_file,
)

KEY, OTHER = b"k" * 32, b"o" * 32
PLACE = ("clinic.identity.document", "number", "0b7c2f34-0000-4000-8000-000000000001")


@given(st.text(max_size=200), st.tuples(st.text(), st.text(), st.text()))
def test_a_sealed_value_opens_in_its_place(text, place):
    ring = KeyRing({1: KEY})
    assert ring.open(ring.seal(text, place), place) == text


@given(st.tuples(st.text(), st.text()), st.tuples(st.text(), st.text()))
def test_a_value_does_not_open_in_another_place(place, other):
    ring = KeyRing({1: KEY})
    sealed = ring.seal("25 04 123456", place)
    if place != other:
        with pytest.raises(SealBroken):
            ring.open(sealed, other)


def test_parts_of_a_place_do_not_flow_into_each_other():
    ring = KeyRing({1: KEY})
    with pytest.raises(SealBroken):
        ring.open(ring.seal("1", ("ab", "c")), ("a", "bc"))


@given(st.data())
def test_any_changed_byte_is_noticed(data):
    ring = KeyRing({1: KEY})
    raw = bytearray(base64.urlsafe_b64decode(ring.seal("112-233-445 95", PLACE)))
    # a change of the key number is a missing key, of anything else a broken seal
    position = data.draw(st.integers(0, len(raw) - 1))
    raw[position] ^= data.draw(st.integers(1, 255))
    with pytest.raises((SealBroken, KeyMissing)):
        ring.open(base64.urlsafe_b64encode(bytes(raw)).decode(), PLACE)


@pytest.mark.parametrize("garbage", ["", "x", "AQAB", "привет", "A" * 200, "=" * 8])
def test_garbage_is_a_broken_seal(garbage):
    with pytest.raises((SealBroken, KeyMissing)):
        KeyRing({1: KEY}).open(garbage, PLACE)


def test_two_seals_of_one_value_differ():
    ring = KeyRing({1: KEY})
    assert ring.seal("1", PLACE) != ring.seal("1", PLACE)


def test_the_newest_key_seals_and_the_old_one_still_opens():
    old = KeyRing({1: KEY})
    sealed = old.seal("4000000000000002", PLACE)
    both = KeyRing({1: KEY, 2: OTHER})
    assert both.open(sealed, PLACE) == "4000000000000002"
    assert key_id_of(both.seal("1", PLACE)) == 2
    with pytest.raises(KeyMissing) as missing:
        KeyRing({2: OTHER}).open(sealed, PLACE)
    assert missing.value.key_id == 1
    with pytest.raises(SealBroken):
        KeyRing({1: OTHER}).open(sealed, PLACE)


def test_a_blind_index_is_stable_and_separate_for_fields_and_keys():
    ring = KeyRing({1: KEY, 2: OTHER})
    assert ring.blind("2504123456", "document") == ring.blind("2504123456", "document")
    assert ring.blind("2504123456", "document") != ring.blind("2504123456", "coverage")
    assert ring.blinds("2504123456", "document") == [
        KeyRing({2: OTHER}).blind("2504123456", "document"),
        KeyRing({1: KEY}).blind("2504123456", "document"),
    ]


def test_check_values_tell_keys_apart():
    assert KeyRing({1: KEY}).check_value(1) != KeyRing({1: OTHER}).check_value(1)


def write(path, text, mode=0o600):
    path.write_text(text)
    path.chmod(mode)
    return path


def test_a_key_file_with_comments_is_read(tmp_path):
    lines = ["# made on the first day", new_key_line(1), "", new_key_line(2)]
    keys = read_key_file(write(tmp_path / "clinic.key", "\n".join(lines)))
    assert sorted(keys) == [1, 2]
    assert all(len(key) == 32 for key in keys.values())


@pytest.mark.parametrize(
    ("text", "code", "line"),
    [
        ("", "empty", 0),
        ("# nothing\n", "empty", 0),
        ("1\n", "malformed", 1),
        ("1 abc\n", "malformed", 1),
        ("\n0 " + base64.b64encode(KEY).decode(), "malformed", 2),
        ("70000 " + base64.b64encode(KEY).decode(), "malformed", 1),
        ("1 " + base64.b64encode(b"short").decode(), "malformed", 1),
        (f"{new_key_line(1)}\n{new_key_line(1)}", "malformed", 2),
    ],
)
def test_a_bad_key_file_says_which_line(tmp_path, text, code, line):
    with pytest.raises(KeyFileError) as problem:
        read_key_file(write(tmp_path / "clinic.key", text))
    assert (problem.value.code, problem.value.line) == (code, line)


def test_a_key_number_is_made_of_ascii_digits():
    with pytest.raises(KeyFileError):
        parse_key_lines(["² " + base64.b64encode(KEY).decode()])


def test_a_key_file_open_to_others_is_refused(tmp_path):
    path = write(tmp_path / "clinic.key", new_key_line(1), 0o644)
    with pytest.raises(KeyFileError) as problem:
        read_key_file(path)
    assert problem.value.code == "open_to_others"


def test_an_absent_key_file_and_a_folder(tmp_path):
    with pytest.raises(KeyFileError) as problem:
        read_key_file(tmp_path / "none")
    assert problem.value.code == "absent"
    os.chmod(tmp_path, 0o700)
    with pytest.raises(KeyFileError) as problem:
        read_key_file(tmp_path)
    assert problem.value.code == "unreadable"

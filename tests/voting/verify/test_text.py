import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.paths import shared
from voting.verify.text import (
    Malformed,
    canonical_json,
    decode_base64,
    decode_base64url,
    encode_base64url,
    loose_json,
    parse_json,
    printable,
)

names = st.text(st.characters(codec="utf-8"), max_size=4)
leaves = st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | names
values = st.recursive(
    leaves,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(names, inner, max_size=3),
    max_leaves=10,
)


def utf16_ordered(value):
    if isinstance(value, dict):
        order = sorted(value, key=lambda name: name.encode("utf-16-be"))
        return {name: utf16_ordered(value[name]) for name in order}
    return [utf16_ordered(item) for item in value] if isinstance(value, list) else value


@given(values)
def test_what_is_written_in_canonical_form_is_read_back(value):
    raw = json.dumps(utf16_ordered(value), ensure_ascii=False, separators=(",", ":")).encode()
    assert parse_json(raw) == value


@given(st.dictionaries(names, st.none(), min_size=2))
def test_no_other_order_is_canonical(value):
    backwards = dict(sorted(utf16_ordered(value).items(), reverse=True))
    raw = json.dumps(backwards, ensure_ascii=False, separators=(",", ":")).encode()
    with pytest.raises(Malformed):
        parse_json(raw)


FRACTIONS = [b'{"a":1.0}', b"1e3", b"-0", b"9007199254740992", b"NaN"]
SPELLINGS = [b'"\\u0041"', b'{"a":1,"a":1}', b"\xef\xbb\xbf1", b"[1, 2]", b"[1]\n", b'"\\ud800"']
BROKEN = [b"\xff", b"", b"[" * 90_000, b"[" * 80 + b"]" * 80]


@pytest.mark.parametrize("raw", FRACTIONS + SPELLINGS + BROKEN, ids=lambda raw: repr(raw[:9]))
def test_anything_but_the_canonical_form_is_refused(raw):
    with pytest.raises(Malformed):
        parse_json(raw)


def test_every_case_of_the_json_suite_is_read_or_refused():
    cases = json.loads(shared("attacks", "json-test-suite", "parsing.json").read_text())
    read = {case["name"] for case in cases if _reads(case["input"])}
    assert not [name for name in read if name.startswith("n_")]
    assert len(read) > 50


def _reads(text):
    try:
        loose_json(text.encode("utf-8", "surrogatepass"))
    except Malformed:
        return False
    return True


@given(st.binary(max_size=40))
def test_base64url_has_one_spelling(raw):
    text = encode_base64url(raw)
    assert decode_base64url(text, len(raw)) == raw
    for wrong in (text + "=", text + "\n", " " + text, text + "+"):
        with pytest.raises(Malformed):
            decode_base64url(wrong)


@pytest.mark.parametrize("text", ["AB", "A", "AAA=", "é", None, 1])
def test_stray_bits_and_strangers_are_no_base64url(text):
    with pytest.raises(Malformed):
        decode_base64url(text)


@pytest.mark.parametrize("text", ["AB==", "AA", "A A=", "é"])
def test_base64_is_strict_too(text):
    with pytest.raises(Malformed):
        decode_base64(text)


def test_nothing_printed_can_move_the_cursor():
    assert printable("a\x1b[2J\n\u202eb") == "a\\x1b[2J\\n\\u202eb"


def test_canonical_objects_are_sorted():
    assert canonical_json({"b": 1, "a": "é"}) == '{"a":"é","b":1}'.encode()

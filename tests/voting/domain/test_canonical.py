import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.paths import shared
from voting.domain import canonical
from voting.domain.refusal import Refusal

texts = st.text(st.characters(exclude_categories=["Cs"]))
scalars = st.none() | st.booleans() | st.integers(-canonical.LIMIT, canonical.LIMIT) | texts
values = st.recursive(
    scalars, lambda inner: st.lists(inner) | st.dictionaries(texts, inner), max_leaves=20
)


def refused(raw: bytes) -> bool:
    try:
        canonical.decode(raw)
    except Refusal as refusal:
        return refusal.code == "canonical"
    return False


@given(values)
def test_every_value_comes_back_from_its_bytes(value):
    raw = canonical.encode(value)
    assert canonical.decode(raw) == value
    assert canonical.encode(canonical.decode(raw)) == raw


@given(values)
def test_it_is_json_without_white_space(value):
    raw = canonical.encode(value)
    assert json.loads(raw) == value
    assert json.loads(raw) == json.loads(json.dumps(value))


@given(st.binary())
def test_arbitrary_bytes_are_canonical_or_refused(raw):
    try:
        value = canonical.decode(raw)
    except Refusal as refusal:
        assert refusal.code == "canonical"
    else:
        assert canonical.encode(value) == raw


@given(values, st.data())
def test_no_other_bytes_mean_the_same(value, data):
    """One byte put in anywhere gives another value or nothing."""
    raw = canonical.encode(value)
    place = data.draw(st.integers(0, len(raw)))
    other = raw[:place] + data.draw(st.sampled_from([b" ", b"\n", b"\t", b"0", b","])) + raw[place:]
    assert refused(other) or canonical.decode(other) != value


def test_keys_are_ordered_by_utf16_code_units():
    """RFC 8785 section 3.2.3, whose example this is."""
    names = ["\u20ac", "\r", "\ufb33", "1", "\U0001f600", "\x80", "\u00f6"]
    ordered = ["\r", "1", "\x80", "\u00f6", "\u20ac", "\U0001f600", "\ufb33"]
    assert list(canonical.decode(canonical.encode(dict.fromkeys(names)))) == ordered


def test_texts_are_escaped_as_rfc_8785_says():
    assert canonical.encode('\u20ac$\x0f\nA\'B"\\\\"/\x7f\u2028') == (
        '"\u20ac$\\u000f\\nA\'B\\"\\\\\\\\\\"/\x7f\u2028"'.encode()
    )


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b" 1",
        b"1 ",
        b"1\n",
        b"\xef\xbb\xbf1",
        b"1.0",
        b"1e2",
        b"-0",
        b"01",
        b"NaN",
        b"Infinity",
        b"-Infinity",
        b"9007199254740992",
        b"-9007199254740992",
        b"1" * 5_000,
        b'{"a":1,"a":1}',
        b'{"b":1,"a":1}',
        b'{"a": 1}',
        b'{"a":1,}',
        b"[1,]",
        b"'a'",
        b'"\\u0061"',
        b'"\\/"',
        b'"\\u001F"',
        b'"\\u000a"',
        b'"\t"',
        b'"\\ud800"',
        b'"\\ud83d\\ude00"',
        b'"\xed\xa0\x80"',
        b'"\xc0\xaf"',
        b'"\xff"',
        b'"a',
        b'"a"b',
        "1".encode("utf-16"),
        "1".encode("utf-32"),
        "٣".encode(),
    ],
)
def test_what_is_not_exactly_canonical_is_refused(raw):
    assert refused(raw)


@pytest.mark.parametrize("value", [1.0, 2**53, -(2**53), "\ud800", {"\udc00": 1}, {1: 2}, b"", {1}])
def test_what_has_no_canonical_form_is_not_written(value):
    with pytest.raises(Refusal) as refusal:
        canonical.encode(value)
    assert refusal.value.code == "canonical"


def test_the_largest_integers_are_kept():
    assert canonical.decode(b"[-9007199254740991,9007199254740991]") == [
        -canonical.LIMIT,
        canonical.LIMIT,
    ]


@pytest.mark.adversary("F10")
@pytest.mark.parametrize(
    "bomb", [b"[" * 100_000, b'{"a":' * 50_000, b"[" * 125_000 + b"]" * 125_000]
)
def test_deep_nesting_is_refused(bomb):
    assert refused(bomb)


@pytest.mark.parametrize(
    ("depth", "taken"), [(canonical.DEPTH, True), (canonical.DEPTH + 1, False)]
)
def test_nesting_has_a_limit(depth, taken):
    assert refused(b"[" * depth + b"]" * depth) is not taken


@pytest.mark.adversary("F10")
def test_the_json_test_suite_never_gets_more_than_a_refusal():
    cases = json.loads(shared("attacks", "json-test-suite", "parsing.json").read_text())
    assert len(cases) == 318
    for case in cases:
        raw = case["input"].encode("utf-8", "surrogatepass")
        if not refused(raw):
            assert not case["name"].startswith("n_"), case["name"]
            assert canonical.encode(json.loads(raw)) == raw

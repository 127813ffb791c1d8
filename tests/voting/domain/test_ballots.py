import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from voting.domain import base64url, canonical
from voting.domain.ballots import (
    MAX_BYTES,
    parse_ballot,
    signed_leaf,
    signed_message,
    unsigned_leaf,
)
from voting.domain.merkle import leaf_hash
from voting.domain.refusal import Refusal

K = 256


def unsigned(choice="a"):
    manifest = base64url.encode(bytes(32))
    key, token = b"\x04" + bytes(64), b"t" * K
    return unsigned_leaf(choice, key=key, manifest=manifest, prefix=b"p" * 32, token=token)


def leaf(**changes):
    whole = canonical.decode(signed_leaf(unsigned(), b"s" * 64))
    return canonical.encode({name: v for name, v in {**whole, **changes}.items() if v != "drop"})


def code(raw, k=K):
    with pytest.raises(Refusal) as refusal:
        parse_ballot(raw, k)
    return refusal.value.code


@given(
    st.none()
    | st.text("abc")
    | st.lists(st.text("abc"))
    | st.dictionaries(st.text(), st.integers())
)
def test_a_ballot_says_what_was_written(choice):
    try:
        fields = unsigned(choice)
        raw = signed_leaf(fields, b"s" * 64)
    except Refusal:
        return
    ballot = parse_ballot(raw, K)
    assert ballot.choice == choice
    assert (ballot.raw, ballot.leaf_hash) == (raw, leaf_hash(raw))
    assert ballot.signed == signed_message(fields)
    assert (ballot.prefix, ballot.token, ballot.sig) == (b"p" * 32, b"t" * K, b"s" * 64)
    assert ballot.signed.startswith(b"civic-ballot/1 ballot\n{")
    assert json.loads(raw).keys() - json.loads(ballot.signed.split(b"\n", 1)[1]).keys() == {"sig"}


@pytest.mark.parametrize("name", list(json.loads(leaf())))
@pytest.mark.parametrize("other", ["drop", None, 1, True, [], {}, "", "AA", "AA=="])
def test_every_field_has_its_form(name, other):
    raw = leaf(**{name: other})
    if raw == leaf() or (name == "choice" and other != "drop"):
        assert parse_ballot(raw, K).raw == raw
    else:
        assert code(raw) == "fields"


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        (leaf(more=1), "fields"),
        (leaf(v=2), "fields"),
        (leaf(type="Ballot"), "fields"),
        (leaf(key=base64url.encode(b"\x02" + bytes(64))), "fields"),
        (leaf(key=base64url.encode(b"\x02" + bytes(32))), "fields"),
        (b"null", "fields"),
        (b"[]", "fields"),
        (b"", "canonical"),
        (leaf() + b"\n", "canonical"),
        (leaf().replace(b",", b", ", 1), "canonical"),
        (b"\xff" * (MAX_BYTES + 1), "too-long"),
        (b"\xff" * MAX_BYTES, "canonical"),
    ],
)
def test_the_first_thing_wrong_is_named(raw, expected):
    assert code(raw) == expected


def test_the_token_is_as_long_as_the_modulus():
    assert code(leaf(), 384) == "fields"


@given(st.binary())
def test_arbitrary_bytes_are_refused(raw):
    with pytest.raises(Refusal):
        parse_ballot(raw, K)

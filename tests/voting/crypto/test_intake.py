import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.voting.sample import issuer, manifest
from voting.client import Voter
from voting.crypto import p256
from voting.crypto.intake import check_ballot
from voting.domain import base64url, canonical
from voting.domain.ballots import signed_leaf, signed_message
from voting.domain.refusal import Refusal
from voting.domain.tokens import token_message


@pytest.fixture(scope="module")
def voter():
    one = Voter(manifest(), b"\x07" * 32)
    one.finish(issuer().blind_sign(one.blinded))
    return one


@pytest.fixture(scope="module")
def leaf(voter):
    return voter.ballot("a")


def code(raw, terms=None):
    with pytest.raises(Refusal) as refusal:
        check_ballot(raw, terms or manifest())
    return refusal.value.code


def resigned(voter, **changes):
    """A leaf with other contents, properly signed by the voter's key."""
    fields = canonical.decode(voter.ballot("a"))
    unsigned = {name: v for name, v in {**fields, **changes}.items() if name != "sig"}
    return signed_leaf(unsigned, p256.sign(voter.secret, signed_message(unsigned)))


def test_a_ballot_is_taken(leaf):
    assert check_ballot(leaf, manifest()).choice == "a"


@given(st.data())
def test_no_ballot_with_a_changed_byte_is_taken(leaf, data):
    place = data.draw(st.integers(0, len(leaf) - 1))
    byte = data.draw(st.integers(0, 255))
    other = leaf[:place] + bytes([byte]) + leaf[place + 1 :]
    if other != leaf:
        assert code(other) in {"canonical", "fields", "manifest", "token", "signature"}


def test_the_first_thing_wrong_is_named(voter, leaf):
    """Everything after the first is wrong too, so the order shows."""
    elsewhere = base64url.encode(bytes(32))
    bad_token = base64url.encode(b"\x01" * 256)
    bad_sig = base64url.encode(b"\xff" * 64)
    steps = [
        ("choice", {"choice": "zz"}),
        ("token", {"choice": "zz", "token": bad_token}),
        ("manifest", {"choice": "zz", "token": bad_token, "manifest": elsewhere}),
        ("fields", {"choice": "zz", "token": bad_token, "manifest": elsewhere, "v": 2}),
    ]
    for expected, changes in steps:
        assert code(resigned(voter, **changes)) == expected
    unsigned = {**canonical.decode(leaf), "choice": "zz"}
    for expected, changes in [("signature", {}), ("token", {"token": bad_token})]:
        assert code(canonical.encode({**unsigned, **changes, "sig": bad_sig})) == expected
    assert code(leaf + b" ") == "canonical"
    assert code(b" " * 16_385) == "too-long"


def test_a_key_off_the_curve_with_a_true_token_has_no_signature():
    """The issuer signs blindly, so it can be brought to sign any 65 bytes."""
    terms, off = manifest(), b"\x04" + bytes(63) + b"\x01"
    voter = Voter(terms, b"\x08" * 32)
    voter.key = off
    assert voter.token_message == token_message(voter.prefix, terms.sha256, off)
    voter.finish(issuer().blind_sign(voter.blinded))
    assert code(voter.ballot("a")) == "signature"


@pytest.mark.parametrize("choice", [["a"], "c", "", {}, [], 1, True, {"a": 1}, [["a"]], "A"])
def test_choices_that_the_poll_does_not_offer_are_refused(voter, choice):
    assert code(resigned(voter, choice=choice)) == "choice"
    with pytest.raises(Refusal):
        voter.ballot(choice)


@given(st.binary())
def test_arbitrary_bytes_are_refused(raw):
    with pytest.raises(Refusal):
        check_ballot(raw, manifest())

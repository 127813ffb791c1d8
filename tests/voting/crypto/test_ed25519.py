import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.paths import shared
from voting.crypto import ed25519
from voting.domain import notes
from voting.domain.refusal import Refusal

NAME = "town.test/polls/1"
SEED, OTHER = bytes(32), bytes([1]) * 32
PUBLIC = ed25519.public_key(SEED)
VKEY = notes.vkey(NAME, PUBLIC)
TEXT = notes.checkpoint_text(NAME, 5, bytes(32))


def line(name=NAME, seed=SEED, public=None, text=TEXT):
    key_id = notes.key_id(name, public or ed25519.public_key(seed))
    signature = ed25519.sign(seed, text.encode())
    return notes.note("", name, key_id, signature).removeprefix("\n")


def refused(note):
    with pytest.raises(Refusal) as refusal:
        ed25519.open_checkpoint(note, VKEY)
    return refusal.value.code


@given(st.binary())
def test_what_is_signed_verifies_and_nothing_else(message):
    seed, public = ed25519.generate()
    signature = ed25519.sign(seed, message)
    assert ed25519.verify(public, message, signature)
    assert ed25519.sign(seed, message) == signature
    assert not ed25519.verify(public, message + b"x", signature)
    assert not ed25519.verify(PUBLIC, message, signature)
    assert not ed25519.verify(public, message, signature + b"x")


@given(st.binary(max_size=70), st.binary(max_size=70) | st.binary(min_size=64, max_size=64))
def test_malformed_bytes_are_no_signature(public, signature):
    assert not ed25519.verify(public, b"m", signature)
    assert not ed25519.verify(PUBLIC, b"m", signature)


def test_a_checkpoint_opens_with_the_log_s_key_alone():
    opened = ed25519.open_checkpoint(f"{TEXT}\n{line()}", VKEY)
    assert (opened.origin, opened.size, opened.root) == (NAME, 5, bytes(32))
    witnessed = f"{TEXT}\n{line('witness.test', OTHER)}{line()}{line('third', OTHER)}"
    assert ed25519.open_checkpoint(witnessed, VKEY)[:4] == opened[:4]


def test_a_checkpoint_of_others_stays_shut():
    other = notes.checkpoint_text("elsewhere.test", 5, bytes(32))
    assert refused(f"{TEXT}\n{line('witness.test', OTHER)}") == "checkpoint"
    assert refused(f"{TEXT}\n{line(seed=OTHER, public=PUBLIC)}") == "checkpoint"
    assert refused(f"{TEXT}\n{line()}{line(seed=OTHER, public=PUBLIC)}") == "checkpoint"
    assert refused(f"{TEXT.replace('5', '6')}\n{line()}") == "checkpoint"
    assert refused(f"{other}\n{line(text=other)}") == "checkpoint"


def test_edge_cases_are_decided_as_measured():
    """No vote depends on these; a change of library that changes them should be noticed."""
    cases = json.loads(shared("vectors", "ed25519_speccheck_cases.json").read_text())
    taken = [
        number
        for number, case in enumerate(cases)
        if ed25519.verify(*(bytes.fromhex(case[n]) for n in ("pub_key", "message", "signature")))
    ]
    assert taken == [0, 1, 2, 3]

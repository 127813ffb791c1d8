import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.paths import shared
from voting.crypto import ed25519
from voting.domain import notes
from voting.domain.refusal import Refusal

SEED = bytes(32)
PUBLIC = ed25519.public_key(SEED)
NAME = "town.test/polls/1"
TEXT = notes.checkpoint_text(NAME, 5, bytes(32))
NOTE = notes.note(TEXT, NAME, notes.key_id(NAME, PUBLIC), ed25519.sign(SEED, TEXT.encode()))


@given(st.text("abc./:", min_size=1), st.integers(0, 10**17), st.binary(min_size=32, max_size=32))
def test_a_checkpoint_comes_back(origin, size, root):
    text = notes.checkpoint_text(origin, size, root)
    signed = notes.note(text, origin, b"abcd", bytes(64))
    assert notes.parse_checkpoint(signed) == notes.Checkpoint(
        origin, size, root, text, (notes.NoteSignature(origin, b"abcd", bytes(64)),)
    )


@given(st.text() | st.text("\n— AZ019+/=abc"))
def test_arbitrary_text_is_refused_at_most(text):
    for read in (notes.parse_note, notes.parse_checkpoint, notes.parse_vkey):
        with pytest.raises(Refusal):
            read(text)


@pytest.mark.parametrize(
    "damaged",
    [
        "",
        TEXT,
        NOTE[:-1],
        NOTE + "\n",
        NOTE.replace("\n\n", "\n"),
        NOTE.replace("—", "-"),
        NOTE.replace("— town", "—  town"),
        NOTE.replace("\n5\n", "\n05\n"),
        NOTE.replace("\n5\n", "\n-5\n"),
        NOTE.replace("\n5\n", "\n5 \n"),
        NOTE.replace("\n5\n", "\n٥\n"),
        NOTE.replace("\n5\n", "\n5\nextension\n"),
        NOTE.replace("\n5\n", "\r\n5\n"),
        NOTE.replace("A=\n\n", "B=\n\n"),
        NOTE.replace("A=\n\n", "A\n\n"),
        NOTE.replace("\nA", "\n A", 1),
        TEXT + "\n",
        TEXT + "\n" + NOTE.split("\n\n")[1] * 17,
        TEXT + "\n— a+b AAAAAAAA\n",
        TEXT + "\n— a AAAA\n",
        "\ud800" + NOTE,
        "\x07" + NOTE,
    ],
)
def test_damaged_notes_are_refused(damaged):
    with pytest.raises(Refusal) as refusal:
        notes.parse_checkpoint(damaged)
    assert refusal.value.code == "checkpoint"


def test_a_verifier_key_comes_back():
    key = notes.parse_vkey(notes.vkey(NAME, PUBLIC))
    assert key == (NAME, notes.key_id(NAME, PUBLIC), PUBLIC)


@pytest.mark.parametrize(
    "damage",
    [
        lambda key: key.replace("town", "city"),
        lambda key: key.replace("+", " ", 1),
        lambda key: key[:-1],
        lambda key: key + "A",
        lambda key: key.upper(),
        lambda key: " " + key,
        lambda key: None,
    ],
)
def test_a_damaged_verifier_key_is_refused(damage):
    with pytest.raises(Refusal):
        notes.parse_vkey(damage(notes.vkey(NAME, PUBLIC)))


@pytest.fixture(scope="module")
def vectors():
    return json.loads(shared("vectors", "c2sp_signed_note.json").read_text())


def test_published_notes_verify(vectors):
    for case in vectors["notes"]:
        key = notes.parse_vkey(case["vkey"])
        text, (signature,) = notes.parse_note(case["note"])
        assert (signature.name, signature.key_id) == (key.name, key.key_id)
        assert ed25519.verify(key.public, text.encode(), signature.signature)
        assert notes.vkey(key.name, key.public) == case["vkey"]
        assert notes.note(text, *signature) == case["note"]


def test_published_notes_are_signed_alike(vectors):
    case = next(case for case in vectors["notes"] if "skey" in case)
    seed = notes.from_base64(case["skey"].split("+", 4)[4])[1:]
    text, (signature,) = notes.parse_note(case["note"])
    again = ed25519.sign(seed, text.encode())
    assert notes.note(text, signature.name, signature.key_id, again) == case["note"]


def test_published_bad_keys_are_refused(vectors):
    for bad in vectors["bad_vkeys"]:
        with pytest.raises(Refusal):
            notes.parse_vkey(bad)

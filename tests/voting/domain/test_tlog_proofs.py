import pytest
from hypothesis import given
from hypothesis import strategies as st

from voting.domain import merkle, notes
from voting.domain.refusal import Refusal
from voting.domain.tlog_proofs import HEADER, format_proof, parse_proof, split_proofs

LEAVES = [b"%d" % number for number in range(21)]
HASHES = [merkle.leaf_hash(leaf) for leaf in LEAVES]


def node(level, index):
    return merkle.root(HASHES[index << level : (index + 1) << level])


def proof_of(index, size=21):
    text = notes.checkpoint_text("town.test", size, merkle.root(HASHES[:size]))
    note = notes.note(text, "town.test", b"abcd", bytes(64))
    return format_proof(HASHES[index], index, merkle.inclusion_proof(index, size, node), note)


@given(st.integers(1, 21).flatmap(lambda size: st.tuples(st.integers(0, size - 1), st.just(size))))
def test_a_proof_shows_its_own_leaf_only(place):
    index, size = place
    proof = parse_proof(proof_of(index, size))
    assert [proof.includes(leaf) for leaf in LEAVES] == [leaf == LEAVES[index] for leaf in LEAVES]
    assert format_proof(proof.leaf_hash, proof.index, proof.hashes, proof.note) == proof_of(*place)


def test_proofs_are_told_apart_in_a_row():
    texts = [proof_of(index) for index in range(21)]
    assert split_proofs("".join(texts)) == texts
    assert split_proofs("") == []
    with pytest.raises(Refusal):
        split_proofs("x" + texts[0])


@given(st.text() | st.text().map(lambda text: HEADER + text))
def test_arbitrary_text_is_refused(text):
    with pytest.raises(Refusal) as refusal:
        parse_proof(text)
    assert refusal.value.code == "proof"


@pytest.mark.parametrize(
    "damage",
    [
        lambda text: text.replace("@v1", "@v2"),
        lambda text: text.replace("extra ", ""),
        lambda text: text.replace("index 3", "index 03"),
        lambda text: text.replace("index 3", "index -3"),
        lambda text: text.replace("=\n", "\n", 1),
        lambda text: text.replace("\n\n", "\n", 1),
        lambda text: text.replace("index 3\n", "index 3\nAAAA\n"),
        lambda text: text[:-1],
        lambda text: text.replace("\n", "\r\n"),
    ],
)
def test_damaged_proofs_are_refused(damage):
    with pytest.raises(Refusal):
        parse_proof(damage(proof_of(3)))


def test_a_proof_of_another_place_shows_nothing():
    for wrong in ("index 4", "index 21", "index 1000000"):
        assert not parse_proof(proof_of(3).replace("index 3", wrong)).includes(LEAVES[3])

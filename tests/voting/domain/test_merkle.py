import base64
import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.paths import shared
from voting.domain import merkle

LEAVES = [merkle.leaf_hash(b"%d" % number) for number in range(130)]


def grown(hashes, steps=()):
    """A node reader for a tree that was grown by ``new_nodes`` in the given steps."""
    nodes, size = {(0, i): h for i, h in enumerate(hashes)}, 0
    for step in [*steps, len(hashes)]:
        batch = hashes[size : max(size, min(step, len(hashes)))]
        for level, index, value in merkle.new_nodes(size, batch, lambda *at: nodes[at]):
            assert (level, index) not in nodes
            nodes[level, index] = value
        size += len(batch)
    return lambda *at: nodes[at]


def reference_root(hashes):
    """RFC 6962 section 2.1, word by word."""
    if len(hashes) == 1:
        return hashes[0]
    split = 1
    while 2 * split < len(hashes):
        split *= 2
    return merkle.node_hash(reference_root(hashes[:split]), reference_root(hashes[split:]))


@pytest.mark.parametrize("size", range(1, 130))
def test_all_ways_to_the_root_agree(size):
    hashes = LEAVES[:size]
    assert merkle.root(hashes) == reference_root(hashes)
    assert merkle.tree_root(size, grown(hashes)) == merkle.root(hashes)


@settings(max_examples=30)
@given(st.lists(st.integers(0, 130), max_size=6))
def test_growing_in_any_steps_gives_the_same_nodes(steps):
    node = grown(LEAVES, sorted(steps))
    for size in range(1, len(LEAVES) + 1):
        assert merkle.tree_root(size, node) == merkle.root(LEAVES[:size])


def test_growing_makes_every_complete_node_once():
    node = grown(LEAVES)
    for level in range(8):
        for index in range(len(LEAVES) >> level):
            part = LEAVES[index << level : (index + 1) << level]
            assert node(level, index) == merkle.root(part)


@given(st.data())
def test_every_leaf_is_proved_and_no_flipped_bit_passes(data):
    size = data.draw(st.integers(1, len(LEAVES)))
    index = data.draw(st.integers(0, size - 1))
    root = merkle.root(LEAVES[:size])
    proof = merkle.inclusion_proof(index, size, grown(LEAVES))
    assert merkle.verify_inclusion(index, size, LEAVES[index], proof, root)
    for changed in _flipped(data, proof, LEAVES[index], root):
        assert not merkle.verify_inclusion(index, size, changed[1], changed[0], changed[2])
    assert not merkle.verify_inclusion(index, size, LEAVES[index], [*proof, root], root)
    if proof:
        assert not merkle.verify_inclusion(index, size, LEAVES[index], proof[:-1], root)


@given(st.data())
def test_every_beginning_is_proved_and_no_flipped_bit_passes(data):
    new = data.draw(st.integers(1, len(LEAVES)))
    old = data.draw(st.integers(1, new))
    old_root, new_root = merkle.root(LEAVES[:old]), merkle.root(LEAVES[:new])
    proof = merkle.consistency_proof(old, new, grown(LEAVES))
    assert merkle.verify_consistency(old, new, proof, old_root, new_root)
    for path, one, other in _flipped(data, proof, old_root, new_root):
        assert not merkle.verify_consistency(old, new, path, one, other)
    assert not merkle.verify_consistency(old, new, [*proof, new_root], old_root, new_root)
    if proof:
        assert not merkle.verify_consistency(old, new, proof[:-1], old_root, new_root)


def _flipped(data, proof, one, other):
    """The same three with one bit changed in one of them."""
    bit = 1 << data.draw(st.integers(0, 255))
    flip = lambda raw: (int.from_bytes(raw, "big") ^ bit).to_bytes(32, "big")  # noqa: E731
    yield proof, flip(one), other
    yield proof, one, flip(other)
    for place in range(len(proof)):
        yield [*proof[:place], flip(proof[place]), *proof[place + 1 :]], one, other


@pytest.mark.parametrize(("index", "size"), [(0, 0), (3, 3), (-1, 3)])
def test_there_is_no_proof_of_a_leaf_that_is_not(index, size):
    with pytest.raises(ValueError, match="no such leaf"):
        merkle.inclusion_proof(index, size, grown(LEAVES))
    assert not merkle.verify_inclusion(index, size, LEAVES[0], [], LEAVES[0])


@pytest.mark.parametrize(("old", "new"), [(0, 3), (4, 3), (-1, 3)])
def test_there_is_no_proof_between_impossible_sizes(old, new):
    with pytest.raises(ValueError, match="no proof"):
        merkle.consistency_proof(old, new, grown(LEAVES))
    assert not merkle.verify_consistency(old, new, [], LEAVES[0], LEAVES[0])


@pytest.fixture(scope="module")
def vectors():
    return json.loads(shared("vectors", "rfc6962_merkle.json").read_text())


def test_roots_and_nodes_of_the_reference_log(vectors):
    hashes = [merkle.leaf_hash(bytes.fromhex(leaf)) for leaf in vectors["leaf_inputs_hex"]]
    for size, expected in enumerate(vectors["root_hashes_hex_by_size"]):
        assert merkle.root(hashes[:size]).hex() == expected
        assert merkle.tree_root(size, grown(hashes)).hex() == expected
    for level, row in enumerate(vectors["node_hashes_hex"]):
        for index, expected in enumerate(row):
            assert grown(hashes)(level, index).hex() == expected


def test_the_reference_hasher(vectors):
    for case in vectors["hasher"]:
        if case["op"] == "leaf":
            assert merkle.leaf_hash(bytes.fromhex(case["in"])).hex() == case["out"]
        elif case["op"] == "node":
            pair = bytes.fromhex(case["left"]), bytes.fromhex(case["right"])
            assert merkle.node_hash(*pair).hex() == case["out"]


def test_reference_proofs_of_inclusion(vectors):
    must_fail = 0
    for case in vectors["inclusion"]:
        leaf, root, proof = _raw(case["leafHash"]), _raw(case["root"]), _raws(case["proof"])
        good = merkle.verify_inclusion(case["leafIdx"], case["treeSize"], leaf, proof, root)
        assert good is not case["wantErr"], case["file"]
        must_fail += case["wantErr"]
    assert (len(vectors["inclusion"]), must_fail) == (98, 92)


def test_reference_proofs_of_consistency(vectors):
    must_fail = 0
    for case in vectors["consistency"]:
        roots = _raw(case["root1"]), _raw(case["root2"])
        proof = _raws(case["proof"])
        good = merkle.verify_consistency(case["size1"], case["size2"], proof, *roots)
        assert good is not case["wantErr"], case["file"]
        must_fail += case["wantErr"]
    assert (len(vectors["consistency"]), must_fail) == (98, 92)


def _raw(text):
    return base64.b64decode(text or "")


def _raws(texts):
    return [_raw(text) for text in texts or []]

import base64
import json

from hypothesis import given
from hypothesis import strategies as st

from tests.paths import shared
from tests.voting.verify.forge import tree_root
from voting.verify.notes import read_vkey
from voting.verify.text import Malformed
from voting.verify.tiles import tile_name
from voting.verify.tree import Frontier, included, leaf_digest, root_of


def test_roots_of_the_reference_tree():
    known = json.loads(shared("vectors", "rfc6962_merkle.json").read_text())
    tree, roots = Frontier(), known["root_hashes_hex_by_size"]
    assert tree.root().hex() == roots[0]
    for leaf, root in zip(known["leaf_inputs_hex"], roots[1:], strict=True):
        tree.append(leaf_digest(bytes.fromhex(leaf)))
        assert tree.root().hex() == root


def test_inclusion_proofs_good_and_bad():
    known = json.loads(shared("vectors", "rfc6962_merkle.json").read_text())
    cases = known["inclusion"]
    for case in cases:
        assert _included(case) != case["wantErr"], case
    assert len(cases) == 98


def _included(case):
    texts = [case["leafHash"], *(case["proof"] or []), case["root"]]
    digest, *path, root = (base64.b64decode(text or "") for text in texts)
    return included(digest, case["leafIdx"], case["treeSize"], path, root)


@given(st.lists(st.binary(max_size=3), max_size=70))
def test_a_growing_root_is_the_root_of_the_definition(leaves):
    digests = [leaf_digest(leaf) for leaf in leaves]
    assert root_of(digests) == tree_root(digests)


def test_log_keys_of_the_signed_note_specification():
    known = json.loads(shared("vectors", "c2sp_signed_note.json").read_text())
    for note in known["notes"]:
        assert read_vkey(note["vkey"]).name == note["name"] or note["name"] == "C2SP example"
    for bad in known["bad_vkeys"]:
        try:
            read_vkey(bad)
        except Malformed:
            continue
        raise AssertionError(bad)


def test_names_of_tiles():
    assert tile_name("2", 1_234_067, 256) == "tiles/2/x001/x234/067"
    assert tile_name("entries", 7, 3) == "tiles/entries/007.p/3"

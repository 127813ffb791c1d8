import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.voting.sample import manifest
from tests.voting.town import signed_note
from voting.client import LogReader
from voting.client.log import prefix_digits
from voting.client.receipts import check_proof
from voting.domain import merkle, tiles
from voting.domain.refusal import Refusal
from voting.domain.tlog_proofs import format_proof


def log_of(size, seed=0):
    return [manifest().raw, *(b"%d of %d" % (number, seed) for number in range(size - 1))]


class Board:
    """The public half of a log, read in memory; tiles that are not there are None."""

    def __init__(self, leaves):
        self.rows = [[merkle.leaf_hash(leaf) for leaf in leaves]]
        while len(self.rows[-1]) > 1:
            row = self.rows[-1]
            pairs = zip(row[::2], row[1::2], strict=False)
            self.rows.append([merkle.node_hash(*pair) for pair in pairs])
        self.size = len(leaves)
        self.asked = []
        self.without_partial = False

    def node(self, level, index):
        return self.rows[level][index]

    def note(self):
        return signed_note(manifest(), self.size, merkle.tree_root(self.size, self.node))

    def proof(self, index):
        path = merkle.inclusion_proof(index, self.size, self.node)
        return format_proof(self.rows[0][index], index, path, self.note())

    def fetch(self, path):
        self.asked.append(path)
        if path == "checkpoint":
            return self.note().encode()
        if path.startswith("proof/"):
            prefix = path[6:]
            found = [i for i, h in enumerate(self.rows[0]) if h.hex().startswith(prefix)]
            return "".join(map(self.proof, found)).encode()
        tile = tiles.parse_path(path[5:])
        if self.without_partial and tile.width < 256:
            return None
        return b"".join(self.rows[tile.node_level][tile.start : tile.start + tile.width])


@settings(max_examples=25)
@given(st.integers(1, 700), st.integers(0, 700), st.data())
def test_a_log_that_grows_is_followed_and_proves_each_leaf(size, more, data):
    leaves = log_of(size + more)
    old, new = Board(leaves[:size]), Board(leaves)
    reader = LogReader(old.fetch, manifest())
    assert reader.advance().size == size
    reader = LogReader(new.fetch, manifest(), reader.note)
    assert reader.advance().size == size + more
    index = data.draw(st.integers(0, size + more - 1))
    proof = reader.proof_of(merkle.leaf_hash(leaves[index]))
    assert check_proof(proof, leaves[index], manifest()).index == index
    assert reader.proof_of(bytes(32)) is None


@settings(max_examples=25)
@given(st.integers(2, 300), st.integers(0, 300))
def test_a_log_with_another_history_is_noticed(size, more):
    first = LogReader(Board(log_of(size)).fetch, manifest())
    first.advance()
    other = log_of(size + more, seed=1)
    for fork in (Board(other), Board(other[: size // 2 + 1])):
        with pytest.raises(Refusal) as refusal:
            LogReader(fork.fetch, manifest(), first.note).advance()
        assert refusal.value.code == "log"


def test_an_older_head_of_the_same_log_is_taken_for_a_slow_cache():
    leaves = log_of(300)
    now, before = Board(leaves), Board(leaves[:200])
    reader = LogReader(now.fetch, manifest())
    newest = reader.advance()
    now.note = before.note
    assert reader.advance() == newest
    assert reader.head == newest
    now.note = Board(log_of(200, seed=1)).note
    with pytest.raises(Refusal):
        reader.advance()


def test_where_partial_tiles_are_gone_full_ones_are_read():
    leaves = log_of(600)
    whole, board = Board(leaves), Board(leaves[:500])
    board.without_partial = True
    board.rows = whole.rows[:1] + board.rows[1:]
    board.rows[8] = whole.rows[8]
    tile = LogReader(board.fetch, manifest())._tile(tiles.Tile(0, 0, 200))
    assert tile == b"".join(whole.rows[0][:200])
    assert board.asked == ["tile/0/000.p/200", "tile/0/000"]


def test_what_is_asked_never_tells_which_leaf_is_meant():
    leaves = log_of(1_000)
    asked = set()
    for index in (1, 500, 999):
        board = Board(leaves)
        LogReader(board.fetch, manifest()).proof_of(merkle.leaf_hash(leaves[index]))
        asked.add(tuple(sorted(board.asked)))
    (same,) = asked
    assert {f"tile/0/00{number}" for number in range(3)} <= set(same)


def test_a_great_log_is_asked_for_a_group_of_proofs():
    leaves = log_of(70_000)
    board = Board(leaves)
    leaf = leaves[12_345]
    digest = merkle.leaf_hash(leaf)
    proof = LogReader(board.fetch, manifest()).proof_of(digest)
    assert check_proof(proof, leaf, manifest()).index == 12_345
    assert f"proof/{digest.hex()[:2]}" in board.asked
    assert f"tile/0/{12_345 // 256:03}" not in board.asked


def test_damaged_tiles_are_noticed():
    leaves = log_of(300)
    for place in range(3):
        board = Board(leaves)
        board.rows[0][[0, 150, 299][place]] = bytes(32)
        good = Board(leaves)
        board.note = good.note
        with pytest.raises(Refusal) as refusal:
            LogReader(board.fetch, manifest()).proof_of(merkle.leaf_hash(leaves[7]))
        assert refusal.value.code == "log"


@pytest.mark.parametrize(
    ("size", "digits"),
    [(1, 0), (256, 0), (4_095, 0), (4_096, 1), (65_535, 1), (65_536, 2), (2**20, 3), (2**40, 3)],
)
def test_a_group_holds_about_256_leaves(size, digits):
    assert prefix_digits(size) == digits

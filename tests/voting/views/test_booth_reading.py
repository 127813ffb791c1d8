"""What anybody reads of a log over HTTP is what the rules compute, and a reader believes it."""

import secrets

import pytest

from tests.voting import polls
from voting.board import reading
from voting.board.log import NewLeaf, append, hold_log
from voting.board.models import Leaf, Log
from voting.client import LogReader
from voting.crypto.ed25519 import open_checkpoint
from voting.domain import merkle, tiles
from voting.domain.leaves import note_leaf
from voting.domain.tiles import Tile
from voting.domain.tlog_proofs import parse_proof, split_proofs
from voting.services.merging import merge_intake

pytestmark = pytest.mark.django_db
BOOTH = "/booth/{0}/{1}"


@pytest.fixture
def get(client):
    def read(poll, path):
        return client.get(BOOTH.format(getattr(poll, "pk", poll), path))

    return read


def noted(poll, number):
    """Append ``number`` entries at once, as cheap to make as entries are."""
    field = polls.manifest_of(poll).field
    bodies = [note_leaf(field, secrets.token_hex(4)) for _ in range(number)]
    append(hold_log(poll.pk), [NewLeaf("note", body) for body in bodies])


def all_hashes(poll):
    return [merkle.leaf_hash(body) for _kind, body in polls.logged(poll)]


def computed(tile, bodies, hashes):
    """A tile's bytes by definition (C2SP tlog-tiles)."""
    if tile.level is None:
        return tiles.bundle(bodies[tile.start : tile.start + tile.width])
    span = 1 << tile.node_level
    starts = range(tile.start * span, (tile.start + tile.width) * span, span)
    return b"".join(merkle.root(hashes[start : start + span]) for start in starts)


def test_every_tile_of_a_log_that_grows(get):
    poll = polls.announced()
    seen = {}
    for number in (4, 250, 1, 1, 300):
        noted(poll, number)
        bodies, hashes = [body for _kind, body in polls.logged(poll)], all_hashes(poll)
        for tile in tiles.all_tiles(len(hashes)):
            answer = get(poll, f"tile/{tiles.path(tile)}")
            assert answer.status_code == 200
            assert answer.content == computed(tile, bodies, hashes), tile
            assert answer["Content-Type"] == "application/octet-stream"
            assert answer["Access-Control-Allow-Origin"] == "*"
            assert "immutable" in answer["Cache-Control"]
            seen[tiles.path(tile)] = answer.content
    for path, content in seen.items():  # a tile once served stays as it was
        assert get(poll, f"tile/{path}").content == content
    assert {"0/000", "1/000.p/1", "entries/001.p/45", "0/002.p/45"} & seen.keys()


NO_TILES = (
    "0/000", "0/000.p/6", "0/000.p/256", "0/000.p/0", "0/000.p/007", "0/001.p/1", "1/000.p/1",
    "entries/000", "0/0", "0/x000/000.p/5", "64/000.p/1", "-1/000.p/5", "0/000.p/5/", "data/000",
    "0/000.p", "", "0", "0/999/999/999", "0/x999/x999/x999/x999/x999/999", "../checkpoint",
    "0/000.p/٥", "entries/000.p/99999999999999999999",
)  # fmt: skip


@pytest.mark.parametrize("path", NO_TILES)
def test_what_is_no_tile_of_this_log_is_404(get, path):
    poll = polls.announced()
    noted(poll, 4)
    answer = get(poll, f"tile/{path}")
    assert answer.status_code == 404
    assert answer.json()["code"] in ("tile", "not-found")


def test_the_checkpoint_is_the_newest_and_signed(get):
    poll = polls.opened()
    vkey = polls.manifest_of(poll).vkey
    for size in (1, 3, 4):
        answer = get(poll, "checkpoint")
        head = open_checkpoint(answer.content.decode(), vkey)
        assert (head.size, head.root) == (size, merkle.root(all_hashes(poll)))
        assert answer["Content-Type"] == "text/plain; charset=utf-8"
        polls.cast(poll, *["a"] * (2 if size == 1 else 1))
        merge_intake(poll=poll.pk)


def test_proofs_of_a_small_log_are_of_every_leaf_on_one_checkpoint(get):
    poll = polls.opened()
    polls.cast(poll, *"abc")
    merge_intake(poll=poll.pk)
    answer = get(poll, "proof/all")
    assert answer["Content-Type"] == "text/plain; charset=utf-8"
    proofs = [parse_proof(text) for text in split_proofs(answer.content.decode())]
    assert [proof.index for proof in proofs] == [0, 1, 2, 3]
    assert [proof.leaf_hash for proof in proofs] == all_hashes(poll)
    (note,) = {proof.note for proof in proofs}
    assert note == get(poll, "checkpoint").content.decode()
    assert all(
        proof.includes(body) for proof, (_, body) in zip(proofs, polls.logged(poll), strict=True)
    )


def test_an_address_of_proofs_names_as_few_as_the_protocol_says(get):
    """floor(log16(size/256)) digits; one fewer for a client whose checkpoint is a little older."""
    poll = polls.announced()
    noted(poll, 4_094)
    statuses = {path: get(poll, f"proof/{path}").status_code for path in ("all", "a", "ab", "abc")}
    assert statuses == {"all": 200, "a": 404, "ab": 404, "abc": 404}
    noted(poll, 1)
    assert Log.objects.get(pk=poll.pk).size == 4_096
    statuses = {path: get(poll, f"proof/{path}").status_code for path in ("all", "a", "ab", "abc")}
    assert statuses == {"all": 200, "a": 200, "ab": 404, "abc": 404}
    assert get(poll, "proof/ab").json()["code"] == "too-many-proofs"
    hashes, found = all_hashes(poll), []
    for digit in "0123456789abcdef":
        proofs = list(map(parse_proof, split_proofs(get(poll, f"proof/{digit}").content.decode())))
        assert all(proof.leaf_hash.hex()[0] == digit for proof in proofs)
        assert [proof.index for proof in proofs] == sorted(proof.index for proof in proofs)
        found += [(proof.index, proof.leaf_hash) for proof in proofs]
    assert sorted(found) == list(enumerate(hashes))


def test_a_group_without_leaves_is_an_empty_answer(get):
    poll = polls.announced()
    noted(poll, 4_095)
    # Only a log of one kind of hash could have an empty group: take the leaves of one away.
    reading._tree.cache_clear()
    assert Leaf.objects.filter(poll=poll.pk, leaf_hash__lt=b"\x10").delete()[0] > 0
    answer = get(poll, "proof/0")
    assert (answer.status_code, answer.content) == (200, b"")


@pytest.mark.parametrize("prefix", ["zz", "A", "abcd", "", "al", "-", "0x1", "all/"])
def test_what_is_no_prefix_is_404(get, prefix):
    answer = get(polls.announced(), f"proof/{prefix}")
    assert answer.status_code == 404
    assert answer.json()["code"] == "not-found"


UNKNOWN = "00000000-0000-4000-8000-000000000000"


@pytest.mark.parametrize("path", ["", "checkpoint", "tile/0/000.p/1", "proof/all"])
@pytest.mark.parametrize("state", ["draft", "preparing", "nothing"])
def test_before_announcement_there_is_nothing_to_read(get, path, state):
    poll = UNKNOWN if state == "nothing" else polls.STATES[state]()
    if state == "preparing":
        Log.objects.create(poll=poll.pk, manifest=b"", seed=bytes(32))
    answer = get(poll, path)
    assert answer.status_code == 404
    assert answer.json()["code"] in ("tile", "not-found")


def test_a_reader_follows_the_log_and_finds_its_ballot(get):
    poll = polls.opened()
    manifest = polls.manifest_of(poll)

    def fetch(path):
        answer = get(poll, path)
        return answer.content if answer.status_code == 200 else None

    reader = LogReader(fetch, manifest)
    assert reader.advance().size == 1
    noted(poll, 300)
    voter = polls.voter(poll)
    raw = voter.ballot("b")
    assert reader.proof_of(merkle.leaf_hash(raw)) is None
    polls.cast_ballot(poll=poll.pk, raw=raw)
    polls.cast(poll, "a", "a")
    merge_intake(poll=poll.pk)
    proof = parse_proof(reader.proof_of(merkle.leaf_hash(raw)))
    assert proof.includes(raw)
    assert reader.leaf_of(voter.key) == raw
    polls.ended(poll)
    assert reader.advance().size == len(polls.logged(poll))


def test_the_widest_tiles_are_read_whole(get):
    poll = polls.announced()
    noted(poll, 511)
    for path in ("0/000", "0/001", "entries/000"):
        assert get(poll, f"tile/{path}").status_code == 200
    assert len(get(poll, "tile/0/001").content) == 32 * 256
    assert get(poll, "tile/1/000.p/2").content == computed(Tile(1, 0, 2), [], all_hashes(poll))


@pytest.mark.parametrize("path", ["checkpoint", "tile/0/000.p/1", "proof/all", ""])
@pytest.mark.parametrize("method", ["post", "put", "delete", "patch"])
def test_reading_is_all_that_can_be_done(client, path, method):
    answer = getattr(client, method)(BOOTH.format(polls.announced().pk, path))
    assert answer.status_code == 405
    assert answer.json()["code"] == "method-not-allowed"

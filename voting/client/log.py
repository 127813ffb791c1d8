"""Following a poll's log from outside: signed heads that only grow, and proofs from its tiles.

Trusts the manifest's key alone. Reads by a function the caller gives, so that nothing here can
send a cookie.
"""

from collections.abc import Callable

from voting.crypto.ed25519 import open_checkpoint
from voting.domain import base64url, canonical, merkle, tiles
from voting.domain.manifest import Manifest
from voting.domain.notes import Checkpoint
from voting.domain.refusal import Refusal, require
from voting.domain.tiles import Tile
from voting.domain.tlog_proofs import format_proof, parse_proof, split_proofs

SMALL = 65_536
"""Up to this size every level-0 tile is read, so that nobody learns whose ballot is looked for."""

Fetch = Callable[[str], bytes | None]
"""Bytes behind a path below ``/booth/<poll>/``; None where there are none."""


class LogReader:
    """A poll's log as seen by one reader; ``note`` is the newest head it has believed.

    Every head it believes extends the one before: a log that shows different voters different
    histories cannot answer the same reader twice.
    """

    def __init__(self, fetch: Fetch, manifest: Manifest, note: str = "") -> None:
        self._fetch = fetch
        self._manifest = manifest
        self._tiles: dict[Tile, bytes] = {}
        self.note = note
        self.head: Checkpoint | None = open_checkpoint(note, manifest.vkey) if note else None

    def advance(self) -> Checkpoint:
        """Fetch the newest checkpoint and believe it if it extends the last.

        The first one must prove that leaf 0 is the manifest: otherwise one voter could be given
        a manifest of their own and be recognised by it. Raises ``Refusal("log")``.
        """
        new = self.believe(self._text("checkpoint"))
        # A cache may answer with a head that is older than one already seen.
        return self.head or new

    def believe(self, note: str) -> Checkpoint:
        """The same for a checkpoint that came as part of a proof; it may also be an older one."""
        new = open_checkpoint(note, self._manifest.vkey)
        if self.head is None:
            self._prove_manifest(new)
        elif new.size < self.head.size:
            self._prove_extension(new, self.head)
            return new
        else:
            self._prove_extension(self.head, new)
        self.head, self.note = new, note
        return new

    def proof_of(self, leaf_hash: bytes) -> str | None:
        """A tlog-proof of the leaf under the newest head; None if the log does not hold it.

        What is asked of the log does not say which leaf it is.
        """
        head = self.advance()
        if head.size > SMALL:
            return self._proof_among_many(leaf_hash, head.size)
        hashes = self._all_hashes(head)
        if leaf_hash not in hashes:
            return None
        index = hashes.index(leaf_hash)
        path = merkle.inclusion_proof(index, head.size, self._node(head.size))
        good = merkle.verify_inclusion(index, head.size, leaf_hash, path, head.root)
        require(good, "log", "The log's tiles do not agree with its checkpoint.")
        return format_proof(leaf_hash, index, path, self.note)

    def leaf_of(self, key: bytes) -> bytes | None:
        """The ballot of this key, for a voter left with only the seed; None if it is not there."""
        wanted = base64url.encode(key)
        for tile in tiles.all_tiles(self.advance().size):
            for leaf in tiles.unbundle(self._bundle(tile)) if tile.level is None else ():
                value = canonical.decode(leaf)
                if value["type"] == "ballot" and value["key"] == wanted:
                    return leaf
        return None

    def _prove_manifest(self, head: Checkpoint) -> None:
        require(head.size, "log", "The log is empty.")
        leaf = merkle.leaf_hash(self._manifest.raw)
        path = merkle.inclusion_proof(0, head.size, self._node(head.size))
        good = merkle.verify_inclusion(0, head.size, leaf, path, head.root)
        require(good, "log", "The log was not opened with this poll's manifest.")

    def _prove_extension(self, old: Checkpoint, new: Checkpoint) -> None:
        path = merkle.consistency_proof(old.size, new.size, self._node(new.size))
        good = merkle.verify_consistency(old.size, new.size, path, old.root, new.root)
        require(good, "log", "The log has changed what it had shown before.")

    def _proof_among_many(self, leaf_hash: bytes, size: int) -> str | None:
        digits = leaf_hash.hex()[: prefix_digits(size)]
        for proof in split_proofs(self._text(f"proof/{digits or 'all'}")):
            parsed = parse_proof(proof)
            if parsed.leaf_hash == leaf_hash:
                head = self.believe(parsed.note)
                good = merkle.verify_inclusion(
                    parsed.index, head.size, leaf_hash, parsed.hashes, head.root
                )
                require(good, "log", "The log gave a proof that does not hold.")
                return proof
        return None

    def _all_hashes(self, head: Checkpoint) -> list[bytes]:
        level = (tile for tile in tiles.all_tiles(head.size) if tile.level == 0)
        hashes = [each for tile in level for each in _cut(self._tile(tile))]
        good = merkle.root(hashes) == head.root
        require(good, "log", "The log's tiles do not agree with its checkpoint.")
        return hashes

    def _node(self, size: int) -> merkle.Node:
        def node(level: int, index: int) -> bytes:
            tile_level, shift = divmod(level, 8)
            number, place = divmod(index << shift, tiles.WIDTH)
            width = tiles.width(tile_level, number, size)
            hashes = _cut(self._tile(Tile(tile_level, number, width)))
            return merkle.root(hashes[place : place + (1 << shift)])

        return node

    def _tile(self, tile: Tile) -> bytes:
        if tile not in self._tiles:
            raw = self._bundle(tile)
            require(len(raw) >= 32 * tile.width, "log", "A tile of the log is too short.")
            self._tiles[tile] = raw[: 32 * tile.width]
        return self._tiles[tile]

    def _bundle(self, tile: Tile) -> bytes:
        raw = self._fetch(f"tile/{tiles.path(tile)}")
        if raw is None:
            # A partial tile may be gone once the full one exists (C2SP tlog-tiles).
            raw = self._fetch(f"tile/{tiles.path(Tile(tile.level, tile.index))}")
        if raw is None:
            raise Refusal("log", "A tile of the log is missing.")
        return raw

    def _text(self, path: str) -> str:
        raw = self._fetch(path)
        try:
            return (raw or b"").decode()
        except UnicodeDecodeError:
            raise Refusal("log", "The log's answer is not text.") from None


def prefix_digits(size: int) -> int:
    """How many hex digits of a leaf hash to ask by: floor(log16(size/256)), at most 3.

    >>> [prefix_digits(size) for size in (255, 4_095, 4_096, 65_536, 1 << 40)]
    [0, 0, 1, 2, 3]
    """
    return max(0, min(3, ((size >> 8).bit_length() - 1) // 4))


def _cut(raw: bytes) -> list[bytes]:
    return [raw[place : place + 32] for place in range(0, len(raw), 32)]

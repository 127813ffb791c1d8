"""Reading a poll's log for the public: tiles, bundles of entries, proofs for a whole crowd."""

import uuid
from functools import lru_cache

from django.db.models import QuerySet

from voting.board.models import Checkpoint, Leaf, Node
from voting.domain import merkle, tiles, tlog_proofs
from voting.domain.tiles import Tile

FEW_ENOUGH = 256  # leaves behind one address of proofs, at least: nobody asks for one of their own


def hash_tile(poll: uuid.UUID, tile: Tile) -> bytes:
    """The tile's hashes, 32 bytes each, left to right."""
    end = tile.start + tile.width
    if tile.node_level == 0:
        rows = Leaf.objects.filter(poll=poll, index__gte=tile.start, index__lt=end)
        hashes = rows.order_by("index").values_list("leaf_hash", flat=True)
    else:
        rows = Node.objects.filter(
            poll=poll, level=tile.node_level, index__gte=tile.start, index__lt=end
        )
        hashes = rows.order_by("index").values_list("hash", flat=True)
    return b"".join(bytes(digest) for digest in hashes)


def entry_bundle(poll: uuid.UUID, tile: Tile) -> bytes:
    """The entries of one bundle, each behind its big-endian uint16 length."""
    end = tile.start + tile.width
    rows = Leaf.objects.filter(poll=poll, index__gte=tile.start, index__lt=end)
    bodies = rows.order_by("index").values_list("body", flat=True)
    return tiles.bundle(bytes(body) for body in bodies)


def prefix_digits(size: int) -> int:
    """How many hex digits of a leaf hash an address of proofs names: floor(log16(size/256)), 0…3.

    >>> [prefix_digits(n) for n in (1, 256, 4095, 4096, 65536, 10**9)]
    [0, 0, 0, 1, 2, 3]
    """
    digits = 0
    while digits < 3 and size >= FEW_ENOUGH * 16 ** (digits + 1):
        digits += 1
    return digits


def proofs_for(checkpoint: Checkpoint, prefix: str) -> str:
    """The tlog-proofs of every leaf whose hash begins with the hex ``prefix``, in index order."""
    tree = _tree(checkpoint.poll, checkpoint.size)
    found = _leaves_with(checkpoint, prefix).values_list("index", "leaf_hash")
    return "".join(
        tlog_proofs.format_proof(
            bytes(digest),
            index,
            merkle.inclusion_proof(index, checkpoint.size, lambda level, i: tree[level, i]),
            checkpoint.note,
        )
        for index, digest in found
    )


def _leaves_with(checkpoint: Checkpoint, prefix: str) -> QuerySet[Leaf]:
    leaves = Leaf.objects.filter(poll=checkpoint.poll, index__lt=checkpoint.size).order_by("index")
    if not prefix:
        return leaves
    least, most = bytes.fromhex(prefix.ljust(64, "0")), bytes.fromhex(prefix.ljust(64, "f"))
    return leaves.filter(leaf_hash__gte=least, leaf_hash__lte=most)


@lru_cache(maxsize=4)
def _tree(poll: uuid.UUID, size: int) -> dict[tuple[int, int], bytes]:
    """Every complete node of the tree at ``size``; it never changes, so it may be kept."""
    leaves = Leaf.objects.filter(poll=poll, index__lt=size).values_list("index", "leaf_hash")
    nodes = Node.objects.filter(poll=poll).values_list("level", "index", "hash")
    tree = {(0, index): bytes(digest) for index, digest in leaves}
    tree.update({(level, index): bytes(digest) for level, index, digest in nodes})
    return tree

"""The log's Merkle tree: roots, growth, and proofs of inclusion and consistency (RFC 6962).

No storage: callers pass ``node(level, index)``, which gives the hash of the complete subtree over
the 2^level leaves from index·2^level on (level 0: the leaf hashes themselves).
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from hashlib import sha256

HASH_BYTES = 32
Node = Callable[[int, int], bytes]
Place = tuple[int, int, bytes]


def leaf_hash(data: bytes) -> bytes:
    """Hash of one leaf: SHA-256(0x00 ‖ data) (RFC 6962 section 2.1)."""
    return sha256(b"\x00" + data).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """Hash of an inner node: SHA-256(0x01 ‖ left ‖ right) (RFC 6962 section 2.1)."""
    return sha256(b"\x01" + left + right).digest()


def root(hashes: Sequence[bytes]) -> bytes:
    """Root of the tree over these leaf hashes; the empty tree has SHA-256 of nothing.

    >>> root([]).hex()[:8]
    'e3b0c442'
    """
    row = list(hashes)
    while len(row) > 1:
        # An odd last node is carried up unchanged: the same tree as RFC 6962's recursion.
        odd = row[-1:] if len(row) % 2 else []
        row = [node_hash(*pair) for pair in zip(row[::2], row[1::2], strict=False)] + odd
    return row[0] if row else sha256().digest()


def tree_root(size: int, node: Node) -> bytes:
    """Root of the first ``size`` leaves, from O(log size) complete subtrees."""
    return _subtree(0, size, node) if size else sha256().digest()


def new_nodes(size: int, hashes: Iterable[bytes], node: Node) -> Iterator[Place]:
    """Every complete inner node (level ≥ 1) that appending leaf ``hashes`` to ``size`` makes.

    Yields ``(level, index, hash)``, children before parents. ``node`` is asked only for nodes
    that were complete before.
    """
    waiting: dict[int, bytes] = {}  # level → its last node, as long as that is a left child
    for index, value in enumerate(hashes, start=size):
        level = 0
        while index & 1:
            left = waiting.pop(level, None) or node(level, index - 1)
            level, index, value = level + 1, index >> 1, node_hash(left, value)
            yield level, index, value
        waiting[level] = value


def inclusion_proof(index: int, size: int, node: Node) -> list[bytes]:
    """PATH(index, D[size]) of RFC 6962 section 2.1.1: sibling hashes from the leaf upwards."""
    if not 0 <= index < size:
        raise ValueError("no such leaf in a tree of this size")
    return _path(index, 0, size, node)


def consistency_proof(old: int, new: int, node: Node) -> list[bytes]:
    """PROOF(old, D[new]) of RFC 6962 section 2.1.2; empty where the sizes are the same."""
    if not 0 < old <= new:
        raise ValueError("no proof between these sizes")
    return _subproof(old, 0, new, True, node)


def verify_inclusion(
    index: int, size: int, leaf: bytes, proof: Sequence[bytes], expected_root: bytes
) -> bool:
    """Whether ``proof`` shows that leaf hash ``leaf`` stands at ``index`` (RFC 9162 2.1.3.2)."""
    if not 0 <= index < size or len(leaf) != HASH_BYTES:
        return False
    place, last, value = index, size - 1, leaf
    for sibling in proof:
        if last == 0:
            return False
        if place & 1 or place == last:
            value = node_hash(sibling, value)
            place, last = _skip_carried(place, last)
        else:
            value = node_hash(value, sibling)
        place, last = place >> 1, last >> 1
    return last == 0 and value == expected_root


def verify_consistency(
    old: int, new: int, proof: Sequence[bytes], old_root: bytes, new_root: bytes
) -> bool:
    """Whether ``proof`` shows that the old tree is the beginning of the new (RFC 9162 2.1.4.2).

    Sizes are counts of leaves. An empty old tree proves nothing and is not accepted.
    """
    if old == new and old > 0:
        return not proof and old_root == new_root
    if not 0 < old < new or not proof:
        return False
    path = list(proof) if old & (old - 1) else [old_root, *proof]
    place, last = old - 1, new - 1
    while place & 1:
        place, last = place >> 1, last >> 1
    before = after = path[0]
    for sibling in path[1:]:
        if last == 0:
            return False
        if place & 1 or place == last:
            before, after = node_hash(sibling, before), node_hash(sibling, after)
            place, last = _skip_carried(place, last)
        else:
            after = node_hash(after, sibling)
        place, last = place >> 1, last >> 1
    return last == 0 and before == old_root and after == new_root


def _skip_carried(place: int, last: int) -> tuple[int, int]:
    # Levels at which the last node was carried up unchanged have no sibling in the proof.
    while place and not place & 1:
        place, last = place >> 1, last >> 1
    return place, last


def _split(count: int) -> int:
    return 1 << (count - 1).bit_length() - 1


def _subtree(start: int, end: int, node: Node) -> bytes:
    count = end - start
    if not count & (count - 1):
        level = count.bit_length() - 1
        return node(level, start >> level)
    middle = start + _split(count)
    return node_hash(_subtree(start, middle, node), _subtree(middle, end, node))


def _path(index: int, start: int, end: int, node: Node) -> list[bytes]:
    if end - start == 1:
        return []
    middle = start + _split(end - start)
    if index < middle:
        return [*_path(index, start, middle, node), _subtree(middle, end, node)]
    return [*_path(index, middle, end, node), _subtree(start, middle, node)]


def _subproof(old: int, start: int, end: int, whole: bool, node: Node) -> list[bytes]:
    if old == end:
        return [] if whole else [_subtree(start, end, node)]
    middle = start + _split(end - start)
    if old <= middle:
        return [*_subproof(old, start, middle, whole, node), _subtree(middle, end, node)]
    return [*_subproof(old, middle, end, False, node), _subtree(start, middle, node)]

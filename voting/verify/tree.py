"""The Merkle tree of RFC 6962 section 2.1: roots of growing lists, inclusion proofs.

Proofs are only checked here, never made; nothing is known of ballots.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence


def leaf_digest(leaf: bytes) -> bytes:
    """The tree's hash of one leaf's exact bytes."""
    return hashlib.sha256(b"\0" + leaf).digest()


def node_digest(left: bytes, right: bytes) -> bytes:
    """The tree's hash of two neighbours."""
    return hashlib.sha256(b"\1" + left + right).digest()


class Frontier:
    """The roots of a list's complete subtrees, largest first: enough to append and name a root."""

    def __init__(self) -> None:
        self.size = 0
        self._peaks: list[bytes] = []

    def append(self, digest: bytes) -> None:
        """Add the hash of the next leaf."""
        place = self.size
        while place & 1:
            digest = node_digest(self._peaks.pop(), digest)
            place >>= 1
        self._peaks.append(digest)
        self.size += 1

    def root(self) -> bytes:
        """The root of all leaves so far; of none, the hash of nothing."""
        if not self._peaks:
            return hashlib.sha256().digest()
        total = self._peaks[-1]
        for peak in self._peaks[-2::-1]:
            total = node_digest(peak, total)
        return total


def root_of(digests: Iterable[bytes]) -> bytes:
    """The root over the given leaf hashes."""
    frontier = Frontier()
    for digest in digests:
        frontier.append(digest)
    return frontier.root()


def included(digest: bytes, index: int, size: int, proof: Sequence[bytes], root: bytes) -> bool:
    """Whether ``proof`` leads from the leaf hash to ``root`` (RFC 9162 section 2.1.3.2)."""
    if not 0 <= index < size:
        return False
    place, last = index, size - 1
    for step in proof:
        if not last:
            return False
        if place & 1 or place == last:
            digest = node_digest(step, digest)
            while not place & 1 and place:
                place, last = place >> 1, last >> 1
        else:
            digest = node_digest(digest, step)
        place, last = place >> 1, last >> 1
    return not last and len(root) == 32 and digest == root

"""The order that settles ties: fixed by the manifest before anybody votes, and recomputable by all.

How a rule uses the order stands in that rule; no randomness and no casting vote exist.
"""

import hashlib
from collections.abc import Iterable


def tie_hash(manifest_sha256: bytes, option: str) -> bytes:
    """SHA-256(sha256(manifest) ‖ UTF-8 option id), 32 bytes (ballots.md, Rules, Ties)."""
    return hashlib.sha256(manifest_sha256 + option.encode()).digest()


def tie_order(manifest_sha256: bytes, options: Iterable[str]) -> list[str]:
    """The options in ascending order of their tie hash; the first of two that are tied wins.

    The order in which ``options`` come does not matter.

    >>> tie_order(bytes(32), ["a", "b", "c"])
    ['a', 'c', 'b']
    """
    return sorted(options, key=lambda option: tie_hash(manifest_sha256, option))

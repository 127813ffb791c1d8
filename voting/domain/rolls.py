"""The roll of who may vote, as commitments that only the resident concerned can open.

No names and no storage: who is on the roll is decided elsewhere.
"""

import hmac
from collections.abc import Sequence

from voting.domain import merkle

LABEL = "civic-ballot/1 roll\n"


def commitment(salt: bytes, poll: str, resident: str) -> bytes:
    """HMAC-SHA256 with the resident's own 32-byte ``salt`` over the label, poll and resident id.

    Without the salt nobody can test whether a resident is on the roll.
    """
    if len(salt) != 32:
        raise ValueError("a commitment's salt has 32 bytes")
    return hmac.digest(salt, f"{LABEL}{poll}\n{resident}".encode(), "sha256")


def roll_root(commitments: Sequence[bytes]) -> bytes:
    """RFC 6962 root over the commitments, strictly ascending, as leaf data."""
    return merkle.root([merkle.leaf_hash(each) for each in commitments])

"""Everything a voter needs for one poll, derived from one 32-byte seed.

HKDF-SHA256 only (RFC 5869); where the seed comes from and is kept is the client's business.
"""

import hmac
from hashlib import sha256

LABEL = b"civic-ballot/1 "


def derive(seed: bytes, name: str, length: int, manifest_sha256: bytes) -> bytes:
    """``D(name, length)`` of the protocol: HKDF-SHA256 with the seed as key, an empty salt, and
    the label, the name and the manifest's hash as info; so no two polls share a derived value.

    Other ``name``, other manifest: independent bytes (RFC 5869 section 3.2).
    """
    if length > 255 * 32:
        raise ValueError("HKDF-SHA256 gives at most 8,160 bytes")
    key = hmac.digest(bytes(32), seed, "sha256")
    info = LABEL + name.encode() + b"\n" + manifest_sha256
    block, output = b"", b""
    for counter in range(1, -(-length // sha256().digest_size) + 1):
        block = hmac.digest(key, block + info + bytes([counter]), "sha256")
        output += block
    return output[:length]


def below(wide: bytes, bound: int) -> int:
    """A number from 1 to ``bound − 1``: 1 + wide mod (bound − 1).

    ``wide`` is 16 bytes longer than the bound, so the reduction favours no number by more than
    2^−128 and no loop is needed that draws again, whose length could differ between clients.
    """
    return 1 + int.from_bytes(wide, "big") % (bound - 1)

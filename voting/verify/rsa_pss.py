"""Verifying RSASSA-PSS, SHA-384, MGF1-SHA-384, 48 bytes of salt (RFC 8017): the ballot's token.

Signing, blinding and other parameters are deliberately absent. With and without ``cryptography``
the verdict is the same.
"""

from __future__ import annotations

import hashlib

try:
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric import padding
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey, RSAPublicNumbers
    from cryptography.hazmat.primitives.hashes import SHA384
except ImportError:  # slower, not weaker
    padding = None  # type: ignore[assignment]

SALT_BYTES = 48
HASH_BYTES = 48
EXPONENT = 65537


class IssuerKey:
    """The poll's public key, e = 65537; ``raw`` is n in full bytes with the top bit set."""

    def __init__(self, raw: bytes) -> None:
        self.size = len(raw)
        self.n = int.from_bytes(raw, "big")
        self._fast = _fast_key(self.n)

    def signed(self, message: bytes, signature: bytes) -> bool:
        """Whether ``signature`` of ``message`` is this key's (RFC 8017 section 8.1.2)."""
        number = int.from_bytes(signature, "big")
        if len(signature) != self.size or number >= self.n:
            return False
        if self._fast is not None:
            return _pss_fast(self._fast, message, signature)
        encoded = pow(number, EXPONENT, self.n).to_bytes(self.size, "big")
        return pss_matches(encoded, message)


def pss_matches(encoded: bytes, message: bytes) -> bool:
    """EMSA-PSS-VERIFY of RFC 8017 section 9.1.2 for a modulus whose top bit is set."""
    masked, digest = encoded[: -HASH_BYTES - 1], encoded[-HASH_BYTES - 1 : -1]
    if len(masked) < SALT_BYTES + 1 or encoded[-1] != 0xBC or masked[0] & 0x80:
        return False
    block = bytearray(a ^ b for a, b in zip(masked, _mgf1(digest, len(masked)), strict=True))
    block[0] &= 0x7F
    head, salt = block[:-SALT_BYTES], bytes(block[-SALT_BYTES:])
    if any(head[:-1]) or head[-1] != 1:
        return False
    inner = bytes(8) + hashlib.sha384(message).digest() + salt
    return hashlib.sha384(inner).digest() == digest


def _mgf1(seed: bytes, length: int) -> bytes:
    blocks = range(-(-length // HASH_BYTES))
    return b"".join(hashlib.sha384(seed + i.to_bytes(4, "big")).digest() for i in blocks)[:length]


def _fast_key(n: int) -> RSAPublicKey | None:
    """The library's key; None if there is no library, or it refuses the number."""
    if padding is None:
        return None
    try:
        return RSAPublicNumbers(EXPONENT, n).public_key()
    except ValueError:
        return None


def _pss_fast(key: RSAPublicKey, message: bytes, signature: bytes) -> bool:
    scheme = padding.PSS(mgf=padding.MGF1(SHA384()), salt_length=SALT_BYTES)
    try:
        key.verify(signature, message, scheme, SHA384())
    except InvalidSignature:
        return False
    return True

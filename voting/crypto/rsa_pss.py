"""Verifying tokens fast: RSASSA-PSS with SHA-384, MGF1-SHA-384 and a salt of exactly 48 bytes.

The same verdicts as ``voting.domain.blind_rsa.verify``, by a library, some ten times faster.
"""

from functools import lru_cache

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.padding import MGF1, PSS
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey, RSAPublicNumbers
from cryptography.hazmat.primitives.hashes import SHA384

_PADDING = PSS(mgf=MGF1(SHA384()), salt_length=48)
_HASH = SHA384()


def verify(n: int, e: int, message: bytes, signature: bytes) -> bool:
    """Whether ``signature``, exactly as long as the modulus, is a signature of ``message``."""
    # OpenSSL also takes a signature without its leading zero byte: other bytes, another leaf.
    if len(signature) != -(-n.bit_length() // 8):
        return False
    try:
        _public_key(n, e).verify(signature, message, _PADDING, _HASH)
    except InvalidSignature:
        return False
    return True


@lru_cache(maxsize=64)
def _public_key(n: int, e: int) -> RSAPublicKey:
    return RSAPublicNumbers(e, n).public_key()

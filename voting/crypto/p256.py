"""Ballot signatures: ECDSA on P-256 with SHA-256, 64 bytes ``r ‖ s``, low s only.

Keys are derived elsewhere (``voting.domain.derivation``); none is made here.
"""

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import (
    decode_dss_signature,
    encode_dss_signature,
)
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from voting.domain.p256 import low_s, split

_CURVE = ec.SECP256R1()
_ECDSA = ec.ECDSA(SHA256())


def public_key(secret: int) -> bytes:
    """The public key of a secret (1 … n−1): 65 bytes, uncompressed."""
    public = ec.derive_private_key(secret, _CURVE).public_key()
    return public.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)


def sign(secret: int, message: bytes) -> bytes:
    """A signature with a random nonce, brought to its low-s form."""
    signature = ec.derive_private_key(secret, _CURVE).sign(message, _ECDSA)
    return low_s(*decode_dss_signature(signature))


def verify(public: bytes, message: bytes, signature: bytes) -> bool:
    """Whether range, low s, point and signature are all right; False for anything malformed."""
    numbers = split(signature)
    # Libraries also take compressed and hybrid points: other bytes for the same key.
    if numbers is None or len(public) != 65 or public[0] != 4:
        return False
    try:
        key = ec.EllipticCurvePublicKey.from_encoded_point(_CURVE, public)
        key.verify(encode_dss_signature(*numbers), message, _ECDSA)
    except (InvalidSignature, ValueError):
        return False
    return True

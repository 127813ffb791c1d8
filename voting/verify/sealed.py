"""Opening sealed choices once the tally key is public: HPKE base mode of RFC 9180.

One suite only: DHKEM(P-256, HKDF-SHA256), HKDF-SHA256, AES-128-GCM; sealing is deliberately absent.
"""

from __future__ import annotations

import hashlib
import hmac
from typing import Any

from .aes_gcm import gcm_open
from .manifest import Manifest
from .p256 import EC_BASE, EC_ORDER, p256_multiply, p256_point
from .text import Malformed, decode_base64url, parse_json

HPKE_INFO = b"civic-ballot/1 choice\n"
KEM_SUITE = b"KEM\x00\x10"
HPKE_SUITE = b"HPKE\x00\x10\x00\x01\x00\x01"

try:
    from cryptography.hazmat.primitives.asymmetric import ec
except ImportError:  # slower, not weaker
    ec = None  # type: ignore[assignment]


def uncompressed(secret: int) -> bytes | None:
    """The 65 bytes of a secret's public point; None outside 0 < secret < order."""
    point = p256_multiply(secret, EC_BASE) if 0 < secret < EC_ORDER else None
    if point is None:
        return None
    return b"\4" + point[0].to_bytes(32, "big") + point[1].to_bytes(32, "big")


def open_choice(choice: dict[str, Any], key: bytes, secret: int, manifest: Manifest) -> object:
    """The choice inside ``{"ct","enc"}`` of the ballot by ``key``; Malformed if it stays shut."""
    enc, ct = decode_base64url(choice["enc"]), decode_base64url(choice["ct"])
    public = decode_base64url(manifest.value["tally_key"]["pub"])
    padded = hpke_open(enc, ct, secret, public, HPKE_INFO, manifest.sha256 + key)
    if padded is None:
        raise Malformed("The sealed choice does not open.")
    return parse_json(padded.rstrip(b" "))


def hpke_open(
    enc: bytes, ct: bytes, secret: int, public: bytes, info: bytes, aad: bytes
) -> bytes | None:
    """The first message of an HPKE base-mode context (RFC 9180 section 6.1), or None."""
    point = p256_point(enc)
    if point is None:
        return None
    shared = _labelled_expand(
        KEM_SUITE,
        _labelled_extract(KEM_SUITE, b"", b"eae_prk", _exchange(secret, enc)),
        b"shared_secret",
        enc + public,
        32,
    )
    context = (
        b"\0"
        + _labelled_extract(HPKE_SUITE, b"", b"psk_id_hash", b"")
        + _labelled_extract(HPKE_SUITE, b"", b"info_hash", info)
    )
    scheduled = _labelled_extract(HPKE_SUITE, shared, b"secret", b"")
    key = _labelled_expand(HPKE_SUITE, scheduled, b"key", context, 16)
    nonce = _labelled_expand(HPKE_SUITE, scheduled, b"base_nonce", context, 12)
    return gcm_open(key, nonce, ct, aad)


def _exchange(secret: int, enc: bytes) -> bytes:
    """The x of [secret]enc, 32 bytes; enc is on the curve, whose order is prime."""
    if ec is not None:
        theirs = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), enc)
        return ec.derive_private_key(secret, ec.SECP256R1()).exchange(ec.ECDH(), theirs)
    point = p256_point(enc)
    product = p256_multiply(secret, point) if point else None
    assert product is not None
    return product[0].to_bytes(32, "big")


def _labelled_extract(suite: bytes, salt: bytes, label: bytes, secret: bytes) -> bytes:
    message = b"HPKE-v1" + suite + label + secret
    return hmac.digest(salt or bytes(32), message, "sha256")


def _labelled_expand(suite: bytes, prk: bytes, label: bytes, info: bytes, length: int) -> bytes:
    """At most 32 bytes, so a single block of HKDF-Expand."""
    message = length.to_bytes(2, "big") + b"HPKE-v1" + suite + label + info + b"\1"
    return hmac.digest(prk, message, hashlib.sha256)[:length]

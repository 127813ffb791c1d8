"""Verifying Ed25519 (RFC 8032 section 5.1.7): the log's key signs checkpoints and promises.

Signing is deliberately absent. With and without ``cryptography`` the verdict is the same.
"""

from __future__ import annotations

import hashlib
from functools import lru_cache

try:
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
except ImportError:  # slower, not weaker
    Ed25519PublicKey = None  # type: ignore[assignment,misc]

EdPoint = tuple[int, int, int, int]

ED_P = 2**255 - 19
ED_ORDER = 2**252 + 27742317777372353535851937790883648493
ED_D = -121665 * pow(121666, -1, ED_P) % ED_P
ED_ROOT = pow(2, (ED_P - 1) // 4, ED_P)
ED_ZERO: EdPoint = (0, 1, 1, 0)


def ed25519_valid(public: bytes, message: bytes, signature: bytes) -> bool:
    """Whether ``signature`` (64 bytes) of ``message`` belongs to the key ``public`` (32 bytes).

    Without cofactor, as OpenSSL does it; S must be below the group order, and keys that are not
    canonical or of small order are refused, so that libraries cannot disagree.
    """
    point = _ed_public(public)
    if point is None or len(signature) != 64:
        return False
    if int.from_bytes(signature[32:], "little") >= ED_ORDER:
        return False
    if Ed25519PublicKey is not None:
        return _ed_fast(public, message, signature)
    return _ed_plain(point, public, message, signature)


def _ed_fast(public: bytes, message: bytes, signature: bytes) -> bool:
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, message)
    except InvalidSignature:
        return False
    return True


def _ed_plain(point: EdPoint, public: bytes, message: bytes, signature: bytes) -> bool:
    """Whether R = [S]B - [h]A, compared as encoded bytes."""
    scalar = int.from_bytes(signature[32:], "little")
    digest = hashlib.sha512(signature[:32] + public + message).digest()
    challenge = int.from_bytes(digest, "little") % ED_ORDER
    x, y, z, t = point
    minus = (-x % ED_P, y, z, -t % ED_P)
    return _ed_encode(_ed_double_multiply(scalar, _ed_base(), challenge, minus)) == signature[:32]


@lru_cache(maxsize=16)
def _ed_public(public: bytes) -> EdPoint | None:
    point = _ed_decode(public)
    if point is None:
        return None
    x, _, z, _ = _ed_double_multiply(8, point, 0, ED_ZERO)
    return point if x % ED_P and z % ED_P else None


@lru_cache(maxsize=1)
def _ed_base() -> EdPoint:
    y = 4 * pow(5, -1, ED_P) % ED_P
    point = _ed_decode(y.to_bytes(32, "little"))
    assert point is not None
    return point


def _ed_decode(raw: bytes) -> EdPoint | None:
    """The point of 32 bytes (RFC 8032 section 5.1.3), or None."""
    if len(raw) != 32:
        return None
    number = int.from_bytes(raw, "little")
    sign, y = number >> 255, number & (2**255 - 1)
    if y >= ED_P:
        return None
    top, bottom = (y * y - 1) % ED_P, (ED_D * y * y + 1) % ED_P
    x = top * pow(bottom, 3, ED_P) * pow(top * pow(bottom, 7, ED_P), (ED_P - 5) // 8, ED_P) % ED_P
    if bottom * x * x % ED_P != top:
        x = x * ED_ROOT % ED_P
    if bottom * x * x % ED_P != top or (x == 0 and sign):
        return None
    if x & 1 != sign:
        x = ED_P - x
    return x, y, 1, x * y % ED_P


def _ed_encode(point: EdPoint) -> bytes:
    x, y, z, _ = point
    inverse = pow(z, -1, ED_P)
    return ((y * inverse % ED_P) | ((x * inverse % ED_P & 1) << 255)).to_bytes(32, "little")


def _ed_add(left: EdPoint, right: EdPoint) -> EdPoint:
    """The complete addition of RFC 8032 section 5.1.4, also right for doubling."""
    x1, y1, z1, t1 = left
    x2, y2, z2, t2 = right
    a, b = (y1 - x1) * (y2 - x2) % ED_P, (y1 + x1) * (y2 + x2) % ED_P
    c, d = 2 * t1 * t2 * ED_D % ED_P, 2 * z1 * z2 % ED_P
    e, f, g, h = b - a, d - c, d + c, b + a
    return e * f % ED_P, g * h % ED_P, f * g % ED_P, e * h % ED_P


def _ed_double_multiply(n: int, left: EdPoint, m: int, right: EdPoint) -> EdPoint:
    """[n]left + [m]right, both in one run of doublings."""
    table = (ED_ZERO, left, right, _ed_add(left, right))
    total = ED_ZERO
    for bit in range(max(n.bit_length(), m.bit_length()) - 1, -1, -1):
        total = _ed_add(total, total)
        choice = (n >> bit & 1) | (m >> bit & 1) << 1
        if choice:
            total = _ed_add(total, table[choice])
    return total

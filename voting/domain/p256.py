"""The curve P-256 in plain integers: points, key pairs and the low-s form of signatures.

For derivation and for checking other people's libraries; not constant in time, and the signing
and verifying that a server or client does is ``voting.crypto.p256``.
"""

from hashlib import sha256

FIELD = 2**256 - 2**224 + 2**192 + 2**96 - 1
"""The prime p of the field (FIPS 186-4 D.1.2.3, SEC 2 section 2.4.2); a = −3."""
ORDER = 0xFFFFFFFF_00000000_FFFFFFFF_FFFFFFFF_BCE6FAAD_A7179E84_F3B9CAC2_FC632551
"""The prime number n of points."""
_B = 0x5AC635D8_AA3A93E7_B3EBBD55_769886BC_651D06B0_CC53B0F6_3BCE3C3E_27D2604B
BASE = (
    0x6B17D1F2_E12C4247_F8BCE6E5_63A440F2_77037D81_2DEB33A0_F4A13945_D898C296,
    0x4FE342E2_FE1A7F9B_8EE7EB4A_7C0F9E16_2BCE3357_6B315ECE_CBB64068_37BF51F5,
)

Point = tuple[int, int] | None
"""Affine coordinates; None is the point at infinity."""


def public_point(secret: int) -> bytes:
    """The public key of ``secret`` (1 … n−1): 65 bytes, 0x04 ‖ x ‖ y."""
    point = multiply(secret, BASE) if 0 < secret < ORDER else None
    if point is None:
        raise ValueError("a secret key lies between 1 and n-1")
    return b"\x04" + point[0].to_bytes(32, "big") + point[1].to_bytes(32, "big")


def on_curve(public: bytes) -> bool:
    """Whether the bytes are an uncompressed point of the curve (SEC 1 section 3.2.2.1).

    The curve's cofactor is 1, so every such point has the order n.
    """
    return decode_point(public) is not None


def decode_point(public: bytes) -> Point:
    """The coordinates of an uncompressed point, or None if the bytes are not one."""
    if len(public) != 65 or public[0] != 4:
        return None
    x, y = int.from_bytes(public[1:33], "big"), int.from_bytes(public[33:], "big")
    if x >= FIELD or y >= FIELD or (y * y - x * x * x + 3 * x - _B) % FIELD:
        return None
    return x, y


def add(one: Point, other: Point) -> Point:
    """The sum of two points of the curve (SEC 1 section 2.2.1)."""
    if one is None or other is None:
        return one or other
    (x1, y1), (x2, y2) = one, other
    if x1 == x2 and (y1 + y2) % FIELD == 0:
        return None
    if one == other:
        slope = (3 * x1 * x1 - 3) * pow(2 * y1, -1, FIELD)
    else:
        slope = (y2 - y1) * pow(x2 - x1, -1, FIELD)
    x3 = (slope * slope - x1 - x2) % FIELD
    return x3, (slope * (x1 - x3) - y1) % FIELD


def multiply(times: int, point: Point) -> Point:
    """``point`` added to itself, ``times`` in all."""
    total: Point = None
    while times:
        if times & 1:
            total = add(total, point)
        point, times = add(point, point), times >> 1
    return total


def split(signature: bytes) -> tuple[int, int] | None:
    """``(r, s)`` of a 64-byte signature with 0 < r < n and 0 < s ≤ n/2; otherwise None.

    Low s only: (r, n−s) would be a second valid signature, so a stranger could turn a ballot
    into other bytes and thus another leaf without knowing its key.
    """
    if len(signature) != 64:
        return None
    r, s = int.from_bytes(signature[:32], "big"), int.from_bytes(signature[32:], "big")
    return (r, s) if 0 < r < ORDER and 0 < s <= ORDER // 2 else None


def low_s(r: int, s: int) -> bytes:
    """The 64 bytes ``r ‖ s`` of a valid signature, with s replaced by n−s where that is less."""
    return r.to_bytes(32, "big") + min(s, ORDER - s).to_bytes(32, "big")


def verify(public: bytes, message: bytes, signature: bytes) -> bool:
    """ECDSA with SHA-256 (FIPS 186-4 section 6.4), low s only; tens of times a second."""
    point, numbers = decode_point(public), split(signature)
    if point is None or numbers is None:
        return False
    r, s = numbers
    inverse = pow(s, -1, ORDER)
    digest = int.from_bytes(sha256(message).digest(), "big")
    total = add(multiply(digest * inverse % ORDER, BASE), multiply(r * inverse % ORDER, point))
    return total is not None and total[0] % ORDER == r

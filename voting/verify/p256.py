"""Verifying ECDSA over P-256 with SHA-256 (FIPS 186-5): each ballot is signed by its own key.

Signing is deliberately absent. With and without ``cryptography`` the verdict is the same.
"""

from __future__ import annotations

import hashlib
from functools import lru_cache

try:
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
    from cryptography.hazmat.primitives.hashes import SHA256
except ImportError:  # slower, not weaker
    ec = None  # type: ignore[assignment]

Affine = tuple[int, int]
Jacobian = tuple[int, int, int]

EC_P = 2**256 - 2**224 + 2**192 + 2**96 - 1
EC_ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
EC_B = 0x5AC635D8AA3A93E7B3EBBD55769886BC651D06B0CC53B0F63BCE3C3E27D2604B
EC_BASE: Affine = (
    0x6B17D1F2E12C4247F8BCE6E563A440F277037D812DEB33A0F4A13945D898C296,
    0x4FE342E2FE1A7F9B8EE7EB4A7C0F9E162BCE33576B315ECECBB6406837BF51F5,
)
EC_NOWHERE: Jacobian = (1, 1, 0)
WINDOW = 6


def p256_point(raw: bytes) -> Affine | None:
    """The point of 65 uncompressed bytes (SEC 1 section 2.3.4); None if not on the curve."""
    if len(raw) != 65 or raw[0] != 4:
        return None
    x, y = int.from_bytes(raw[1:33], "big"), int.from_bytes(raw[33:], "big")
    if x >= EC_P or y >= EC_P or (y * y - x * x * x + 3 * x - EC_B) % EC_P:
        return None
    return x, y


def p256_valid(public: bytes, message: bytes, signature: bytes) -> bool:
    """Whether ``public`` signed; ``signature`` is r and s, 32 bytes each, s in its lower half."""
    point = p256_point(public)
    r, s = int.from_bytes(signature[:32], "big"), int.from_bytes(signature[32:], "big")
    if point is None or len(signature) != 64 or not (0 < r < EC_ORDER and 0 < s <= EC_ORDER // 2):
        return False
    if ec is not None:
        return _ec_fast(public, message, r, s)
    return _ec_plain(point, message, r, s)


def p256_multiply(scalar: int, point: Affine) -> Affine | None:
    """[scalar]point, or None for the point at infinity."""
    x, y, z = _multiply(scalar, point)
    if not z:
        return None
    inverse = pow(z, -1, EC_P)
    return x * inverse**2 % EC_P, y * inverse**3 % EC_P


def _ec_fast(public: bytes, message: bytes, r: int, s: int) -> bool:
    key = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), public)
    try:
        key.verify(encode_dss_signature(r, s), message, ec.ECDSA(SHA256()))
    except InvalidSignature:
        return False
    return True


def _ec_plain(point: Affine, message: bytes, r: int, s: int) -> bool:
    digest = int.from_bytes(hashlib.sha256(message).digest(), "big")
    inverse = pow(s, -1, EC_ORDER)
    total = _add_base_multiple(
        _multiply(r * inverse % EC_ORDER, point), digest * inverse % EC_ORDER
    )
    x, _, z = total
    square = z * z % EC_P
    tries = [r] if r + EC_ORDER >= EC_P else [r, r + EC_ORDER]
    return z != 0 and any(attempt * square % EC_P == x for attempt in tries)


@lru_cache(maxsize=1)
def _base_table() -> list[list[Affine]]:
    """For each window w the affine points [1..2^WINDOW-1] * 2^(w*WINDOW) * base."""
    rows, step = [], EC_BASE
    for _ in range(-(-256 // WINDOW)):
        points = [(*step, 1)]
        for _ in range((1 << WINDOW) - 1):
            points.append(_add_affine(points[-1], step))
        *row, step = _to_affine(points)
        rows.append(row)
    return rows


def _add_base_multiple(total: Jacobian, scalar: int) -> Jacobian:
    for row in _base_table():
        digit = scalar & ((1 << WINDOW) - 1)
        if digit:
            total = _add_affine(total, row[digit - 1])
        scalar >>= WINDOW
    return total


def _multiply(scalar: int, point: Affine) -> Jacobian:
    """[scalar]point by signed windows of five bits."""
    odd = _odd_multiples(point)
    total = EC_NOWHERE
    for digit in reversed(_signed_digits(scalar)):
        total = _double(total)
        if digit > 0:
            total = _add_affine(total, odd[digit >> 1])
        elif digit:
            x, y = odd[-digit >> 1]
            total = _add_affine(total, (x, EC_P - y))
    return total


def _signed_digits(scalar: int) -> list[int]:
    """``scalar`` in digits that are zero or odd and within -15..15, lowest first."""
    digits = []
    while scalar:
        digit = 0
        if scalar & 1:
            digit = scalar & 31
            if digit > 15:
                digit -= 32
            scalar -= digit
        digits.append(digit)
        scalar >>= 1
    return digits


def _odd_multiples(point: Affine) -> list[Affine]:
    """1, 3, 5 ... 15 times ``point``."""
    (twice,) = _to_affine([_double((*point, 1))])
    points: list[Jacobian] = [(*point, 1)]
    for _ in range(7):
        points.append(_add_affine(points[-1], twice))
    return _to_affine(points)


def _to_affine(points: list[Jacobian]) -> list[Affine]:
    """All at once with a single inversion; none may be the point at infinity."""
    product, products = 1, []
    for _, _, z in points:
        products.append(product)
        product = product * z % EC_P
    inverse, result = pow(product, -1, EC_P), []
    for (x, y, z), before in zip(points[::-1], products[::-1], strict=True):
        own = inverse * before % EC_P
        inverse = inverse * z % EC_P
        square = own * own % EC_P
        result.append((x * square % EC_P, y * square * own % EC_P))
    return result[::-1]


def _double(point: Jacobian) -> Jacobian:
    """Formula dbl-2001-b for a = -3; infinity stays infinity, and no point of P-256 has y = 0."""
    x, y, z = point
    delta, gamma = z * z % EC_P, y * y % EC_P
    beta, alpha = x * gamma % EC_P, 3 * (x - delta) * (x + delta) % EC_P
    new_x = (alpha * alpha - 8 * beta) % EC_P
    return new_x, (alpha * (4 * beta - new_x) - 8 * gamma * gamma) % EC_P, 2 * y * z % EC_P


def _add_affine(left: Jacobian, right: Affine) -> Jacobian:
    """Mixed addition, right also where the points are equal, opposite or infinite."""
    x1, y1, z1 = left
    x2, y2 = right
    if not z1:
        return x2, y2, 1
    square = z1 * z1 % EC_P
    h, r = (x2 * square - x1) % EC_P, (y2 * square * z1 - y1) % EC_P
    if not h:
        return EC_NOWHERE if r else _double(left)
    h2 = h * h % EC_P
    h3, v = h * h2 % EC_P, x1 * h2 % EC_P
    x3 = (r * r - h3 - 2 * v) % EC_P
    return x3, (r * (v - x3) - y1 * h3) % EC_P, z1 * h % EC_P

"""The recovery code: a voter's seed in signs that survive paper and telephone.

Crockford's base32, with two bytes of checksum; a wrong sign is noticed, never corrected.
"""

from hashlib import sha256
from typing import NoReturn

from voting.domain.refusal import Refusal

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
SIGNS = 55
_LOOK_ALIKE = str.maketrans({"O": "0", "I": "1", "L": "1"})


def recovery_code(seed: bytes) -> str:
    """55 signs in 11 groups: seed, first two bytes of its SHA-256, three zero bits.

    >>> recovery_code(bytes(32))[-11:]
    '00000-06CT0'
    """
    if len(seed) != 32:
        raise ValueError("a seed has 32 bytes")
    number = int.from_bytes(seed + _checksum(seed), "big") << 3
    signs = "".join(ALPHABET[number >> 5 * i & 31] for i in reversed(range(SIGNS)))
    return "-".join(signs[i : i + 5] for i in range(0, SIGNS, 5))


def seed_from_code(text: str) -> bytes:
    """The seed of a code as people write it: any case, spaces, hyphens; O is 0, I and L are 1.

    Raises ``Refusal("recovery-code")`` for a wrong length, sign or checksum.
    """
    signs = "".join(text.upper().split()).replace("-", "").translate(_LOOK_ALIKE)
    if len(signs) != SIGNS or set(signs) - set(ALPHABET):
        _refuse("A recovery code has 55 letters and digits.")
    number = 0
    for sign in signs:
        number = number << 5 | ALPHABET.index(sign)
    raw = (number >> 3).to_bytes(34, "big")
    if number & 7 or raw[32:] != _checksum(raw[:32]):
        _refuse("A sign of this recovery code is wrong.")
    return raw[:32]


def _checksum(seed: bytes) -> bytes:
    return sha256(seed).digest()[:2]


def _refuse(sentence: str) -> NoReturn:
    raise Refusal("recovery-code", sentence)

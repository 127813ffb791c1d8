"""Blind RSA signatures in plain integers: the voter's half, and verifying (RFC 9474).

SHA-384, MGF1-SHA-384, salts of 48 bytes unless told otherwise. The issuer's half needs a private
key and is ``voting.crypto.issuer``; a faster verifier is ``voting.crypto.rsa_pss``.
"""

from hashlib import sha384
from hmac import compare_digest
from math import gcd

from voting.domain.refusal import Refusal

HASH_BYTES = 48
SALT_BYTES = 48


def blind(n: int, e: int, message: bytes, salt: bytes, r: int) -> bytes:
    """The blinded message z = EMSA-PSS(message, salt)·r^e mod n (RFC 9474 section 4.2).

    Whoever sees z learns nothing of the message as long as ``r`` (1 … n−1) stays secret and is
    used once. Raises ``Refusal("blinded-message")`` in the cases that nobody can hit by chance.
    """
    number = int.from_bytes(emsa_pss_encode(message, salt, n.bit_length() - 1), "big")
    if gcd(number, n) != 1 or gcd(r, n) != 1 or not 0 < r < n:
        raise Refusal("blinded-message", "This message cannot be blinded with this number.")
    return _bytes(number * pow(r, e, n) % n, n)


def finalize(
    n: int, e: int, message: bytes, blind_sig: bytes, r: int, salt_length: int = SALT_BYTES
) -> bytes:
    """The signature of ``message``, unblinded and verified (RFC 9474 section 4.4).

    Raises ``Refusal("token")`` if the issuer did not sign what it was sent.
    """
    if len(blind_sig) == _length(n):
        signature = _bytes(int.from_bytes(blind_sig, "big") * pow(r, -1, n) % n, n)
        if verify(n, e, message, signature, salt_length):
            return signature
    raise Refusal("token", "The issuer's answer is not a signature of this message.")


def verify(n: int, e: int, message: bytes, signature: bytes, salt_length: int = SALT_BYTES) -> bool:
    """RSASSA-PSS-VERIFY with exactly this salt length (RFC 8017 sections 8.1.2 and 9.1.2)."""
    number = int.from_bytes(signature, "big")
    if len(signature) != _length(n) or number >= n:
        return False
    bits = n.bit_length() - 1
    try:
        encoded = pow(number, e, n).to_bytes(-(-bits // 8), "big")
    except OverflowError:
        return False
    return _emsa_pss_verify(message, encoded, bits, salt_length)


def emsa_pss_encode(message: bytes, salt: bytes, bits: int) -> bytes:
    """EMSA-PSS-ENCODE to ⌈bits/8⌉ bytes (RFC 8017 section 9.1.1), with the salt given."""
    length = -(-bits // 8)
    digest = _pss_hash(message, salt)
    block = (b"\x01" + salt).rjust(length - HASH_BYTES - 1, b"\0")
    masked = bytearray(_xor(block, _mgf1(digest, len(block))))
    masked[0] &= 0xFF >> (8 * length - bits)
    return bytes(masked) + digest + b"\xbc"


def _emsa_pss_verify(message: bytes, encoded: bytes, bits: int, salt_length: int) -> bool:
    length = len(encoded)
    masked, digest = encoded[: -HASH_BYTES - 1], encoded[-HASH_BYTES - 1 : -1]
    spare = 8 * length - bits
    if encoded[-1] != 0xBC or masked[0] >> (8 - spare):
        return False
    block = bytearray(_xor(masked, _mgf1(digest, len(masked))))
    block[0] &= 0xFF >> spare
    start = len(block) - salt_length
    if bytes(block[:start]) != b"\x01".rjust(start, b"\0"):
        return False
    return compare_digest(_pss_hash(message, bytes(block[start:])), digest)


def _pss_hash(message: bytes, salt: bytes) -> bytes:
    return sha384(bytes(8) + sha384(message).digest() + salt).digest()


def _mgf1(seed: bytes, length: int) -> bytes:
    counters = range(-(-length // HASH_BYTES))
    return b"".join(sha384(seed + c.to_bytes(4, "big")).digest() for c in counters)[:length]


def _xor(one: bytes, other: bytes) -> bytes:
    number = int.from_bytes(one, "big") ^ int.from_bytes(other, "big")
    return number.to_bytes(len(one), "big")


def _length(n: int) -> int:
    return -(-n.bit_length() // 8)


def _bytes(number: int, n: int) -> bytes:
    return number.to_bytes(_length(n), "big")

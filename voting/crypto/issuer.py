"""The issuer's half of RFC 9474: signing a blinded message that it cannot read.

Who may have a pass, and that nobody gets two, is decided by the service. This is the one module
that touches a library's private RSA operation.
"""

import secrets
from collections.abc import Callable
from functools import cache
from hashlib import sha256

from Crypto.PublicKey import RSA
from Crypto.PublicKey.RSA import RsaKey
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
)

from voting.crypto import rfc9474
from voting.domain.manifest import EXPONENT
from voting.domain.refusal import require

PrivatePower = Callable[[RsaKey, int], int]


def generate_key(bits: int) -> str:
    """A new private key for one poll, PKCS #8 in PEM; seconds of work, so never in a request."""
    key = rsa.generate_private_key(public_exponent=EXPONENT, key_size=bits)
    pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    return pem.decode()


def public_modulus(pem: str) -> int:
    """The modulus N that stands in the manifest."""
    return RSA.import_key(pem).n


class Issuer:
    """Signs blinded messages with one poll's private key; ``n`` is its modulus, ``k`` its bytes."""

    def __init__(self, pem: str) -> None:
        self._key = RSA.import_key(pem)
        self._power = private_power()
        self.n = self._key.n
        self.k = self._key.size_in_bytes()

    def blind_sign(self, z: bytes) -> bytes:
        """The blind signature of the blinded message ``z``, k bytes each, big-endian.

        The same ``z`` always gives the same answer. Raises ``Refusal("blinded-message")`` unless
        ``z`` has k bytes and 0 < z < N; ArithmeticError if the machine miscalculated.
        """
        number = int.from_bytes(z, "big")
        good = len(z) == self.k and 0 < number < self.n
        require(good, "blinded-message", "This is not a blinded message for this poll.")
        signature = self._power(self._key, number)
        # RFC 9474 section 4.3 step 4: one wrong half of a CRT signature, by a failing memory or
        # an attack on it, would tell its receiver the private key: gcd(s^e - z, N) is a prime.
        if pow(signature, self._key.e, self.n) != number:
            raise ArithmeticError("the blind signature does not verify")
        return signature.to_bytes(self.k, "big")

    @staticmethod
    def self_test() -> str:
        """Name of the private operation that passes RFC 9474's vector; raises if none does."""
        return private_power().__name__


@cache
def private_power() -> PrivatePower:
    """The private operation to use: the library's own, or ours where it is missing or wrong.

    pycryptodome has no public raw RSA operation, so its private one may go with any release.
    """
    key = RSA.construct(_vector_numbers(), consistency_check=False)
    for power in (library_power, plain_power):
        try:
            signature = power(key, rfc9474.BLINDED)
        except (AttributeError, TypeError, ValueError):
            continue
        if sha256(signature.to_bytes(512, "big")).hexdigest() == rfc9474.BLIND_SIG_SHA256:
            return power
    raise ArithmeticError("no private RSA operation passes RFC 9474's test vector")


def library_power(key: RsaKey, z: int) -> int:
    """z^d mod N by pycryptodome, which blinds it against timing."""
    return int.from_bytes(key._decrypt_to_bytes(z), "big")  # type: ignore[no-untyped-call]


def plain_power(key: RsaKey, z: int) -> int:
    """z^d mod N in Python's integers, blinded by a fresh random number; seven times slower."""
    n, blinder = key.n, 1 + secrets.randbelow(key.n - 1)
    blinded = z * pow(blinder, key.e, n) % n
    p, q = key.p, key.q
    half = pow(blinded % q, key.d % (q - 1), q)
    lift = (pow(blinded % p, key.d % (p - 1), p) - half) * pow(q, -1, p) % p
    return (half + lift * q) * pow(blinder, -1, n) % n


def _vector_numbers() -> tuple[int, int, int, int, int]:
    p, q = rfc9474.PRIME_P, rfc9474.PRIME_Q
    return p * q, EXPONENT, pow(EXPONENT, -1, (p - 1) * (q - 1)), p, q

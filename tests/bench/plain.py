"""The limit of a verifier without libraries: RSA in plain integers, ECDSA in plain integers."""

from collections.abc import Callable

from voting.domain import blind_rsa
from voting.domain.ballots import parse_ballot
from voting.domain.manifest import EXPONENT, Manifest
from voting.domain.tokens import token_message
from voting.verify.p256 import p256_multiply, p256_point


def pure_verifying(batch: list[bytes], manifest: Manifest) -> Callable[[], int]:
    """One RSA-PSS verification and two multiplications of a point for each ballot."""
    parsed = [parse_ballot(raw, manifest.k) for raw in batch]
    messages = [token_message(b.prefix, manifest.sha256, b.key) for b in parsed]

    def limit() -> int:
        for ballot, message in zip(parsed, messages, strict=True):
            assert blind_rsa.verify(manifest.n, EXPONENT, message, ballot.token)
            point = p256_point(ballot.key)
            assert point is not None
            p256_multiply(int.from_bytes(ballot.sig[:32], "big"), point)
            p256_multiply(int.from_bytes(ballot.sig[32:], "big"), point)
        return len(parsed)

    return limit

"""Passes and ballots a second on one core, durable before the answer, beside the bare work."""

import uuid
from collections.abc import Callable

from Crypto.PublicKey import RSA

from engage.identity.participants import Participant
from tests.bench import stage
from tests.bench.measure import Figure, beside
from voting.crypto import p256, rsa_pss
from voting.crypto.issuer import private_power
from voting.domain.ballots import parse_ballot
from voting.domain.manifest import EXPONENT, Manifest
from voting.domain.tokens import token_message
from voting.models import IssuerKey, Poll
from voting.services.casting import cast_ballot
from voting.services.passing import issue_pass

MANY = 200


def figures(repeats: int) -> list[Figure]:
    """Passes and casts with RSA-2048 and RSA-3072."""
    found = []
    for bits in (2048, 3072):
        poll, manifest = stage.open_poll(bits)
        found.append(_passes(poll, manifest, bits, repeats))
        found.append(_casts(poll, manifest, bits, repeats))
    return found


def _passes(poll: Poll, manifest: Manifest, bits: int, repeats: int) -> Figure:
    def ours() -> int:
        for voter in crowd:
            issue_pass(poll=poll, person=Participant(uuid.uuid4()), blinded=voter.blinded)
        return len(crowd)

    crowd = stage.voters(manifest, MANY)
    key, power = _private_key(poll), private_power()
    numbers = [int.from_bytes(voter.blinded, "big") for voter in crowd]

    def limit() -> int:
        for number in numbers:
            power(key, number)
        return len(numbers)

    return beside(f"passes, RSA-{bits}", ours, "private operation", limit, repeats)


def _private_key(poll: Poll) -> RSA.RsaKey:
    return RSA.import_key(IssuerKey.objects.get(poll=poll).pem)


def _casts(poll: Poll, manifest: Manifest, bits: int, repeats: int) -> Figure:
    batches = [stage.ballots(poll, stage.voters(manifest, MANY)) for _ in range(repeats)]
    waiting = iter(batches)

    def ours() -> int:
        batch = next(waiting)
        for raw in batch:
            cast_ballot(poll=poll.pk, raw=raw)
        return len(batch)

    name = f"ballots cast, RSA-{bits}"
    return beside(name, ours, "two signatures verified", verifying(batches[0], manifest), repeats)


def verifying(batch: list[bytes], manifest: Manifest) -> Callable[[], int]:
    """The bare work of checking ``batch``: one RSA-PSS and one ECDSA signature each."""
    parsed = [parse_ballot(raw, manifest.k) for raw in batch]
    messages = [token_message(b.prefix, manifest.sha256, b.key) for b in parsed]

    def limit() -> int:
        for ballot, message in zip(parsed, messages, strict=True):
            assert rsa_pss.verify(manifest.n, EXPONENT, message, ballot.token)
            assert p256.verify(ballot.key, ballot.signed, ballot.sig)
        return len(parsed)

    return limit

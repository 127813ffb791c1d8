"""One voter in one poll: from a seed to a blinded message, a token, and a signed ballot.

Nothing is sent, stored or drawn at random here, but the seed of a new voter and the nonce of the
ballot's signature.
"""

import secrets
from functools import cached_property

from voting.crypto import p256
from voting.crypto.intake import check_choice_in
from voting.domain import blind_rsa
from voting.domain import p256 as curve
from voting.domain.ballots import signed_leaf, signed_message, unsigned_leaf
from voting.domain.derivation import below, derive
from voting.domain.manifest import EXPONENT, Manifest
from voting.domain.recovery import recovery_code
from voting.domain.tokens import token_message


class Voter:
    """Everything derives from ``manifest`` and ``seed`` (32 bytes), which must be kept first.

    ``key`` (65 bytes) and ``prefix`` (32) end up in the ballot; ``secret``, ``salt`` and ``r``
    never leave the voter.
    """

    def __init__(self, manifest: Manifest, seed: bytes) -> None:
        if len(seed) != 32:
            raise ValueError("a seed has 32 bytes")
        self.manifest = manifest
        self.seed = seed
        self.secret = below(self._derive("key", 48), curve.ORDER)
        self.prefix = self._derive("prefix", 32)
        self.salt = self._derive("salt", 48)
        self.r = below(self._derive("blind", manifest.k + 16), manifest.n)
        self.key = p256.public_key(self.secret)
        self.token: bytes | None = None

    @classmethod
    def new(cls, manifest: Manifest) -> "Voter":
        """A voter with a fresh seed."""
        return cls(manifest, secrets.token_bytes(32))

    @property
    def recovery_code(self) -> str:
        """The seed as 55 signs for paper."""
        return recovery_code(self.seed)

    @cached_property
    def token_message(self) -> bytes:
        """What the issuer signs without seeing it: 150 bytes."""
        return token_message(self.prefix, self.manifest.sha256, self.key)

    @cached_property
    def blinded(self) -> bytes:
        """The message to send for a pass; always the same, so that asking again does no harm."""
        return blind_rsa.blind(self.manifest.n, EXPONENT, self.token_message, self.salt, self.r)

    def finish(self, blind_sig: bytes) -> bytes:
        """The token in the issuer's answer, verified. Raises ``Refusal("token")``."""
        self.token = blind_rsa.finalize(
            self.manifest.n, EXPONENT, self.token_message, blind_sig, self.r
        )
        return self.token

    def ballot(self, choice: object) -> bytes:
        """The exact bytes of a ballot: keep them before sending; a second call gives others.

        Raises ``Refusal("choice")`` for a choice that the poll does not offer.
        """
        if self.token is None:
            raise ValueError("a ballot needs the token first")
        check_choice_in(choice, self.manifest)
        unsigned = unsigned_leaf(
            choice,
            key=self.key,
            manifest=self.manifest.field,
            prefix=self.prefix,
            token=self.token,
        )
        return signed_leaf(unsigned, p256.sign(self.secret, signed_message(unsigned)))

    def _derive(self, name: str, length: int) -> bytes:
        return derive(self.seed, name, length, self.manifest.sha256)

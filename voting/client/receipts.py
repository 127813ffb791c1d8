"""What a voter holds in hand: the ballot, the promise, the proof; and whether they are right.

A receipt shows how its holder voted to whom the holder shows it; nothing is sent from here.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from voting.crypto import ed25519
from voting.domain import canonical
from voting.domain.ballots import parse_ballot
from voting.domain.fields import record, text
from voting.domain.manifest import Manifest
from voting.domain.merkle import leaf_hash
from voting.domain.promises import Promise, parse_promise, promise_message
from voting.domain.refusal import Refusal
from voting.domain.times import parse_minute
from voting.domain.tlog_proofs import Proof, parse_proof

GRACE = timedelta(minutes=2)


@dataclass(frozen=True)
class Receipt:
    """Exact bytes of ``leaf`` and ``promise``, and the text of a tlog-proof, once there is one."""

    leaf: bytes
    promise: bytes
    proof: str | None = None

    def dump(self) -> bytes:
        """The receipt as a file: ``{"leaf","promise","proof"}``."""
        promise = canonical.decode(self.promise)
        return canonical.encode(
            {"leaf": self.leaf.decode(), "promise": promise, "proof": self.proof}
        )

    @classmethod
    def load(cls, raw: bytes) -> "Receipt":
        """Read a receipt's file. Raises ``Refusal``."""
        value = record(canonical.decode(raw), ("leaf", "promise", "proof"))
        proof = None if value["proof"] is None else text(value["proof"])
        return cls(text(value["leaf"]).encode(), canonical.encode(value["promise"]), proof)

    def check(self, manifest: Manifest) -> Proof | None:
        """Raises ``Refusal`` unless ballot, promise and proof (returned) belong together."""
        if parse_ballot(self.leaf, manifest.k).manifest != manifest.field:
            raise Refusal("manifest", "This receipt is from another poll.")
        check_promise(self.promise, self.leaf, manifest)
        return None if self.proof is None else check_proof(self.proof, self.leaf, manifest)


def check_promise(
    raw: bytes, leaf: bytes, manifest: Manifest, now: datetime | None = None
) -> Promise:
    """The promise, signed by the log, that ``leaf`` will stand in it.

    Raises ``Refusal("promise")``; with ``now`` also if the log gives itself too much time.
    """
    promise = parse_promise(raw)
    message = promise_message(promise.by, promise.leaf, manifest.field)
    if promise.leaf != leaf_hash(leaf).hex():
        raise Refusal("promise", "This promise is for another ballot.")
    if not ed25519.verify(manifest.log_public, message, promise.sig):
        raise Refusal("promise", "This promise is not signed by the log's key.")
    delay = timedelta(seconds=manifest.max_delay_s) + GRACE
    if now is not None and parse_minute(promise.by) > now + delay:
        raise Refusal("promise", "This promise leaves the log more time than the poll allows.")
    return promise


def check_proof(proof: str, leaf: bytes, manifest: Manifest) -> Proof:
    """The proof that ``leaf`` stands in the log, under a checkpoint the log has signed.

    Raises ``Refusal`` "proof" or "checkpoint". Whether that checkpoint agrees with others seen is
    ``LogReader``'s question.
    """
    parsed = parse_proof(proof)
    ed25519.open_checkpoint(parsed.note, manifest.vkey)
    if not parsed.includes(leaf):
        raise Refusal("proof", "This proof does not show the ballot in the log.")
    return parsed

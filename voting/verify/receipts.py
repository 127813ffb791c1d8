"""Checking a voter's own papers against the record: a receipt, and the last checkpoint they saw.

Both may be right while the record is not, and then they prove it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from .ed25519 import ed25519_valid
from .findings import Report, Unreadable
from .log import LogCheck
from .manifest import Manifest
from .notes import PROOF_HEAD, Checkpoint, Proof, read_checkpoint, read_proof, signed_by
from .text import Malformed, canonical_json, decode_base64url, loose_json
from .tree import included, leaf_digest

PROMISE_LABEL = b"civic-ballot/1 promise\n"


@dataclass(frozen=True)
class Receipt:
    """What a voter kept; each part may be missing, but not all."""

    digest: bytes | None
    promise: dict[str, Any] | None
    proof: Proof | None


def read_receipt(raw: bytes) -> Receipt:
    """A tlog-proof or {"leaf","promise","proof"}; Unreadable if it is neither."""
    try:
        if raw.startswith(PROOF_HEAD.encode()):
            proof = read_proof(raw.decode())
            return Receipt(proof.digest, None, proof)
        return _read_json_receipt(loose_json(raw))
    except (Malformed, UnicodeDecodeError) as fault:
        raise Unreadable(f"The receipt cannot be read. {fault}") from None


def read_last_checkpoint(raw: bytes) -> Checkpoint:
    """The checkpoint a voter kept; Unreadable if it is none."""
    try:
        return read_checkpoint(raw)
    except Malformed as fault:
        raise Unreadable(f"The last checkpoint cannot be read. {fault}") from None


class PaperCheck:
    """Tells the log what to look out for, and judges once the whole log was read."""

    def __init__(self, receipt: Receipt | None, last: Checkpoint | None) -> None:
        self._receipt = receipt
        self._last = last

    def announce(self, log: LogCheck) -> None:
        """Ask the log for the places and roots that the papers speak of."""
        for checkpoint in (self._last, self._proven()):
            if checkpoint:
                log.watch(checkpoint.size)
        if self._receipt and self._receipt.digest:
            log.seek(self._receipt.digest)

    def judge(self, log: LogCheck, manifest: Manifest, report: Report) -> None:
        """Report everything in which papers and record do not agree."""
        if self._last:
            _check_checkpoint("last-checkpoint", self._last, log, manifest, report)
        if self._receipt and self._receipt.proof:
            _check_proof(self._receipt, self._receipt.proof, log, manifest, report)
        if self._receipt:
            _check_promise(self._receipt, log, manifest, report)

    def _proven(self) -> Checkpoint | None:
        return self._receipt.proof.checkpoint if self._receipt and self._receipt.proof else None


def _read_json_receipt(value: object) -> Receipt:
    if not isinstance(value, dict):
        raise Malformed("It is neither a proof nor an object.")
    promise, proof, leaf = value.get("promise"), value.get("proof"), value.get("leaf")
    if isinstance(promise, str):
        promise = loose_json(promise.encode("utf-8", "replace"))
    if not isinstance(promise, dict):
        promise = None
    read = read_proof(proof) if isinstance(proof, str) and proof else None
    digest = leaf_digest(leaf.encode("utf-8", "replace")) if isinstance(leaf, str) else None
    digest = digest or _promised(promise) or (read.digest if read else None)
    if digest is None:
        raise Malformed("It does not say which ballot it is for.")
    return Receipt(digest, promise, read)


def _promised(promise: dict[str, Any] | None) -> bytes | None:
    try:
        return bytes.fromhex(promise["leaf"]) if promise else None
    except (LookupError, TypeError, ValueError):
        return None


def _check_checkpoint(
    name: str, checkpoint: Checkpoint, log: LogCheck, manifest: Manifest, report: Report
) -> bool:
    """Whether ``checkpoint`` is the log's own; report if the log never was what it says."""
    code = "receipt.proof" if name == "receipt" else f"{name}.signature"
    key = manifest.log_key
    if checkpoint.origin != manifest.value["log"]["origin"]:
        report.red(code, "The checkpoint you kept is of another log.")
    elif key and not signed_by(checkpoint, key):
        report.red(code, "The checkpoint you kept is not signed by the log's key.")
    else:
        report.did(code)
        if log.root_at(checkpoint.size) != checkpoint.root:
            sentence = (
                f"The log of {checkpoint.size} leaves that you saw is not the beginning of this."
            )
            report.red(f"{name}.consistency", sentence)
        report.did(f"{name}.consistency")
        return True
    return False


def _check_proof(
    receipt: Receipt, proof: Proof, log: LogCheck, manifest: Manifest, report: Report
) -> None:
    checkpoint = proof.checkpoint
    if not _check_checkpoint("receipt", checkpoint, log, manifest, report):
        return
    digest = receipt.digest or proof.digest
    if digest is None or proof.digest not in (None, digest):
        report.red("receipt.proof", "The receipt's proof is for another leaf.")
    elif not included(digest, proof.index, checkpoint.size, proof.path, checkpoint.root):
        report.red("receipt.proof", "The receipt's proof does not lead to its checkpoint.")
    report.did("receipt.proof")


def _check_promise(receipt: Receipt, log: LogCheck, manifest: Manifest, report: Report) -> None:
    """A promise that holds, without its leaf in the record, proves that a ballot was lost."""
    digest, promise = receipt.digest, receipt.promise
    place = log.place_of(digest) if digest else None
    if promise is not None and not _promise_holds(promise, digest, manifest):
        report.red(
            "receipt.promise", "The receipt's promise is not the log's, or not for this leaf."
        )
        promise = None
    elif promise is not None:
        report.did("receipt.promise", "receipt.lost")
    if place is not None:
        report.facts["receipt"] = f"leaf {place}"
    elif digest and promise is not None:
        sentence = "The log promised to hold your ballot, and this record does not: it was lost."
        report.red("receipt.lost", sentence)
    elif digest:
        report.red("receipt.leaf", "Your ballot is not in this record.")
    if digest:
        report.did("receipt.leaf")


def _promise_holds(promise: dict[str, Any], digest: bytes | None, manifest: Manifest) -> bool:
    """Whether the log's key signed {"by","leaf","manifest"} for this leaf."""
    try:
        text = {"by": promise["by"], "leaf": promise["leaf"], "manifest": manifest.field}
        signature = decode_base64url(promise["sig"], 64)
        message = PROMISE_LABEL + canonical_json(text)
    except (Malformed, LookupError, TypeError):
        return False
    if manifest.log_key is None or promise["leaf"] != (digest or b"").hex():
        return False
    return ed25519_valid(manifest.log_key.public, message, signature)

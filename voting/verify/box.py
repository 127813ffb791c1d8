"""The ballot box: every ballot judged by itself and against all others, and their choices gathered.

What the choices come to is the matter of the recount.
"""

from __future__ import annotations

import hashlib
from typing import Any

from .ballots import ballot_refusal
from .choices import choice_fault
from .findings import Report
from .manifest import Manifest
from .recount import Tally
from .sealed import open_choice
from .text import Malformed, decode_base64url, parse_json

BALLOT_CHECKS = (
    "ballot.token",
    "ballot.signature",
    "ballot.choice",
    "ballot.key-reused",
    "ballot.token-reused",
)


class BallotBox:
    """Receives every ballot once, in order; those with sealed choices are met a second time."""

    def __init__(self, manifest: Manifest, report: Report) -> None:
        self._manifest = manifest
        self._report = report
        self._keys: dict[bytes, int] = {}
        self._tokens: dict[bytes, int] = {}
        self._refused: set[int] = set()
        self.tally = Tally()

    def add(self, index: int, leaf: dict[str, Any] | None) -> None:
        """Judge the ballot at ``index``; None if its form was already found wrong."""
        self.tally.ballots += 1
        if leaf is None:
            self._refused.add(index)
            self.tally.invalid += not self._manifest.sealed
            return
        refusal = ballot_refusal(leaf, self._manifest)
        if refusal:
            self._report.red(refusal.code, refusal.sentence, index)
        if self._repeats(index, leaf) or refusal:
            self._refused.add(index)
        if not self._manifest.sealed:
            self._count(index, leaf["choice"])

    def open(self, index: int, text: bytes, secret: int) -> None:
        """Open the sealed choice of the ballot at ``index``, met for the second time."""
        try:
            leaf: Any = parse_json(text)
            key = decode_base64url(leaf["key"])
            choice = open_choice(leaf["choice"], key, secret, self._manifest)
        except (Malformed, LookupError, TypeError):
            self.tally.invalid += 1
            return
        self._count(index, choice)

    def finish(self) -> None:
        """Say that every ballot was seen."""
        self._report.did(*BALLOT_CHECKS)

    def _count(self, index: int, choice: object) -> None:
        if choice_fault(choice, self._manifest):
            self.tally.invalid += 1
        else:
            self.tally.add(choice, index in self._refused)

    def _repeats(self, index: int, leaf: dict[str, Any]) -> bool:
        """Report a key or token that an earlier ballot used."""
        key = decode_base64url(leaf["key"])
        token = hashlib.sha256(decode_base64url(leaf["token"])).digest()
        earlier = self._keys.setdefault(key, index), self._tokens.setdefault(token, index)
        for what, first in zip(("key", "token"), earlier, strict=True):
            if first != index:
                sentence = f"The {what} was used before, by leaf {first}."
                self._report.red(f"ballot.{what}-reused", sentence, index)
        return earlier != (index, index)

"""What a verification found: one finding per fault, one line per check, one verdict.

How it looks on paper is the matter of another module.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

GREEN, YELLOW, RED = "green", "yellow", "red"
EXIT = {GREEN: 0, RED: 1, YELLOW: 3}
UNREADABLE = 2

CHECKS: dict[str, str] = {
    "record.damaged": "every entry of the archive reads back whole",
    "record.missing": "every entry that a record needs is there",
    "record.duplicate": "no entry stands in the archive twice",
    "record.form": "the archive has its one deterministic form",
    "record.unknown": "nothing else is in the archive",
    "client.hash": "the voter's program is the one announced in the manifest",
    "manifest.canonical": "the manifest is canonical JSON",
    "manifest.fields": "the manifest says everything it must, and nothing else",
    "manifest.sha256": "the manifest is the one you named",
    "manifest.leaf": "leaf 0 is the manifest",
    "log.vkey": "the log's key is well formed and belongs to its name",
    "log.named-key": "the log's key is the one you named",
    "log.checkpoint-form": "every checkpoint reads as one and stands under its size",
    "log.checkpoint-signature": "every checkpoint is signed by the log",
    "log.root": "the last checkpoint's root is that of the leaves",
    "log.consistency": "every older checkpoint is a beginning of the same log",
    "log.truncated": "no checkpoint speaks of leaves that are missing",
    "log.uncovered": "the log ends with a checkpoint",
    "log.first-checkpoint": "manifest and roll share one checkpoint",
    "log.order": "between two checkpoints ballots ascend by hash",
    "log.kinds": "kinds of leaves follow each other as they must",
    "log.unfinished": "the log was closed and has a result, or was annulled",
    "log.annulled": "the poll was not annulled",
    "leaf.size": "no leaf is too long",
    "leaf.canonical": "every leaf is canonical JSON",
    "leaf.fields": "every leaf has the fields of its kind",
    "leaf.manifest": "every leaf names this manifest",
    "roll.order": "commitments of the roll ascend without a gap",
    "roll.root": "the roll has the announced size and root",
    "tiles.hashes": "the hash tiles are those of the leaves",
    "tiles.entries": "the entry bundles are the leaves",
    "ballot.token": "every ballot's key was signed, blindly, by the issuer",
    "ballot.signature": "every ballot is signed by its own key",
    "ballot.choice": "every ballot's choice is one the poll allows",
    "ballot.key-reused": "no key votes twice",
    "ballot.token-reused": "no token is used twice",
    "tally.key": "the published tally key is the one announced",
    "close.count": "the closing leaf counts the ballots that are there",
    "close.passes": "no more passes than people on the roll, no more assisted ballots than ballots",
    "slack.negative": "no more ballots than passes",
    "slack.margin": "unused passes could not have changed the outcome",
    "result.file": "result.json is the last result in the log",
    "result.rule": "the result was counted by the rule announced",
    "result.recount": "counting again gives the published result",
    "result.earlier": "no earlier result was corrected",
    "recount.unknown": "this program knows the rule",
    "receipt.leaf": "the receipt's ballot is a leaf of this record",
    "receipt.promise": "the receipt's promise is signed by the log",
    "receipt.proof": "the receipt's proof is right",
    "receipt.consistency": "the receipt's checkpoint is a beginning of this log",
    "receipt.lost": "the promised ballot was not lost",
    "last-checkpoint.signature": "your last checkpoint is signed by the log",
    "last-checkpoint.consistency": "your last checkpoint is a beginning of this log",
}


class Unreadable(Exception):
    """There is nothing to verify; the message is a sentence for people."""


@dataclass(frozen=True)
class Finding:
    """One fault: ``code`` is a name of CHECKS and never changes; ``leaf`` an index, if one."""

    code: str
    level: str
    sentence: str
    leaf: int | None = None


@dataclass
class Report:
    """Everything said about one record.

    ``titles`` are the options' by id, ``recount`` the fields of a result leaf as counted here,
    ``cautions`` sentences that change no verdict.
    """

    findings: list[Finding] = field(default_factory=list)
    checked: set[str] = field(default_factory=set)
    expected: set[str] = field(default_factory=set)
    facts: dict[str, str | int] = field(default_factory=dict)
    titles: dict[str, str] = field(default_factory=dict)
    recount: dict[str, Any] = field(default_factory=dict)
    cautions: list[str] = field(default_factory=list)

    def red(self, code: str, sentence: str, leaf: int | None = None) -> None:
        """Record a fault that the record cannot have if it is right."""
        self._add(Finding(code, RED, sentence, leaf))

    def yellow(self, code: str, sentence: str, leaf: int | None = None) -> None:
        """Record something that a person should look at."""
        self._add(Finding(code, YELLOW, sentence, leaf))

    def expect(self, *codes: str) -> None:
        """Name checks that must take place: one that does not is no green."""
        self.expected.update(codes)

    def did(self, *codes: str) -> None:
        """Say that checks were carried out to their end."""
        self.checked.update(codes)

    def states(self) -> dict[str, str | None]:
        """The colour of every check that took place or should have, in the order of CHECKS."""
        worst: dict[str, str] = {}
        for finding in self.findings:
            if worst.get(finding.code) != RED:
                worst[finding.code] = finding.level
        wanted = self.checked | self.expected | set(worst)
        green = dict.fromkeys(self.checked, GREEN)
        return {code: {**green, **worst}.get(code) for code in CHECKS if code in wanted}

    def verdict(self) -> str:
        """The worst colour; a check that should have taken place and did not is at least yellow."""
        states = set(self.states().values())
        if RED in states:
            return RED
        return YELLOW if YELLOW in states or None in states else GREEN

    def _add(self, finding: Finding) -> None:
        assert finding.code in CHECKS
        self.findings.append(finding)

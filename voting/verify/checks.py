"""The order of all checks over one record, from the archive to the recount.

Nothing is judged here: each check is a module of its own.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, BinaryIO

from .box import BALLOT_CHECKS, BallotBox
from .findings import Report, Unreadable
from .leaves import LeafReader
from .log import LogCheck
from .manifest import Manifest, read_manifest, settle_log_key
from .notes import Checkpoint
from .receipts import PaperCheck, Receipt
from .record import (
    CLIENT_LIMIT,
    LEAF_LIMIT,
    Damaged,
    Record,
    check_archive,
    check_leftovers,
    open_record,
)
from .recount import check_results, check_slack
from .roll import RollCheck
from .sealed import uncompressed
from .text import decode_base64url

ALWAYS = (
    "record.damaged",
    "record.missing",
    "record.duplicate",
    "record.form",
    "record.unknown",
    "manifest.canonical",
    "manifest.fields",
    "manifest.leaf",
    "log.vkey",
    "log.checkpoint-form",
    "log.checkpoint-signature",
    "log.root",
    "log.consistency",
    "log.truncated",
    "log.uncovered",
    "log.order",
    "log.kinds",
    "leaf.canonical",
    "leaf.fields",
    "leaf.manifest",
    "tiles.hashes",
    "tiles.entries",
    *BALLOT_CHECKS,
)
AFTER_CLOSE = (
    "close.count",
    "slack.negative",
    "slack.margin",
    "result.file",
    "result.rule",
    "result.recount",
)


@dataclass(frozen=True)
class Trust:
    """What the person who verifies knows from elsewhere; every part may be missing."""

    manifest_sha256: str | None = None
    vkey: str | None = None
    receipt: Receipt | None = None
    last_checkpoint: Checkpoint | None = None


def verify(stream: BinaryIO, trust: Trust, progress: Callable[[int], None]) -> Report:
    """Carry out every check on the record in ``stream``; ``progress`` hears of leaves read.

    Raises Unreadable if there is no record to speak of.
    """
    report = Report()
    report.expect(*ALWAYS)
    record = open_record(stream)
    check_archive(record, report)
    try:
        _verify_record(record, trust, report, progress)
        report.did("record.damaged")
    except Damaged as fault:
        report.red("record.damaged", str(fault))
    if None in (trust.manifest_sha256, trust.vkey):
        report.cautions.append(
            "This record only agrees with itself: compare the manifest's hash and the log's key "
            "with what was published elsewhere (--manifest-sha256, --vkey)."
        )
    return report


def _verify_record(
    record: Record, trust: Trust, report: Report, progress: Callable[[int], None]
) -> None:
    text = record.read("manifest.json", LEAF_LIMIT)
    if text is None:
        raise Unreadable("There is no manifest.json: this is not a record.")
    _compare_manifest(text, trust, report)
    manifest = read_manifest(text, report)
    if manifest is None:
        return
    settle_log_key(manifest, trust.vkey, report)
    _state_facts(manifest, report)
    _check_client(record, manifest, report)
    if "leaves.jsonl" not in record:
        report.red("record.missing", "The entry leaves.jsonl is missing.")
        return
    reading = Reading(record, manifest, report)
    reading.run(PaperCheck(trust.receipt, trust.last_checkpoint), progress)
    reading.conclude(progress)
    check_leftovers(record, report)
    report.did("record.missing")


class Reading:
    """One walk over all leaves, and for sealed results a second one over the ballots."""

    def __init__(self, record: Record, manifest: Manifest, report: Report) -> None:
        self._record = record
        self._manifest = manifest
        self._report = report
        self._log = LogCheck(record, manifest, report)
        self._reader = LeafReader(manifest, report)
        self._roll = RollCheck(manifest, report)
        self._box = BallotBox(manifest, report)
        self._single: dict[str, tuple[int, dict[str, Any]]] = {}
        self._results: list[tuple[int, dict[str, Any]]] = []
        self._result_text = b""
        self._ballots: list[int] = []

    def run(self, papers: PaperCheck, progress: Callable[[int], None]) -> None:
        """Read every leaf once and let each check see it."""
        papers.announce(self._log)
        self._log.begin()
        for index, line in enumerate(self._record.leaves()):
            self._take(index, line)
            progress(index + 1)
        for part in (self._log, self._reader, self._roll, self._box):
            part.finish()
        if not self._log.size:
            self._report.red("manifest.leaf", "There is not a single leaf.")
        self._report.did("manifest.leaf")
        papers.judge(self._log, self._manifest, self._report)

    def conclude(self, progress: Callable[[int], None]) -> None:
        """Open what is sealed, count again, and compare with the closing leaf and the result."""
        self._check_result_file()
        if not (self._reader.annulled and "result" not in self._single):
            self._report.expect(*AFTER_CLOSE)
        if self._manifest.sealed and not self._open_choices(progress):
            return
        if self._results:
            check_results(self._manifest, self._box.tally, self._results, self._report)
        if "close" in self._single:
            close = self._single["close"]
            check_slack(self._manifest, self._box.tally, close, self._report)

    def _take(self, index: int, line: bytes) -> None:
        leaf = line.removesuffix(b"\n")
        if leaf == line:
            self._report.red("leaf.canonical", "The leaf does not end with a newline.", index)
        if index == 0:
            self._check_first(leaf)
            self._log.add(leaf, "manifest")
            return
        kind, value = self._reader.read(index, leaf)
        self._log.add(leaf, kind)
        if kind == "ballot":
            self._box.add(index, value)
            self._ballots += [index] * self._manifest.sealed
        elif kind == "roll" and value:
            self._roll.add(index, value)
        elif value:
            self._keep(index, kind, value, leaf)

    def _keep(self, index: int, kind: str, value: dict[str, Any], leaf: bytes) -> None:
        self._single[kind] = index, value
        if kind == "result":
            self._results.append((index, value))
            self._result_text = leaf

    def _check_first(self, leaf: bytes) -> None:
        if leaf != self._manifest.raw:
            self._report.red("manifest.leaf", "Leaf 0 is not the manifest of this record.", 0)

    def _check_result_file(self) -> None:
        found = self._record.read("result.json", LEAF_LIMIT)
        if found is None and self._results:
            self._report.red("record.missing", "The entry result.json is missing.")
        elif found is not None and found != self._result_text:
            self._report.red("result.file", "result.json is not the last result in the log.")
        if found is not None:
            self._report.did("result.file")

    def _open_choices(self, progress: Callable[[int], None]) -> bool:
        """Whether the published key is the announced one and every ballot was tried with it."""
        if "tally-key" not in self._single:
            return False
        index, leaf = self._single["tally-key"]
        raw = decode_base64url(leaf["secret"])
        secret = int.from_bytes(raw, "big")
        public = decode_base64url(self._manifest.value["tally_key"]["pub"])
        if uncompressed(secret) != public:
            sentence = "The published tally key does not belong to the announced one."
            self._report.red("tally.key", sentence, index)
            return False
        self._report.did("tally.key")
        wanted = set(self._ballots)
        for place, line in enumerate(self._record.leaves()):
            if place in wanted:
                self._box.open(place, line.removesuffix(b"\n"), secret)
                progress(place + 1)
        return True


def _compare_manifest(text: bytes, trust: Trust, report: Report) -> None:
    digest = hashlib.sha256(text).hexdigest()
    report.facts["manifest"] = digest
    if trust.manifest_sha256 is not None:
        if digest != trust.manifest_sha256.lower():
            report.red("manifest.sha256", "This is another manifest than the one you named.")
        report.did("manifest.sha256")


def _state_facts(manifest: Manifest, report: Report) -> None:
    report.facts["title"] = manifest.value["title"]
    report.facts["poll"] = manifest.value["poll"]
    report.facts["log"] = manifest.value["log"]["origin"]
    report.facts["rule"] = manifest.rule
    report.titles = dict(manifest.titles)


def _check_client(record: Record, manifest: Manifest, report: Report) -> None:
    """Yellow at most: no ballot and no count rests on the program's text."""
    for path, digest in sorted(manifest.value["client"].items()):
        name = f"client/{path.lstrip('/')}"
        found = record.read(name, CLIENT_LIMIT)
        if found is None:
            report.yellow("client.hash", f"The announced program file {name} is not in the record.")
        elif hashlib.sha256(found).hexdigest() != digest:
            report.yellow("client.hash", f"{name} is not the program file that was announced.")
    report.did("client.hash")

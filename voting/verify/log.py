"""Checking the log as a log: checkpoints, roots, merges; what the leaves mean does not matter here.

Every checkpoint's root is compared with that of the first so many leaves: none needs a proof.
"""

from __future__ import annotations

from .findings import Report
from .manifest import Manifest
from .notes import NOTE_LIMIT, Checkpoint, read_checkpoint, signed_by
from .record import Damaged, Record
from .text import Malformed
from .tiles import TileCheck
from .tree import Frontier, leaf_digest


class LogCheck:
    """Receives every leaf once, in order; meets each checkpoint when the log has its size."""

    def __init__(self, record: Record, manifest: Manifest, report: Report) -> None:
        self._record = record
        self._manifest = manifest
        self._report = report
        self._sizes = record.checkpoint_sizes()
        self._met = 0
        self._tree = Frontier()
        self._tiles = TileCheck(record, report)
        self._last_ballot = b""
        self._fresh = False
        self._watched: dict[int, bytes | None] = {}
        self._sought: dict[bytes, int | None] = {}

    @property
    def size(self) -> int:
        """The number of leaves so far."""
        return self._tree.size

    def watch(self, size: int) -> None:
        """Ask for the root that the log had at ``size``; ``root_at`` tells it in the end."""
        self._watched[size] = self._tree.root() if size == 0 else None

    def seek(self, digest: bytes) -> None:
        """Ask for the place of a leaf; ``place_of`` tells it in the end."""
        self._sought[digest] = None

    def root_at(self, size: int) -> bytes | None:
        """The watched root; None if the log never had that size."""
        return self._watched[size]

    def place_of(self, digest: bytes) -> int | None:
        """The first index of a sought leaf; None if it is not in the log."""
        return self._sought[digest]

    def begin(self) -> None:
        """Meet a checkpoint of the empty log, which is odd but no lie."""
        self._meet_checkpoints()

    def add(self, leaf: bytes, kind: str) -> None:
        """Take the next leaf."""
        digest = leaf_digest(leaf)
        if digest in self._sought and self._sought[digest] is None:
            self._sought[digest] = self._tree.size
        self._check_order(digest, kind)
        self._tree.append(digest)
        self._tiles.add(digest, leaf)
        self._meet_checkpoints()
        if self._tree.size in self._watched:
            self._watched[self._tree.size] = self._tree.root()

    def finish(self) -> None:
        """Report checkpoints beyond the log's end, or an end without checkpoint."""
        beyond = self._sizes[self._met :]
        for size in beyond:
            self._read_checkpoint(size)
            sentence = f"A checkpoint speaks of {size} leaves; {self.size} are there."
            self._report.red("log.truncated", sentence)
        if not beyond and self._sizes[-1:] != [self.size]:
            sentence = f"The log's {self.size} leaves do not end with a checkpoint."
            self._report.red("log.uncovered", sentence)
        self._tiles.finish()
        self._conclude()

    def _conclude(self) -> None:
        self._report.facts["leaves"] = self.size
        self._report.facts["checkpoints"] = len(self._sizes)
        self._report.facts["root"] = self._tree.root().hex()
        self._report.did(
            "log.checkpoint-form",
            "log.root",
            "log.consistency",
            "log.truncated",
            "log.uncovered",
            "log.order",
            "log.first-checkpoint",
        )
        if self._manifest.log_key:
            self._report.did("log.checkpoint-signature")

    def _check_order(self, digest: bytes, kind: str) -> None:
        """Between two checkpoints ballots ascend by leaf hash, so no order of arrival is left."""
        index = self._tree.size
        if kind == "ballot":
            if digest <= self._last_ballot:
                sentence = "The ballot's hash is not above that of the ballot before it."
                self._report.red("log.order", sentence, index)
            self._last_ballot = digest
        if kind == "roll" and self._fresh:
            sentence = "A checkpoint separates this leaf of the roll from the manifest."
            self._report.yellow("log.first-checkpoint", sentence, index)
        self._fresh = False

    def _meet_checkpoints(self) -> None:
        while self._met < len(self._sizes) and self._sizes[self._met] == self.size:
            self._met += 1
            self._last_ballot, self._fresh = b"", True
            checkpoint = self._read_checkpoint(self.size)
            if checkpoint and checkpoint.root != self._tree.root():
                self._report_root()

    def _report_root(self) -> None:
        if self._met == len(self._sizes):
            sentence = f"The last checkpoint, of {self.size} leaves, has another root than these."
            self._report.red("log.root", sentence)
        else:
            sentence = f"The first {self.size} leaves are not those of the checkpoint signed then."
            self._report.red("log.consistency", sentence)

    def _read_checkpoint(self, size: int) -> Checkpoint | None:
        """The checkpoint filed under ``size``, if it reads as one and its signature holds."""
        name = f"checkpoints/{size:010d}"
        try:
            checkpoint = read_checkpoint(self._record.read(name, NOTE_LIMIT) or b"")
        except Damaged as fault:
            self._report.red("record.damaged", str(fault))
            return None
        except Malformed as fault:
            self._report.red("log.checkpoint-form", f"{name}: {fault}")
            return None
        return checkpoint if self._holds(checkpoint, name, size) else None

    def _holds(self, checkpoint: Checkpoint, name: str, size: int) -> bool:
        key = self._manifest.log_key
        if checkpoint.size != size or checkpoint.origin != self._manifest.value["log"]["origin"]:
            self._report.red("log.checkpoint-form", f"{name} is of another size or another log.")
        elif key and not signed_by(checkpoint, key):
            self._report.red("log.checkpoint-signature", f"{name} is not signed by the log's key.")
        else:
            return True
        return False

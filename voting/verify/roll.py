"""Checking the roll: commitments without a gap, ascending, under the announced root.

Who stands behind a commitment is known only to that person and the operator.
"""

from __future__ import annotations

from itertools import pairwise
from typing import Any

from .findings import Report
from .manifest import Manifest
from .text import decode_base64url
from .tree import Frontier, leaf_digest


class RollCheck:
    """Receives every roll leaf in order."""

    def __init__(self, manifest: Manifest, report: Report) -> None:
        self._announced: dict[str, Any] | None = manifest.value["roll"]
        self._report = report
        self._tree = Frontier()
        self._last = b""

    def add(self, index: int, leaf: dict[str, Any]) -> None:
        """Take the next roll leaf."""
        if leaf["from"] != self._tree.size:
            sentence = f"This part of the roll begins at {leaf['from']}, not {self._tree.size}."
            self._report.red("roll.order", sentence, index)
        commitments = [decode_base64url(text) for text in leaf["commitments"]]
        if any(a >= b for a, b in pairwise([self._last, *commitments])):
            self._report.red("roll.order", "The roll's commitments do not ascend.", index)
        self._last = commitments[-1]
        for commitment in commitments:
            self._tree.append(leaf_digest(commitment))

    def finish(self) -> None:
        """Compare with what the manifest announced."""
        self._report.did("roll.order", "roll.root")
        if self._announced is None:
            return
        if self._announced["size"] != self._tree.size:
            sentence = f"{self._announced['size']} people were announced, {self._tree.size} listed."
            self._report.red("roll.root", sentence)
        elif decode_base64url(self._announced["root"]) != self._tree.root():
            self._report.red("roll.root", "The roll has another root than the one announced.")

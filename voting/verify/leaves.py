"""The grammar of the log: which fields each kind of leaf has, and which kind may follow which.

What the fields say is judged elsewhere.
"""

from __future__ import annotations

from typing import Any

from .ballots import BALLOT_LIMIT
from .findings import Report
from .manifest import COUNT, Manifest
from .record import LEAF_LIMIT
from .shapes import (
    Shape,
    a_list,
    exactly,
    fields_fault,
    is_anything,
    is_object,
    is_text,
    null_or,
    raw,
)
from .text import Malformed, decode_base64url, loose_json, parse_json

KINDS: dict[str, dict[str, Shape]] = {
    "roll": {"commitments": a_list(raw(32), 1, 1000), "from": COUNT},
    "ballot": {"choice": is_anything, "key": raw(65), "prefix": raw(32), "sig": raw(64)},
    "close": {"assisted": COUNT, "ballots": COUNT, "passes": COUNT},
    "tally-key": {"secret": raw(32)},
    "note": {"text": is_text},
    "annul": {"reason": is_text},
    "recount": {"code": is_text, "reason": null_or(is_text)},
    "result": {
        "ballots": COUNT,
        "blank": COUNT,
        "code": is_text,
        "counted": COUNT,
        "detail": is_object,
        "invalid": COUNT,
        "reason": null_or(is_text),
        "rules": is_text,
        "winners": a_list(is_text),
    },
}
OWN_LINES = ("note", "annul")
FOLLOWERS: dict[str, tuple[str, ...]] = {
    "manifest": ("roll", "ballot", "close"),
    "roll": ("roll", "ballot", "close"),
    "note": ("ballot", "close"),
    "ballot": ("ballot", "close"),
    "close": ("tally-key", "result"),
    "tally-key": ("result",),
    "result": ("recount",),
    "recount": ("result",),
}


class LeafReader:
    """Reads leaves one after the other; remembers only what the last one was."""

    def __init__(self, manifest: Manifest, report: Report) -> None:
        self._manifest = manifest
        self._report = report
        self._last = "manifest"
        self.annulled = False
        envelope = {"manifest": is_text, "type": is_text, "v": exactly(1)}
        self._shapes = {kind: {**envelope, **shape} for kind, shape in KINDS.items()}
        self._shapes["ballot"]["token"] = raw(manifest.issuer.size)

    def read(self, index: int, text: bytes) -> tuple[str, dict[str, Any] | None]:
        """The kind of leaf ``index`` (empty if unknown), and its fields if they are all right."""
        value, canonical = self._parse(index, text)
        kind = value.get("type") if isinstance(value, dict) else None
        if not isinstance(kind, str) or kind not in KINDS:
            if canonical:
                self._report.red("leaf.fields", "The leaf is of no known kind.", index)
            return "", None
        self._follow(index, kind)
        if not canonical or not self._well_formed(index, kind, value):
            return kind, None
        if kind == "annul":
            sentence = f"The poll was annulled: {value['reason']}"
            self._report.yellow("log.annulled", sentence, index)
        return kind, value

    def finish(self) -> None:
        """Report a log that stops before it is over."""
        if not self.annulled and self._last != "result":
            sentence = f"The log stops after its last {self._last} leaf: there is no result."
            self._report.red("log.unfinished", sentence)
        self._report.did("leaf.size", "leaf.canonical", "leaf.fields", "leaf.manifest")
        self._report.did("log.kinds", "log.unfinished", "log.annulled")

    def _parse(self, index: int, text: bytes) -> tuple[Any, bool]:
        """The leaf's value as well as it can be read, and whether it is canonical."""
        limit = BALLOT_LIMIT if b'"type":"ballot"' in text else LEAF_LIMIT
        if len(text) > limit:
            self._report.red("leaf.size", f"The leaf is longer than {limit} bytes.", index)
        try:
            return parse_json(text), True
        except Malformed as fault:
            self._report.red("leaf.canonical", str(fault), index)
        try:
            return loose_json(text), False
        except Malformed:
            return None, False

    def _well_formed(self, index: int, kind: str, value: Any) -> bool:
        fault = fields_fault(value, self._shapes[kind])
        if not fault and kind == "ballot":
            fault = _ballot_fault(value)
        if fault:
            self._report.red("leaf.fields", f"In this {kind} leaf, {fault}.", index)
        elif value["manifest"] != self._manifest.field:
            self._report.red("leaf.manifest", f"This {kind} leaf names another manifest.", index)
        else:
            return True
        return False

    def _follow(self, index: int, kind: str) -> None:
        """Notes and annulment may stand anywhere after the roll; everything else has its place."""
        self.annulled |= kind == "annul"
        if kind in OWN_LINES:
            self._last = "note" if self._last in ("manifest", "roll") else self._last
            return
        if kind not in FOLLOWERS[self._last] or not self._fits_poll(kind):
            sentence = f"A {kind} leaf may not stand here, after a {self._last} leaf."
            self._report.red("log.kinds", sentence, index)
        self._last = kind

    def _fits_poll(self, kind: str) -> bool:
        """A roll needs an announced roll; a tally key, just once, belongs to sealed results."""
        if kind == "roll":
            return self._manifest.value["roll"] is not None
        if self._last in ("close", "tally-key"):
            return (kind == "tally-key") == (self._manifest.sealed and self._last == "close")
        return True


def _ballot_fault(value: dict[str, Any]) -> str:
    return "" if decode_base64url(value["key"])[0] == 4 else "the field key is wrong"

"""Comparing the record's tiles and entry bundles (C2SP tlog-tiles) with those of its leaves.

The tiles are made anew from the leaves as they pass; nothing is ever concluded from a tile.
"""

from __future__ import annotations

from .findings import Report
from .record import BUNDLE_LIMIT, LEAF_LIMIT, Damaged, Record
from .tree import root_of

WIDTH = 256


def tile_name(level: str, index: int, width: int) -> str:
    """The entry's name: index in groups of three digits, a partial tile with its width.

    >>> tile_name("0", 1234067, 5)
    'tiles/0/x001/x234/067.p/5'
    """
    groups = [f"{index % 1000:03d}"]
    while index >= 1000:
        index //= 1000
        groups.insert(0, f"x{index % 1000:03d}")
    partial = "" if width == WIDTH else f".p/{width}"
    return f"tiles/{level}/{'/'.join(groups)}{partial}"


class TileCheck:
    """Receives every leaf once, in order, and compares each tile as soon as it is full."""

    def __init__(self, record: Record, report: Report) -> None:
        self._record = record
        self._report = report
        self._bundle: list[bytes] = []
        self._bundles = 0
        self._rows: list[list[bytes]] = []
        self._tiles: list[int] = []

    def add(self, digest: bytes, leaf: bytes) -> None:
        """Take the next leaf and its hash."""
        self._bundle.append(min(len(leaf), LEAF_LIMIT).to_bytes(2, "big") + leaf)
        self._push(0, digest)
        if len(self._bundle) == WIDTH:
            self._compare_bundle()

    def finish(self) -> None:
        """Compare the partial tiles at the end."""
        if self._bundle:
            self._compare_bundle()
        for level, row in enumerate(self._rows):
            if row:
                self._compare_tile(level)
        self._report.did("tiles.hashes", "tiles.entries")

    def _push(self, level: int, digest: bytes) -> None:
        if level == len(self._rows):
            self._rows.append([])
            self._tiles.append(0)
        row = self._rows[level]
        row.append(digest)
        if len(row) == WIDTH:
            self._compare_tile(level)
            self._push(level + 1, root_of(row))
            self._rows[level] = []

    def _compare_tile(self, level: int) -> None:
        row = self._rows[level]
        name = tile_name(str(level), self._tiles[level], len(row))
        self._tiles[level] += 1
        self._compare("tiles.hashes", name, b"".join(row), WIDTH * 32)

    def _compare_bundle(self) -> None:
        name = tile_name("entries", self._bundles, len(self._bundle))
        self._bundles += 1
        self._compare("tiles.entries", name, b"".join(self._bundle), BUNDLE_LIMIT)
        self._bundle = []

    def _compare(self, code: str, name: str, wanted: bytes, limit: int) -> None:
        try:
            found = self._record.read(name, limit)
        except Damaged as fault:
            self._report.red("record.damaged", str(fault))
            return
        if found is None:
            self._report.red("record.missing", f"The entry {name} is missing.")
        elif found != wanted:
            self._report.red(code, f"The entry {name} is not made from the leaves.")

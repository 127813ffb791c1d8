"""Names and bytes of the log's tiles, so that other people's tools can read it (C2SP tlog-tiles).

No reading or caching here: only paths, widths, and the bundles of entries.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from voting.domain.refusal import Refusal

WIDTH = 256
"""Hashes in a full tile; a tile of level L holds tree nodes of level 8·L."""

_PATH = re.compile(
    r"(?P<level>entries|0|[1-9]|[1-5][0-9]|6[0-3])"
    r"/(?P<index>(?:x[0-9]{3}/){0,5}[0-9]{3})(?:\.p/(?P<width>[1-9][0-9]{0,2}))?"
)


@dataclass(frozen=True)
class Tile:
    """One tile: ``level`` (None: the entries themselves), ``index``, and ``width`` in 1…256."""

    level: int | None
    index: int
    width: int = WIDTH

    @property
    def node_level(self) -> int:
        """The tree level of the hashes in this tile."""
        return 8 * (self.level or 0)

    @property
    def start(self) -> int:
        """The index, at its tree level, of the tile's first hash (or entry)."""
        return self.index * WIDTH


def path(tile: Tile) -> str:
    """The tile's path below ``tile/``.

    >>> path(Tile(0, 1234, 17))
    '0/x001/234.p/17'
    """
    head, last = divmod(tile.index, 1000)
    groups = [f"{last:03}"]
    while head:
        head, group = divmod(head, 1000)
        groups.insert(0, f"x{group:03}")
    level = "entries" if tile.level is None else str(tile.level)
    return "/".join([level, *groups]) + (f".p/{tile.width}" if tile.width < WIDTH else "")


def parse_path(text: str) -> Tile:
    """The tile of a path below ``tile/``. Raises ``Refusal("tile")``.

    >>> parse_path("entries/x001/234")
    Tile(level=None, index=1234, width=256)
    """
    match = _PATH.fullmatch(text)
    if match is None:
        raise Refusal("tile", "There is no such tile.")
    level = None if match["level"] == "entries" else int(match["level"])
    index = int(match["index"].replace("x", "").replace("/", ""))
    tile = Tile(level, index, int(match["width"] or WIDTH))
    # Also turns away leading groups of zeros and a width of 256 and more.
    if path(tile) != text:
        raise Refusal("tile", "There is no such tile.")
    return tile


def width(level: int | None, index: int, size: int) -> int:
    """How many hashes the tile holds in a tree of ``size`` leaves: 0 (there is none) to 256."""
    count = size >> 8 * (level or 0)
    return max(0, min(WIDTH, count - index * WIDTH))


def all_tiles(size: int) -> Iterator[Tile]:
    """Every tile of a tree of ``size`` leaves, entries last, each at its width at that size."""
    levels: list[int | None] = [level for level in range(8) if size >> 8 * level]
    for level in [*levels, *([None] if size else [])]:
        count = size >> 8 * (level or 0)
        for index in range(-(-count // WIDTH)):
            yield Tile(level, index, width(level, index, size))


def bundle(leaves: Iterable[bytes]) -> bytes:
    """An entry bundle: each leaf behind its length as a big-endian uint16."""
    return b"".join(len(leaf).to_bytes(2, "big") + leaf for leaf in leaves)


def unbundle(raw: bytes) -> list[bytes]:
    """The leaves of an entry bundle. Raises ``Refusal("tile")`` if it ends inside a leaf."""
    leaves, place = [], 0
    while place < len(raw):
        start = place + 2
        place = start + int.from_bytes(raw[place:start], "big")
        if place > len(raw) or start > len(raw):
            raise Refusal("tile", "The bundle of entries ends inside an entry.")
        leaves.append(raw[start:place])
    return leaves

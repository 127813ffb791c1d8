"""Boundaries as a plain drawing: lines on a sheet, north up, no map and nobody else's tiles.

Deliberately absent: a projection that a surveyor would accept; a town is small enough for this.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import cos, radians
from typing import Any

from engage.identity.domain.geometry import Point, Ring, polygons

SIDE = 1000.0
EDGE = 12
LEAST = 1.0
"""Corners nearer to the one before than this are left out: nobody would see them."""


@dataclass(frozen=True, slots=True)
class Shape:
    """One geometry on the sheet: the ``d`` of a path, and where its number stands."""

    outline: str
    middle: Point


@dataclass(frozen=True, slots=True)
class Sketch:
    """All shapes on one sheet of ``width`` by ``height`` units, the longer side 1,000."""

    shapes: list[Shape]
    width: float
    height: float

    @property
    def sheet(self) -> Point:
        """Width and height with room for the lines at the edge."""
        return self.width + 2 * EDGE, self.height + 2 * EDGE


def sketch(geometries: Sequence[Mapping[str, Any]]) -> Sketch:
    """The geometries in one scale, in the order given; ways east are shortened by the latitude.

    >>> field = {"type": "Polygon", "coordinates": [[[2, 0], [3, 0], [3, -2], [2, -2], [2, 0]]]}
    >>> drawn = sketch([field])
    >>> drawn.shapes[0].outline, drawn.width, drawn.height
    ('M0 0L499.9 0L499.9 1000L0 1000Z', 499.9, 1000.0)
    """
    every = [corner for each in geometries for ring in _rings(each) for corner in ring]
    if not every:
        return Sketch([], SIDE, SIDE)
    west, east = min(x for x, _ in every), max(x for x, _ in every)
    south, north = min(y for _, y in every), max(y for _, y in every)
    narrow = max(cos(radians((south + north) / 2)), 0.01)
    scale = SIDE / max((east - west) * narrow, north - south, 1e-9)

    def onto(ring: Ring) -> list[Point]:
        return [((x - west) * narrow * scale, (north - y) * scale) for x, y in ring]

    shapes = [_shape([onto(ring) for ring in _rings(each)]) for each in geometries]
    width, height = (east - west) * narrow * scale, (north - south) * scale
    return Sketch(shapes, round(max(width, LEAST), 1), round(max(height, LEAST), 1))


def _rings(geometry: Mapping[str, Any]) -> list[Ring]:
    return [ring for rings in polygons(geometry) for ring in rings]


def _shape(rings: list[list[Point]]) -> Shape:
    largest = max(rings, key=lambda ring: abs(_doubled(ring)))
    return Shape("".join(_outline(ring) for ring in rings), _middle(largest))


def _outline(ring: list[Point]) -> str:
    kept = [ring[0]]
    for x, y in ring[1:-1]:
        if abs(x - kept[-1][0]) >= LEAST or abs(y - kept[-1][1]) >= LEAST:
            kept.append((x, y))
    return "M" + "L".join(f"{round(x, 1):g} {round(y, 1):g}" for x, y in kept) + "Z"


def _middle(ring: list[Point]) -> Point:
    """The centre of gravity of what a ring encloses; of a flat one its first corner."""
    doubled = _doubled(ring)
    if abs(doubled) < LEAST:
        return round(ring[0][0], 1), round(ring[0][1], 1)
    pairs = list(pairwise(ring))
    x = sum((a[0] + b[0]) * (a[0] * b[1] - b[0] * a[1]) for a, b in pairs) / (3 * doubled)
    y = sum((a[1] + b[1]) * (a[0] * b[1] - b[0] * a[1]) for a, b in pairs) / (3 * doubled)
    return round(x, 1), round(y, 1)


def _doubled(ring: list[Point]) -> float:
    """Twice the area, signed by the direction of the ring."""
    return sum(a[0] * b[1] - b[0] * a[1] for a, b in pairwise(ring))

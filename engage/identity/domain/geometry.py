"""Whether a point lies in an area: GeoJSON polygons on the plane of longitude and latitude.

Exact for numbers as given: no rounding decides which side of a line a point is on. Deliberately
absent: the earth's curvature between two corners, and areas that cross the 180th meridian.
"""

from collections.abc import Mapping, Sequence
from fractions import Fraction
from itertools import pairwise
from typing import Any

Point = tuple[float, float]
Ring = Sequence[Point]

MOST_CORNERS = 100_000


def contains(geometry: Mapping[str, Any], point: Point) -> bool:
    """Whether ``point`` (longitude, latitude in degrees) is inside or on the line of ``geometry``.

    A Polygon or MultiPolygon of RFC 7946 section 3.1, as ``read_boundary`` returns it. On the line
    of a hole counts as inside, so that neighbours leave no gap: a point on their line is in both.

    >>> square = {"type": "Polygon", "coordinates": [[[0, 0], [4, 0], [4, 4], [0, 4], [0, 0]]]}
    >>> contains(square, (4, 2)), contains(square, (4.0001, 2))
    (True, False)
    """
    return any(_within(rings, point) for rings in polygons(geometry))


def polygons(geometry: Mapping[str, Any]) -> list[list[Ring]]:
    """The polygons of a geometry, each its outer ring followed by its holes."""
    found = geometry["coordinates"]
    return [found] if geometry["type"] == "Polygon" else list(found)


def _within(rings: Sequence[Ring], point: Point) -> bool:
    outer, *holes = rings
    if not _winds(outer, point):
        return False
    return not any(_winds(hole, point, edge=False) for hole in holes)


def _winds(ring: Ring, point: Point, *, edge: bool = True) -> bool:
    """Even-odd rule along a ray to the east; a point on the line itself answers ``edge``."""
    x, y = point
    inside = False
    for (ax, ay), (bx, by) in pairwise(ring):
        if (ay > y) != (by > y):
            side = _side((ax, ay), (bx, by), point)
            if side == 0:
                return edge
            inside ^= (side > 0) == (by > ay)
        elif (ay == by == y and min(ax, bx) <= x <= max(ax, bx)) or (x, y) in ((ax, ay), (bx, by)):
            return edge
    return inside


def _side(a: Point, b: Point, p: Point) -> int:
    """1 if ``p`` is left of the way from ``a`` to ``b``, -1 if right, 0 if on its line."""
    left = (b[0] - a[0]) * (p[1] - a[1])
    right = (b[1] - a[1]) * (p[0] - a[0])
    if abs(left - right) > 1e-9 * (abs(left) + abs(right)):
        return 1 if left > right else -1
    (ax, ay), (bx, by), (px, py) = ((Fraction(n) for n in each) for each in (a, b, p))
    exact = (bx - ax) * (py - ay) - (by - ay) * (px - ax)
    return (exact > 0) - (exact < 0)


def read_boundary(value: object) -> dict[str, Any]:
    """A Polygon or MultiPolygon out of GeoJSON: a geometry, a Feature, a collection of one.

    Raises ValueError("kind" | "position" | "ring" | "open" | "size") for anything else: another
    type, a position that is not on earth, fewer than four corners, a ring that does not close.
    """
    read = [_rings(rings) for rings in polygons(_geometry(value))]
    if sum(len(ring) for rings in read for ring in rings) > MOST_CORNERS:
        raise ValueError("size")
    return {"type": "MultiPolygon", "coordinates": read}


def _geometry(value: object) -> Mapping[str, Any]:
    if isinstance(value, Mapping) and value.get("type") == "FeatureCollection":
        features = value.get("features")
        value = features[0] if isinstance(features, list) and len(features) == 1 else None
    if isinstance(value, Mapping) and value.get("type") == "Feature":
        value = value.get("geometry")
    if not isinstance(value, Mapping) or value.get("type") not in ("Polygon", "MultiPolygon"):
        raise ValueError("kind")
    if not isinstance(value.get("coordinates"), list) or not value["coordinates"]:
        raise ValueError("ring")
    return value


def _rings(rings: object) -> list[Ring]:
    if not isinstance(rings, list) or not rings:
        raise ValueError("ring")
    return [_ring(ring) for ring in rings]


def _ring(ring: object) -> Ring:
    if not isinstance(ring, list) or len(ring) < 4:
        raise ValueError("ring")
    corners = [_position(position) for position in ring]
    if corners[0] != corners[-1]:
        raise ValueError("open")
    return corners


def _position(position: object) -> Point:
    """Longitude and latitude; the height that a position may have is left out."""
    if not isinstance(position, list) or not 2 <= len(position) <= 3:
        raise ValueError("position")
    if any(isinstance(n, bool) or not isinstance(n, int | float) for n in position):
        raise ValueError("position")
    if not (-180 <= position[0] <= 180 and -90 <= position[1] <= 90):
        raise ValueError("position")
    return position[0], position[1]

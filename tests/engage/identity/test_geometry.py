"""Where a point lies agrees with another way of finding out; edges, holes and islands included."""

import itertools
import json
import math
from fractions import Fraction

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from engage.identity.domain.geometry import contains, polygons, read_boundary
from engage.identity.domain.sketches import SIDE, sketch

GRID = st.integers(-6, 6)
POINTS = st.tuples(GRID, GRID)
SQUARE = [(0, 0), (4, 0), (4, 4), (0, 4), (0, 0)]


def polygon(*rings):
    return {"type": "Polygon", "coordinates": [list(ring) for ring in rings]}


def closed(corners):
    return [*corners, corners[0]]


def on_line(ring, point):
    """Whether the point is between two corners, by exact areas and a box."""
    px, py = map(Fraction, point)
    for (ax, ay), (bx, by) in itertools.pairwise(ring):
        area = (bx - ax) * (py - ay) - (by - ay) * (px - ax)
        box = min(ax, bx) <= px <= max(ax, bx) and min(ay, by) <= py <= max(ay, by)
        if area == 0 and box:
            return True
    return False


def turns(ring, point):
    """How often the ring goes round the point, by adding up angles; only off the line."""
    px, py = point
    total = 0.0
    for (ax, ay), (bx, by) in itertools.pairwise(ring):
        cross = (ax - px) * (by - py) - (ay - py) * (bx - px)
        dot = (ax - px) * (bx - px) + (ay - py) * (by - py)
        total += math.atan2(cross, dot)
    return round(total / (2 * math.pi))


def crosses(a, b, c, d):
    """Whether two segments have a point in common."""

    def side(p, q, r):
        return (q[0] - p[0]) * (r[1] - p[1]) - (q[1] - p[1]) * (r[0] - p[0])

    if on_line([a, b], c) or on_line([a, b], d) or on_line([c, d], a) or on_line([c, d], b):
        return True
    return side(a, b, c) * side(a, b, d) < 0 and side(c, d, a) * side(c, d, b) < 0


@st.composite
def simple_rings(draw):
    """Corners around a centre in the order of their angles: never crossing themselves."""
    corners = draw(st.lists(POINTS, min_size=3, max_size=9, unique=True))
    x = sum(c[0] for c in corners) / len(corners) + 0.0137
    y = sum(c[1] for c in corners) / len(corners) + 0.0071
    ring = closed(sorted(corners, key=lambda c: math.atan2(c[1] - y, c[0] - x)))
    edges = list(itertools.pairwise(ring))
    for i, one in enumerate(edges):
        for j, other in enumerate(edges[i + 2 :], i + 2):
            if (i, j) != (0, len(edges) - 1):
                assume(not crosses(*one, *other))
    assume(len({math.atan2(c[1] - y, c[0] - x) for c in corners}) == len(corners))
    return ring


@given(simple_rings(), POINTS)
def test_it_agrees_with_counting_turns(ring, point):
    expected = on_line(ring, point) or turns(ring, point) != 0
    assert contains(polygon(ring), point) == expected


@given(simple_rings(), st.tuples(st.floats(-7, 7), st.floats(-7, 7)))
def test_it_agrees_anywhere_between_the_grid(ring, point):
    assume(not on_line(ring, point))
    near = min(
        abs((bx - ax) * (point[1] - ay) - (by - ay) * (point[0] - ax))
        for (ax, ay), (bx, by) in itertools.pairwise(ring)
    )
    assume(near > 1e-6)  # the other way rounds; ours does not
    assert contains(polygon(ring), point) == (turns(ring, point) != 0)


@given(simple_rings(), POINTS, st.integers(0, 8), st.booleans())
def test_neither_direction_nor_beginning_of_a_ring_matters(ring, point, start, back):
    corners = ring[:-1]
    turned = corners[start % len(corners) :] + corners[: start % len(corners)]
    other = closed(turned[::-1] if back else turned)
    assert contains(polygon(ring), point) == contains(polygon(other), point)


@given(simple_rings(), st.integers(0, 8), st.fractions(0, 1))
def test_the_line_itself_belongs_to_the_area(ring, edge, part):
    (ax, ay), (bx, by) = list(itertools.pairwise(ring))[edge % (len(ring) - 1)]
    point = (ax + part * (bx - ax), ay + part * (by - ay))
    assert contains(polygon(ring), point)


HOLE = [(1, 1), (3, 1), (3, 3), (1, 3), (1, 1)]


@pytest.mark.parametrize(
    ("point", "inside"),
    [((2, 2), False), ((1, 2), True), ((1, 1), True), ((0.5, 2), True), ((0, 0), True),
     ((3.5, 3.5), True), ((5, 2), False), ((4, 2), True), ((2, 4.0000001), False)],
)  # fmt: skip
def test_a_hole_is_outside_and_its_line_is_not(point, inside):
    assert contains(polygon(SQUARE, HOLE), point) is inside


@given(st.lists(simple_rings(), min_size=1, max_size=4), POINTS)
def test_several_islands_are_one_or_the_other(rings, point):
    many = {"type": "MultiPolygon", "coordinates": [[ring] for ring in rings]}
    assert contains(many, point) == any(contains(polygon(ring), point) for ring in rings)


def test_neighbours_leave_no_gap():
    west, east = polygon(SQUARE), polygon([(x + 4, y) for x, y in SQUARE])
    for step in range(41):
        assert contains(west, (4, step / 10)) and contains(east, (4, step / 10))


def test_a_tenth_of_a_metre_is_told_apart():
    line = [(8.123456789, 50.0), (8.123456790, 51.0), (9, 51), (9, 50), (8.123456789, 50.0)]
    assert contains(polygon(line), (8.1234567901, 50.9))
    assert not contains(polygon(line), (8.1234567885, 50.1))


# ---- Reading ----

JSONISH = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(["type", "coordinates", "features", "geometry", "x"]), inner
        )
    ),
    max_leaves=12,
)
CODES = {"kind", "position", "ring", "open", "size"}


@given(JSONISH | JSONISH.map(lambda rings: {"type": "Polygon", "coordinates": rings}))
def test_anything_is_a_boundary_or_refused_with_a_code(value):
    try:
        read_boundary(value)
    except ValueError as error:
        assert str(error) in CODES


@given(simple_rings(), POINTS)
def test_what_is_read_means_the_same_and_is_read_again(ring, point):
    sent = json.loads(json.dumps(polygon(ring)))
    for wrapped in (
        sent,
        {"type": "Feature", "properties": {}, "geometry": sent},
        {"type": "FeatureCollection", "features": [{"type": "Feature", "geometry": sent}]},
    ):
        read = read_boundary(wrapped)
        assert contains(read, point) == contains(sent, point)
        assert read_boundary(json.loads(json.dumps(read))) == read


@pytest.mark.parametrize(
    ("value", "code"),
    [
        ({"type": "Point", "coordinates": [1, 2]}, "kind"),
        ({"type": "FeatureCollection", "features": []}, "kind"),
        ({"type": "Polygon", "coordinates": []}, "ring"),
        ({"type": "Polygon", "coordinates": [[[0, 0], [1, 1], [0, 0]]]}, "ring"),
        ({"type": "Polygon", "coordinates": [[[0, 0], [1, 0], [1, 1], [0, 1]]]}, "open"),
        ({"type": "Polygon", "coordinates": [[[0, 0], [999, 0], [1, 1], [0, 0]]]}, "position"),
        ({"type": "Polygon", "coordinates": [[[0, 0], [1, float("nan")], [1, 1], [0, 0]]]},
         "position"),
        ({"type": "Polygon", "coordinates": [[["0", 0], [1, 0], [1, 1], ["0", 0]]]}, "position"),
        ({"type": "Polygon", "coordinates": [[[0, 0]] * 100_001]}, "size"),
    ],
)  # fmt: skip
def test_each_refusal_has_its_code(value, code):
    with pytest.raises(ValueError, match=f"^{code}$"):
        read_boundary(value)


# ---- Drawing ----


@given(st.lists(simple_rings(), min_size=1, max_size=4))
def test_a_drawing_keeps_to_its_sheet_and_to_one_scale(rings):
    drawn = sketch([polygon(ring) for ring in rings])
    assert len(drawn.shapes) == len(rings)
    assert max(drawn.width, drawn.height) == pytest.approx(SIDE, abs=0.1)
    for shape in drawn.shapes:
        corners = [pair.split() for pair in shape.outline.strip("MZ").split("L")]
        for x, y in corners:
            assert -0.1 <= float(x) <= drawn.width + 0.1
            assert -0.1 <= float(y) <= drawn.height + 0.1


def test_north_is_up_and_nothing_is_no_drawing():
    low, high = polygon(SQUARE), polygon([(x, y + 10) for x, y in SQUARE])
    below, above = sketch([low, high]).shapes
    assert above.middle[1] < below.middle[1]
    assert sketch([]).shapes == []


def test_polygons_of_both_kinds_are_lists_of_rings():
    assert polygons(polygon(SQUARE, HOLE)) == [[SQUARE, HOLE]]
    many = {"type": "MultiPolygon", "coordinates": [[SQUARE], [HOLE]]}
    assert polygons(many) == [[SQUARE], [HOLE]]

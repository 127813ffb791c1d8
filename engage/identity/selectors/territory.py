"""The tree of areas as the office shows it, read in one query.

Deliberately absent: deciding where somebody lives. A point is only looked up.
"""

from dataclasses import dataclass

from django.db.models import Count

from engage.identity.domain.areas import SEPARATOR
from engage.identity.domain.geometry import Point, contains
from engage.identity.models import Area


@dataclass(frozen=True, slots=True)
class AreaRow:
    """One area: how deep it lies, how many postcodes and streets it has, its number if drawn.

    The city is the outline around all others and has the number 0.
    """

    area: Area
    depth: int
    places: int
    number: int | None


def area_rows() -> list[AreaRow]:
    """Every area, each before what lies in it; those with a boundary are numbered."""
    rows, number = [], 0
    every = Area.objects.annotate(known=Count("places"))
    for area in sorted(every, key=lambda each: each.path.split(SEPARATOR)):
        depth, drawn = area.path.count(SEPARATOR), area.boundary is not None
        number += drawn and depth > 0
        rows.append(AreaRow(area, depth, area.known, number * (depth > 0) if drawn else None))
    return rows


def areas_at(rows: list[AreaRow], point: Point) -> list[Area]:
    """The areas whose boundary holds ``point``, the largest first; on a line there are several."""
    return [row.area for row in rows if row.area.boundary and contains(row.area.boundary, point)]

"""The desk's pages and the parts of them that change while they are open.

What is told live is the same for every moderator of an area. Deliberately absent: who may look.
"""

from collections.abc import Collection
from datetime import timedelta
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.safestring import SafeString

from engage.identity.domain.areas import covers
from engage.identity.domain.roles import Role
from engage.identity.models import Area
from engage.identity.rules import Person, trusted_areas
from engage.journal.selectors import heads
from engage.moderation.domain.desk_topics import desk_topic_of
from engage.moderation.models import Item
from engage.moderation.selectors.desk import (
    Row,
    cursor_of,
    desk_rows,
    open_appeals_in,
    waiting_in,
)
from engage.moderation.selectors.lists import promised_hours

ITEM = "item"


def part_of(_kind: str, data: Any) -> str:
    """The part of the desk that a fact changes: one text of the queue, or nothing of it.

    >>> part_of("item.claimed", {"item": 7})
    'item.7'
    """
    return f"{ITEM}.{data['item']}" if "item" in data else ""


def desk_parts(area: str, parts: Collection[str]) -> dict[str, str]:
    """Each text of ``parts`` as the desk of ``area`` shows it now, and how many wait there."""
    keys = {part: int(part.partition(".")[2]) for part in parts if part}
    found = Item.objects.filter(pk__in=keys.values()).select_related("area", "author", "claimed_by")
    here = [item for item in found if covers(area, item.area_id or "")]
    rows = {row.item.pk: row for row in desk_rows(AnonymousUser(), here)}
    count = count_html(area)
    return {part: _changed(rows.get(key), key) + count for part, key in keys.items()}


def _changed(row: Row | None, key: int) -> SafeString:
    return render_to_string("desk/_changed.html", {"row": row, "key": key} | _places_of(row))


def _places_of(row: Row | None) -> dict[str, str]:
    return {"order": order_of(row)} if row else {}


def order_of(row: Row) -> str:
    """Where it stands in the queue, as text that sorts so."""
    return place(cursor_of(row.since, row.item.pk))


def place(cursor: str) -> str:
    """A cursor as text that sorts as the queue does; empty for none.

    >>> place("17.3")
    '00000000000000017.000000000000000003'
    """
    at, _dot, pk = cursor.partition(".")
    return f"{at:0>17}.{pk:0>18}" if cursor else ""


def count_html(area: str) -> SafeString:
    """How many texts wait in ``area``, how many of them for too long, and how many appeals."""
    hours = promised_hours()
    waiting, late = waiting_in(area, timezone.now() - timedelta(hours=hours))
    context = {
        "waiting": waiting, "late": late, "appeals": open_appeals_in(area),
        "topic": desk_topic_of(area),
    }  # fmt: skip
    return render_to_string("desk/_count.html", context)


def followed(person: Person) -> list[dict[str, Any]]:
    """The topics that this person's desk follows, each with its area and up to which fact."""
    areas = trusted_areas(person, Role.MODERATOR)
    known = heads([desk_topic_of(area) for area in areas])
    return [
        {"topic": topic, "since": since, "area": area}
        for area, (topic, since) in zip(areas, known.items(), strict=True)
    ]


def counts_of(follow: list[dict[str, Any]]) -> list[tuple[str, SafeString]]:
    """The name of each of these areas (none for the whole town), and what waits there."""
    areas = [each["area"] for each in follow]
    names = dict(Area.objects.filter(pk__in=areas).values_list("pk", "name"))
    return [(names.get(area, ""), count_html(area)) for area in areas]

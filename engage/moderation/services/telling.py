"""Telling the desk what happened: to the item's area, to each area above it, to the whole town.

Deliberately absent: names and texts; whoever may see the desk reads them there.
"""

from engage.journal.services import publish
from engage.moderation.domain.desk_topics import desk_topics
from engage.moderation.models import Item


def tell_desk(kind: str, *items: Item) -> None:
    """Publish the fact ``kind`` for each of ``items``; last in a transaction, as others wait."""
    for item in items:
        for topic in desk_topics(item.area_id or ""):
            publish(topic, kind, item=item.pk)

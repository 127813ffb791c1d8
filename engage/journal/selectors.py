"""What was told of a topic, for those who were away."""

from collections.abc import Collection

from django.db.models import QuerySet

from engage.domain.topics import Topic
from engage.journal.models import Entry, TopicHead


def since(topic: Topic | str, sequence: int, limit: int) -> list[Entry]:
    """At most ``limit`` facts of ``topic`` after number ``sequence``, in order. One query."""
    found = Entry.objects.filter(topic=str(topic), sequence__gt=sequence)
    return list(found.order_by("sequence")[:limit])


def heads(topics: Collection[Topic | str]) -> dict[str, int]:
    """The last number of each topic, 0 for one of which nothing was told yet. One query."""
    names = [str(topic) for topic in topics]
    found = TopicHead.objects.filter(topic__in=names).values_list("topic", "sequence")
    return dict.fromkeys(names, 0) | dict(found)


def head(topic: Topic | str) -> int:
    """The last number of ``topic``; what a page puts into ``data-since``."""
    return heads([topic])[str(topic)]


def newest() -> QuerySet[Entry]:
    """Everything that was told, the last first."""
    return Entry.objects.order_by("-pk")

"""How a text stands and reads now, as one mark that a page keeps until its moderator decides.

Deliberately absent: claims, objections and notes. They change no text.
"""

from collections.abc import Sequence

from engage.moderation.domain.reading import mark_of, mark_of_all
from engage.moderation.models import Item
from engage.moderation.selectors.yours import shown_texts
from engage.moderation.writings import Shown


def read_mark(item: Item, shown: Shown | None) -> str:
    """Of one text as ``shown``; None is a text that its app has no more."""
    words = [shown.title, shown.source, *shown.pictures] if shown else []
    return mark_of(item.standing, item.decided_at, words)


def read_marks(items: Sequence[Item]) -> str:
    """Of all of these texts as they are now, in the queries of their kinds."""
    shown = shown_texts(items)
    return mark_of_all(read_mark(item, shown.get((item.kind, item.key))) for item in items)

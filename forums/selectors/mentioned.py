"""Who can be named in a thread: those whose posts are shown in it, and nobody else.

Deliberately absent: a directory of people. Whoever has written nothing here is not found here.
"""

from uuid import UUID

from engage.domain.lookalikes import skeleton
from engage.identity.models import User
from engage.moderation.domain.standing import Standing
from forums.domain.naming import certain, named_in
from forums.models import Mention, Thread
from forums.selectors.readable import readable_posts

MOST_NAMES = 8
MOST_SHOWN = 20


def names_in(thread: Thread) -> dict[UUID, str]:
    """The names of those who take part, by their keys. One query."""
    shown = thread.posts.filter(standing=Standing.SHOWN, author__is_active=True)
    people = shown.exclude(author__display_name="").order_by("author__display_name", "author")
    return dict(people.values_list("author", "author__display_name").distinct())


def people_named(thread: Thread, text: str, by: User) -> list[User]:
    """Whom ``by`` names in a ``text`` for ``thread``; two queries at most, none without an @."""
    if "@" not in text:
        return []
    keys = [key for key in named_in(text, names_in(thread)) if key != by.pk]
    people = User.objects.in_bulk(keys) if keys else {}
    return [people[key] for key in keys if key in people]


def names_beginning(thread: Thread, typed: str, by: User) -> list[str]:
    """At most eight names with a word that begins as ``typed``; only those that name somebody."""
    known = certain(names_in(thread))
    asked = skeleton(typed)
    found = [
        name
        for name, key in known.items()
        if key != by.pk and any(skeleton(part).startswith(asked) for part in _parts(name))
    ]
    return sorted(found, key=str.casefold)[:MOST_NAMES]


def _parts(name: str) -> list[str]:
    """The name from each of its words on.

    >>> _parts("Ann Lee")
    ['Ann Lee', 'Lee']
    """
    words = name.split()
    return [" ".join(words[at:]) for at in range(len(words))]


def mentions_of(person: User) -> list[Mention]:
    """Where somebody named ``person``, the newest first, as far as they may read it. One query."""
    found = Mention.objects.filter(person=person, post__in=readable_posts(person))
    found = found.select_related("post__thread__category", "post__author")
    return list(found.order_by("-pk")[:MOST_SHOWN])

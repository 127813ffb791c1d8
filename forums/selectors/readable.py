"""What somebody may read, as querysets: lists, search, feeds and pictures begin here.

Deliberately absent: anything that asks row by row. The permission is inside of the query, and says
the same as ``forums.rules``.
"""

from django.db.models import Q, QuerySet

from engage.identity.domain.areas import SEPARATOR
from engage.identity.domain.roles import Role
from engage.identity.rules import Person, is_staff_of_any_kind, trusted_areas
from engage.moderation.domain.standing import Standing
from forums.models import Category, Post, Thread

NOBODY = Q(pk__in=())


def readable_categories(person: Person) -> QuerySet[Category]:
    return Category.objects.filter(_read_by(person))


def readable_threads(person: Person) -> QuerySet[Thread]:
    """The threads that are there for ``person``: shown ones, also for authors and moderators.

    Whoever wrote the first post of one that is not shown, or moderates there, reaches that post by
    ``reachable_posts``, on its own page and among their own texts.
    """
    return Thread.objects.filter(_read_by(person, "category__"), standing=Standing.SHOWN)


def readable_posts(person: Person) -> QuerySet[Post]:
    """The posts that everybody with ``person``'s rights reads: what lists and searches find."""
    return Post.objects.filter(
        _read_by(person, "thread__category__"),
        standing=Standing.SHOWN,
        thread__standing=Standing.SHOWN,
    )


def reachable_posts(person: Person) -> QuerySet[Post]:
    """Those, the person's own that were not removed, and all where they moderate.

    For one post and its pictures, never for a list: who is told of a post in passing must not
    depend on who asks.
    """
    found = Q(standing=Standing.SHOWN, thread__standing=Standing.SHOWN)
    if person.is_authenticated:
        found |= Q(author=person.pk) & ~Q(standing=Standing.REMOVED)
        found |= lies_in(trusted_areas(person, Role.MODERATOR), "thread__category__")
    return Post.objects.filter(_read_by(person, "thread__category__") & found)


def lies_in(areas: list[str], prefix: str = "") -> Q:
    """Categories of one of ``areas`` or of what lies within it; "" is the whole town."""
    if "" in areas:
        return ~NOBODY
    found = NOBODY
    for area in areas:
        found |= Q(**{f"{prefix}area": area})
        found |= Q(**{f"{prefix}area__path__startswith": area + SEPARATOR})
    return found


def _read_by(person: Person, prefix: str = "") -> Q:
    if not person.is_authenticated:
        return Q(**{f"{prefix}readers": Category.Readers.EVERYONE})
    if is_staff_of_any_kind(person):
        return ~NOBODY
    return Q(**{f"{prefix}readers__in": (Category.Readers.EVERYONE, Category.Readers.ACCOUNT)})

"""What is new to one reader: how many posts of each thread, and from which on.

Deliberately absent: threads that somebody never opened. All of those is new, and no number says so.
"""

from collections.abc import Collection
from dataclasses import dataclass

from django.db.models import Count, F, Min, Q

from engage.identity.rules import Person
from engage.moderation.domain.standing import Standing
from forums.domain.cursors import Place
from forums.models import Post, ReadPlace, Thread


@dataclass(frozen=True, slots=True)
class New:
    """``count`` posts since somebody was here; ``first`` is the number of the first of them."""

    count: int
    first: int


def unread_counts(person: Person, threads: Collection[Thread]) -> dict[int, New]:
    """What is new in each of ``threads`` by its key; those with nothing new are left out.

    One's own posts are not new. One query, none for a stranger.
    """
    if not person.is_authenticated or not threads:
        return {}
    new = Post.objects.filter(
        thread__in=[thread.pk for thread in threads],
        standing=Standing.SHOWN,
        thread__read_by__person=person.pk,
        number__gt=F("thread__read_by__number"),
    ).exclude(author=person.pk)
    counted = new.order_by().values("thread").annotate(count=Count("pk"), first=Min("number"))
    return {row["thread"]: New(row["count"], row["first"]) for row in counted}


def read_place(person: Person, thread: Thread) -> int:
    """The highest number that somebody had before their eyes; 0 if they never were here."""
    if not person.is_authenticated:
        return 0
    found = ReadPlace.objects.filter(person=person.pk, thread=thread)
    return found.values_list("number", flat=True).first() or 0


def seen_with(person: Person, thread: Thread, after: Place, until: Place | None) -> int:
    """Up to which number somebody has seen all of ``thread``, having seen the page between two
    places (without ``until``: to the end); what they have read before counts. Two queries.

    Replies stand under old posts: a high number in sight does not say that what lies between is.
    """
    before = Q(root_number__lt=after.root)
    elsewhere = before | Q(root_number=after.root, number__lte=after.number)
    if until:
        elsewhere |= Q(root_number__gt=until.root)
        elsewhere |= Q(root_number=until.root, number__gte=until.number)
    unread = thread.posts.filter(standing=Standing.SHOWN, number__gt=read_place(person, thread))
    missed = unread.filter(elsewhere).aggregate(first=Min("number"))["first"]
    return thread.last_number if missed is None else missed - 1

"""Who is to hear of a post, and taking what somebody is to hear now.

How far it got stands with each thread, so that posting waits for nobody. Deliberately absent: the
mails; whoever tells people hands over how. A second try, too: what was taken is not told again.
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import F, Min, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone

from engage.identity.models import User
from engage.moderation.domain.standing import Standing
from forums.domain.digests import GATHERED, News, due, grouped, reasons
from forums.models import Follow, Mention, Notice, Post, ReadPlace, Thread
from forums.selectors.readable import readable_posts

AT_ONCE = 500  # people noted in one transaction
A_ROUND = 100  # posts before it is somebody's turn to be told
PEOPLE = 20  # told in a round
NAMED = Follow.Pace.DAILY
"""How those hear who were named where they do not follow."""


@dataclass(frozen=True, slots=True)
class Told:
    """A post that somebody hears of, and why."""

    post: Post
    why: str


Send = Callable[[User, list[list[Told]]], None]
"""Tells a person of posts, those of a thread together; called inside the transaction."""


def note_new_posts() -> None:
    """One round over the threads in which followers were not yet told of every post."""
    behind = Thread.objects.filter(told_number__lt=F("last_number")).order_by("pk")
    left = A_ROUND
    for thread in behind.values_list("pk", flat=True)[:A_ROUND]:
        while left and note_next(thread=thread):
            left -= 1


def note_next(*, thread: int) -> bool:
    """Note all who are to hear of the thread's next post; whether there was a post.

    A post that is not shown any more is passed by. In pieces of one short transaction each, so that
    nobody who writes waits for thousands. Publishes nothing. Idempotent: killed anywhere it goes on
    where it was, and nobody is noted twice for one post.
    """
    behind = Thread.objects.filter(pk=thread, told_number__lt=F("last_number"))
    told = behind.values_list("told_number", flat=True).first()
    if told is None:
        return False
    found = Post.objects.filter(thread=thread, number=told + 1, standing=Standing.SHOWN)
    post = found.select_related("thread", "root", "quotes").first()
    rows = _missing(post) if post else []
    for start in range(0, len(rows), AT_ONCE):
        _note(rows[start : start + AT_ONCE])
    behind.filter(told_number=told).update(told_number=told + 1)
    return True


@transaction.atomic
def _note(rows: list[Notice]) -> None:
    Notice.objects.bulk_create(rows, ignore_conflicts=True)


def _missing(post: Post) -> list[Notice]:
    """The notices of ``post`` that are not there yet."""
    followers = Follow.objects.filter(thread=post.thread, since__lte=post.shown_at)
    paces: dict[UUID, str] = dict(followers.values_list("person", "pace"))
    why = reasons(
        post.author_id,
        mentioned=Mention.objects.filter(post=post).values_list("person", flat=True),
        answered=paces.keys() & {_answered(post)},  # whoever gave up following wants no word
        official=paces if post.office else (),
        followed=paces,
    )
    noted = set(Notice.objects.filter(post=post).values_list("person", flat=True))
    return _rows(post, {person: why[person] for person in why.keys() - noted}, paces)


def _rows(post: Post, why: Mapping[Any, str], paces: Mapping[UUID, str]) -> list[Notice]:
    """A notice for each person, when their pace has it; none for whoever wants no mail.

    In one order everywhere, so that nobody who notes the same people waits for each other.
    """
    now, zone = timezone.now(), timezone.get_default_timezone()
    times = {pace: due(pace, now, zone) for pace in Follow.Pace.values}
    when = {person: times[paces.get(person, NAMED)] for person in sorted(why)}
    return [
        Notice(person_id=person, post=post, why=why[person], due_at=due_at)
        for person, due_at in when.items()
        if due_at
    ]


def note_named(*, post: Post, people: Collection[User]) -> None:
    """Note ``people`` whom a change of ``post`` names for the first time, in its transaction.

    Whoever hears of the post anyway hears of it once. Publishes nothing. Idempotent.
    """
    follows = Follow.objects.filter(thread=post.thread, person__in=people)
    paces: dict[UUID, str] = dict(follows.values_list("person", "pace"))
    _note(_rows(post, {person.pk: Notice.Why.MENTIONED for person in people}, paces))


def _answered(post: Post) -> UUID | None:
    """Whose words ``post`` answers: a post's, else the thread's."""
    if post.first:
        return None
    answers = post.quotes or post.root
    return answers.author_id if answers else post.thread.author_id


def tell_due(*, send: Send, now: datetime | None = None) -> int:
    """Tell the next people to whom something is due at ``now``; how many were looked at."""
    now = now or timezone.now()
    waiting = Notice.objects.filter(told_at=None, due_at__lte=now)
    first = waiting.order_by().values("person").annotate(first=Min("due_at"))
    people = first.order_by("first", "person").values_list("person", flat=True)[:PEOPLE]
    for person in list(people):
        tell_person(person=person, send=send, now=now)
    return len(people)


@transaction.atomic
def tell_person(*, person: UUID, send: Send, now: datetime) -> None:
    """Tell ``person`` once of all that is due by now, also of what came just after the first.

    Locks their notices. What they may not read at this moment, have read meanwhile, or what is not
    shown any more is passed by. Publishes nothing. Idempotent because what was told is marked in
    the same transaction; whoever is killed before the mail leaves loses that one mail.
    """
    due_now = Q(person=person, told_at=None, due_at__lte=now + GATHERED)
    held = Notice.objects.select_for_update().filter(due_now).order_by("pk")
    why = dict(held.values_list("post", "why"))
    Notice.objects.filter(due_now, post__in=why).update(told_at=now)
    reader = User.objects.filter(pk=person, is_active=True).first()
    if not reader or not why:
        return
    named = [key for key, reason in why.items() if reason == Notice.Why.MENTIONED]
    posts = {post.pk: post for post in _still_new(reader, why, named)}
    news = [
        News(posts[key].thread_id, key, posts[key].number or 0, why[key])
        for key in why
        if key in posts
    ]
    if news:
        send(reader, [[Told(posts[n.post], n.why) for n in group] for group in grouped(news)])


def _still_new(reader: User, posts: Collection[int], named: Collection[int]) -> QuerySet[Post]:
    """Those that ``reader`` may read and has not read; of ``named`` also what changed since."""
    read = ReadPlace.objects.filter(person=reader, thread=OuterRef("thread"))
    unread = Q(number__gt=Coalesce(Subquery(read.values("number")), 0))
    changed = Q(pk__in=named, edited_at__gt=Subquery(read.values("at")))
    found = readable_posts(reader).filter(unread | changed, pk__in=posts)
    return found.select_related("thread__category", "author")

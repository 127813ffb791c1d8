"""Reacting to a post with one key, by many at once: rows are added, one job counts them.

Deliberately absent: a lock, and a count that goes up by one. A count is always made from the rows,
so that a job that is killed loses nothing.
"""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping

from django.db import transaction
from django.db.models import Count
from django.utils.translation import gettext as _

from engage.domain.errors import DomainError
from engage.identity.models import User
from engage.journal.services import publish
from engage.moderation.domain.standing import Standing
from forums.models import Post, Reaction, Stir, Thread
from forums.rules import may_read_post, may_read_thread
from forums.services.locking import held_thread
from forums.services.refusing import no_such_post, refuse_closed
from forums.services.showing import change_thread

A_FACT = 20
A_ROUND = 500


@transaction.atomic
def react(*, post: Post, person: User, kind: str, on: bool) -> None:
    """Let ``person`` say ``kind`` to ``post``, or take it back; one of each kind.

    Locks nothing. Publishes nothing: ``count_stirred`` does, for all at once. Idempotent.
    Raises DomainError("reaction.not-found" | "post.not-found" | "post.sign-in" | "thread.closed").
    """
    if kind not in Reaction.Kind.values:
        raise DomainError("reaction.not-found", _("There is no such reaction."))
    post = _shown_to(person, post)
    refuse_closed(post.thread)
    if on:
        given = Reaction(post=post, person=person, kind=kind)
        Reaction.objects.bulk_create([given], ignore_conflicts=True)
    else:
        Reaction.objects.filter(post=post, person=person, kind=kind).delete()
    Stir.objects.create(post=post)


def _shown_to(person: User, post: Post) -> Post:
    found = Post.objects.filter(pk=post.pk, standing=Standing.SHOWN)
    known = found.select_related("thread__category").first()
    if known is None or not may_read_post(person, known):
        raise no_such_post()
    if not may_read_thread(person, known.thread):
        raise no_such_post()
    if not person.is_authenticated:
        raise DomainError(
            "post.sign-in", _("Sign in to say what you think of it."),
            next=f"/accounts/login/?next={known.thread.get_absolute_url()}",
        )  # fmt: skip
    return known


@transaction.atomic
def count_stirred() -> int:
    """Count the reactions anew of posts that were stirred in one thread; how many rows were used.

    Locks the thread before it counts: of two that count at once, the later one counts later.
    Publishes ``posts.reacted`` with the keys of at most 20 posts, joined by dots. Idempotent
    because counts are made from the rows; a reaction that comes in between brings a row of its own.
    """
    thread = Stir.objects.order_by("pk").values_list("post__thread", flat=True).first()
    if thread is None:
        return 0
    held = held_thread(thread)
    rows = Stir.objects.filter(post__thread=thread).order_by("pk").values_list("pk", "post")
    stirs = dict(rows[:A_ROUND])
    posts = list(
        Post.objects.filter(pk__in=set(stirs.values())).only("pk", "number").order_by("pk")
    )
    counts = reaction_counts([post.pk for post in posts])
    for post in posts:
        post.reactions = counts.get(post.pk, {})
    Post.objects.bulk_update(posts, ["reactions"])
    Stir.objects.filter(pk__in=stirs).delete()
    _tell(held, [str(post.pk) for post in posts if post.number is not None])
    return len(stirs)


def reaction_counts(posts: Collection[int]) -> Mapping[int, dict[str, int]]:
    """How often each kind was given to each of ``posts``, counted from the rows. One query."""
    counts: dict[int, dict[str, int]] = defaultdict(dict)
    rows = Reaction.objects.filter(post__in=posts).values("post", "kind").annotate(n=Count("pk"))
    for row in rows.order_by("post", "kind"):
        counts[row["post"]][row["kind"]] = row["n"]
    return counts


def _tell(held: Thread, keys: list[str]) -> None:
    """Of posts that nobody saw yet nothing is told."""
    if keys:
        change_thread(held)
    for few in _few(keys):
        publish(held.topic, "posts.reacted", posts=".".join(few))


def _few(keys: list[str]) -> Iterator[list[str]]:
    """At most 20 at a time, so that they fit into a fact."""
    for start in range(0, len(keys), A_FACT):
        yield keys[start : start + A_FACT]

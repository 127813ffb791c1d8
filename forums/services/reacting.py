"""Reacting to a post with one key, by many at once: rows are added, one job counts them.

Deliberately absent: a lock, and a count that goes up by one. A count is always made from the rows,
so that a job that is killed loses nothing.
"""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping

from django.db import transaction
from django.db.models import Count, F
from django.utils.translation import gettext as _

from engage.domain.errors import DomainError
from engage.domain.topics import Topic
from engage.identity.models import User
from engage.journal.services import publish
from engage.moderation.domain.standing import Standing
from forums.models import Post, Reaction, Stir, Thread
from forums.rules import may_read_post, may_read_thread
from forums.services.refusing import no_such_post, refuse_closed

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
    """Count the reactions anew of posts that were stirred, and tell it; how many rows were used.

    Locks the threads, then the posts, each in the order of their keys, before it counts: of two
    that count at once, the later one counts later. Publishes ``posts.reacted`` with the keys of at
    most 20 posts, joined by dots. Idempotent because counts are made from the rows; a reaction that
    comes in between brings a row of its own.
    """
    stirs = dict(Stir.objects.order_by("pk").values_list("pk", "post")[:A_ROUND])
    if not stirs:
        return 0
    posts = _held(set(stirs.values()))
    counts = reaction_counts(posts)
    for key, post in posts.items():
        post.reactions = counts.get(key, {})
    Post.objects.bulk_update(posts.values(), ["reactions"])
    Stir.objects.filter(pk__in=stirs).delete()
    _tell(posts.values())
    return len(stirs)


def reaction_counts(posts: Collection[int]) -> Mapping[int, dict[str, int]]:
    """How often each kind was given to each of ``posts``, counted from the rows. One query."""
    counts: dict[int, dict[str, int]] = defaultdict(dict)
    rows = Reaction.objects.filter(post__in=posts).values("post", "kind").annotate(n=Count("pk"))
    for row in rows.order_by("post", "kind"):
        counts[row["post"]][row["kind"]] = row["n"]
    return counts


def _held(keys: Collection[int]) -> dict[int, Post]:
    threads = Thread.objects.filter(posts__in=keys).values("pk")
    held = Thread.objects.select_for_update().filter(pk__in=threads)
    list(held.order_by("pk").values_list("pk"))
    posts = Post.objects.select_for_update().filter(pk__in=keys)
    return {post.pk: post for post in posts.only("pk", "thread", "number").order_by("pk")}


def _tell(posts: Collection[Post]) -> None:
    stirred = defaultdict(list)
    for post in posts:
        if post.number is not None:  # of a post that nobody saw yet nothing is told
            stirred[post.thread_id].append(str(post.pk))
    Thread.objects.filter(pk__in=stirred).update(version=F("version") + 1)
    for thread, keys in sorted(stirred.items()):
        for few in _few(keys):
            publish(Topic("thread", str(thread)), "posts.reacted", posts=".".join(few))


def _few(keys: list[str]) -> Iterator[list[str]]:
    """At most 20 at a time, so that they fit into a fact."""
    for start in range(0, len(keys), A_FACT):
        yield keys[start : start + A_FACT]

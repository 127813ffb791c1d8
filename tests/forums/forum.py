"""A small forum for tests: categories, people who may write there, threads with posts.

Threads and posts are stored the way the services store them, but without the desk's look at each,
so that many are made in no time. Deliberately absent: fakes.
"""

import itertools
from typing import Any

from django.db import transaction
from django.utils import timezone

from engage.identity.models import User
from engage.moderation.domain.standing import Standing
from forums.models import Category, Post, Thread
from forums.services.showing import first_show
from forums.services.wording import html_of
from tests.voting import polls
from tests.voting.areas import HERE, area

_numbers = itertools.count(1)


def category(path: str | None = None, **fields: Any) -> Category:
    number = next(_numbers)
    names = {"slug": f"talk-{number}", "name": f"Talk {number}"}
    return Category.objects.create(**(names | fields), area=area(path) if path else None)


def person(**fields: Any) -> User:
    """Somebody with a confirmed address, whom an open category lets write."""
    return polls.person(**fields)


def moderator(path: str | None = HERE) -> User:
    from tests.voting.areas import staff

    return staff("moderator", path)


@transaction.atomic
def thread(place: Category | None = None, author: User | None = None, **fields: Any) -> Thread:
    """A thread with its first post, as it stands (shown, unless told otherwise)."""
    standing = fields.pop("standing", Standing.SHOWN)
    text = fields.pop("text", "The first words.")
    author, now = author or person(), timezone.now()
    made = Thread.objects.create(
        category=place or category(), title=fields.pop("title", "Benches by the river"),
        author=author, standing=standing, started_at=now, last_at=now, **fields,
    )  # fmt: skip
    post(made, author, text=text, standing=standing, first=True)
    made.refresh_from_db()
    return made


@transaction.atomic
def post(within: Thread, author: User | None = None, **fields: Any) -> Post:
    """A post in the thread; ``to`` is the root it stands under."""
    standing = fields.pop("standing", Standing.SHOWN)
    text = fields.pop("text", "Some words.")
    found = Post(
        thread=Thread.objects.select_for_update().get(pk=within.pk), author=author or person(),
        text=text, html=html_of(text), standing=Standing.HELD, root=fields.pop("to", None),
        **fields,
    )  # fmt: skip
    found.save()
    if standing in (Standing.SHOWN, Standing.HIDDEN, Standing.REMOVED):
        found.standing = Standing.SHOWN
        first_show(found, found.thread, timezone.now())
    if standing != found.standing:
        from forums.services.showing import let_post_stand

        let_post_stand(str(found.pk), standing)
    found.refresh_from_db()
    return found


def first(of: Thread) -> Post:
    return of.posts.get(first=True)


def told(of: Thread) -> list[tuple[str, dict]]:
    """What was told of the thread, in order."""
    from engage.journal.models import Entry

    rows = Entry.objects.filter(topic=str(of.topic)).order_by("sequence")
    return [(row.kind, row.data) for row in rows]


def many(of: Thread, number: int, author: User | None = None, replies_every: int = 0) -> None:
    """That many more shown posts at once; of every ``replies_every`` the last is a reply."""
    author = author or person()
    now = timezone.now()
    start, root, posts = of.last_number, None, []
    for i in range(start + 1, start + number + 1):
        replies = bool(replies_every and root and i % replies_every == 0)
        posts.append(
            Post(
                thread=of,
                author=author,
                text=f"Post {i}.",
                html=f"<p>Post {i}.</p>\n",
                number=i,
                root_number=root if replies else i,
                written_at=now,
                shown_at=now,
            )
        )
        root = root if replies else i
    made = {post.number: post for post in Post.objects.bulk_create(posts)}
    replies = [post for post in made.values() if post.root_number != post.number]
    for reply in replies:
        reply.root = made[reply.root_number]
    Post.objects.bulk_update(replies, ["root"], batch_size=500)
    of.last_number += number
    of.posts_count += number
    of.last_at = now
    of.save()

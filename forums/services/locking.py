"""The order in which writers take turns: account, item of the desk, thread, post, then the journal.

Whoever takes them in this order never waits for somebody who waits for them. Deliberately absent:
a lock for reacting; reactions are rows that one job counts.
"""

from collections.abc import Collection

from engage.domain.errors import DomainError
from engage.identity.models import User
from engage.moderation.services.holding import hold_texts
from forums.models import Post, Thread
from forums.services.refusing import no_such_post, no_such_thread

KIND = "post"
"""What the desk calls a text of the forums."""


def hold_account(person: User) -> None:
    """One text of a person after the other: a form sent twice at once finds the first."""
    list(User.objects.select_for_update(no_key=True).filter(pk=person.pk).values_list("pk"))


def hold_item(post: Post) -> None:
    """Wait until the desk has decided on what it is deciding."""
    hold_texts(KIND, [str(post.pk)])


def held_thread(key: int) -> Thread:
    """The thread as it is now, locked. Raises DomainError("thread.not-found")."""
    found = Thread.objects.select_for_update(of=("self",)).filter(pk=key)
    thread = found.select_related("category__area").first()
    if thread is None:
        raise no_such_thread()
    return thread


def hold_threads(posts: Collection[str]) -> None:
    """The threads of these posts, in the order of their keys."""
    keys = [int(key) for key in posts if key.isascii() and key.isdecimal() and len(key) <= 18]
    threads = Thread.objects.filter(pk__in=Post.objects.filter(pk__in=keys).values("thread"))
    list(threads.select_for_update().order_by("pk").values_list("pk"))


def held_post(key: int) -> Post:
    """The post as it is now, with its thread, both locked. Raises DomainError("post.not-found")."""
    thread = Post.objects.filter(pk=key).values_list("thread", flat=True).first()
    if thread is None:
        raise no_such_post()
    held = held_thread(thread)
    post = Post.objects.select_for_update(of=("self",)).select_related("root").get(pk=key)
    if post.thread_id != held.pk:  # posts stay in their thread; whole threads are moved
        raise DomainError("post.conflict")
    post.thread = held
    return post

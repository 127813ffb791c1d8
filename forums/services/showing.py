"""How posts stand: first shown, hidden, shown again; numbers and counts follow in the same step.

Deliberately absent: why, and who decided; the desk knows. Whoever calls holds the thread.
"""

from datetime import datetime

from django.db import transaction
from django.db.models import Count, Max, Q
from django.utils import timezone

from engage.journal.services import publish
from engage.moderation.domain.standing import Standing
from forums.models import Post, Thread
from forums.services.locking import held_post
from forums.services.refusing import no_such_post, words_are_gone


def first_show(post: Post, thread: Thread, now: datetime) -> None:
    """Give ``post`` its number and count it; ``thread`` is locked, and both are stored.

    Publishes ``post.added``.
    """
    thread.last_number += 1
    post.number = thread.last_number
    post.root_number = post.root.number if post.root else post.number
    post.shown_at = now
    post.save()
    thread.posts_count += 1
    thread.last_at = max(thread.last_at, now) if thread.posts_count > 1 else now
    change_thread(thread, "last_number", "posts_count", "last_at")
    publish(thread.topic, "post.added", post=post.pk, number=post.number)


def change_thread(thread: Thread, *fields: str) -> None:
    """Store ``fields`` of a locked thread as a new version of it."""
    thread.version += 1
    thread.save(update_fields=[*fields, "version"])


def count_posts(thread: Thread) -> None:
    """Bring the counts of a locked thread to what its posts say; the caller stores them.

    The first post counts as long as its thread is there: lists tell how many answer it.
    """
    shown = Q(standing=Standing.SHOWN)
    if thread.standing == Standing.SHOWN:
        shown |= Q(first=True)
    counted = thread.posts.filter(shown).aggregate(number=Count("pk"), last=Max("shown_at"))
    thread.posts_count = counted["number"]
    thread.last_at = counted["last"] or thread.started_at


@transaction.atomic
def let_post_stand(key: str, standing: Standing) -> None:
    """Bring post ``key`` to ``standing``; its thread follows if it is the first.

    Locks the thread. Publishes ``post.added`` where it is shown for the first time, else
    ``post.restored``, ``post.hidden`` or ``post.removed`` where readers see the difference.
    Idempotent because a post that stands so already is left alone.
    Raises DomainError("post.not-found"), DomainError("post.conflict") if its words are erased.
    """
    if not key.isascii() or not key.isdecimal() or len(key) > 18:
        raise no_such_post()
    stand(held_post(int(key)), Standing(standing))


def stand(post: Post, standing: Standing) -> None:
    """The same for a post that is locked with its thread. Raises DomainError("post.conflict")."""
    before = Standing(post.standing)
    if before == standing:
        return
    if not post.text:
        raise words_are_gone()
    thread = post.thread
    post.standing = standing
    if post.first:
        thread.standing = standing
    if standing == Standing.SHOWN and post.number is None:
        thread.save(update_fields=["standing"])
        first_show(post, thread, timezone.now())
        return
    post.save(update_fields=["standing"])
    count_posts(thread)
    change_thread(thread, "standing", "posts_count", "last_at")
    if post.number is not None and _seen(before) != _seen(standing):
        publish(thread.topic, f"post.{_seen(standing)}", post=post.pk)


def _seen(standing: Standing) -> str:
    """What readers see of a post that was shown once: its text, or which line in its place."""
    seen = {Standing.SHOWN: "restored", Standing.REMOVED: "removed"}
    return seen.get(standing, "hidden")

"""What the desk decides on posts is done here, in the desk's transaction: moved, locked, shown.

Deliberately absent: the decision. The desk keeps it with its reason, and has asked who may decide.
"""

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from engage.domain.errors import DomainError
from engage.identity.models import User
from engage.journal.services import publish
from engage.moderation.writings import Kind
from forums.models import Category, Post
from forums.selectors.desk import keys_along, may_see_post, places_for, post_of, shown_posts
from forums.services.locking import KIND, held_thread, hold_threads
from forums.services.refusing import no_such_post
from forums.services.showing import change_thread, let_post_stand
from forums.services.tending import move_thread


@transaction.atomic
def move_with_post(by: User, key: str, place: str) -> None:
    """Move the whole thread of post ``key`` to the category ``place``; see ``move_thread``."""
    category = _category(place)
    if category is None:
        raise DomainError("category.not-found", str(_("You do not tend a category of this name.")))
    move_thread(thread=_post(key).thread, by=by, category=category)


@transaction.atomic
def lock_with_post(key: str, locked: bool) -> None:
    """Close the thread of post ``key``, or open it again. Locks it. Publishes ``thread.changed``.

    Idempotent. Raises DomainError("post.not-found").
    """
    thread = held_thread(_post(key).thread_id)
    if thread.locked != locked:
        thread.locked = locked
        change_thread(thread, "locked")
        publish(thread.topic, "thread.changed")


def posts_along(key: str) -> list[str]:
    """The keys of all posts that move with post ``key``: those of its thread."""
    post = post_of(key)
    return keys_along(post.thread_id) if post else []


def _post(key: str) -> Post:
    post = post_of(key)
    if post is None:
        raise no_such_post()
    return post


def _category(place: str) -> Category | None:
    known = place.isascii() and place.isdecimal() and len(place) <= 18
    return Category.objects.filter(pk=int(place)).first() if known else None


POSTS = Kind(
    KIND,
    _("Post in the forum"),
    show=shown_posts,
    let_stand=let_post_stand,
    may_see=may_see_post,
    places=places_for,
    move=move_with_post,
    lock=lock_with_post,
    along=posts_along,
    hold=hold_threads,
)
"""What the desk knows of posts."""

"""All that a form says of how a thread is looked after, done together or not at all.

Deliberately absent: each step's own rule; the services of ``tending`` ask it and tell it.
"""

from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from engage.domain.errors import DomainError
from engage.identity.models import User
from forums.models import Category, Thread
from forums.services.tending import (
    lock_thread,
    mark_answered,
    mark_duplicate,
    move_thread,
    pin_thread,
    slow_thread,
)


@dataclass(frozen=True, slots=True)
class Care:
    """How a thread is to be: ``slow`` in seconds, ``duplicate_of`` the key of another thread."""

    pinned: bool
    answered: bool
    locked: bool
    slow: int
    duplicate_of: int | None
    category: Category


@transaction.atomic
def tend_thread(*, thread: Thread, by: User, care: Care) -> None:
    """Bring ``thread`` to what ``care`` says; what is so already is left alone.

    Locks the thread, and another one that it repeats. Publishes ``thread.changed`` for each thing
    that changed. Idempotent. Raises what the services of ``tending`` raise.
    """
    if care.duplicate_of != thread.duplicate_of_id:
        mark_duplicate(thread=thread, by=by, of=_named(care.duplicate_of))
    pin_thread(thread=thread, by=by, pinned=care.pinned)
    mark_answered(thread=thread, by=by, answered=care.answered)
    lock_thread(thread=thread, by=by, locked=care.locked)
    slow_thread(thread=thread, by=by, seconds=care.slow)
    if care.category.pk != thread.category_id:
        move_thread(thread=thread, by=by, category=care.category)


def _named(key: int | None) -> Thread | None:
    if key is None:
        return None
    found = Thread.objects.filter(pk=key).first()
    if found is None:
        sentence = _("This thread is not there, or not for you to see.")
        raise DomainError("thread.not-found", sentence)
    return found

"""Following threads, each at a pace of its own.

Deliberately absent: following somebody. Threads are followed, people are not.
"""

from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from engage.domain.errors import DomainError
from engage.identity.models import User
from forums.domain.digests import due
from forums.models import Follow, Notice, Thread
from forums.rules import may_read_thread
from forums.services.refusing import no_such_thread

BY_TAKING_PART = Follow.Pace.DAILY


@transaction.atomic
def follow_thread(*, thread: Thread, person: User, pace: str) -> Follow:
    """``person`` hears of ``thread`` at ``pace`` from now on, also of what they are still to hear.

    Locks the notices that wait. Publishes nothing. Idempotent.
    Raises DomainError("thread.not-found" | "pace.not-found").
    """
    if pace not in Follow.Pace.values:
        raise DomainError("pace.not-found", _("There is no such pace. Choose one of the list."))
    if not may_read_thread(person, thread):
        raise no_such_thread()
    follow, _new = Follow.objects.update_or_create(
        person=person, thread=thread, defaults={"pace": pace}
    )
    _put_off(person, thread, due(pace, timezone.now(), timezone.get_default_timezone()))
    return follow


@transaction.atomic
def unfollow_thread(*, thread: Thread, person: User) -> None:
    """``person`` hears of ``thread`` no more, nor of what they were still to hear. Idempotent."""
    Follow.objects.filter(person=person, thread=thread).delete()
    _put_off(person, thread, None)


def follow_by_taking_part(*, thread: Thread, person: User) -> None:
    """Whoever writes in a thread hears of it once a day, unless they have chosen otherwise.

    In the transaction of their post. Publishes nothing. Idempotent.
    """
    row = Follow(person=person, thread=thread, pace=BY_TAKING_PART)
    Follow.objects.bulk_create([row], ignore_conflicts=True)


def _put_off(person: User, thread: Thread, due_at: datetime | None) -> None:
    waiting = Notice.objects.filter(person=person, post__thread=thread, told_at=None)
    if due_at is None:
        waiting.update(told_at=timezone.now())  # kept, so that it is not made again
    else:
        waiting.update(due_at=due_at)

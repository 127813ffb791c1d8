"""Remembering how far somebody has read, so that a page can say what is new to them.

Deliberately absent: who has read what. A place is its reader's own, and nobody else sees it.
"""

from django.db import transaction
from django.db.models import Model
from django.utils import timezone

from engage.identity.models import User
from forums.models import ReadPlace, Thread


@transaction.atomic
def read_up_to(*, thread: Thread, person: User, number: int) -> None:
    """``person`` has had the post ``number`` of ``thread`` before their eyes.

    Never goes back: a smaller number that comes late is ignored, and so is one that was not given
    yet. Locks the reader's own row, and that only while it grows. Idempotent. Publishes nothing.
    """
    number = min(number, thread.last_number)
    if number < 1 or _known(person, thread, number):
        return
    now = timezone.now()
    row = ReadPlace(person=person, thread=thread, number=number, at=now)
    earlier = ReadPlace.objects.filter(person=person, thread=thread, number__lt=number)
    if not earlier.update(number=number, at=now):
        ReadPlace.objects.bulk_create([row], ignore_conflicts=True)
        earlier.update(number=number, at=now)  # somebody else's first one came between


def _known(person: User, thread: Model, number: int) -> bool:
    """Asked without a lock: mostly a page shows again what was read."""
    return ReadPlace.objects.filter(person=person, thread=thread, number__gte=number).exists()

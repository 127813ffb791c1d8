"""Telling everybody on a roll by mail that the poll was announced, once each and a few at a time.

No queue: how far it got stands with the poll, as the last key in the roll's own order, which is
random. Deliberately absent: a second try. Who missed the mail finds the poll on its page.
"""

import uuid

from django.db import transaction
from django.db.models import QuerySet

from engage.identity.models import User
from engage.identity.notices import poll_announced
from voting.models import Poll, RollEntry

AT_ONCE = 20
TO_TELL = (Poll.State.ANNOUNCED, Poll.State.OPEN)
NOBODY_YET = uuid.UUID(int=0)


def tell_rolls() -> None:
    """One round over every roll that may have somebody left to tell."""
    for poll in Poll.objects.filter(who=Poll.Who.ROLL, state__in=TO_TELL):
        if _left(poll).exists():  # asked without a lock: hardly ever is anybody left
            tell_next(poll=poll)


@transaction.atomic
def tell_next(*, poll: Poll) -> int:
    """Tell the next of the roll, and how many that were; mails leave after the commit.

    Locks the poll. Nobody is told twice: whoever was to be told when the power was cut is not.
    """
    fresh = Poll.objects.select_for_update().get(pk=poll.pk)
    keys = list(_left(fresh).values_list("resident", flat=True)[:AT_ONCE])
    if keys:
        fresh.told_to = keys[-1]
        fresh.save(update_fields=["told_to"])
    for person in User.objects.filter(pk__in=keys, is_active=True):
        poll_announced(person, fresh.title, fresh.get_absolute_url())
    return len(keys)


def _left(poll: Poll) -> QuerySet[RollEntry]:
    left = RollEntry.objects.filter(poll=poll, resident__gt=poll.told_to or NOBODY_YET)
    return left.order_by("resident")

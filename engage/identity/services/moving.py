"""What was done in this browser without an account, and handing it to the account if asked.

Deliberately absent: doing it unasked. Whoever shares a browser would get somebody else's.
"""

import uuid

from django.db import transaction

from engage.identity.holdings import Moved, holdings, move_to_account
from engage.identity.models import User


@transaction.atomic
def left_behind(*, key: uuid.UUID, person: User) -> list[tuple[str, Moved]]:
    """What would move from the participant ``key``, by app; tried and taken back."""
    told = [(str(holding.label), holding.move(key, person)) for holding in holdings()]
    transaction.set_rollback(True)
    return [(label, moved) for label, moved in told if moved]


@transaction.atomic
def take_over(*, key: uuid.UUID, person: User) -> Moved:
    """Make what the participant ``key`` did ``person``'s.

    Locks the account. Idempotent because afterwards there is nothing under the key but what stays.
    """
    User.objects.select_for_update().get(pk=person.pk)
    return move_to_account(key, person)

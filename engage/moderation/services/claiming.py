"""Claiming a text, so that two moderators do not read the same one; a claim lapses by itself.

Deliberately absent: any right that a claim would give. It only keeps others from deciding.
"""

from django.db import transaction
from django.utils import timezone

from engage.identity.models import User
from engage.moderation.domain.claims import in_the_way
from engage.moderation.models import Item
from engage.moderation.rules import may_decide
from engage.moderation.services.holding import held_item
from engage.moderation.services.refusing import looked_at_by_another, not_yours
from engage.moderation.services.telling import tell_desk


@transaction.atomic
def claim_item(*, item: Item, by: User) -> Item:
    """Show others that ``by`` looks at ``item`` from now on; claimed again, it lasts anew.

    Locks the item. Publishes ``item.claimed``. Idempotent because it is theirs already.
    Raises DomainError("text.not-found" | "item.forbidden" | "item.claimed.conflict").
    """
    held = held_item(item)
    if not may_decide(by, held):
        raise not_yours()
    refuse_claimed(held, by)
    held.claimed_by, held.claimed_at = by, timezone.now()
    held.save(update_fields=["claimed_by", "claimed_at"])
    tell_desk("item.claimed", held)
    return held


@transaction.atomic
def let_go(*, item: Item, by: User) -> Item:
    """Leave ``item`` to others. Locks it. Publishes ``item.let_go`` if ``by`` had claimed it.

    Idempotent: what one has not claimed is left as it is. Raises DomainError("text.not-found").
    """
    held = held_item(item)
    if held.claimed_by_id == by.pk:
        held.claimed_by = held.claimed_at = None
        held.save(update_fields=["claimed_by", "claimed_at"])
        tell_desk("item.let_go", held)
    return held


def refuse_claimed(item: Item, by: User) -> None:
    """Raises DomainError("item.claimed.conflict") while somebody else looks at it."""
    if in_the_way(item.claimed_by_id, item.claimed_at, by.pk, timezone.now()):
        raise looked_at_by_another()

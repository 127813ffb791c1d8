"""Notes among moderators. Deliberately absent: changing or removing one."""

from django.db import transaction

from engage.identity.models import User
from engage.moderation.models import Item, Remark
from engage.moderation.rules import may_decide
from engage.moderation.services.holding import held_item
from engage.moderation.services.refusing import not_yours, refuse_empty
from engage.moderation.services.telling import tell_desk


@transaction.atomic
def remark(*, item: Item, by: User, text: str) -> Remark:
    """Leave a note at ``item`` for the other moderators.

    Locks the item. Publishes ``item.noted``. The same note of the same person as its last one is
    kept once. Raises DomainError("text.not-found" | "item.forbidden" | "remark.incomplete").
    """
    held = held_item(item)
    if not may_decide(by, held):
        raise not_yours()
    text = refuse_empty(text, "remark")
    last = held.remarks.order_by("-at", "-pk").first()
    if last and (last.by_id, last.text) == (by.pk, text):
        return last
    made = Remark.objects.create(item=held, by=by, text=text)
    tell_desk("item.noted", held)
    return made

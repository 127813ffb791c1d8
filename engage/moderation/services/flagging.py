"""Readers object to a text; objections of several bring it to the desk.

Deliberately absent: hiding it. That is decided by a person.
"""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from engage.domain.errors import DomainError
from engage.identity.models import User
from engage.moderation.domain.accuracy import bring_to_the_desk
from engage.moderation.domain.standing import Standing
from engage.moderation.models import Flag, Item, Signal
from engage.moderation.selectors.flags import accuracies
from engage.moderation.services.holding import held_item, hold_account
from engage.moderation.services.limiting import spend_flag
from engage.moderation.services.refusing import no_such_text
from engage.moderation.services.telling import tell_desk
from engage.moderation.writings import kinds


@transaction.atomic
def flag_text(*, kind: str, key: str, by: User, why: str, words: str = "") -> Flag:
    """Keep that ``by`` objects to a text, and bring it to the desk once enough others do, too.

    Locks the account of ``by`` and the item. Publishes ``item.arrived`` when it comes to the desk,
    ``item.noted`` if it waits there already. Idempotent because a reader objects once to a text:
    the first objection comes back. Raises DomainError("text.not-found" | "flag.own" |
    "flag.incomplete"), TooMany.
    """
    found = Item.objects.filter(kind=kind, key=key).first()
    known = kinds().get(kind)
    if found is None or known is None or not known.may_see(by, key):
        raise no_such_text()
    hold_account(by)
    item = held_item(found)
    if item.standing != Standing.SHOWN:
        raise no_such_text()
    if item.author_id == by.pk:
        raise DomainError("flag.own", _("This text is yours. You can change it yourself."))
    if before := item.flags.filter(by=by).first():
        return before
    spend_flag(by=by)
    flag = _kept(item, by, why, words)
    _weigh(item)
    return flag


def _kept(item: Item, by: User, why: str, words: str) -> Flag:
    if why not in Flag.Why.values or len(words.strip()) > 500:
        raise DomainError("flag.incomplete", _("Choose why, and say it in at most 500 characters."))
    return Flag.objects.create(item=item, by=by, why=why, words=words.strip())


def _weigh(item: Item) -> None:
    """Whoever waits hears of it; whoever does not is brought in by enough objections."""
    if item.queued_at is None:
        if not bring_to_the_desk(accuracies(item)):
            return
        item.queued_at = timezone.now()
        item.save(update_fields=["queued_at"])
        Signal.objects.bulk_create([Signal(item=item, name="flags")], ignore_conflicts=True)
        tell_desk("item.arrived", item)
    else:
        tell_desk("item.noted", item)

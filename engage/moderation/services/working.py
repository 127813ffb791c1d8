"""A decision is carried out: written down, and the text, its thread or its author follow it.

Called inside the transaction of whoever decides, who holds the item and has asked every rule.
Deliberately absent: telling the desk; that comes last, after all texts of a decision.
"""

import uuid
from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from engage.domain.errors import DomainError
from engage.identity.models import User
from engage.moderation.domain.standing import Standing
from engage.moderation.domain.verbs import SANCTIONS, Verb, after, taken_back, upholds
from engage.moderation.models import Decision, Item, Reason, Sanction
from engage.moderation.services.refusing import decided_meanwhile
from engage.moderation.services.sanctioning import lift_all, lifted, sanction
from engage.moderation.writings import Kind, kinds


@dataclass(frozen=True, slots=True)
class Wish:
    """What a moderator wants. ``to``: a standing other than the verb's own, to take one back."""

    verb: Verb
    reason: Reason | None = None
    statement: str = ""
    detail: str = ""
    until: datetime | None = None
    together: uuid.UUID | None = None
    to: Standing | None = None


def carry_out(item: Item, by: User, wish: Wish) -> Decision:
    """Write the decision down and do it; the text stands afterwards as the item says."""
    now, before = timezone.now(), Standing(item.standing)
    stands = wish.to or after(wish.verb, before) or before
    kind = _kind_of(item)
    place = _place(kind, item, by, wish)
    decision = Decision.objects.create(
        item=item, verb=wish.verb, reason=wish.reason, statement=wish.statement, by=by, at=now,
        why=wish.reason.title if wish.reason else "", rule=wish.reason.rule if wish.reason else "",
        detail=_detail(wish, place), before=before, after=stands, waited_since=item.queued_at,
        together=wish.together,
    )  # fmt: skip
    _settle(item, wish.verb, stands, now)
    if stands != before:
        kind.let_stand(item.key, stands)
    _follow(kind, decision, by, wish)
    return decision


def take_back(decision: Decision, by: User) -> Decision | None:
    """Undo what is left of ``decision``: the standing before, an open thread, the right to write.

    None where a later decision has done that, or has decided otherwise.
    """
    item, verb = decision.item, Verb(decision.verb)
    if verb in SANCTIONS:
        held = Sanction.objects.filter(decision=decision).values_list("pk", flat=True)
        return _written(item, by, Verb.LIFT) if lifted([*held]) else None
    if verb is Verb.LOCK:
        return _unlocked(decision, by)
    changed = [each for each in item.decisions.order_by("-at", "-pk") if each.before != each.after]
    if not changed or changed[0] != decision:
        return None
    return carry_out(item, by, Wish(Verb.RESTORE, to=taken_back(Standing(decision.before))))


def _unlocked(decision: Decision, by: User) -> Decision | None:
    locks = decision.item.decisions.filter(verb__in=[Verb.LOCK, Verb.UNLOCK])
    if locks.order_by("-at", "-pk").first() != decision:
        return None
    return carry_out(decision.item, by, Wish(Verb.UNLOCK))


def _written(item: Item, by: User, verb: Verb) -> Decision:
    return Decision.objects.create(
        item=item, verb=verb, by=by, before=item.standing, after=item.standing
    )


def _kind_of(item: Item) -> Kind:
    found = kinds().get(item.kind)
    if found is None:
        raise DomainError("text.not-found", _("There is no such text."))
    return found


def _place(kind: Kind, item: Item, by: User, wish: Wish) -> str:
    """Where to, in words; only where ``by`` may move it. Raises DomainError("place.not-found")."""
    if wish.verb is not Verb.MOVE:
        return ""
    places = dict(kind.places(by, item.key)) if kind.move else {}
    if wish.detail not in places:
        raise DomainError("place.not-found", _("Choose one of the places in the list."))
    return places[wish.detail]


def _detail(wish: Wish, place: str) -> str:
    until = wish.until.isoformat(timespec="minutes") if wish.until else ""
    return (place or until or ("" if wish.verb is Verb.MOVE else wish.detail))[:200]


def _settle(item: Item, verb: Verb, stands: Standing, now: datetime) -> None:
    """The item waits no more, unless it is held still; objections are answered."""
    item.standing, item.decided_at = stands, now
    if stands is not Standing.HELD:
        item.queued_at = item.claimed_by = item.claimed_at = None
    item.save(update_fields=["standing", "decided_at", "queued_at", "claimed_by", "claimed_at"])
    right = upholds(verb)
    if verb is Verb.RESTORE and stands is not Standing.SHOWN:
        return  # an older decision against it stands, and who objected is still right
    if right is not None:
        open_ones = item.flags.all() if verb is Verb.RESTORE else item.flags.filter(upheld=None)
        open_ones.update(upheld=right)


def _follow(kind: Kind, decision: Decision, by: User, wish: Wish) -> None:
    """What a verb does beside the text's standing."""
    item = decision.item
    if wish.verb is Verb.MOVE and kind.move:
        kind.move(by, item.key, wish.detail)
        item.refresh_from_db(fields=["area"])
    elif wish.verb in (Verb.LOCK, Verb.UNLOCK):
        _lock(kind, item, wish.verb)
    elif wish.verb in SANCTIONS:
        if item.author is None:
            raise DomainError("author.not-found", _("Whoever wrote this has no account any more."))
        sanction(decision=decision, person=item.author, until=wish.until)
    elif wish.verb is Verb.LIFT and not lift_all(item, by):
        raise decided_meanwhile()


def _lock(kind: Kind, item: Item, verb: Verb) -> None:
    if kind.lock is None:
        raise DomainError("verb.not-found", _("This cannot be decided."))
    kind.lock(item.key, verb is Verb.LOCK)

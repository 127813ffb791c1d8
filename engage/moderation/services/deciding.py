"""Deciding on a text: what, why, by which rule, and what its author is told; in one transaction.

Nothing is deleted, and everything can be taken back by another decision. Deliberately absent: how
a text comes to stand otherwise; its own app does that (``engage.moderation.writings``).
"""

import uuid
from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from engage.domain.errors import DomainError
from engage.identity.models import User
from engage.moderation.domain.standing import Standing
from engage.moderation.domain.verbs import NEEDS_WORDS, SANCTIONS, TOGETHER, Verb, after
from engage.moderation.models import Decision, Item, Reason
from engage.moderation.rules import may_decide
from engage.moderation.selectors.reading import read_marks
from engage.moderation.services.claiming import refuse_claimed
from engage.moderation.services.holding import (
    held_item,
    held_items,
    hold_along,
    hold_author,
    hold_desk_for_many,
    hold_what_they_belong_to,
)
from engage.moderation.services.refusing import (
    changed_meanwhile,
    decided_meanwhile,
    not_yours,
    refuse_empty,
)
from engage.moderation.services.telling import tell_desk
from engage.moderation.services.working import Wish, carry_out

MOST_TOGETHER = 200


@transaction.atomic
def decide(
    *,
    item: Item,
    by: User,
    verb: str,
    reason: Reason | None,
    statement: str,
    detail: str = "",
    until: datetime | None = None,
    expected: str | None = None,
    seen: str = "",
) -> Decision:
    """Decide ``verb`` on ``item``; it waits no more, and who objected learns what came of it.

    ``expected`` is how it stood when ``by`` looked, ``seen`` the mark of how it read then
    (``selectors.reading``; empty asks nothing); ``detail`` where to move it (a key of the kind's
    ``places``); ``until`` how long a sanction holds. Locks the author's account for a sanction,
    all items that move along, the item, then what its kind locks. Publishes ``item.decided``, and
    whatever the kind publishes. Raises DomainError("text.not-found" | "item.forbidden" |
    "item.conflict" | "item.claimed.conflict" | "reason.incomplete" | "statement.incomplete" |
    "until.incomplete" | "place.not-found" | "author.not-found"). Sent twice, it is decided once:
    the second finds that it stands otherwise, or waits no more.
    """
    wish = _wish(verb, reason, statement, detail, until)
    if wish.verb in SANCTIONS or wish.verb is Verb.LIFT:
        hold_author(item)
    elif wish.verb is Verb.MOVE:
        hold_along(item)
    held = held_item(item)
    _refuse_unless_possible(held, by, wish.verb, expected)
    _refuse_unless_read([held], seen)
    was = Item(pk=held.pk, area_id=held.area_id)
    decision = carry_out(held, by, wish)
    tell_desk("item.decided", was)
    if decision.item.area_id != was.area_id:  # moved: its new place hears of it, too
        tell_desk("item.decided", decision.item)
    return decision


@transaction.atomic
def decide_together(
    *,
    items: Sequence[Item],
    by: User,
    verb: str,
    reason: Reason | None,
    statement: str,
    expected: int | None = None,
    seen: str = "",
) -> list[Decision]:
    """Decide the same on at most 200 texts: on all of them, or on none.

    ``expected`` is how many ``by`` was told they are, ``seen`` the mark of how they read. Locks
    what no two do at once, and all items in one order. Publishes ``item.decided`` for each.
    Raises as ``decide``, and
    DomainError("together.incomplete") for none, too many, or a verb that is for one text alone.
    """
    wish = _wish(verb, reason, statement, "", None, together=uuid.uuid4())
    keys = {item.pk for item in items}
    if not 0 < len(keys) <= MOST_TOGETHER or wish.verb not in TOGETHER:
        raise DomainError("together.incomplete", _("Choose between 1 and 200 texts."))
    hold_desk_for_many()
    held = held_items(keys)
    if len(held) != (expected if expected is not None else len(keys)):
        raise decided_meanwhile()
    for item in held:
        _refuse_unless_possible(item, by, wish.verb, None)
    _refuse_unless_read(held, seen)
    hold_what_they_belong_to(held)
    made = [carry_out(item, by, wish) for item in held]
    tell_desk("item.decided", *held)
    return made


def _wish(
    verb: str,
    reason: Reason | None,
    statement: str,
    detail: str,
    until: datetime | None,
    together: uuid.UUID | None = None,
) -> Wish:
    """What is asked for, complete. Raises DomainError("reason.incomplete" | …)."""
    try:
        asked = Verb(verb)
    except ValueError:
        raise DomainError("verb.not-found", _("This cannot be decided.")) from None
    if asked in NEEDS_WORDS:
        if reason is None:
            raise DomainError("reason.incomplete", _("Choose a reason from the list."))
        statement = refuse_empty(statement, "statement")
    return Wish(asked, reason, statement.strip()[:2_000], detail, until, together)


def _refuse_unless_possible(item: Item, by: User, verb: Verb, expected: str | None) -> None:
    if not may_decide(by, item):
        raise not_yours()
    refuse_claimed(item, by)
    waits = item.queued_at is not None
    if expected is not None and expected != item.standing:
        raise decided_meanwhile()
    if after(verb, Standing(item.standing), waits=waits) is None or _repeats(item, verb):
        raise decided_meanwhile()


def _refuse_unless_read(items: list[Item], seen: str) -> None:
    """Nobody decides on words that they have not read, nor undoes a decision that they missed."""
    if seen and seen != read_marks(items):
        raise changed_meanwhile()


def _repeats(item: Item, verb: Verb) -> bool:
    """Whether a thread was locked, or opened, last in the same way: a form that came twice."""
    locks = (Verb.LOCK, Verb.UNLOCK)
    if verb not in locks:
        return False
    last = item.decisions.filter(verb__in=locks).order_by("-at", "-pk").first()
    return verb == (last.verb if last else Verb.UNLOCK)

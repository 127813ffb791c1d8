"""Who may not write for a time, or until somebody lifts it; all else that they may do stays.

Deliberately absent: the reasons; they are in the decision by which a sanction was made.
"""

from datetime import datetime

from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from engage.domain.errors import DomainError
from engage.identity.domain.areas import covers
from engage.identity.models import Area, User
from engage.moderation.domain.verbs import Verb
from engage.moderation.models import Decision, Item, Reason, Sanction
from engage.moderation.rules import may_lift
from engage.moderation.selectors.noticing import sanctions_in_force
from engage.moderation.services.holding import held_item, hold_account
from engage.moderation.services.refusing import decided_meanwhile, not_yours
from engage.moderation.services.telling import tell_desk


def refuse_sanctioned(author: User, area: Area | None) -> None:
    """Raises DomainError("author.silenced" | "author.barred") if ``author`` may not write here."""
    path = area.path if area else ""
    for each in sanctions_in_force(author, timezone.now()):
        if covers(each.area_id or "", path):
            raise _may_not_write(each)


def _may_not_write(sanction: Sanction) -> DomainError:
    appeal = _("You were told why, and how to appeal, with the decision.")
    if sanction.until is None:
        sentence = _("You may not write here any more.")
    else:
        until = date_format(timezone.localtime(sanction.until), "DATETIME_FORMAT")
        sentence = _("You may not write here until %(until)s.") % {"until": until}
    code = "author.barred" if sanction.kind == Sanction.Kind.BAN else "author.silenced"
    return DomainError(code, f"{sentence} {appeal}", next=reverse("your-decisions"))


@transaction.atomic
def sanction(*, decision: Decision, person: User, until: datetime | None) -> Sanction:
    """Keep ``person`` from writing in the area of the text that was decided on.

    Locks the account, so that no text of theirs slips in. Raises DomainError("item.conflict") if
    they are kept from it at least as long already, DomainError("until.incomplete").
    """
    hold_account(person)
    now = timezone.now()
    kind = Sanction.Kind(decision.verb)
    if (until is not None and until <= now) or (until is None and kind == Sanction.Kind.SILENCE):
        raise DomainError("until.incomplete", _("Say until when, at a time that is to come."))
    area = decision.item.area
    same = [
        each for each in sanctions_in_force(person, now) if each.area_id == decision.item.area_id
    ]
    if any(each.until is None or (until and each.until >= until) for each in same):
        raise decided_meanwhile()
    return Sanction.objects.create(
        person=person, kind=kind, area=area, since=now, until=until, decision=decision
    )


@transaction.atomic
def lift(
    *, sanction: Sanction, by: User, reason: Reason | None = None, statement: str = ""
) -> Decision:
    """Let somebody write again before the time is over, and say so in a decision.

    Locks the account and the text that led to it. Publishes ``item.decided``. Idempotent: one that
    was lifted stays so. Raises DomainError("item.forbidden" | "item.conflict").
    """
    known = (
        Sanction.objects.select_related("person", "decision__item").filter(pk=sanction.pk).first()
    )
    if known is None:
        raise decided_meanwhile()
    hold_account(known.person)
    item = held_item(known.decision.item)
    if not may_lift(by, known):
        raise not_yours()
    if not lifted([known.pk]):
        raise decided_meanwhile()
    decision = Decision.objects.create(
        item=item, verb=Verb.LIFT, by=by, before=item.standing, after=item.standing, reason=reason,
        why=reason.title if reason else "", rule=reason.rule if reason else "",
        statement=statement.strip()[:2_000],
    )  # fmt: skip
    tell_desk("item.decided", item)
    return decision


def lifted(sanctions: list[int]) -> int:
    """End those of ``sanctions`` that were not lifted before; how many there were."""
    return Sanction.objects.filter(pk__in=sanctions, lifted_at=None).update(
        lifted_at=timezone.now()
    )


def lift_all(item: Item, by: User) -> int:
    """Let the author of ``item`` write again wherever ``by`` may say so; how many ended."""
    if item.author is None:
        return 0
    found = sanctions_in_force(item.author, timezone.now())
    return lifted([each.pk for each in found if may_lift(by, each)])

"""Texts come to the desk before they are stored: looked over, then entered with what was noticed.

The same for everybody; what somebody writes who moderates the place is not held. Deliberately
absent: storing the text, which its own app does between the two.
"""

from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from engage.domain.sanitise.links import links_in
from engage.identity.models import Area, User
from engage.identity.rules import is_staff_of_any_kind, may_moderate
from engage.identity.services.correcting import reserved_names
from engage.moderation.domain.folds import fold_of
from engage.moderation.domain.signals import signals
from engage.moderation.domain.standing import Standing
from engage.moderation.domain.verdicts import Noticed, Verdict
from engage.moderation.models import Item, Signal
from engage.moderation.selectors.noticing import known_of
from engage.moderation.services.holding import hold_account
from engage.moderation.services.limiting import spend_text
from engage.moderation.services.sanctioning import refuse_sanctioned
from engage.moderation.services.telling import tell_desk
from engage.moderation.services.wording import Wording, look_for_words

__all__ = ["Verdict", "enter", "look_over", "relocate"]


@dataclass(frozen=True, slots=True)
class _Arrival:
    """A text on its way in."""

    kind: str
    key: str
    author: User
    area: Area | None
    held_by_space: bool
    network: str
    earlier: Item | None

    @property
    def moderates(self) -> bool:
        return may_moderate(self.author, self.area.path if self.area else "")

    @property
    def was_returned(self) -> bool:
        return self.earlier is not None and self.earlier.standing == Standing.RETURNED


def look_over(
    *,
    kind: str,
    text: str,
    author: User,
    area: Area | None,
    language: str,
    held_by_space: bool = False,
    pictures: int = 0,
    mentions: int = 0,
    network: str = "",
    key: str = "",
    official: bool = False,
) -> Verdict:
    """Say what is to be stored of ``text``, and how it stands; inside the caller's transaction.

    ``key`` names the text if it is there already and is changed: it counts as no new one, and a
    moderator who decided on it hears of it. What is ``official`` keeps to no limits by trust, as
    the app has asked who speaks for the town. Locks the author's account. Publishes nothing.
    Raises DomainError("author.silenced" | "author.barred" | "text.blocked"), TooMany.
    Idempotent because it writes nothing.
    """
    hold_account(author)
    earlier = Item.objects.filter(kind=kind, key=key).first() if key else None
    arrival = _Arrival(kind, key, author, area, held_by_space, network, earlier)
    refuse_sanctioned(author, area)
    wording = look_for_words(text, language)
    counts = {"links": links_in(text), "pictures": pictures, "mentions": mentions}
    if not official:
        _spend(arrival, counts)
    fold = fold_of(wording.text)
    noticed = () if arrival.moderates else _noticed(arrival, wording, fold)
    standing = _standing(arrival, wording)
    return Verdict(wording.text, standing, noticed, fold, network=network, **counts)


def _spend(arrival: _Arrival, counts: dict[str, int]) -> None:
    """A changed text costs what it has more than before."""
    before = {what: getattr(arrival.earlier, what, 0) for what in counts}
    more = {what: max(0, number - before[what]) for what, number in counts.items()}
    spend_text(author=arrival.author, posts=0 if arrival.key else 1, **more)


def _noticed(arrival: _Arrival, wording: Wording, fold: str) -> tuple[Noticed, ...]:
    author = arrival.author
    known = known_of(
        author=author, fold=fold, network=arrival.network, kind=arrival.kind, key=arrival.key,
        now=timezone.now(),
    )  # fmt: skip
    offices = reserved_names()[:2]  # the town's name and its office's
    name = "" if is_staff_of_any_kind(author) else author.display_name
    found = [Noticed("space")] if arrival.held_by_space and not arrival.was_returned else []
    found += wording.noticed
    found += [Noticed("edited")] if arrival.earlier and arrival.earlier.decided_at else []
    return (*found, *signals(known, wording.text, name, offices))


def _standing(arrival: _Arrival, wording: Wording) -> Standing:
    """A returned text waits once it is changed; hidden and removed ones stay what they are."""
    before = Standing(arrival.earlier.standing) if arrival.earlier else Standing.SHOWN
    if before in (Standing.HIDDEN, Standing.REMOVED):
        return before
    if before is not Standing.SHOWN:
        return Standing.HELD  # also a moderator's own: another one returned it
    holds = arrival.held_by_space or wording.holds
    return Standing.HELD if holds and not arrival.moderates else Standing.SHOWN


@transaction.atomic
def enter(*, kind: str, key: str, author: User, area: Area | None, verdict: Verdict) -> Item:
    """Keep at the desk how the stored text stands; if something was noticed, it waits there.

    Locks the item. Publishes ``item.arrived`` if it waits. Idempotent because a text has one item,
    and what was noticed is kept once.
    """
    now = timezone.now()
    kept = {
        "area": area, "standing": verdict.standing, "fold": verdict.fold, "links": verdict.links,
        "pictures": verdict.pictures, "mentions": verdict.mentions,
    }  # fmt: skip
    if verdict.network:
        kept["network"] = verdict.network
    new = {"author": author, "written_at": now}
    item, _made = Item.objects.select_for_update().update_or_create(
        kind=kind, key=key, defaults=kept, create_defaults=kept | new
    )
    if verdict.waits:
        _queue(item, verdict)
    return item


def _queue(item: Item, verdict: Verdict) -> None:
    if item.queued_at is None:
        item.queued_at = timezone.now()
        item.save(update_fields=["queued_at"])
    found = [
        Signal(item=item, name=each.name, detail=each.detail[:200]) for each in verdict.signals
    ]
    Signal.objects.bulk_create(found, ignore_conflicts=True)
    tell_desk("item.arrived", item)


@transaction.atomic
def relocate(*, kind: str, keys: list[str], area: Area | None) -> None:
    """The texts ``keys`` stand in ``area`` from now on: its moderators decide on them.

    Publishes ``item.arrived`` there for each that waits. Idempotent.
    """
    moved = Item.objects.select_for_update().filter(kind=kind, key__in=keys).exclude(area=area)
    found = list(moved.order_by("pk"))
    Item.objects.filter(pk__in=[item.pk for item in found]).update(area=area)
    for item in found:
        if item.queued_at:
            tell_desk("item.noted", item)
            item.area = area
            tell_desk("item.arrived", item)

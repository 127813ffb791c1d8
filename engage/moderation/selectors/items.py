"""One text at the desk with everything that is known of it, in a fixed number of queries.

Deliberately absent: what its author wrote elsewhere, but for copies of the same text.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Q
from django.utils import timezone

from engage.identity.models import User
from engage.identity.rules import Person, may_moderate
from engage.moderation.domain.claims import holds, lapses_at
from engage.moderation.domain.reading import mark_of_all
from engage.moderation.domain.standing import Standing
from engage.moderation.domain.verbs import Verb, possible
from engage.moderation.models import Appeal, Decision, Flag, Item, Remark, Sanction, Signal
from engage.moderation.rules import may_answer_appeal, may_decide, may_lift
from engage.moderation.selectors.flags import Record, records
from engage.moderation.selectors.noticing import sanctions_in_force
from engage.moderation.selectors.people import concerns
from engage.moderation.selectors.reading import read_mark
from engage.moderation.selectors.yours import shown_texts
from engage.moderation.writings import Shown, kinds

MOST_COPIES = 20
HISTORY = timedelta(days=365)


@dataclass(frozen=True, slots=True)
class Objection:
    """A reader's objection, and how often objections of that reader were right."""

    flag: Flag
    record: Record


@dataclass(frozen=True, slots=True)
class Appealed:
    """An appeal, and whether whoever looks may answer it."""

    appeal: Appeal
    may_answer: bool


@dataclass(frozen=True, slots=True)
class ItemPage:
    """``verbs`` is what may be decided now: nothing of one's own text, or while another looks.

    ``places`` is where it may be moved to; ``copies`` are texts that look the same, by anybody;
    ``seen`` is the mark of how it stands and reads now.
    """

    item: Item
    shown: Shown | None
    signals: list[Signal]
    objections: list[Objection]
    decisions: list[Decision]
    appeals: list[Appealed]
    remarks: list[Remark]
    copies: list[Item]
    sanctions: list[Sanction]
    decided_on: int
    verbs: list[Verb]
    places: list[tuple[str, str]]
    own: bool
    claimed_by: User | None
    claim_lapses_at: datetime | None
    seen: str


def item_page(person: Person, item: Item) -> ItemPage:
    """Everything of ``item`` (which ``person`` may see), in ten queries and those of its kind."""
    now = timezone.now()
    kept = item.decisions.select_related("by", "appeal__by", "sanction")
    decisions = list(kept.order_by("-at", "-pk"))
    held = item.claimed_by_id is not None and holds(item.claimed_at, now)
    running = sanctions_in_force(item.author, now) if item.author else []
    sanctions = [each for each in running if concerns(person, each)]
    idle = _idle(decisions, [each for each in sanctions if may_lift(person, each)])
    shown = shown_texts([item]).get((item.kind, item.key))
    return ItemPage(
        item=item,
        shown=shown,
        signals=list(item.signals.order_by("at", "pk")),
        objections=_objections(item),
        decisions=decisions,
        appeals=_appeals(person, item, decisions),
        remarks=list(item.remarks.select_related("by").order_by("at", "pk")),
        copies=_copies(person, item),
        sanctions=sanctions,
        decided_on=_decided_on(item, now),
        verbs=[verb for verb in _verbs(person, item, now) if verb not in idle],
        places=_places(person, item),
        own=item.author_id is not None and item.author_id == person.pk,
        claimed_by=item.claimed_by if held else None,
        claim_lapses_at=lapses_at(item.claimed_at) if held and item.claimed_at else None,
        seen=mark_of_all([read_mark(item, shown)]),
    )


def _objections(item: Item) -> list[Objection]:
    flags = list(item.flags.select_related("by").order_by("at", "pk"))
    known = records({flag.by_id for flag in flags})
    return [Objection(flag, known.get(flag.by_id, Record())) for flag in flags]


def _appeals(person: Person, item: Item, decisions: list[Decision]) -> list[Appealed]:
    found = []
    for decision in decisions:
        decision.item = item
        if made := getattr(decision, "appeal", None):
            made.decision = decision
            waits = made.outcome == Appeal.Outcome.OPEN
            found.append(Appealed(made, waits and may_answer_appeal(person, made)))
    return found


def _copies(person: Person, item: Item) -> list[Item]:
    """Of areas that ``person`` moderates, as of every other text."""
    if not item.fold:
        return []
    same = Item.objects.filter(fold=item.fold).exclude(pk=item.pk).select_related("author")
    found = same.order_by("-written_at")[: 5 * MOST_COPIES]
    seen = [each for each in found if may_moderate(person, each.area_id or "")]
    return seen[:MOST_COPIES]


def _decided_on(item: Item, now: datetime) -> int:
    """How many texts of the author were hidden, removed or returned within a year."""
    if item.author_id is None:
        return 0
    against = Q(verb__in=[Verb.HIDE, Verb.REMOVE, Verb.RETURN], at__gte=now - HISTORY)
    lately = Decision.objects.filter(against, item__author=item.author_id)
    return lately.values("item").distinct().count()


def _idle(decisions: list[Decision], sanctions: list[Sanction]) -> set[Verb]:
    """What would change nothing: locking what is locked, letting write who may."""
    locks = (Verb.LOCK, Verb.UNLOCK)
    last = next((Verb(each.verb) for each in decisions if each.verb in locks), Verb.UNLOCK)
    return {last} | (set() if sanctions else {Verb.LIFT})


def _verbs(person: Person, item: Item, now: datetime) -> list[Verb]:
    taken = item.claimed_by_id not in (None, person.pk) and holds(item.claimed_at, now)
    if taken or not may_decide(person, item):
        return []
    kind = kinds().get(item.kind)
    absent = set() if kind and kind.lock else {Verb.LOCK, Verb.UNLOCK}
    absent |= set() if kind and kind.move else {Verb.MOVE}
    absent |= set() if item.author_id else {Verb.SILENCE, Verb.BAN, Verb.LIFT}
    waits = item.queued_at is not None
    return [verb for verb in possible(Standing(item.standing), waits=waits) if verb not in absent]


def _places(person: Person, item: Item) -> list[tuple[str, str]]:
    kind = kinds().get(item.kind)
    if kind is None or kind.move is None or not isinstance(person, User):
        return []
    return kind.places(person, item.key)

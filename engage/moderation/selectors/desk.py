"""The desk's queue as a moderator sees it: what waits in their areas, the longest first.

A page takes the same number of queries however much waits. Deliberately absent: texts of areas that
somebody does not moderate; the permission is part of the question.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.db.models import Count, Min, Q, QuerySet
from django.utils import timezone

from engage.domain.errors import DomainError
from engage.identity.domain.roles import Role
from engage.identity.models import Area, User
from engage.identity.rules import Person, may_moderate, trusted_areas
from engage.moderation.domain.claims import LAPSES_AFTER, holds
from engage.moderation.domain.desk_topics import desk_topic_of
from engage.moderation.models import Appeal, Flag, Item, Signal
from engage.moderation.selectors.lists import promised_hours
from engage.moderation.selectors.yours import shown_texts
from engage.moderation.writings import Shown

PER_PAGE = 50
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Filters:
    """What of the queue is asked for; empty is everything. ``mine`` is what one has claimed.

    ``free`` is what nobody looks at. ``appeals`` asks for texts with an open appeal instead of
    those that wait for a decision.
    """

    area: str = ""
    kind: str = ""
    signal: str = ""
    flagged: bool = False
    mine: bool = False
    free: bool = False
    appeals: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """One text of the queue. ``claimed_by`` is whoever looks at it now; a lapsed claim is none.

    ``flags`` counts the objections that are open, ``whys`` says each of their reasons once.
    ``own`` texts are seen and not decided on; a ``late`` one has waited longer than promised;
    ``shown`` is None where its app has it no more.
    """

    item: Item
    shown: Shown | None
    signals: tuple[Signal, ...]
    flags: int
    whys: tuple[str, ...]
    claimed_by: User | None
    since: datetime
    late: bool
    own: bool
    appeal: Appeal | None = None


@dataclass(frozen=True, slots=True)
class DeskPage:
    """``waiting`` and ``oldest`` are of everything that the filters let through."""

    rows: list[Row]
    next: str
    waiting: int
    oldest: datetime | None
    hours: int
    now: datetime


def moderated_items(person: Person) -> QuerySet[Item]:
    """Every text of the areas that ``person`` moderates; none for those who moderate none."""
    return Item.objects.filter(within(trusted_areas(person, Role.MODERATOR), "area"))


def within(areas: list[str], field: str) -> Q:
    """Whether the ``field`` (a key of an area) lies in one of ``areas``; "" is the whole town."""
    if "" in areas:
        return Q()
    inside = Q(pk__in=[])
    for path in areas:
        inside |= Q(**{field: path}) | Q(**{f"{field}__path__startswith": f"{path}/"})
    return inside


def desk_page(person: Person, filters: Filters | None = None, after: str = "") -> DeskPage:
    """Fifty texts after the cursor ``after``, with everything that their rows show.

    Five queries and those of the kinds on the page, however many wait.
    Raises DomainError("filter.malformed") for a cursor that no page gave.
    """
    filters, now = filters or Filters(), timezone.now()
    wanted = _wanted(person, filters)
    since = "appealed_at" if filters.appeals else "queued_at"
    counted = wanted.aggregate(waiting=Count("pk"), oldest=Min(since))
    page = _after(wanted, since, after).select_related("area", "author", "claimed_by")
    found = list(page.order_by(since, "pk")[: PER_PAGE + 1])
    hours = promised_hours()
    rows = _rows(person, found[:PER_PAGE], since, now - timedelta(hours=hours), now)
    more = len(found) > PER_PAGE
    cursor = cursor_of(getattr(found[PER_PAGE - 1], since), found[PER_PAGE - 1].pk) if more else ""
    return DeskPage(rows, cursor, counted["waiting"], counted["oldest"], hours, now)


def desk_rows(person: Person, items: list[Item]) -> list[Row]:
    """The same rows for these texts, wherever they wait; four queries and those of their kinds."""
    now = timezone.now()
    late = now - timedelta(hours=promised_hours())
    return _rows(person, items, "queued_at", late, now)


def waiting_in(area: str, late: datetime) -> tuple[int, int]:
    """How many texts wait in ``area``, and how many of them since before ``late``; one query."""
    waits = Item.objects.filter(within([area], "area"), queued_at__isnull=False)
    counted = waits.aggregate(n=Count("pk"), late=Count("pk", filter=Q(queued_at__lt=late)))
    return counted["n"], counted["late"]


def area_of_topic(topic: str) -> str | None:
    """The area whose desk tells its news under ``topic``; "" is the town, None is no area."""
    if topic == desk_topic_of(""):
        return ""
    paths = Area.objects.values_list("path", flat=True)
    return next((path for path in paths if desk_topic_of(path) == topic), None)


def cursor_of(at: datetime, pk: int) -> str:
    """A place in the queue, as it stands in an address."""
    return f"{(at - _EPOCH) // timedelta(microseconds=1)}.{pk}"


def _read_cursor(cursor: str) -> tuple[datetime, int]:
    at, _dot, pk = cursor.partition(".")
    digits = at.isascii() and pk.isascii() and at.isdecimal() and pk.isdecimal()
    if not digits or len(at) > 17 or len(pk) > 18:
        raise DomainError("filter.malformed")
    return _EPOCH + timedelta(microseconds=int(at)), int(pk)


def _wanted(person: Person, filters: Filters) -> QuerySet[Item]:
    found = moderated_items(person)
    if filters.appeals:
        found = found.filter(decisions__appeal__outcome=Appeal.Outcome.OPEN)
        found = found.annotate(appealed_at=Min("decisions__appeal__at"))
    else:
        found = found.filter(queued_at__isnull=False)
    if filters.area:
        found = found.filter(within([filters.area], "area"))
    if filters.kind:
        found = found.filter(kind=filters.kind)
    if filters.signal:
        found = found.filter(pk__in=Signal.objects.filter(name=filters.signal).values("item"))
    if filters.flagged:
        found = found.filter(pk__in=Flag.objects.filter(upheld=None).values("item"))
    if filters.mine:
        found = found.filter(claimed_by=person.pk, claimed_at__gt=timezone.now() - LAPSES_AFTER)
    if filters.free:
        lapsed = Q(claimed_by=None) | Q(claimed_at__lte=timezone.now() - LAPSES_AFTER)
        found = found.filter(lapsed)
    return found


def _after(wanted: QuerySet[Item], since: str, cursor: str) -> QuerySet[Item]:
    if not cursor:
        return wanted
    at, pk = _read_cursor(cursor)
    return wanted.filter(Q(**{f"{since}__gt": at}) | Q(**{since: at}, pk__gt=pk))


def _rows(
    person: Person, items: list[Item], since: str, late: datetime, now: datetime
) -> list[Row]:
    keys = [item.pk for item in items]
    shown = shown_texts(items)
    whys: dict[int, list[str]] = {}
    for key, why in _open_flags(keys):
        whys.setdefault(key, []).append(str(Flag.Why(why).label))
    signals: dict[int, list[Signal]] = {}
    for signal in Signal.objects.filter(item__in=keys).order_by("at", "pk"):
        signals.setdefault(signal.item_id, []).append(signal)
    appeals = open_appeals(keys)
    rows = []
    for item in items:
        at = getattr(item, since) or item.written_at
        rows.append(
            Row(
                item=item,
                shown=shown.get((item.kind, item.key)),
                signals=tuple(signals.get(item.pk, ())),
                flags=len(whys.get(item.pk, ())),
                whys=tuple(dict.fromkeys(whys.get(item.pk, ()))),
                claimed_by=item.claimed_by if holds(item.claimed_at, now) else None,
                since=at,
                late=at < late,
                own=item.author_id == person.pk,
                appeal=appeals.get(item.pk),
            )
        )
    return rows


def _open_flags(items: list[int]) -> QuerySet:
    found = Flag.objects.filter(item__in=items, upheld=None).order_by("at", "pk")
    return found.values_list("item", "why")


def open_appeals_in(area: str) -> int:
    """How many appeals wait in ``area``; one query."""
    inside = within([area], "decision__item__area")
    return Appeal.objects.filter(inside, outcome=Appeal.Outcome.OPEN).count()


def open_appeals(items: list[int]) -> Mapping[int, Appeal]:
    """The appeal that waits longest of each of these texts, in one query."""
    found = Appeal.objects.filter(decision__item__in=items, outcome=Appeal.Outcome.OPEN)
    newest_first = found.select_related("decision").order_by("-at", "-pk")
    return {appeal.decision.item_id: appeal for appeal in newest_first}


def moderated_areas(person: Person) -> list[Area]:
    """The areas by which ``person`` may filter, the largest first; one query."""
    areas = trusted_areas(person, Role.MODERATOR)
    return list(Area.objects.filter(_paths(areas)).order_by("path"))


def _paths(areas: list[str]) -> Q:
    if "" in areas:
        return Q()
    inside = Q(path__in=areas)
    for path in areas:
        inside |= Q(path__startswith=f"{path}/")
    return inside


def moderated_item(person: Person, pk: int) -> Item | None:
    """One text that ``person`` may see at the desk; None for all others."""
    found = Item.objects.select_related("area", "author", "claimed_by").filter(pk=pk).first()
    return found if found and may_moderate(person, found.area_id or "") else None

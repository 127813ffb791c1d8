"""What pages read of polls, each in a fixed number of queries."""

import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Model, OuterRef, QuerySet, Subquery, Sum
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils import timezone

from engage.identity.domain.levels import Level
from engage.identity.participants import Participant
from voting.board.models import Checkpoint, ChoiceCount, Leaf, Log
from voting.clock import database_now
from voting.domain.manifest import Manifest
from voting.domain.missing import Draft
from voting.domain.phases import BEFORE_THE_LOG, phase
from voting.domain.standing import standing
from voting.eligibility import eligibility
from voting.models import Pass, Poll, RollEntry, UnderWay
from voting.rules import Person, may_assist, may_manage_poll, may_see_poll, missing_for_pass


def present_phase(poll: Poll, now: datetime | None = None) -> str:
    """The poll's phase at the database's present time."""
    return phase(
        poll.state,
        opens_at=poll.opens_at,
        closes_at=poll.closes_at,
        closing_since=poll.closing_since,
        max_delay_s=poll.batch_max_delay_s,
        now=now or database_now(),
    )


def visible_poll(poll: uuid.UUID, person: Person) -> Poll:
    """The poll with its options in two queries. Raises Http404 for those who may not know of it."""
    found = get_object_or_404(
        Poll.objects.select_related("area").prefetch_related("options"), pk=poll
    )
    if not may_see_poll(person, found):
        raise Http404
    return found


def public_polls() -> QuerySet[Poll]:
    found = Poll.objects.exclude(state__in=BEFORE_THE_LOG).select_related("area")
    return found.order_by("closes_at", "title")


def own_drafts(person: Person) -> list[Poll]:
    """The drafts that ``person`` manages: those of the areas they organise in."""
    drafts = Poll.objects.filter(state__in=BEFORE_THE_LOG).order_by("title")
    return [poll for poll in drafts if may_manage_poll(person, poll)]


@dataclass(frozen=True)
class Card:
    """A poll on a list."""

    poll: Poll
    phase: str
    ballots: int
    days_left: int | None
    hours_left: int | None

    @property
    def url(self) -> str:
        return self.poll.get_absolute_url()

    @property
    def who_label(self) -> str:
        return eligibility(self.poll)

    @property
    def method_label(self) -> str:
        return self.poll.get_method_display()


def cards(polls: list[Poll], now: datetime) -> list[Card]:
    """One card a poll, with the ballots of all of them in one query."""
    keys = [poll.pk for poll in polls]
    rows = ChoiceCount.objects.filter(poll__in=keys).values("poll").annotate(n=Sum("ballots"))
    ballots = {row["poll"]: row["n"] for row in rows}
    return [_card(poll, ballots.get(poll.pk, 0), now) for poll in polls]


def _card(poll: Poll, ballots: int, now: datetime) -> Card:
    left = poll.closes_at - now if poll.closes_at and poll.closes_at > now else None
    return Card(
        poll=poll,
        phase=present_phase(poll, now),
        ballots=ballots,
        days_left=left.days if left else None,
        hours_left=int(left.total_seconds() // 3600) if left else None,
    )


def home_lists() -> dict[str, list[Card]]:
    """The home page: open now (soonest to close first), coming, lately decided."""
    now = database_now()
    every = cards(list(public_polls()), now)
    return {
        "open": [card for card in every if card.phase in ("open", "closing")],
        "coming": [card for card in every if card.phase == "announced"],
        "decided": [card for card in reversed(every) if card.phase in ("closed", "decided")][:5],
    }


def poll_tally(poll: uuid.UUID) -> dict[str, Any]:
    """The gauge ``tally``: everything live that is shown of a poll, in four small queries.

    ``by_level``, ``by_channel``: who took part as last shown (``voting.domain.groups``), cells
    joined by "_".
    """
    log = Log.objects.filter(pk=poll).only("size", "manifest").first()
    if log is None or not log.size:
        return {
            "version": 0,
            "ballots": 0,
            "passes": 0,
            "roll": None,
            "totals": {},
            "by_level": {},
            "by_channel": {},
        }
    manifest = Manifest.parse(bytes(log.manifest))
    passes, groups = _passes_and_groups(poll)
    choices = list(ChoiceCount.objects.filter(poll=poll).values_list("choice", "ballots"))
    return {
        "version": log.size,
        "ballots": sum(ballots for _choice, ballots in choices),
        "passes": passes,
        "roll": manifest.roll["size"] if manifest.roll else None,
        "totals": standing(manifest.method, manifest.option_ids, choices),
        "by_level": groups.get("level", {}),
        "by_channel": groups.get("channel", {}),
    }


def _passes_and_groups(poll: uuid.UUID) -> tuple[int, dict[str, dict[str, int]]]:
    given = Pass.objects.filter(poll=OuterRef("pk")).order_by().values("poll")
    number = Subquery(given.annotate(n=Count("*")).values("n"))
    found = Poll.objects.filter(pk=poll).order_by().values_list(number, "groups").first()
    return (found[0] or 0, found[1]) if found else (0, {})


def latest_checkpoint(poll: uuid.UUID) -> Checkpoint | None:
    return Checkpoint.objects.filter(poll=poll).order_by("-size").first()


def last_leaf(poll: uuid.UUID, kind: str) -> bytes | None:
    """The newest log entry of ``kind``, exact bytes."""
    found = Leaf.objects.filter(poll=poll, kind=kind).order_by("-index")
    body = found.values_list("body", flat=True).first()
    return None if body is None else bytes(body)


def has_pass(poll: Poll, resident: uuid.UUID | None) -> bool:
    return resident is not None and Pass.objects.filter(poll=poll, resident=resident).exists()


def roll_entry(poll: Poll, resident: uuid.UUID | None) -> RollEntry | None:
    if resident is None or poll.who != Poll.Who.ROLL:
        return None
    return RollEntry.objects.filter(poll=poll, resident=resident).first()


def draft_facts(poll: Poll) -> Draft:
    """What ``voting.domain.missing`` asks of a draft, in one query."""
    options = list(poll.options.all())
    titles = [option.title.strip().casefold() for option in options]
    return Draft(
        title=poll.title,
        method=poll.method,
        rule=poll.rule,
        rules_of_method=Poll.RULES.get(poll.method, ()),
        options=len(options),
        same_titles=len(set(titles)) < len(titles),
        without_cost=sum(option.cost is None for option in options),
        opens_at=poll.opens_at,
        closes_at=poll.closes_at,
        seats=poll.seats,
        budget=poll.budget,
        points=poll.points,
        max_delay_s=poll.batch_max_delay_s,
        every_s=poll.batch_every_s,
        asks_residents=poll.who == Poll.Who.RESIDENTS,
        area=poll.area_id is not None,
        needs_address=poll.level >= Level.ADDRESS,
        age_from=poll.age_from,
        age_to=poll.age_to,
    )


@dataclass(frozen=True)
class Errand:
    """A poll in which a clerk may vote for somebody, and what is in the way; "taken": a pass is."""

    poll: Poll
    missing: tuple[str, ...] = ()


def polls_with_help(clerk: Person) -> list[Poll]:
    """The polls that are open now and in which ``clerk`` may vote for others, in two queries."""
    now = database_now()
    found = Poll.objects.filter(state__in=["announced", "open"]).select_related("area")
    ready = [poll for poll in found if present_phase(poll, now) == "open"]
    return [poll for poll in ready if may_assist(clerk, poll)]


def errands(clerk: Person, person: Participant) -> list[Errand]:
    """The same for ``person``, with what is in the way; two queries more, however many polls."""
    offered, now = polls_with_help(clerk), timezone.now()
    taken = set(_own(Pass, person)) - set(_own(UnderWay, person))
    roll = set(_own(RollEntry, person))
    return [
        Errand(
            poll,
            ("taken",)
            if poll.pk in taken
            else missing_for_pass(poll, person, now, on_roll=poll.pk in roll),
        )
        for poll in offered
    ]


def _own(table: type[Model], person: Participant) -> QuerySet:
    return table.objects.filter(resident=person.key).values_list("poll", flat=True)

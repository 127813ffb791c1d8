"""Where people live, read for pages and services: areas of addresses, letters on their way.

Deliberately absent: a list of people. A clerk sees letters of their areas, and who was looked up.
"""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import reduce
from operator import or_

from allauth.account.models import EmailAddress
from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext as _

from engage.domain.errors import DomainError
from engage.identity.domain.levels import Level
from engage.identity.domain.places import streets
from engage.identity.domain.roles import Role
from engage.identity.models import Area, Claim, Disclosure, Letter, Place, User
from engage.identity.rules import trusted_areas
from engage.identity.wording import LADDER, Step
from engage.web.town import present_town

MOST_TRIES = 5


def area_of_address(postcode: str, street: str) -> Area:
    """The area of a postcode (in its one spelling) and a street as typed; the street counts first.

    Streets of two areas in one address are refused: the post finds its way, and we would guess.
    Raises DomainError("letter.postcode-unknown" | "letter.street-unknown").
    """
    known = {
        place.street: place.area
        for place in Place.objects.filter(
            postcode=postcode, street__in=["", *streets(street)]
        ).select_related("area")
    }
    named = {known[name].pk: known[name] for name in streets(street) if name in known}
    if len(named) > 1:
        sentence = _("Two streets of this postcode stand here. Write only the one you live in.")
        raise DomainError("letter.street-unknown", sentence)
    if named or "" in known:
        return next(iter(named.values()), None) or known[""]
    if Place.objects.filter(postcode=postcode).exists():
        sentence = _("This postcode has no such street. Write it as it stands on the street sign.")
        raise DomainError("letter.street-unknown", sentence)
    if not Place.objects.exists():
        sentence = _(
            "There are no letters yet. Come to the town's office with your papers instead."
        )
        raise DomainError("letter.postcode-unknown", sentence)
    sentence = _("Enter a postcode in %(town)s. If yours is new, come to the town's office.")
    raise DomainError("letter.postcode-unknown", sentence % {"town": present_town().name})


def within(field: str, areas: Iterable[str]) -> Q:
    """Rows whose ``field`` (an area's path) is one of ``areas`` or lies in one; "" is all."""
    paths = list(areas)
    if "" in paths:
        return Q()
    lies = (Q(**{field: path}) | Q(**{f"{field}__startswith": f"{path}/"}) for path in paths)
    return reduce(or_, lies, Q(pk__in=[]))


def letters_for(clerk: User, now: datetime) -> QuerySet[Letter]:
    """The letters under way that ``clerk`` may print, the oldest first; never one to themselves."""
    alive = Letter.objects.filter(expires_at__gt=now, tries__lt=MOST_TRIES)
    return alive.exclude(person=clerk).filter(
        within("area__path", trusted_areas(clerk, Role.OFFICER))
    )


MOST_AT_ONCE = 100
BATCHES_SHOWN = 20


@dataclass(frozen=True, slots=True)
class Pile:
    """The letters that wait: the longest waiting ones by number, and how many in which area."""

    letters: list[uuid.UUID]
    areas: list[tuple[str, int]]
    since: datetime | None

    @property
    def total(self) -> int:
        return sum(number for _area, number in self.areas)


def pile_for(clerk: User, now: datetime) -> Pile:
    """What ``clerk`` may print next, without anybody's name; two queries."""
    waiting = letters_for(clerk, now).filter(printed_at=None)
    rows = list(waiting.values_list("pk", "asked_at")[:MOST_AT_ONCE])
    areas = waiting.order_by("area__name").values_list("area__name").annotate(Count("pk"))
    return Pile([key for key, _asked in rows], list(areas), rows[0][1] if rows else None)


def batches_for(clerk: User, now: datetime) -> list[tuple[datetime, int]]:
    """What was printed together and is still under way, the newest first; one query."""
    printed = letters_for(clerk, now).filter(printed_at__isnull=False)
    batches = printed.order_by("-printed_at").values_list("printed_at").annotate(Count("pk"))
    return list(batches[:BATCHES_SHOWN])


def batch_for(clerk: User, now: datetime, printed_at: datetime) -> list[uuid.UUID]:
    """The letters that were printed together at this moment."""
    return list(letters_for(clerk, now).filter(printed_at=printed_at).values_list("pk", flat=True))


def areas_for(clerk: User, role: Role) -> QuerySet[Area]:
    """The areas in which ``clerk`` has ``role``."""
    return Area.objects.filter(within("path", trusted_areas(clerk, role)))


def printed_days(person: User, since: datetime) -> int:
    """On how many days since then a letter to ``person`` was printed; a reprint is the same day."""
    printed = Disclosure.objects.filter(
        person=person, why=Disclosure.Why.LETTER, at__gt=since
    ).order_by()
    return printed.values("at__date").distinct().count()


@dataclass(frozen=True, slots=True)
class Rung:
    """A level of the ladder for one person: "done", "now" (the next one) or "" (to come)."""

    level: Level
    words: Step
    state: str
    claim: Claim | None


@dataclass(frozen=True, slots=True)
class HomePlace:
    """What is known of where somebody lives, and what of it is on its way."""

    rungs: list[Rung]
    area: Area | None
    letter: Letter | None
    tries_left: int

    @property
    def letter_state(self) -> str:
        """Whether there is "none", or it is "waiting" to be printed, "sent", or "spent"."""
        if self.letter is None:
            return "none"
        if self.tries_left == 0:
            return "spent"
        return "sent" if self.letter.printed_at else "waiting"


def place_of(person: User, now: datetime) -> HomePlace:
    """The ladder and the letter of ``person``, in three queries."""
    stored = list(Claim.objects.filter(person=person).select_related("area"))
    held = {claim.level: claim for claim in stored if claim.known.holds(now)}
    mailed = EmailAddress.objects.filter(user=person, verified=True).exists()
    level = Level(max(held, default=Level.EMAIL if mailed else Level.PARTICIPANT))
    letter = Letter.objects.filter(person=person, expires_at__gt=now).first()
    placed = sorted((c for c in held.values() if c.area), key=lambda c: (c.made_at, c.level))
    return HomePlace(
        rungs=[
            Rung(each, words, _rung(each, level), held.get(each)) for each, words in LADDER.items()
        ],
        area=placed[-1].area if placed else None,
        letter=letter,
        tries_left=max(0, MOST_TRIES - letter.tries) if letter else 0,
    )


def _rung(each: Level, level: Level) -> str:
    if each <= level:
        return "done"
    return "now" if each == level + 1 else ""

"""Who may take part in something: one rule over what is known of a person, with a way on.

The same rule serves polls, petitions, consultations and sessions. Deliberately absent: names,
storage and sentences; pages say each code in words and lead to where it can be put right.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from engage.identity.domain.areas import covers
from engage.identity.domain.levels import Level


@dataclass(frozen=True, slots=True)
class Claim:
    """One thing that is known: at which level, and what it says. ``until`` is exclusive."""

    level: Level
    since: datetime
    until: datetime | None = None
    area: str = ""
    born: date | None = None

    def holds(self, now: datetime) -> bool:
        """Whether it is in force at ``now``."""
        return self.since <= now and (self.until is None or now < self.until)


@dataclass(frozen=True, slots=True)
class Rule:
    """Who is asked: at least ``level``, living in ``area`` ("" is anywhere), of an age in years.

    ``age_from`` and ``age_to`` are both inclusive. ``roll``: only those on a list of its own.
    """

    level: Level = Level.PARTICIPANT
    area: str = ""
    age_from: int | None = None
    age_to: int | None = None
    roll: bool = False


def level_of(claims: Iterable[Claim], now: datetime) -> Level:
    """The highest level in force; without any claim somebody is a participant."""
    return max((claim.level for claim in claims if claim.holds(now)), default=Level.PARTICIPANT)


def age(born: date, on: date) -> int:
    """Whole years completed ``on`` a day; born on 29 February completes them on 1 March.

    >>> age(date(2008, 2, 29), date(2024, 2, 28)), age(date(2008, 2, 29), date(2024, 2, 29))
    (15, 16)
    """
    return on.year - born.year - ((on.month, on.day) < (born.month, born.day))


def missing(
    rule: Rule, claims: Iterable[Claim], now: datetime, *, today: date, on_roll: bool = False
) -> tuple[str, ...]:
    """Codes of all that stands between a person and taking part; empty if nothing does.

    ``today`` is the town's day at ``now``. What a rule asks of area and age must be known at its
    level or above: a moved resident's lower claim does not help. Papers are enough at any level,
    as no identity service tells where somebody lives. Codes, in the order in which they are best
    put right: "level", "area-unknown", "area", "age-unknown", "age", "roll".

    >>> missing(Rule(Level.EMAIL), [], datetime(2026, 1, 1), today=date(2026, 1, 1))
    ('level',)
    """
    held = [claim for claim in claims if claim.holds(now)]
    good = [claim for claim in held if claim.level >= min(rule.level, Level.IN_PERSON)]
    found = []
    if level_of(held, now) < rule.level:
        found.append("level")
    found += _area(rule, good)
    found += _age(rule, good, today)
    if rule.roll and not on_roll:
        found.append("roll")
    return tuple(found)


def _area(rule: Rule, claims: list[Claim]) -> list[str]:
    if not rule.area:
        return []
    known = [claim for claim in claims if claim.area]
    if not known:
        return ["area-unknown"]
    newest = max(known, key=lambda claim: (claim.since, claim.level))
    return [] if covers(rule.area, newest.area) else ["area"]


def _age(rule: Rule, claims: list[Claim], today: date) -> list[str]:
    if rule.age_from is None and rule.age_to is None:
        return []
    known = [claim for claim in claims if claim.born]
    if not known:
        return ["age-unknown"]
    surest = max(known, key=lambda claim: (claim.level, claim.since))
    years = age(surest.born or today, today)
    least, most = rule.age_from or 0, rule.age_to if rule.age_to is not None else years
    return [] if least <= years <= most else ["age"]

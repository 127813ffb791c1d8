"""What a draft still lacks before it can be announced: reasons and a way on instead of False.

The sentences are English source strings; pages translate them by their code.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True)
class Draft:
    """The facts of a draft that the rules below ask about."""

    title: str
    method: str
    rule: str
    rules_of_method: tuple[str, ...]
    options: int
    same_titles: bool
    without_cost: int
    opens_at: datetime | None
    closes_at: datetime | None
    seats: int
    budget: int | None
    points: int | None
    max_delay_s: int
    every_s: int
    asks_residents: bool
    area: bool
    needs_address: bool
    age_from: int | None
    age_to: int | None


@dataclass(frozen=True)
class Missing:
    """One thing to do first; ``field`` is where on the form."""

    code: str
    field: str


def missing(draft: Draft, now: datetime) -> list[Missing]:
    """Everything that stands in the way of announcing ``draft`` at ``now``, in page order."""
    checks = [
        (bool(draft.title.strip()), "title", "title"),
        (draft.rule in draft.rules_of_method, "rule", "rule"),
        (draft.options >= 2, "options", "options"),
        (not draft.same_titles, "option-titles", "options"),
        (draft.opens_at is not None, "opens", "opens_at"),
        (draft.closes_at is not None, "closes", "closes_at"),
        (_long_enough(draft), "too-short", "closes_at"),
        (draft.closes_at is None or draft.closes_at > now, "closes-past", "closes_at"),
        (1 <= draft.seats <= max(draft.options, 1), "seats", "seats"),
        (not _spends(draft) or bool(draft.budget), "budget", "budget"),
        (not _spends(draft) or draft.without_cost == 0, "costs", "options"),
        (draft.method != "cumulative" or bool(draft.points), "points", "points"),
        (draft.area or draft.needs_address or not draft.asks_residents, "area", "area"),
        (_ages_in_order(draft), "ages", "age_to"),
        (draft.max_delay_s >= 2 * draft.every_s, "delay", "batch_max_delay_s"),
    ]
    return [Missing(code, field) for holds, code, field in checks if not holds]


def _long_enough(draft: Draft) -> bool:
    if draft.opens_at is None or draft.closes_at is None:
        return True
    return draft.closes_at - draft.opens_at >= timedelta(minutes=1)


def _ages_in_order(draft: Draft) -> bool:
    if draft.age_from is None or draft.age_to is None:
        return True
    return draft.age_from <= draft.age_to


def _spends(draft: Draft) -> bool:
    return draft.rule.startswith("pb-")

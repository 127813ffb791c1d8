"""Every round of a ranked count, drawn: who has how much, who gained, who leaves, who is elected.

The count itself is done elsewhere; here its published rounds are read, never corrected.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from voting.domain.pictures.shapes import (
    Cell,
    Line,
    ResultPicture,
    Round,
    Row,
    Votes,
    facts,
    share,
)  # fmt: skip

VOTE = 10_000
"""Rules that transfer parts of votes publish ten-thousandths."""


@dataclass(frozen=True)
class _Step:
    """One published round in votes; ``seated`` were elected before it."""

    totals: dict[str, Votes]
    out: tuple[str, ...]
    elected: tuple[str, ...]
    seated: tuple[str, ...]
    unused: Votes


def rounds_picture(
    manifest: Mapping[str, Any], result: Mapping[str, Any], titles: dict[str, str]
) -> ResultPicture:
    """The picture of a result whose detail has at least one round.

    Widths are shares of ``counted``; in every round votes, quotas kept and exhausted add up to it.
    """
    raw, whole, winners = result["detail"]["rounds"], result["counted"], tuple(result["winners"])
    seats = manifest["rules"]["params"].get("seats", 1) if "elected" in raw[0] else 1
    quota = _quota(result, seats) if "elected" in raw[0] else None
    steps = _steps(raw, list(titles), winners, quota)
    earlier: list[_Step | None] = [None, *steps[:-1]]
    drawn = tuple(
        _round(number, step, before, titles, whole, quota, winners)
        for number, (step, before) in enumerate(zip(steps, earlier, strict=True), start=1)
    )
    compared = next((step for step in reversed(steps) if len(step.totals) > 1), steps[-1])
    led = bool(winners) and all(_leads(winners[0], step.totals) for step in steps)
    return ResultPicture(
        "rounds", facts(winners, compared.totals, len(steps), led), whole, titles,
        rounds=drawn, table=_table(drawn, winners, titles), seats=seats,
        transfers=quota is not None,
    )  # fmt: skip


def _quota(result: Mapping[str, Any], seats: int) -> int:
    """The quota of ``stv-wig/1``: floor(ballots that are not blank / (seats + 1)) + 1."""
    return int((result["counted"] - result["blank"]) // (seats + 1) + 1)


def _steps(
    raw: Sequence[Mapping[str, Any]], order: list[str], winners: tuple[str, ...], quota: int | None
) -> list[_Step]:
    unit = 1 if quota is None else VOTE
    steps: list[_Step] = []
    seated: tuple[str, ...] = ()
    for one in raw:
        kept = (quota or 0) * len(seated)
        last = not one["out"] and quota is None
        elected = winners if last else tuple(one.get("elected", ()))
        steps.append(
            _Step(
                totals={k: _votes(one["totals"][k], unit) for k in order if k in one["totals"]},
                out=tuple(one["out"]), elected=elected, seated=seated,
                unused=_votes(one["exhausted"], unit) - kept,
            )
        )  # fmt: skip
        seated += elected
    return steps


def _votes(number: int, unit: int) -> Votes:
    return number if unit == 1 else Decimal(number) / unit


def _leads(key: str, totals: Mapping[str, Votes]) -> bool:
    return key in totals and totals[key] == max(totals.values())


def _round(
    number: int, step: _Step, before: _Step | None, titles: Mapping[str, str], whole: int,
    quota: int | None, winners: tuple[str, ...],
) -> Round:  # fmt: skip
    earlier = before.totals if before else step.totals
    rows = [_row(key, step, earlier, titles, whole) for key in step.totals]
    rows = [replace(row, winner=row.id in winners) for row in rows]
    rows.sort(key=lambda row: (-row.votes, row.status == "out"))
    width = share(quota or 0, whole)
    kept = [Row(key, titles[key], quota or 0, 0, width, 0.0, "seated", True) for key in step.seated]
    nothing: Votes = 0
    goal: Votes = Decimal(sum(step.totals.values())) / 2 if quota is None else quota
    return Round(
        number=number, rows=(*kept, *rows), goal=goal, goal_width=share(goal, whole),
        moved=sum((row.gained for row in rows), start=nothing), exhausted=step.unused,
        newly_exhausted=max(step.unused - before.unused, 0) if before else step.unused,
        out=tuple(titles[key] for key in step.out),
        elected=tuple(titles[key] for key in step.elected),
    )  # fmt: skip


def _row(
    key: str, step: _Step, earlier: Mapping[str, Votes], titles: Mapping[str, str], whole: int
) -> Row:
    votes = step.totals[key]
    gained = max(votes - earlier.get(key, 0), 0)
    status = "elected" if key in step.elected else "out" if key in step.out else ""
    return Row(key, titles[key], votes, gained, share(votes, whole), share(gained, whole), status)


def _table(
    rounds: Sequence[Round], winners: tuple[str, ...], titles: Mapping[str, str]
) -> tuple[Line, ...]:
    """Winners first in their order, then whoever stayed longest, then by first votes."""
    cells = {key: tuple(_cell(key, one) for one in rounds) for key in titles}
    stayed = {key: sum(cell.status != "gone" for cell in cells[key]) for key in titles}
    first = {key: cells[key][0].votes or 0 for key in titles}
    rest = sorted((k for k in titles if k not in winners), key=lambda k: (-stayed[k], -first[k]))
    return tuple(Line(k, titles[k], k in winners, cells[k]) for k in (*winners, *rest))


def _cell(key: str, one: Round) -> Cell:
    row = next((row for row in one.rows if row.id == key), None)
    return Cell(None, "gone") if row is None else Cell(row.votes, row.status)

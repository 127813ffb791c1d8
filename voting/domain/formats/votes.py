"""The VOTES table of a Pabulib file as choices of a voting method.

Voters' ages, districts and the like are not read.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from voting.domain.formats.election import MAX_NUMBER, ElectionError
from voting.domain.formats.tables import Row

_KINDS = {"choose1": "choose-1", "choose-one": "choose-1", "points": "cumulative", "": "approval"}


@dataclass(frozen=True)
class Votes:
    """Choices valid for ``method`` and ``params``, in the file's order."""

    method: str
    params: dict[str, object]
    choices: list[object]
    remarks: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class _Sheet:
    """One voter's line: option ids as named, and the points column where there is one."""

    row: Row
    named: list[str]
    points: list[int]


def read_votes(rows: Sequence[Row], ids: Mapping[str, str], meta: Mapping[str, str]) -> Votes:
    """The ballots of ``rows``; ``ids`` gives the option id of each project id.

    Projects that the file does not list are passed over, with a remark. Raises ElectionError.
    """
    kind = meta.get("vote_type", "").lower()
    kind = _KINDS.get(kind, kind)
    if kind not in _READERS:
        raise ElectionError(f"The vote_type “{kind[:40]}” is not known.")
    unknown = 0
    sheets: list[_Sheet] = []
    for row in rows:
        named = [part.strip() for part in row.cell("vote").split(",") if part.strip()]
        points = _points(row, len(named)) if kind in ("cumulative", "scoring") else []
        unknown += sum(project not in ids for project in named)
        sheets.append(_known(_Sheet(row, named, points), ids))
    votes = _READERS[kind](sheets, list(ids.values()), meta)
    votes.remarks.extend(_remarks(sheets, unknown))
    return votes


def _points(row: Row, many: int) -> list[int]:
    """The points of a line; where it gives none, each project named has one."""
    parts = [part.strip() for part in row.cell("points").split(",") if part.strip()]
    points = [_point(part, row.line) for part in parts] or [1] * many
    if len(points) != many:
        raise ElectionError(f"{many} projects but {len(points)} points.", line=row.line)
    return points


def _point(text: str, line: int) -> int:
    whole, _, decimals = text.removeprefix("-").partition(".")
    if not (whole.isascii() and whole.isdigit() and len(whole) < 16) or decimals.strip("0"):
        raise ElectionError(f"“{text[:40]}” is not a whole number of points.", line=line)
    return -int(whole) if text.startswith("-") else int(whole)


def _known(sheet: _Sheet, ids: Mapping[str, str]) -> _Sheet:
    points = [n for project, n in zip(sheet.named, sheet.points, strict=False) if project in ids]
    return _Sheet(sheet.row, [ids[project] for project in sheet.named if project in ids], points)


def _approvals(sheets: Sequence[_Sheet], options: Sequence[str], meta: Mapping[str, str]) -> Votes:
    choices = [[o for o in options if o in chosen] for chosen in (set(s.named) for s in sheets)]
    longest = max(map(len, choices), default=0)
    most = _limit(meta, "max_length")
    params: dict[str, object] = {} if most is None else {"max_approvals": max(most, longest, 1)}
    return Votes("budget-approval", params, list(choices))


def _choose_one(sheets: Sequence[_Sheet], options: Sequence[str], meta: Mapping[str, str]) -> Votes:
    return _approvals(sheets, options, {"max_length": "1"} | dict(meta))


def _cumulative(sheets: Sequence[_Sheet], options: Sequence[str], meta: Mapping[str, str]) -> Votes:
    return _point_votes([_sums(sheet) for sheet in sheets], _limit(meta, "max_sum_points"))


def _point_votes(sums: Sequence[dict[str, int]], most: int | None) -> Votes:
    choices = [{o: n for o, n in one.items() if n > 0} for one in sums]
    largest = max((sum(choice.values()) for choice in choices), default=0)
    return Votes("cumulative", {"points": max(most or 1, largest)}, list(choices))


def _scores(sheets: Sequence[_Sheet], options: Sequence[str], meta: Mapping[str, str]) -> Votes:
    """Projects that a ballot leaves out have ``default_score`` points, as a rule none.

    Without scores below 0 the ballots are points like any others.
    """
    absent = _point(meta.get("default_score") or "0", 0)
    default = dict.fromkeys(options, absent) if absent else {}
    choices = [default | _sums(sheet) for sheet in sheets]
    given = [n for choice in choices for n in choice.values()]
    if min(given, default=0) >= 0:
        return _point_votes(choices, None)
    params: dict[str, object] = {"min": min(given), "max": max(1, *given)}
    return Votes("score", params, list(choices))


def _borda(sheets: Sequence[_Sheet], options: Sequence[str], meta: Mapping[str, str]) -> Votes:
    """The last project of a ranking has one point, the one above it two, and so on."""
    rankings = [list(dict.fromkeys(sheet.named)) for sheet in sheets]
    sums = [{o: len(r) - place for place, o in enumerate(r)} for r in rankings]
    votes = _point_votes(sums, None)
    votes.remarks.append("Rankings were turned into points by Borda's count.")
    return votes


def _sums(sheet: _Sheet) -> dict[str, int]:
    sums: dict[str, int] = {}
    for option, number in zip(sheet.named, sheet.points, strict=True):
        sums[option] = sums.get(option, 0) + number
    return sums


def _limit(meta: Mapping[str, str], key: str) -> int | None:
    """A whole number of META; None where it is absent, and where it is no such number."""
    text = meta.get(key, "").removesuffix(".0")
    sign, digits = (-1, text[1:]) if text.startswith("-") else (1, text)
    if not (digits.isascii() and digits.isdigit() and len(digits) < 16):
        return None
    return min(sign * int(digits), MAX_NUMBER)


def _remarks(sheets: Sequence[_Sheet], unknown: int) -> list[str]:
    twice = sum(len(set(sheet.named)) < len(sheet.named) for sheet in sheets)
    found = [(unknown, "times a project was named that the file does not list; passed over.")]
    found.append((twice, "ballots name a project more than once."))
    return [f"{number} {what}" for number, what in found if number]


_READERS: Mapping[str, Callable[[Sequence[_Sheet], Sequence[str], Mapping[str, str]], Votes]] = {
    "approval": _approvals,
    "choose-1": _choose_one,
    "cumulative": _cumulative,
    "scoring": _scores,
    "ordinal": _borda,
}

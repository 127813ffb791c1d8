"""Numbers become lengths: what a page needs to draw a tally, every round of a count, a budget.

No words and no markup here: titles come from the manifest, sentences belong to the pages.
Every length is a percentage of *all ballots*, so that pictures on one page compare.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from voting.domain.pictures.rounds import rounds_picture
from voting.domain.pictures.shapes import (
    Bar,
    Cell,
    Facts,
    Line,
    Project,
    ResultPicture,
    Round,
    Row,
    facts,
    share,
)  # fmt: skip

__all__ = [
    "Bar", "Cell", "Facts", "Line", "Project", "ResultPicture", "Round", "Row",
    "bars", "result_picture", "share",
]  # fmt: skip


def bars(
    options: Sequence[tuple[str, str]], totals: Mapping[str, int] | None, whole: int
) -> list[Bar]:
    """A live tally of (id, title) pairs; the order given is kept, whatever the numbers say.

    ``whole`` is the number of ballots: the track. Where points make a total larger, the largest
    total is the track. Everybody with the highest number above 0 is leading.

    >>> [(b.number, b.width_percent, b.leading) for b in bars([("a", "A"), ("b", "B")], {"b": 1}, 4)]
    [(0, 0.0, False), (1, 25.0, True)]
    """  # noqa: E501
    numbers = [(totals or {}).get(key, 0) for key, _ in options]
    most = max(numbers, default=0)
    track = max(whole, most)
    return [
        Bar(key, title, number, share(number, whole), share(number, track), 0 < number == most)
        for (key, title), number in zip(options, numbers, strict=True)
    ]


def result_picture(
    manifest: Mapping[str, Any], result: Mapping[str, Any], votes: Mapping[str, int] | None = None
) -> ResultPicture:
    """Draw the value of a ``result`` leaf (ballots.md, Log) of the poll with that manifest value.

    ``votes`` are the totals behind a budget, which its leaf does not repeat. A detail of a shape
    that is not known here gives a picture of kind "none" with the winners only.
    """
    detail = result["detail"]
    if detail.get("rounds"):
        return rounds_picture(manifest, result, _titles(manifest))
    if "totals" in detail:
        return _totals_picture(_titles(manifest), result)
    if "selected" in detail:
        return _budget_picture(manifest, result, votes)
    winners = tuple(result["winners"])
    return ResultPicture("none", Facts(winners), result["counted"], _titles(manifest))


def _titles(manifest: Mapping[str, Any]) -> dict[str, str]:
    return {option["id"]: option["title"] for option in manifest["options"]}


def _totals_picture(titles: dict[str, str], result: Mapping[str, Any]) -> ResultPicture:
    """Winners in their order, then by number, then as the manifest has them."""
    winners, whole = tuple(result["winners"]), result["counted"]
    totals = {key: result["detail"]["totals"].get(key, 0) for key in titles}
    rest = sorted((key for key in titles if key not in winners), key=lambda key: -totals[key])
    drawn = bars([(key, titles[key]) for key in (*winners, *rest)], totals, whole)
    chosen = tuple(replace(bar, leading=bar.id in winners) for bar in drawn)
    return ResultPicture("totals", facts(winners, totals, rounds=1), whole, titles, bars=chosen)


def _budget_picture(
    manifest: Mapping[str, Any], result: Mapping[str, Any], votes: Mapping[str, int] | None
) -> ResultPicture:
    """Projects as the rule looks at them: by support, of equal ones the taken first."""
    titles, detail, whole = _titles(manifest), result["detail"], result["counted"]
    costs = {option["id"]: option.get("cost") or 0 for option in manifest["options"]}
    budget, taken = manifest["rules"]["params"].get("budget", 0), detail["selected"]
    support = dict(votes or {})
    place = {key: number for number, key in enumerate(taken)}
    order = sorted(titles, key=lambda key: (-support.get(key, 0), place.get(key, len(place))))
    track, spent, projects = max([whole, *support.values()]), 0, []
    for key in order:
        spent += costs[key] if key in taken else 0
        number = None if votes is None else support.get(key, 0)
        after = spent if key in taken else None
        width = share(number or 0, track)
        projects.append(Project(key, titles[key], costs[key], number, width, key in taken, after))
    return ResultPicture(
        "projects", Facts(tuple(result["winners"]), 1), whole, titles, projects=tuple(projects),
        budget=budget, spent=detail["spent"], spent_width=share(detail["spent"], budget),
    )  # fmt: skip

"""Words by code for pages; the protocol's own sentences are in ``voting.sentences``."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from engage.identity.models import Assistance
from voting.models import Levels
from voting.services.grouping import BY_THEMSELVES

MISSING = {
    "title": _("Write the question."),
    "rule": _("Choose a way of counting that goes with the way of voting."),
    "options": _("Add at least two options."),
    "option-titles": _("Two options have the same name. Give each its own."),
    "opens": _("Say when the poll opens."),
    "closes": _("Say when the poll closes."),
    "too-short": _("Leave at least a minute between opening and closing."),
    "closes-past": _("The closing time has passed. Choose a later one."),
    "seats": _("There cannot be more seats than options."),
    "budget": _("Say how much money there is."),
    "costs": _("Give every project its cost."),
    "points": _("Say how many points each voter may share out."),
    "area": _("Say which area's residents are asked, or how sure we must be of them."),
    "ages": _("The oldest age is below the youngest."),
    "delay": _(
        "A ballot must be in the log after two batches at the earliest; allow more seconds."
    ),
}

CELLS = {
    "by_level": {str(level): label for level, label in Levels.choices},
    "by_channel": {BY_THEMSELVES: _("By themselves"), **dict(Assistance.Channel.choices)},
}


@dataclass(frozen=True, slots=True)
class Table:
    """Who took part, by group in words; ``cells`` lets a script see whether it is the same one."""

    kind: str
    cells: str
    whole: int
    more: int
    rows: list[tuple[str, str, int]]


def tables(tally: dict[str, Any]) -> list[Table]:
    """The tables of a tally that say something; all cells joined to one row say nothing."""
    found = {kind: tally[kind] for kind in CELLS}
    return [
        _table(kind, groups, tally["passes"])
        for kind, groups in found.items()
        if len(groups) > 1 or any("_" not in key for key in groups)
    ]


def _table(kind: str, groups: dict[str, int], passes: int) -> Table:
    order = list(CELLS[kind])
    keys = sorted(groups, key=lambda key: order.index(key.split("_")[0]))
    whole = sum(groups.values())
    rows = [(key, _joined(kind, key), groups[key]) for key in keys]
    return Table(kind, " ".join(keys), whole, passes - whole, rows)


def _joined(kind: str, key: str) -> str:
    return " / ".join(str(CELLS[kind][cell]) for cell in key.split("_"))

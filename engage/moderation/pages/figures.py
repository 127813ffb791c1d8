"""The figures of a year in words: tables that a page draws and a file holds.

Deliberately absent: any number that stands for fewer than five.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from django.conf import settings
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from engage.domain.sheets import BYTE_ORDER_MARK, sheet
from engage.moderation import writings
from engage.moderation.domain.figures import LEAST, at_least, groups
from engage.moderation.models import Appeal, Flag
from engage.moderation.pages.wording import done
from engage.moderation.selectors.public import Counts


@dataclass(frozen=True, slots=True)
class Row:
    """One name, or several that are counted together.

    ``number`` None is fewer than five; ``width`` is its share of the table's largest.
    """

    labels: tuple[str, ...]
    number: int | None
    width: float

    @property
    def label(self) -> str:
        return " · ".join(self.labels)


@dataclass(frozen=True, slots=True)
class Table:
    name: str
    title: str
    whole: int | None
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Figures:
    """``in_time`` is a percentage, None where too little was decided to say one."""

    year: int
    tables: tuple[Table, ...]
    in_time: int | None
    hours: int

    @property
    def is_empty(self) -> bool:
        return not any(table.rows for table in self.tables)


def figures_of(year: int, counts: Counts) -> Figures:
    """What the page and the file of ``year`` say, in the reader's language."""
    outcomes = dict(Appeal.Outcome.choices)
    whys = dict(Flag.Why.choices)
    made = {True: _("A moderator agreed"), False: _("A moderator did not agree")}
    tables = (
        _table("decisions", _("What was decided"), counts.verbs, done),
        _table("reasons", _("For which reason"), counts.reasons, _titles(counts)),
        _table("kinds", _("On what"), counts.kinds, kind_label),
        _table("appeals", _("What came of appeals"), counts.appeals, outcomes.get),
        _table("objections", _("Why readers objected"), counts.objections, whys.get),
        _table(
            "answers", _("What came of objections"),
            {str(key): number for key, number in counts.upheld.items()},
            {str(key): words for key, words in made.items()}.get,
        ),
    )  # fmt: skip
    return Figures(year, tables, _percent(counts), counts.hours)


def kind_label(name: str) -> str:
    """What a kind of text is called; one that this town has no more, by its short name."""
    kind = writings.kinds().get(name)
    return str(kind.label) if kind else name


def as_csv(figures: Figures) -> str:
    """The same tables as one file: table, row, number."""
    rows = [
        (table.title, row.label, _("fewer than 5") if row.number is None else row.number)
        for table in figures.tables
        for row in table.rows
    ]
    late = _("Decided within the promised time, in percent")
    rows.append((late, "", "" if figures.in_time is None else figures.in_time))
    return BYTE_ORDER_MARK + sheet((_("Table"), _("What"), _("Number")), rows)


def _table(
    name: str, title: str, cells: Mapping[str, int], label: Callable[[str], object]
) -> Table:
    found = groups(cells)
    most = max((group.count or LEAST for group in found), default=1)
    rows = tuple(
        Row(_labels(group.names, label), group.count, 100 * (group.count or 0) / most)
        for group in found
    )
    return Table(name, title, at_least(sum(cells.values())), rows)


def _labels(names: Iterable[str], label: Callable[[str], object]) -> tuple[str, ...]:
    return tuple(str(label(name) or _("Still open")) for name in names)


def _titles(counts: Counts) -> Callable[[str], str]:
    def title(code: str) -> str:
        spoken = (get_language(), settings.LANGUAGE_CODE)
        found = (counts.titles.get((code, language)) for language in spoken)
        return next((each for each in found if each), code) or _("Without a reason of the list")

    return title


def _percent(counts: Counts) -> int | None:
    late = counts.waited - counts.in_time
    if counts.waited < LEAST:
        return None
    return 100 * counts.in_time // counts.waited if late else 100

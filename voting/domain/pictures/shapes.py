"""The shapes of pictures: bars of a tally, rounds of a count, projects of a budget.

Nothing is computed here beyond what is too much to draw.
"""

from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal

Votes = int | Decimal
"""Whole votes, or votes with four decimals where a rule transfers parts of votes."""

ROUNDS_DRAWN = 6
ROWS_DRAWN = 8


@dataclass(frozen=True)
class Bar:
    """One option of a tally: ``percent`` and ``width_percent`` are 0 to 100, one decimal."""

    id: str
    title: str
    number: int
    percent: float
    width_percent: float
    leading: bool


@dataclass(frozen=True)
class Row:
    """One option in one round; ``gained`` are votes that moved to it since the round before.

    ``status`` is "", "out" (leaves after this round), "elected" (in this round) or "seated"
    (elected earlier and keeping its quota). ``winner``: chosen in the end, whatever the round.
    """

    id: str
    title: str
    votes: Votes
    gained: Votes
    width: float
    gained_width: float
    status: str = ""
    winner: bool = False


@dataclass(frozen=True)
class Round:
    """One round, its rows by votes; ``goal`` is what elects, or half of what still counts.

    ``exhausted`` votes are with nobody; ``out`` and ``elected`` are titles.
    """

    number: int
    rows: tuple[Row, ...]
    goal: Votes
    goal_width: float
    moved: Votes
    exhausted: Votes
    newly_exhausted: Votes
    out: tuple[str, ...]
    elected: tuple[str, ...]

    @property
    def drawn(self) -> tuple[Row, ...]:
        """The rows for a picture: all, or the first few and whoever is elected."""
        if len(self.rows) <= ROWS_DRAWN + 1:
            return self.rows
        return tuple(r for i, r in enumerate(self.rows) if i < ROWS_DRAWN or r.status == "elected")

    @property
    def not_drawn(self) -> int:
        return len(self.rows) - len(self.drawn)


@dataclass(frozen=True)
class Cell:
    """What a table says of one option in one round; ``votes`` is None where it takes no part."""

    votes: Votes | None
    status: str = ""


@dataclass(frozen=True)
class Line:
    """One option through all rounds."""

    id: str
    title: str
    winner: bool
    cells: tuple[Cell, ...]


@dataclass(frozen=True)
class Project:
    """One project of a budget; ``spent`` is the sum after it was taken, None if it was not."""

    id: str
    title: str
    cost: int
    votes: int | None
    width: float
    taken: bool
    spent: int | None


@dataclass(frozen=True)
class Facts:
    """What a sentence of the outcome may say; options by id.

    ``margin`` is between the two highest totals (of the last round that has two), None without.
    ``led_before``: the first winner had the most votes in every round.
    """

    winners: tuple[str, ...] = ()
    rounds: int = 0
    margin: Votes | None = None
    winner_votes: Votes | None = None
    runner_up: str | None = None
    runner_up_votes: Votes | None = None
    led_before: bool = True
    tied: bool = False


@dataclass(frozen=True)
class ResultPicture:
    """A whole result. ``kind`` is "totals", "rounds", "projects" or "none": what is filled.

    ``whole`` are the counted ballots, which every width is a share of.
    """

    kind: str
    facts: Facts
    whole: int
    titles: dict[str, str] = field(default_factory=dict)
    bars: tuple[Bar, ...] = ()
    rounds: tuple[Round, ...] = ()
    table: tuple[Line, ...] = ()
    seats: int = 1
    transfers: bool = False
    projects: tuple[Project, ...] = ()
    budget: int = 0
    spent: int = 0
    spent_width: float = 0

    @property
    def runner_up(self) -> str:
        """The title of whoever came next, empty without."""
        return self.titles.get(self.facts.runner_up or "", "")

    @property
    def drawn(self) -> tuple[Round, ...]:
        """The rounds for a picture: all, or the first and the last few."""
        if len(self.rounds) <= ROUNDS_DRAWN:
            return self.rounds
        return self.rounds[:1] + self.rounds[1 - ROUNDS_DRAWN :]

    @property
    def not_drawn(self) -> int:
        return len(self.rounds) - len(self.drawn)


def share(part: Votes, whole: Votes) -> float:
    """``part`` of ``whole`` in percent with one decimal, from 0 to 100; 0 of nothing is 0.

    Halves go up, as in the page's script, so that a bar is as long however it came.

    >>> share(1, 3), share(49, 400), share(2, 0), share(5, 4)
    (33.3, 12.3, 0.0, 100.0)
    """
    if whole <= 0:
        return 0.0
    percent = (100 * Decimal(part) / Decimal(whole)).quantize(Decimal("0.1"), ROUND_HALF_UP)
    return min(100.0, max(0.0, float(percent)))


def facts(
    winners: tuple[str, ...], totals: dict[str, Votes], rounds: int, led_before: bool = True
) -> Facts:
    """Facts about the last comparison of ``totals``; nothing to compare without a winner."""
    if not winners:
        return Facts(winners, rounds)
    rest = sorted((key for key in totals if key not in winners), key=lambda key: -totals[key])
    highest = sorted(totals.values(), reverse=True)
    margin = highest[0] - highest[1] if len(highest) > 1 else None
    return Facts(
        winners=winners,
        rounds=rounds,
        margin=margin,
        winner_votes=totals.get(winners[0]),
        runner_up=rest[0] if rest else None,
        runner_up_votes=totals[rest[0]] if rest else None,
        led_before=led_before,
        tied=margin == 0,
    )

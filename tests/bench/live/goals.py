"""What real time is to hold, and what of it this run reached; misses are shown like the rest."""

from collections.abc import Callable
from dataclasses import dataclass

from tests.bench.live.rounds import Medians

Value = Callable[[Medians], float]


@dataclass(frozen=True)
class Goal:
    """``value`` raises LookupError where a run did not measure it; ``most``: small is good.

    More than ``possible`` cannot be: then the machine was too restless to tell.
    """

    text: str
    goal: float
    value: Value
    unit: str = ""
    most: bool = False
    possible: float = float("inf")


@dataclass(frozen=True)
class Outcome:
    goal: Goal
    reached: float | None

    @property
    def in_doubt(self) -> bool:
        return self.reached is not None and self.reached > self.goal.possible

    @property
    def held(self) -> bool | None:
        if self.reached is None or self.in_doubt:
            return None
        return self.reached <= self.goal.goal if self.goal.most else self.reached >= self.goal.goal


def outcomes(found: Medians) -> list[Outcome]:
    """Every goal, in order; with None for what was not measured."""
    return [Outcome(goal, _value(goal, found)) for goal in GOALS]


def _value(goal: Goal, found: Medians) -> float | None:
    try:
        return goal.value(found)
    except LookupError:
        return None


def figure(scenario: str, server: str, readers: int, name: str) -> Value:
    return lambda found: found[scenario, server, readers][name]


def times(server: str, other: str, readers: int) -> Value:
    """How many times the deliveries of ``other`` a second of processor time."""

    def ratio(found: Medians) -> float:
        ours, theirs = (found["broadcast", name, readers] for name in (server, other))
        return ours["per_cpu_second"] / theirs["per_cpu_second"]

    return ratio


def beside(server: str, other: str, readers: int = 5_000) -> Value:
    """The same of two that were measured at once."""
    return figure("beside", f"{server} ÷ {other}", readers, "ratio")


def _slot_against_view(found: Medians) -> float:
    slot, view = (found["voters", f"daphne-{way}", 2_000] for way in ("slot", "view"))
    return slot["taken_per_second"] / view["taken_per_second"]


def _two_processes(found: Medians) -> float:
    one, two = (
        found["one process", "daphne-2", 1_000],
        found["two processes", "daphne-2-redis", 1_000],
    )
    return two["per_cpu_second"] / one["per_cpu_second"]


def _kilobytes(found: Medians) -> float:
    sizes = [size for scenario, _server, size in found if scenario == "memory"]
    return found["memory", "daphne-2", max(sizes)]["kb_each"] if sizes else _not_measured()


def _not_measured() -> float:
    raise LookupError


def _times(factor: int, value: Value) -> Value:
    return lambda found: factor * value(found)


GOALS = [
    Goal("level 0 ÷ the tutorial, 1,000 readers", 6, beside("daphne-0", "naive", 1_000), "×"),
    Goal("level 1 ÷ the tutorial, 1,000 readers", 55, beside("daphne-1", "naive", 1_000), "×"),
    Goal("level 1 ÷ the tutorial, 5,000 readers", 90, times("daphne-1", "naive", 5_000), "×"),
    Goal("level 2 ÷ the tutorial, 5,000 readers", 120, times("daphne-2", "naive", 5_000), "×"),
    Goal(
        "level 1 ÷ the C loop, 5,000 readers", 0.6, beside("daphne-1", "limit"), possible=1.03,
    ),
    Goal("level 2 ÷ the C loop, 5,000 readers", 0.85, beside("daphne-2", "limit"), possible=1.2),
    Goal("level 1 ÷ socket.io, 5,000 readers", 2, beside("daphne-1", "socket.io"), "×"),
    Goal("level 1 ÷ ws, 5,000 readers", 1.2, beside("daphne-1", "ws"), "×"),
    Goal("level 2 ÷ ws, 5,000 readers", 1.4, beside("daphne-2", "ws"), "×"),
    Goal(
        "one tally to 5,000 readers: the last has it (level 2, median)", 100,
        _times(1_000, figure("broadcast", "daphne-2", 5_000, "paced_p50")), "ms", most=True,
    ),
    Goal("memory a socket, at most readers measured", 30, _kilobytes, "kB", most=True),
    Goal("two processes through Redis ÷ one, per process", 0.8, _two_processes, possible=1.1),
    Goal(
        "ballots a second, 200 voters beside 2,000 readers, two cores", 1_000,
        figure("voters", "daphne-slot", 2_000, "taken_per_second"), "/s",
    ),
    Goal("the same ÷ through a Django view", 3, _slot_against_view, "×"),
    Goal(
        "tallies a second meanwhile (four at most)", 2,
        figure("voters", "daphne-slot", 2_000, "tallies_per_second"), "/s",
    ),
    Goal(
        "answered ballots that were lost", 0,
        figure("voters", "daphne-slot", 2_000, "lost_ballots"), "", most=True,
    ),
    Goal(
        "2,000 reconnect at once: all complete after, of a core", 5,
        figure("storm", "daphne-2", 2_000, "cpu"), "s", most=True,
    ),
    Goal("refused of them", 0, figure("storm", "daphne-2", 2_000, "gone"), "", most=True),
    Goal(
        "one in four stalls: messages the others lack", 0,
        figure("stalled", "daphne-2", 400, "lost"), "", most=True,
    ),
    Goal(
        "memory for a stalled one", 0.2, figure("stalled", "daphne-2", 400, "mb_each"), "MB",
        most=True,
    ),
    Goal(
        "memory after 20 crowds of 1,000 came and went", 10,
        _times(100, figure("goings", "daphne-2", 1_000, "growth")), "% more", most=True,
    ),
]  # fmt: skip

"""Rounds in turns, and their medians: a busy moment of the machine touches everybody alike."""

import statistics
import sys
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from tests.bench.live import machine
from tests.bench.live.lab import Lab, Missing, Server
from tests.bench.live.load import Load, Told
from tests.bench.live.servers import Kind

STOLEN = 0.05
TRIES = 3


@dataclass(frozen=True)
class Round:
    """What one server did once; ``figures`` by name, times in seconds."""

    scenario: str
    server: str
    readers: int
    figures: dict[str, float]


Medians = dict[tuple[str, str, int], dict[str, float]]
Act = Callable[[Kind], dict[str, float]]


def in_turns(
    scenario: str, kinds: Iterable[Kind], readers: int, rounds: int, act: Act
) -> Iterator[Round]:
    """Each of ``kinds`` once a round; a round is repeated if the hypervisor took the processor."""
    left_out: set[str] = set()
    for number in range(rounds):
        for kind in kinds:
            if kind.name in left_out or (kind.slow and number and readers > kind.slow):
                continue
            try:
                figures = _undisturbed(act, kind)
            except (Missing, RuntimeError, TimeoutError) as trouble:
                say(f"  {scenario}: {kind.name} was left out: {trouble}")
                left_out.add(kind.name)
                continue
            say(f"  {scenario} {number + 1}: {kind.name}, {readers:,} readers: {shown(figures)}")
            yield Round(scenario, kind.name, readers, figures)


def _undisturbed(act: Act, kind: Kind) -> dict[str, float]:
    for _try in range(TRIES):
        figures = act(kind)
        if figures.get("stolen", 0) <= STOLEN:
            break
    return figures


def medians(rounds: Iterable[Round]) -> Medians:
    """By scenario, server and number of readers: the median of each figure."""
    found: dict[tuple[str, str, int], dict[str, list[float]]] = defaultdict(
        lambda: defaultdict(list)
    )
    for one in rounds:
        for name, value in one.figures.items():
            found[one.scenario, one.server, one.readers][name].append(value)
    return {
        key: {name: statistics.median(values) for name, values in figures.items()}
        for key, figures in found.items()
    }


@contextmanager
def both(lab: Lab, kind: Kind, path: str = "", **how) -> Iterator[tuple[Server, Load]]:
    """A server and its generator, until the block ends."""
    with lab.serving(kind, **how) as server, lab.reading(server, path) as load:
        yield server, load


def spent(told: Told, watch: machine.Watch) -> dict[str, float]:
    """What a run says, with the processor time it took: deliveries a second of it, above all."""
    late = {"last_p50": told["last_p50"], "last_p99": told["last_p99"]}
    return {
        "per_cpu_second": told["delivered"] / watch.cpu,
        "per_second": told["delivered"] / told["seconds"],
        "ceiling": told["delivered"] / watch.generator_cpu,
        "lost": told["published"] - told["reached_all"],
        "others": watch.others,
        "stolen": watch.stolen,
        **late,
    }


def shown(figures: dict[str, float]) -> str:
    return ", ".join(f"{name} {value:,.4g}" for name, value in figures.items())


def say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)

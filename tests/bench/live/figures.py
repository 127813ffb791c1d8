"""The parts of ``make bench`` that measure live updates: which sizes, how often, for how long."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

from tests.bench.live import crowds, fanout, servers
from tests.bench.live.lab import Lab, Missing
from tests.bench.live.rounds import Round, say

PARTS = (
    "broadcast",
    "beside",
    "topics",
    "thread",
    "processes",
    "storm",
    "memory",
    "goings",
    "stalled",
    "voters",
)
AT_5000 = [servers.LIMIT, servers.NAIVE, *servers.OURS[1:]]
ALL_AT_5000 = [servers.LIMIT, *servers.THE_OTHERS, *servers.OURS, *servers.ON_UVICORN[-1:]]
BESIDE = [
    *((ours, servers.LIMIT) for ours in servers.OURS[1:]),
    *((ours, other) for ours in servers.OURS[1:] for other in (servers.WS, servers.SOCKET_IO)),
]
BESIDE_NAIVE = [(ours, servers.NAIVE) for ours in servers.OURS]
AT_10000 = [servers.LIMIT, *servers.OURS[1:]]


def measured(names: list[str], folder: Path, data: Path, *, full: bool, rounds: int) -> list[Round]:
    """Every round of the parts asked for; what a machine lacks is said and left out."""
    found: list[Round] = []
    with ExitStack() as stack:
        lab = Lab(folder, data, stack)
        try:
            lab.load  # noqa: B018  without a compiler nothing here can be measured
        except Missing as missing:
            say(str(missing))
            return []
        for name in names:
            say(f"Measuring {name} …")
            found += _parts(lab, full=full, rounds=rounds)[name]()
    return found


def _parts(lab: Lab, *, full: bool, rounds: int) -> dict[str, Callable[[], Iterator[Round]]]:
    few = rounds if full else 1
    return {
        "broadcast": lambda: _broadcast(lab, full=full, rounds=rounds),
        "beside": lambda: _beside(lab),
        "topics": lambda: fanout.several_topics(lab, 1_000, few, 1.5),
        "thread": lambda: fanout.thread(lab, 1_000, few, 4),
        "processes": lambda: fanout.two_processes(lab, 1_000, few, 2),
        "storm": lambda: crowds.storm(lab, 2_000, rounds),
        "memory": lambda: crowds.memory(lab, 10_000 if full else 1_000),
        "goings": lambda: crowds.comings_and_goings(lab, 1_000),
        "stalled": lambda: crowds.stalled(lab, 400, few, 8),
        "voters": lambda: _voters(lab, rounds),
    }


def _broadcast(lab: Lab, *, full: bool, rounds: int) -> Iterator[Round]:
    yield from fanout.broadcast(lab, servers.EVERYBODY, 1_000, rounds, 1)
    at_5000 = ALL_AT_5000 if full else AT_5000
    yield from fanout.broadcast(lab, at_5000, 5_000, rounds if full else 1, 1)
    if full:
        yield from fanout.broadcast(lab, AT_10000, 10_000, rounds, 1)


def _beside(lab: Lab) -> Iterator[Round]:
    yield from fanout.beside(lab, BESIDE_NAIVE, 1_000)
    yield from fanout.beside(lab, BESIDE, 5_000)


def _voters(lab: Lab, rounds: int) -> Iterator[Round]:
    from tests.bench.live.voters import voters  # reads models, so the apps must be ready

    yield from voters(lab, 2_000, rounds, 3, 4_000)

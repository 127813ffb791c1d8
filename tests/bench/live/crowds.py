"""Sockets themselves: all at once, what each takes, what is left of them, and those who stall."""

import time
from collections.abc import Iterator

from tests.bench.live import servers
from tests.bench.live.lab import Lab
from tests.bench.live.machine import memory_kb, watched
from tests.bench.live.rounds import Round, both, in_turns
from tests.bench.live.servers import Kind

CYCLES = 20
REST_S = 2
STALLED = 4  # every so many


def storm(lab: Lab, readers: int, rounds: int) -> Iterator[Round]:
    """All come back at once, and each is complete: it was told how far it has everything."""

    def act(kind: Kind) -> dict[str, float]:
        with both(lab, kind) as (server, load):
            load.open(1)
            with watched(server.pids, load.pids) as watch:
                told = load.open(readers, at_once=readers)
        return {
            "seconds": told["seconds"], "cpu": watch.cpu, "gone": told["gone"],
            "others": watch.others, "stolen": watch.stolen,
        }  # fmt: skip

    yield from in_turns("storm", [servers.BEST], readers, rounds, act)


def memory(lab: Lab, readers: int) -> Iterator[Round]:
    """Kilobytes a socket."""

    def act(kind: Kind) -> dict[str, float]:
        with both(lab, kind) as (server, load):
            load.open(10)
            before = memory_kb(server.pids)
            load.open(readers)
            load.listen(1)
            return {"kb_each": (memory_kb(server.pids) - before) / readers}

    yield from in_turns("memory", [servers.BEST], readers, 1, act)


def comings_and_goings(lab: Lab, readers: int) -> Iterator[Round]:
    """How much more memory the same readers take once others came and left many times.

    The first crowd is the warm-up: what it alone makes is made once.
    """

    def act(kind: Kind) -> dict[str, float]:
        with both(lab, kind) as (server, load):
            taken = []
            for _cycle in range(CYCLES + 2):
                load.open(readers)
                load.listen(1)
                taken.append(memory_kb(server.pids))
                load.close()
                time.sleep(REST_S)
        warm, last = taken[1], taken[-1]
        return {"first_mb": warm / 1024, "last_mb": last / 1024, "growth": last / warm - 1}

    yield from in_turns("goings", [servers.BEST], readers, 1, act)


def stalled(lab: Lab, readers: int, rounds: int, seconds: float) -> Iterator[Round]:
    """One reader in four reads nothing, while facts of 4 kB come 25 times a second."""

    def act(kind: Kind) -> dict[str, float]:
        with both(lab, kind) as (server, load):
            load.open(readers, stalled=STALLED)
            load.publish(0.5, "/bench/journal", rate=4)
            before = memory_kb(server.pids)
            with watched(server.pids, load.pids) as watch:
                told = load.publish(seconds, "/bench/journal", rate=25, size=4_000)
            growth = memory_kb(server.pids) - before
        return {
            "lost": told["published"] - told["reached_all"],
            "last_p50": told["last_p50"],
            "last_p99": told["last_p99"],
            "mb_each": growth / 1024 / (readers // STALLED),
            "others": watch.others,
        }

    yield from in_turns("stalled", [servers.BEST], readers, rounds, act)

"""One message to many: how many deliveries a second of processor time, and when the last had it."""

import time
from collections.abc import Iterator

from tests.bench.live import servers
from tests.bench.live.lab import Lab
from tests.bench.live.machine import memory_kb, watched
from tests.bench.live.rounds import Round, both, in_turns, spent
from tests.bench.live.servers import Kind

TOPICS = 5
FACTS_A_SECOND = 5


def broadcast(
    lab: Lab, kinds: list[Kind], readers: int, rounds: int, seconds: float
) -> Iterator[Round]:
    """As fast as everybody is reached, then at two readings a second."""

    def act(kind: Kind) -> dict[str, float]:
        slow = bool(kind.slow) and readers > kind.slow
        with both(lab, kind) as (server, load):
            empty = memory_kb(server.pids)
            load.open(readers)
            each = (memory_kb(server.pids) - empty) / readers
            if not slow:
                load.publish(0.01, kind.facts)
            with watched(server.pids, load.pids) as watch:
                told = load.publish(0.01 if slow else seconds, kind.facts)
            figures = {**spent(told, watch), "kb_each": each}
            if kind.ours:
                paced = load.publish(2 * seconds, kind.gauges, rate=2)
                figures |= {"paced_p50": paced["last_p50"], "paced_p99": paced["last_p99"]}
        return figures

    yield from in_turns("broadcast", kinds, readers, rounds, act)


def several_topics(lab: Lab, readers: int, rounds: int, seconds: float) -> Iterator[Round]:
    """The same when each socket follows five topics, and each message is of one of them."""
    path = "/ws/?topics=" + ",".join(f"bench.{n}" for n in range(TOPICS))

    def act(kind: Kind) -> dict[str, float]:
        with both(lab, kind, path) as (server, load):
            load.open(readers)
            load.publish(0.01, f"{kind.facts}/{TOPICS}")
            with watched(server.pids, load.pids) as watch:
                told = load.publish(seconds, f"{kind.facts}/{TOPICS}")
        return spent(told, watch)

    yield from in_turns("topics", [servers.BEST], readers, rounds, act)


def thread(lab: Lab, readers: int, rounds: int, seconds: float) -> Iterator[Round]:
    """A busy discussion: facts that are journaled first, five a second."""

    def act(kind: Kind) -> dict[str, float]:
        with both(lab, kind) as (server, load):
            load.open(readers)
            load.publish(1, "/bench/journal", rate=FACTS_A_SECOND, size=600)
            with watched(server.pids, load.pids) as watch:
                told = load.publish(seconds, "/bench/journal", rate=FACTS_A_SECOND, size=600)
        return {**spent(told, watch), "share_of_core": watch.cpu / watch.seconds}

    yield from in_turns("thread", [servers.BEST], readers, rounds, act)


def two_processes(lab: Lab, readers: int, rounds: int, seconds: float) -> Iterator[Round]:
    """The same steady rate to one process, and through Redis to two; each has ``readers``."""

    def alone(kind: Kind) -> dict[str, float]:
        with both(lab, kind) as (server, load):
            load.open(readers)
            with watched(server.pids, load.pids) as watch:
                told = load.publish(seconds, kind.facts, rate=20)
        return spent(told, watch)

    def two(kind: Kind) -> dict[str, float]:
        with both(lab, kind) as (server, load), both(lab, kind) as (second, listener):
            load.open(readers)
            listener.open(readers)
            time.sleep(1)
            with watched(server.pids + second.pids, load.pids + listener.pids) as watch:
                listener.tell("run", seconds + 1, -1, 0, "-")
                told = load.publish(seconds, kind.facts, rate=20)
                heard = listener.answer()
        figures = spent({**told, "delivered": told["delivered"] + heard["delivered"]}, watch)
        return {**figures, "lost_beyond": told["delivered"] - heard["delivered"]}

    for _round in range(rounds):
        yield from in_turns("one process", [servers.BEST], readers, 1, alone)
        yield from in_turns("two processes", [servers.THROUGH_REDIS], readers, 1, two)

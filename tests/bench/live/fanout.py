"""One message to many: how many deliveries a second of processor time, and when the last had it."""

import statistics
import time
from collections.abc import Iterator

from tests.bench.live import servers
from tests.bench.live.lab import Lab, Missing, Server
from tests.bench.live.load import Load
from tests.bench.live.machine import memory_kb, watched
from tests.bench.live.rounds import Round, both, in_turns, say, spent
from tests.bench.live.servers import Kind

TOPICS = 5
FACTS_A_SECOND = 5
BURSTS, BURST_S = 8, 0.4


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


def beside(lab: Lab, pairs: list[tuple[Kind, Kind]], readers: int) -> Iterator[Round]:
    """Two servers with their readers at the same time, in short bursts by turns.

    What a machine does to processor time within a minute, others' caches above all, is larger than
    the differences looked for; within a second it touches both.
    """
    for kinds in pairs:
        name = " ÷ ".join(kind.name for kind in kinds)
        try:
            ratios = _ratios(lab, *kinds, readers)
        except (Missing, RuntimeError, TimeoutError) as trouble:
            say(f"  beside: {name} was left out: {trouble}")
            continue
        found = {"ratio": statistics.median(ratios), "least": min(ratios), "most": max(ratios)}
        say(f"  beside: {name}, {readers:,} readers: {found}")
        yield Round("beside", name, readers, found)


def _ratios(lab: Lab, ours: Kind, other: Kind, readers: int) -> list[float]:
    with both(lab, ours) as (first, load), both(lab, other) as (second, listener):
        load.open(readers)
        listener.open(readers)
        pairs = [(_burst(first, load), _burst(second, listener)) for _ in range(BURSTS + 1)]
    return [one / two for one, two in pairs[1:]]  # the first ones warmed up


def _burst(server: Server, load: Load) -> float:
    with watched(server.pids, load.pids) as watch:
        told = load.publish(BURST_S, server.kind.facts)
    return told["delivered"] / watch.cpu


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

"""Redis is killed, filled and emptied in a live session: acting goes on, all pages end right."""

import asyncio
import signal
from collections.abc import Iterator

import pytest

from tests.faults.audience import Reader, audience, until
from tests.faults.conftest import Town
from tests.servers import Server, serving
from tests.services import Valkey

NEWS = 3


@pytest.fixture(scope="module")
def valkey(tmp_path_factory) -> Iterator[Valkey]:
    with Valkey(tmp_path_factory.mktemp("valkey")) as server:
        yield server


@pytest.fixture(scope="module")
def town(tmp_path_factory, valkey) -> Iterator[Town]:
    """Two processes, and limits that are kept in the same Redis."""
    folder = tmp_path_factory.mktemp("town")
    server = Server(folder, "--processes", "2", REDIS_URL=valkey.url, LIMITS="true")
    with serving(server):
        yield Town(server)


@pytest.mark.adversary("I1")
@pytest.mark.timeout(300)
async def test_voting_goes_on_without_redis_and_every_page_ends_right(town, valkey):
    key = await asyncio.to_thread(town.poll)
    manifest = await asyncio.to_thread(town.manifest, key)

    def vote() -> None:
        """Three newcomers, since a batch holds at least three."""
        for voter in [town.voter(manifest) for _ in range(NEWS)]:
            assert town.cast(key, voter.ballot("a")).status == 202

    def show(number: int):
        return lambda: all(r.page.gauge and r.page.gauge["ballots"] == number for r in readers)

    ports = (town.server.port, town.server.port + 1)
    readers = [Reader(town.server, f"poll.{key}", port) for port in ports for _ in range(3)]
    async with audience(readers):
        cast = 0
        for trouble in ("none", "killed", "full", "emptied"):
            if trouble == "killed":
                await asyncio.to_thread(valkey.end, signal.SIGKILL)
            if trouble == "full":
                await asyncio.to_thread(valkey.told, "CONFIG", "SET", "maxmemory", "1")
            if trouble == "emptied":
                await asyncio.to_thread(valkey.told, "FLUSHALL")
            await asyncio.to_thread(vote)
            cast += NEWS
            await until(show(cast))
            if trouble == "killed":
                await asyncio.to_thread(valkey.start)
        facts = [reader.page.at for reader in readers]
        await asyncio.to_thread(town.act, key, "polls.closed_by_hand(poll)")
        await until(lambda: all(r.page.at > at for r, at in zip(readers, facts, strict=True)))
    assert {reader.opened for reader in readers} == {1}, "nobody's socket was lost"
    assert {tuple(reader.page.facts) for reader in readers} == {tuple(readers[0].page.facts)}

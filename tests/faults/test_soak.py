"""Minutes of comings and goings while people vote: nothing grows, nothing is lost.

``make soak`` runs it; SOAK_MINUTES says how long, ten unless told otherwise.
"""

import asyncio
import os
import random
from collections.abc import Iterator

import pytest
import redis

from tests.faults.audience import Reader, audience, still_following, until
from tests.faults.conftest import Town
from tests.faults.test_crowd_of_readers import memory, open_sockets
from tests.servers import Server, serving
from tests.services import valkey
from voting.domain.manifest import Manifest

MINUTES = float(os.environ.get("SOAK_MINUTES", "10"))
READERS = 200
SAMPLES = 20
ROOM = 4  # connections to Redis come and go

pytestmark = pytest.mark.soak


@pytest.fixture(scope="module")
def town(tmp_path_factory) -> Iterator[Town]:
    """One process that tells its news through Redis, as one of several does."""
    with valkey() as names:
        server = Server(tmp_path_factory.mktemp("town"), LIMITS="false", **names)
        server.redis = redis.Redis.from_url(names["REDIS_URL"])
        with serving(server):
            yield Town(server)


class Churn(Reader):
    """Somebody who opens the page, looks for a second or so, and leaves without a word."""

    async def _listen(self) -> None:
        leaving = asyncio.create_task(self._vanish())
        try:
            await super()._listen()
        finally:
            leaving.cancel()

    async def _vanish(self) -> None:
        await until(lambda: self.line)
        await asyncio.sleep(random.uniform(0.2, 2))
        self.line.transport.abort()


def groups(town: Town) -> int:
    """How many channels of the layer anybody listens to."""
    return len(town.server.redis.execute_command("PUBSUB", "CHANNELS"))


async def vote_for_minutes(town: Town, key: str, manifest: Manifest) -> tuple[int, list[int]]:
    """How many ballots were cast, and the server's memory now and then, in bytes."""
    cast, sizes, clock = 0, [], asyncio.get_running_loop().time
    end = clock() + 60 * MINUTES
    while (left := end - clock()) > 0:
        voter = await asyncio.to_thread(town.voter, manifest)
        answer = await asyncio.to_thread(town.cast, key, voter.ballot("c"))
        assert answer.status == 202
        cast += 1
        if left < 60 * MINUTES * (1 - len(sizes) / SAMPLES):
            sizes.append(memory(town.server.process.pid))
        await asyncio.sleep(0.2)
    return cast, sizes


@pytest.mark.adversary("B15", "A2")
@pytest.mark.timeout(60 * MINUTES + 600)
async def test_nothing_grows_while_people_come_and_go(town):
    key = await asyncio.to_thread(town.poll)
    manifest = await asyncio.to_thread(town.manifest, key)
    process = town.server.process.pid
    ever = [Reader(town.server, f"poll.{key}") for _ in range(20)]
    churning = [Churn(town.server, f"poll.{key}", pause_s=0.5) for _ in range(READERS)]
    async with audience(ever):
        await until(lambda: all(reader.page.gauge for reader in ever))
        before = open_sockets(process)
        tasks = [asyncio.create_task(reader.live()) for reader in churning]
        cast, sizes = await vote_for_minutes(town, key, manifest)
        still_following(tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await until(lambda: all(r.page.gauge and r.page.gauge["ballots"] == cast for r in ever))
        await until(lambda: open_sockets(process) <= before + ROOM)
    assert {reader.opened for reader in ever} == {1}
    await until(lambda: groups(town) == 0)
    warm = len(sizes) // 4
    visits = sum(reader.opened for reader in churning)
    print(f"{visits:,} visits, {cast:,} ballots, RSS {sizes}")
    assert visits >= READERS * MINUTES * 2
    assert {code for reader in churning for code in reader.codes} == {1006}, "nobody says goodbye"
    assert sizes[-1] <= 1.10 * sizes[warm], sizes
    assert "Traceback" not in town.server.log()

"""The machine's clock jumps by an hour, forwards and back, while people vote and watch."""

import asyncio
import json
import os
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.faults.audience import Reader, audience, until
from tests.faults.conftest import Town
from tests.servers import Server, serving

FAKETIME = next(Path("/usr/lib").glob("*/faketime/libfaketimeMT.so.1"), None)

pytestmark = pytest.mark.skipif(
    FAKETIME is None and not os.environ.get("CI"), reason="libfaketime is not installed"
)


@pytest.fixture(scope="module")
def town(tmp_path_factory) -> Iterator[Town]:
    """A town whose clock a file moves; time between two moments passes as ever."""
    folder = tmp_path_factory.mktemp("town")
    server = Server(
        folder, LIMITS="false", LD_PRELOAD=str(FAKETIME), FAKETIME_TIMESTAMP_FILE=f"{folder}/clock",
        FAKETIME_NO_CACHE="1", FAKETIME_DONT_FAKE_MONOTONIC="1",
    )  # fmt: skip
    (folder / "clock").write_text("+0")
    with serving(server):
        yield Town(server)


def town_is_off_by(seconds: int, promise: bytes) -> bool:
    """Whether a promise of seconds to come is as far off as the clock; PostgreSQL has its own."""
    by = datetime.fromisoformat(json.loads(promise)["by"])
    off = (by - datetime.now(UTC)).total_seconds()
    return bool(os.environ.get("DATABASE_URL")) or abs(off - seconds) < 600


@pytest.mark.adversary("A7")
@pytest.mark.timeout(300)
async def test_a_clock_that_jumps_loses_no_ballot_and_no_reader(town):
    key = await asyncio.to_thread(town.poll)
    manifest = await asyncio.to_thread(town.manifest, key)
    readers = [Reader(town.server, f"poll.{key}") for _ in range(5)]
    cast = 0
    async with audience(readers):
        for hour in ("+0", "+3600", "-3600", "+0"):
            (town.server.folder / "clock").write_text(hour)
            for _ in range(3):
                voter = await asyncio.to_thread(town.voter, manifest)
                answer = await asyncio.to_thread(town.cast, key, voter.ballot("b"))
                assert answer.status == 202
                assert town_is_off_by(int(hour), answer.body)
            cast += 3
            await until(
                lambda n=cast: all((r.page.gauge or {}).get("ballots") == n for r in readers)
            )
    assert {reader.opened for reader in readers} == {1}
    tally = json.loads((await asyncio.to_thread(town.get, f"/polls/{key}/tally.json")).body)
    logged = await asyncio.to_thread(town.entries, key)
    assert tally["ballots"] == cast == [entry["type"] for entry in logged].count("ballot")

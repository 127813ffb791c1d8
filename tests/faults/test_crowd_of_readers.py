"""A server that ends, dies or is starved under hundreds of open pages; readers who do harm."""

import asyncio
import contextlib
import json
import os
import random
import socket
from pathlib import Path

import pytest
from websockets.asyncio.client import connect

from tests.faults.audience import Reader, audience, until
from tests.servers import visitors

CROWD = 300
STALLED = 50


def memory(pid: int) -> int:
    """Resident bytes of a process (proc(5))."""
    return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")


def shown(reader: Reader) -> int:
    return reader.page.gauge["ballots"] if reader.page.gauge else -1


def truth(town, key: str) -> int:
    return json.loads(town.get(f"/polls/{key}/tally.json").body)["ballots"]


def vote(town, key: str, times: int) -> None:
    manifest = town.manifest(key)
    for _ in range(times):
        assert town.cast(key, town.voter(manifest).ballot("a")).status == 202


async def all_show_the_truth(town, key: str, readers: list[Reader], ballots: int) -> None:
    await until(lambda: all(shown(reader) == ballots for reader in readers))
    assert await asyncio.to_thread(truth, town, key) == ballots


@pytest.mark.adversary("I7", "B11")
@pytest.mark.timeout(300)
async def test_a_deploy_under_open_pages_loses_no_vote_and_no_page(town):
    """SIGTERM tells every page when to come back; kill -9 tells nobody. Both end right."""
    key = await asyncio.to_thread(town.poll)
    readers = [Reader(town.server, f"poll.{key}", pause_s=5) for _ in range(CROWD)]
    async with audience(readers):
        await asyncio.to_thread(vote, town, key, 3)
        await asyncio.to_thread(town.server.stop)
        assert town.server.process.returncode == 0
        await asyncio.to_thread(town.server.start)
        await until(lambda: all(reader.opened == 2 and reader.line for reader in readers))
        assert {tuple(reader.codes) for reader in readers} == {(1012,)}
        assert {int(reason) >= 5 for reader in readers for reason in reader.reasons} == {True}
        await all_show_the_truth(town, key, readers, 3)
        await asyncio.to_thread(vote, town, key, 3)
        await asyncio.to_thread(town.server.restart)
        await until(lambda: all(reader.opened >= 3 and reader.line for reader in readers))
        await all_show_the_truth(town, key, readers, 6)
    assert all(reader.page.gaps == 0 for reader in readers)


def handshake(town, key: str, cookie: str = "") -> bytes:
    lines = (
        f"GET /ws/?topics=poll.{key} HTTP/1.1", f"Host: 127.0.0.1:{town.server.port}",
        f"Origin: {town.server.site}", f"Cookie: {cookie}", "Upgrade: websocket",
        "Connection: Upgrade", "Sec-WebSocket-Version: 13",
        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==", "", "",
    )  # fmt: skip
    return "\r\n".join(lines).encode()


async def drop(writing: asyncio.StreamWriter) -> None:
    """End a connection without a word."""
    writing.transport.abort()
    with contextlib.suppress(ConnectionError):
        await writing.wait_closed()


@pytest.mark.adversary("G2")
@pytest.mark.timeout(200)
async def test_readers_who_stop_reading_are_let_go_and_cost_the_others_nothing(town):
    key = await asyncio.to_thread(town.poll)
    before = memory(town.server.process.pid)
    lines = []
    for _ in range(STALLED):
        line = socket.create_connection(("127.0.0.1", town.server.port))
        line.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2048)
        line.sendall(handshake(town, key))
        lines.append(line)
    with contextlib.ExitStack() as stack:
        for line in lines:
            stack.enter_context(line)
        readers = [Reader(town.server, f"poll.{key}") for _ in range(20)]
        async with audience(readers):
            await asyncio.to_thread(vote, town, key, 6)
            await all_show_the_truth(town, key, readers, 6)
        assert all(reader.opened == 1 for reader in readers)
        assert memory(town.server.process.pid) - before < STALLED * 1_000_000
        # Their keep-alive is never answered: the server ends them within the time it allows.
        await until(lambda: open_sockets(town.server.process.pid) < STALLED, patience=90)


def open_sockets(pid: int) -> int:
    return sum(is_socket(link) for link in Path(f"/proc/{pid}/fd").iterdir())


def is_socket(link: Path) -> bool:
    """Whether what a process has open under ``link`` is one, and is open still."""
    try:
        return os.readlink(link).startswith("socket:")
    except FileNotFoundError:
        return False


@pytest.mark.adversary("B4")
@pytest.mark.timeout(200)
async def test_a_thousand_cancelled_requests_and_sockets_mix_nobody_up(town):
    """People go away in the middle of everything; nobody gets another's answer or session."""
    key = await asyncio.to_thread(town.poll)
    sessions = [await asyncio.to_thread(town.session, key) for _ in range(4)]
    host = f"127.0.0.1:{town.server.port}"

    async def go_away(number: int) -> None:
        reading, writing = await asyncio.open_connection("127.0.0.1", town.server.port)
        cookie = sessions[number % 4]["Cookie"]
        asked = random.choice((f"/polls/{key}/pass", f"/polls/{key}/", ""))
        page = f"GET {asked} HTTP/1.1\r\nHost: {host}\r\nCookie: {cookie}\r\n\r\n".encode()
        writing.write(page if asked else handshake(town, key, cookie))
        with contextlib.suppress(TimeoutError, ConnectionError):
            await asyncio.wait_for(reading.read(1), random.uniform(0, 0.02))
        await drop(writing)

    async def ask_properly(number: int) -> None:
        """A person's own answer: the cookie that comes back, if any, is not another's."""
        mine = sessions[number % 4]
        answer = await asyncio.to_thread(
            town.ask,
            "GET",
            town.server.site,
            f"/polls/{key}/pass",
            None,
            {"Cookie": mine["Cookie"]},
        )
        assert answer.status == 200
        others = [s["Cookie"].split("sessionid=")[1].split(";")[0] for s in sessions if s != mine]
        assert not any(other in answer.headers.get("Set-Cookie", "") for other in others)

    for start in range(0, 1_000, 50):
        many = [go_away(number) for number in range(start, start + 50)]
        await asyncio.gather(*many, ask_properly(start))
    reader = Reader(town.server, f"poll.{key}")
    async with audience([reader]):
        await until(lambda: reader.page.gauge is not None)
    await asyncio.to_thread(lambda: town.wait(town.server.is_ready))


@pytest.mark.adversary("G5")
@pytest.mark.timeout(200)
async def test_connections_that_trickle_do_not_keep_people_waiting(town):
    """Five hundred headers, one byte at a time: the pages answer all the same."""
    key = await asyncio.to_thread(town.poll)
    lines = [await asyncio.open_connection("127.0.0.1", town.server.port) for _ in range(500)]
    for _byte in range(30):
        for _reading, writing in lines:
            if not writing.is_closing():
                writing.write(b"X")
        assert (await asyncio.to_thread(town.get, f"/polls/{key}/")).status == 200
        await asyncio.sleep(0.2)
    for _reading, writing in lines:
        await drop(writing)


@pytest.mark.adversary("B13")
@pytest.mark.timeout(200)
async def test_a_socket_whose_other_end_has_vanished_is_ended(town):
    """Half-open: nothing is read and nothing answered, not even the end."""
    key = await asyncio.to_thread(town.poll)
    address = f"ws://127.0.0.1:{town.server.port}/ws/?topics=poll.{key}"
    async with connect(address, origin=town.server.site, ping_interval=None) as line:
        await line.recv()
        line.transport.pause_reading()  # pings of the server stay unanswered from here on
        mine = line.local_address[1]
        assert mine in visitors(town.server.port)
        await until(lambda: mine not in visitors(town.server.port), patience=90)
        line.transport.resume_reading()

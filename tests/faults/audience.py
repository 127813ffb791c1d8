"""Readers of a real server: each a socket and a page, coming back by itself as ``live.js`` does.

Deliberately absent: any judgement. A test compares what the pages show with a fresh load.
"""

import asyncio
import json
import random
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidHandshake

from tests.realtime.page import Page
from tests.servers import Server

PATIENCE_S = 120


class Reader:
    """One open page: ``page`` is what it shows, ``codes`` how its sockets ended."""

    def __init__(self, server: Server, topic: str, port: int | None = None, pause_s: float = 1.0):
        self.origin, self.topic, self.pause_s = server.site, topic, pause_s
        self.port = port or server.port
        self.page = Page()
        self.codes: list[int] = []
        self.reasons: list[str] = []
        self.opened = 0
        self.line: ClientConnection | None = None

    async def live(self) -> None:
        """Follow for ever: connect, listen, and after a pause again."""
        while True:
            try:
                await self._listen()
            except (OSError, InvalidHandshake, TimeoutError):
                pass
            except ConnectionClosed as ended:
                self.codes.append(ended.rcvd.code if ended.rcvd else 1006)
                self.reasons.append(ended.rcvd.reason if ended.rcvd else "")
            self.line = None
            await asyncio.sleep(random.uniform(0.05, self.pause_s))

    async def _listen(self) -> None:
        place = f"{self.topic}:{self.page.at}"
        address = f"ws://127.0.0.1:{self.port}/ws/?topics={place}"
        async with connect(address, origin=self.origin, compression=None) as self.line:
            self.opened += 1
            while True:
                await self._take(await self.line.recv())

    async def _take(self, text: str) -> None:
        message, gaps = json.loads(text), self.page.gaps
        if message.get("g", "tally") == "tally" and "t" in message:
            self.page.take(text, lambda: (message["at"], self.page.facts))
        if self.page.gaps > gaps:
            await self.line.send(json.dumps({"seen": f"{self.topic}:{self.page.at}"}))


@asynccontextmanager
async def audience(readers: list[Reader]) -> AsyncIterator[list[Reader]]:
    """All of them live until the block ends; it begins once every one has a socket."""
    tasks = [asyncio.create_task(reader.live()) for reader in readers]
    try:
        await until(lambda: all(reader.line for reader in readers))
        yield readers
        still_following(tasks)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


def still_following(tasks: list[asyncio.Task]) -> None:
    """Raise what ended one of ``tasks``: readers follow for ever."""
    for task in tasks:
        if task.done():
            task.result()


async def until(holds, patience: float = PATIENCE_S) -> None:
    """Wait until ``holds()``."""
    async with asyncio.timeout(patience):
        while not holds():
            await asyncio.sleep(0.1)

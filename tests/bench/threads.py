"""A thread of 2,000 posts and 500 live readers takes five posts a second: who has what, and when.

Beside it the same readers are told frames of the same size that nobody had to make: the limit.
Deliberately absent: absolute times in the verdict; machines differ.
"""

import asyncio
import json
import os
import statistics
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager

from websockets.asyncio.client import connect

from tests.bench.measure import Figure
from tests.paths import ROOT
from tests.services import answers, free_port, process

READERS = 500
RATE = 5
SECONDS = 20
FRAME = 3_000
PATIENCE_S = 30


class Reader:
    """One open page: the numbers it was told, in order, and when each came."""

    def __init__(self) -> None:
        self.came: dict[int, float] = {}
        self.numbers: list[int] = []
        self.without_html = 0

    async def follow(self, address: str, origin: str, ready: asyncio.Event) -> None:
        async with connect(address, origin=origin, compression=None, max_queue=None) as socket:
            async for text in socket:
                at, message = time.monotonic(), json.loads(text)
                ready.set()
                if "n" in message:
                    self.came[message["n"]] = at
                    self.numbers.append(message["n"])
                    self.without_html += "h" not in message


def figures(_repeats: int) -> list[Figure]:
    from tests.bench import talking

    key = talking.fill()
    with serving() as port:
        html = asyncio.run(talked_in(port, f"thread.{key}", {"thread": key}, "reply", "&lang=en"))
        bare = asyncio.run(talked_in(port, talking.BARE, {"size": FRAME}, "bare", "&html=0"))
    name = f"a post is with all of {READERS} readers, {RATE}/s"
    return [Figure(name, 1 / html, "a frame that nobody had to make", 1 / bare)]


async def talked_in(port: int, topic: str, asked: dict, door: str, more: str) -> float:
    """The median of the seconds until the last reader has a post. Raises if anybody lacks one."""
    origin = f"http://127.0.0.1:{port}"
    readers, since = [Reader() for _ in range(READERS)], await head(origin, topic)
    address = f"ws://127.0.0.1:{port}/ws/?topics={topic}:{since}{more}"
    tasks = []
    for reader in readers:
        ready = asyncio.Event()
        tasks.append(asyncio.create_task(reader.follow(address, origin, ready)))
        await asyncio.wait_for(ready.wait(), PATIENCE_S)
    told = await talk(origin, door, asked)
    numbers = range(since + 1, since + 1 + len(told))
    end = time.monotonic() + PATIENCE_S
    while any(len(reader.numbers) < len(told) for reader in readers) and time.monotonic() < end:
        await asyncio.sleep(0.1)
    for task in tasks:
        task.cancel()
    lack = [reader for reader in readers if reader.numbers != list(numbers)]
    if lack:
        raise SystemExit(f"{len(lack)} of {READERS} readers are not complete and in order.")
    bare = sum(reader.without_html for reader in readers) if door == "reply" else 0
    last = [max(reader.came[n] for reader in readers) - told[n - since - 1] for n in numbers]
    say(f"  {topic}: {len(told)} posts, {READERS} readers complete and in order, last has it after "
        f"{1_000 * statistics.median(last):.0f} ms (at most {1_000 * max(last):.0f}), "
        f"{bare} told without html")  # fmt: skip
    return statistics.median(last)


async def head(origin: str, topic: str) -> int:
    if topic.startswith("bench."):
        return 0
    with urllib.request.urlopen(f"{origin}/live/{topic}?html=0") as answer:
        return json.load(answer)["messages"][-1]["at"]


async def talk(origin: str, door: str, asked: dict) -> list[float]:
    """Post at the rate; when each was stored."""
    told, started = [], time.monotonic()
    for turn in range(RATE * SECONDS):
        await asyncio.sleep(max(0.0, started + turn / RATE - time.monotonic()))
        said = await asyncio.to_thread(post, f"{origin}/bench/{door}", asked)
        if said.get("standing", "shown") != "shown":
            raise SystemExit(f"A post of the bench is {said['standing']}.")
        told.append(said["at"])
    return told


def post(address: str, asked: dict) -> dict:
    sent = urllib.request.Request(address, json.dumps(asked).encode(), method="POST")
    with urllib.request.urlopen(sent, timeout=PATIENCE_S) as answer:
        return json.load(answer)


@contextmanager
def serving() -> Iterator[int]:
    """The town of this bench's data, with its doors."""
    port = free_port()
    own = {"PORT": str(port), "SITE_ORIGIN": f"http://127.0.0.1:{port}"}
    with process(
        [sys.executable, "-m", "tests.bench.talking", str(port)], lambda: answers(port), 30,
        cwd=ROOT, env={**os.environ, **own}, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    ):  # fmt: skip
        yield port


def say(line: str) -> None:
    print(line, file=sys.stderr)

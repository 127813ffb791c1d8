"""A hall in a process of its own, and the rooms in it as a test sees them."""

import json
import subprocess
import sys
import urllib.request
from itertools import count

import pytest

from realtime.sending.levels import best
from tests.paths import ROOT
from tests.realtime.sending.reader import PATIENCE_S, Reader, unchecked

needs_ring = pytest.mark.skipif(best(2).number < 2, reason="the kernel lends no ring here")


class Served:
    """A hall behind ``name``; calling it is a command to the hall."""

    def __init__(self, name: str, certificate: tuple[str, str]):
        command = [sys.executable, "-m", "tests.realtime.sending.hall", name, *certificate]
        self.name = name
        self.process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
        self.plain, self.sealed = json.loads(self.process.stdout.readline())

    def __call__(self, do: str, **arguments):
        body = json.dumps({"do": do, **arguments}).encode()
        with urllib.request.urlopen(f"http://127.0.0.1:{self.plain}/", body, PATIENCE_S) as answer:
            return json.load(answer)

    def close(self) -> None:
        self.process.terminate()
        self.process.communicate(timeout=PATIENCE_S)


class Room:
    """Some readers in one room of a hall, and the level at which it is spoken to."""

    _names = count()

    def __init__(self, hall: Served, level: int):
        self.hall, self.level, self.name = hall, level, f"room{next(self._names)}"
        self.readers: list[Reader] = []
        self.missed: list[list[int]] = []

    def enter(self, *, narrow: bool = False, sealed: bool = False) -> Reader:
        port, tls = (self.hall.sealed, unchecked()) if sealed else (self.hall.plain, None)
        reader = Reader(port, self.name, narrow=narrow, tls=tls)
        self.readers.append(reader)
        return reader

    def speak(self, *sizes: int, ping: int | None = None):
        told = self.hall(
            "speak", room=self.name, level=self.level, sizes=sizes, ping=ping,
            first=len(self.missed),
        )  # fmt: skip
        self.missed += told["missed"]
        return told

    def look(self):
        return self.hall("look", room=self.name)["seats"]

    def due(self, reader: Reader) -> list[int]:
        """What a reader must have got: all that it is not said to have missed."""
        return [n for n, missed in enumerate(self.missed) if reader.seat not in missed]

    def until_heard(self, *readers: Reader) -> None:
        """Speak until these have room, and wait for what they are due."""
        for reader in readers:
            reader.flow()
            reader.until(lambda reader=reader: not self._missed_by(reader))
        for reader in readers:
            due = self.due(reader)
            reader.until(lambda reader=reader, due=due: len(reader.numbers) >= len(due))
            assert reader.numbers == due
            assert reader.error is None

    def _missed_by(self, reader: Reader) -> bool:
        return reader.seat in self.speak(1)["missed"][0]

"""The generator (load.c) as an object: one process, one line asked, one line of JSON answered."""

import json
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.bench.live import machine

Told = dict[str, Any]


class Load:
    """Readers, a publisher and voters against one server."""

    def __init__(self, process: subprocess.Popen):
        self.process = process

    @property
    def pids(self) -> list[int]:
        return [self.process.pid]

    def ask(self, *words: object) -> Told:
        self.tell(*words)
        return self.answer()

    def tell(self, *words: object) -> None:
        print(*words, file=self.process.stdin, flush=True)

    def answer(self) -> Told:
        line = self.process.stdout.readline()
        if not line:
            raise RuntimeError("The generator ended.")
        return json.loads(line)

    def open(self, readers: int, *, at_once: int = 64, stalled: int = 0) -> Told:
        told = self.ask("open", readers, at_once, stalled)
        if told["complete"] < readers:
            raise RuntimeError(f"Of {readers} readers {told['complete']} came: {told}")
        return told

    def publish(self, seconds: float, door: str, *, rate: float = 0, size: int = 300) -> Told:
        """Messages of ``size`` bytes; with ``rate`` 0 as fast as everybody is reached."""
        return self.ask("run", seconds, rate, size, door)

    def listen(self, seconds: float) -> Told:
        return self.ask("run", seconds, -1, 0, "-")

    def close(self) -> None:
        self.ask("close")


@contextmanager
def loading(program: Path, port: int, path: str, complete: str, protocol: str) -> Iterator[Load]:
    """A generator on its own core until the block ends."""
    words = [program, str(port), path, complete, *([protocol] if protocol else [])]
    process = subprocess.Popen(
        words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        preexec_fn=machine.pinned(machine.GENERATOR),
    )  # fmt: skip
    try:
        yield Load(process)
    finally:
        process.kill()
        process.communicate()

"""Where it is measured: compiled programs, a town's data to copy, and servers that come and go.

What a machine lacks is said once and its figures are left out: a C compiler, npm, uvicorn.
"""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from urllib.request import urlopen

from tests.bench.live import machine
from tests.bench.live.load import Load, loading
from tests.bench.live.servers import Kind
from tests.paths import ROOT
from tests.services import answers, free_port, process, valkey

HERE = Path(__file__).resolve().parent
APART = ("DATABASE_URL", "BALLOTS_DATABASE_URL", "SITE_ORIGIN", "BOOTH_ORIGIN", "REDIS_URL")
PATIENCE_S = 180


class Missing(Exception):
    """This machine has not what a figure needs; the text is one sentence."""


def require_level(kind: Kind, port: int) -> None:
    """Raise Missing if ours sends less directly here than asked: the figure would be another's."""
    with urlopen(f"http://127.0.0.1:{port}/readyz", timeout=PATIENCE_S) as answer:
        sending = json.load(answer)["sending"]
    if sending["number"] != kind.level:
        raise Missing(f"Level {kind.level} is not to be had here: {sending['reason']}.")


@dataclass
class Server:
    """A running server: where it listens, its processes, and its data."""

    kind: Kind
    port: int
    pids: list[int]
    data: Path


@dataclass
class Lab:
    """``folder`` is a temporary one; ``data`` holds a town's prepared databases."""

    folder: Path
    data: Path
    stack: ExitStack
    turns: Iterator[int] = field(default_factory=lambda: iter(range(1_000_000)))

    @cached_property
    def load(self) -> Path:
        return self._compiled(HERE / "load.c")

    @cached_property
    def loop(self) -> Path:
        return self._compiled(HERE / "peers" / "send.c", "-shared", "-fPIC")

    def _compiled(self, source: Path, *more: str) -> Path:
        compiler = shutil.which("cc")
        if compiler is None:
            raise Missing("There is no C compiler (cc); live updates cannot be measured.")
        made = self.folder / source.stem
        subprocess.run([compiler, "-O2", *more, "-o", made, source], check=True)
        return made

    @cached_property
    def node_modules(self) -> Path:
        """``ws`` and ``socket.io``, fetched from npm."""
        if not (shutil.which("node") and shutil.which("npm")):
            raise Missing("There is no node with npm; ws and socket.io were left out.")
        folder = self.folder / "node"
        folder.mkdir()
        shutil.copy(HERE / "peers" / "rooms.js", folder)
        quietly = ["--no-audit", "--no-fund", "--silent", "--prefix", folder]
        try:
            subprocess.run(
                ["npm", "install", *quietly, "ws", "socket.io"],
                check=True, timeout=PATIENCE_S, capture_output=True,
            )  # fmt: skip
        except subprocess.SubprocessError:
            raise Missing("npm was not reachable; ws and socket.io were left out.") from None
        return folder

    @cached_property
    def redis(self) -> str:
        """The address of a Valkey that ends with the lab."""
        return self.stack.enter_context(valkey())["REDIS_URL"]

    @contextmanager
    def serving(
        self, kind: Kind, *, core: int | None = machine.SERVER, **more: str
    ) -> Iterator[Server]:
        """A server of ``kind`` on its own core, with a copy of the data, until the block ends."""
        port, data = free_port(), self.folder / f"data-{next(self.turns)}"
        shutil.copytree(self.data, data)
        kept = {name: value for name, value in os.environ.items() if name not in APART}
        own = {"DATA_DIR": str(data), "PORT": str(port), "PYTHONPATH": str(ROOT)}
        redis = {"REDIS_URL": self.redis} if kind.redis else {}
        command = [part.format(port=port, lab=self, python=sys.executable) for part in kind.command]
        try:
            with (
                (data / "log").open("wb") as log,
                process(
                    command, lambda: answers(port), 15, cwd=ROOT, stdout=log, stderr=log,
                    env={**kept, **own, **redis, **dict(kind.environment), **more},
                    preexec_fn=machine.pinned(core),
                ) as started,
            ):  # fmt: skip
                if kind.ours:
                    require_level(kind, port)
                yield Server(kind, port, machine.family(started.pid), data)
        except RuntimeError as trouble:
            said = (data / "log").read_text(errors="replace").strip().splitlines()[-1:]
            raise RuntimeError(f"{trouble} Its last words: {said}") from trouble
        shutil.rmtree(data, ignore_errors=True)

    @contextmanager
    def reading(self, server: Server, path: str = "") -> Iterator[Load]:
        """A generator for ``server``; ``path`` instead of the kind's own address."""
        kind = server.kind
        with loading(
            self.load, server.port, path or kind.path, kind.complete, kind.protocol
        ) as load:
            yield load

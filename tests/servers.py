"""The real server as a process of its own, for what only a running town can show.

It has its own data folder and databases, can be killed and comes back. Deliberately absent:
Django's live server, which shares our process, our clock and our connections.
"""

import os
import re
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Hashable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import ClassVar
from uuid import uuid4

import psycopg

from tests.paths import ROOT
from tests.services import free_port

PATIENCE_S = 60
ESTABLISHED = "01"  # proc(5): address, address of the other end, state
OPEN_POLL = "from tests.voting import polls; print(polls.opened().pk)"
OWN_TO_EACH = {"SITE_ORIGIN", "BOOTH_ORIGIN", "EMAIL_URL", "LIMITS", "REDIS_URL"}
"""What tables know nothing of."""
OURS = ("DATABASE_URL", "BALLOTS_DATABASE_URL", "DJANGO_SETTINGS_MODULE", "PORT", "DATA_DIR")


class Server:
    """A town on two origins: ``site`` for pages, ``booth`` for ballots; both end without a slash.

    ``serve`` are arguments of its command and ``variables`` go into its environment. Mails land
    as files, one a message, in ``mails()``. Another ``root`` is another release of the program.
    """

    root = ROOT
    _prepared: ClassVar[dict[Hashable, dict[str, bytes]]] = {}

    def __init__(self, folder: Path, *serve: str, **variables: str):
        shared = {name: value for name, value in variables.items() if name not in OWN_TO_EACH}
        self._kind = tuple(sorted(shared.items()))
        self.folder, self.port, self._serve = folder, free_port(neighbours=1), serve
        self.site = f"http://127.0.0.1:{self.port}"
        self.booth = f"http://localhost:{self.port}"
        self.process: subprocess.Popen | None = None
        self._on_server = os.environ.get("DATABASE_URL", "")
        self._name = f"town_{uuid4().hex}"
        kept = {name: value for name, value in os.environ.items() if name not in OURS}
        self.environment = {
            **kept,
            **self._databases(),
            "DATA_DIR": str(folder),
            "PORT": str(self.port),
            "SITE_ORIGIN": self.site,
            "BOOTH_ORIGIN": self.booth,
            "EMAIL_URL": f"filemail://{folder}/mail",
            "PYTHONUNBUFFERED": "1",
            **variables,
        }

    def manage(self, *arguments: str) -> str:
        """Run a management command on the same data; its output, or an error with all it said."""
        done = subprocess.run(
            [sys.executable, "manage.py", *arguments],
            cwd=self.root,
            env=self.environment,
            text=True,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            check=False,
        )
        assert done.returncode == 0, f"manage.py {' '.join(arguments)}:\n{done.stdout}"
        return done.stdout

    def prepare(self) -> None:
        """Make its tables. On SQLite they are a copy of those that the first such town made:
        all migrations together take longer than most of what is done in a town.
        """
        kind, has_tables = (self.root, self._kind), any(self.folder.glob("*.sqlite3"))
        if self._on_server or has_tables or "DEBUG" in self.environment:
            self.manage("prepare")
        elif kind in self._prepared:
            for name, content in self._prepared[kind].items():
                (self.folder / name).write_bytes(content)
        else:
            self.manage("prepare")
            made = {file.name: file.read_bytes() for file in self.folder.glob("*.sqlite3*")}
            self._prepared[kind] = made

    def start(self) -> None:
        """Serve, and return once ``/readyz`` says so."""
        with (self.folder / "server.log").open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "manage.py", "serve", *self._serve],
                cwd=self.root,
                env=self.environment,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        end = time.monotonic() + PATIENCE_S
        while not self.is_ready():
            assert self.process.poll() is None, f"The server ended:\n{self.log()[-4000:]}"
            assert time.monotonic() < end, f"The server is not ready:\n{self.log()[-4000:]}"
            time.sleep(0.05)

    def is_ready(self) -> bool:
        """Whether ``/readyz`` answers 200."""
        try:
            with urllib.request.urlopen(f"{self.site}/readyz", timeout=5) as answer:
                return answer.status == 200
        except (urllib.error.URLError, OSError):
            return False

    def kill(self) -> None:
        """End it and all it started this instant, as a power cut would (``kill -9``)."""
        self._end(signal.SIGKILL)

    def stop(self) -> None:
        """Ask it to end, as a deployment would; a minute later insist."""
        self._end(signal.SIGTERM)

    def restart(self) -> None:
        """Kill and start again on the same data and port."""
        self.kill()
        self.start()

    def log(self) -> str:
        """Everything it has printed."""
        path = self.folder / "server.log"
        return path.read_text(errors="replace") if path.exists() else ""

    def mails(self) -> list[str]:
        """The mails it has sent, oldest first."""
        files = sorted((self.folder / "mail").glob("*"), key=lambda file: file.stat().st_mtime_ns)
        return [file.read_text() for file in files]

    def close(self) -> None:
        """Stop, and drop its databases where they lie on a server."""
        if self.process:
            self.stop()
        if self._on_server:
            with psycopg.connect(self._on_server, autocommit=True) as connection:
                for name in (self._name, f"{self._name}_ballots"):
                    connection.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")

    def _end(self, how: signal.Signals) -> None:
        assert self.process, "not started"
        if self.process.poll() is None:
            os.killpg(self.process.pid, how)
        try:
            self.process.wait(PATIENCE_S)
        except subprocess.TimeoutExpired:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()

    def _databases(self) -> dict[str, str]:
        if not self._on_server:
            return {}
        people = re.sub(r"/[^/?]*(\?|$)", rf"/{self._name}\1", self._on_server, count=1)
        return {"DATABASE_URL": people}


def visitors(port: int) -> list[int]:
    """The ports from which connections to ``port`` of this machine stand open, as it sees them."""
    rows = [line.split() for line in Path("/proc/net/tcp").read_text().splitlines()[1:]]
    held = [row for row in rows if row[1].endswith(f":{port:04X}") and row[3] == ESTABLISHED]
    return [int(row[2].rpartition(":")[2], 16) for row in held]


@contextmanager
def serving(server: Server, *commands: Sequence[str]) -> Iterator[list[str]]:
    """``server`` on fresh tables until the block ends; yields what each of ``commands`` printed.

    They are its own management commands, run before its worker could lay hands on what they make.
    """
    try:
        server.prepare()
        printed = [server.manage(*command) for command in commands]
        server.start()
        yield printed
    finally:
        server.close()

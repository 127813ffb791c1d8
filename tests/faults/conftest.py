"""A town under fire: a server process, polls made in its databases, and plain HTTP to reach it."""

import http.client
import json
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier
from typing import Any, NamedTuple
from urllib.parse import urlsplit

import pytest

from tests.servers import Server, serving
from voting.client import Voter
from voting.domain import tiles
from voting.domain.manifest import Manifest

PATIENCE_S = 60


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.faults)


class Answer(NamedTuple):
    status: int
    body: bytes
    headers: dict[str, str]

    @property
    def code(self) -> str:
        return json.loads(self.body)["code"] if self.status >= 400 else ""


class Town:
    """The server's addresses as a program sees them; each request on a connection of its own."""

    def __init__(self, server: Server):
        self.server = server

    def poll(self, **fields: Any) -> str:
        """A new poll's key, handed over to the server's own worker, and open."""
        asked = {"batch_every_s": 1, "batch_max_delay_s": 10, "batch_min": 3, **fields}
        code = f"from tests.voting import polls; print(polls.preparing(**{asked!r}).pk)"
        key = self.server.manage("shell", "-c", code).split()[-1]
        self.wait(lambda: self.state(key) == "open")
        return key

    def act(self, key: str, code: str) -> str:
        """Run Python on ``poll`` in the server's databases."""
        start = f"from tests.voting import polls; poll = polls.Poll.objects.get(pk={key!r}); "
        return self.server.manage("shell", "-c", start + code)

    def state(self, key: str) -> str:
        answer = self.get(f"/polls/{key}/tally.json")
        return json.loads(answer.body)["state"] if answer.status == 200 else ""

    def manifest(self, key: str) -> Manifest:
        return Manifest.parse(self.get(f"/polls/{key}/manifest.json").body)

    def voter(self, manifest: Manifest) -> Voter:
        """Somebody with a browser session of their own who has collected a pass."""
        new = Voter.new(manifest)
        new.finish(self.collect(manifest.poll, new.blinded, self.session(manifest.poll)).body)
        return new

    def session(self, key: str) -> dict[str, str]:
        """The headers of a fresh browser that has looked at a poll."""
        line = http.client.HTTPConnection(urlsplit(self.server.site).netloc, timeout=PATIENCE_S)
        line.request("GET", f"/polls/{key}/pass")
        answer = line.getresponse()
        answer.read()
        set_cookies = [v for k, v in answer.getheaders() if k.lower() == "set-cookie"]
        line.close()
        cookies = dict(value.split(";", 1)[0].split("=", 1) for value in set_cookies)
        return {
            "Cookie": "; ".join(f"{name}={value}" for name, value in cookies.items()),
            "X-CSRFToken": cookies["csrftoken"],
            "Origin": self.server.site,
            "Content-Type": "application/octet-stream",
        }

    def collect(self, key: str, blinded: bytes, session: dict[str, str]) -> Answer:
        return self.ask("POST", self.server.site, f"/polls/{key}/pass", blinded, session)

    def cast(self, key: str, raw: bytes) -> Answer:
        kind = {"Content-Type": "text/plain"}
        return self.ask("POST", self.server.booth, f"/booth/{key}/ballots", raw, kind)

    def get(self, path: str) -> Answer:
        return self.ask("GET", self.server.site, path)

    def ask(
        self, method: str, origin: str, path: str, body: bytes | None = None,
        headers: dict[str, str] | None = None,
    ) -> Answer:  # fmt: skip
        line = http.client.HTTPConnection(urlsplit(origin).netloc, timeout=PATIENCE_S)
        try:
            line.request(method, path, body, headers or {})
            answer = line.getresponse()
            return Answer(answer.status, answer.read(), dict(answer.getheaders()))
        finally:
            line.close()

    def entries(self, key: str) -> list[dict[str, Any]]:
        """Every entry of the log, decoded, as anybody reads them."""
        size = int(self.get(f"/booth/{key}/checkpoint").body.split(b"\n")[1])
        found: list[bytes] = []
        for tile in tiles.all_tiles(size):
            if tile.level is None:
                found += tiles.unbundle(self.get(f"/booth/{key}/tile/{tiles.path(tile)}").body)
        return [json.loads(entry) for entry in found]

    def wait(self, done: Callable[[], Any], patience: float = PATIENCE_S) -> None:
        end = time.monotonic() + patience
        while not done():
            assert time.monotonic() < end, f"waited in vain:\n{self.server.log()[-3000:]}"
            time.sleep(0.1)


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    """One server for the tests of a file that leave it running."""
    server = Server(tmp_path_factory.mktemp("town"), LIMITS="false")
    with serving(server):
        yield Town(server)


@pytest.fixture
def together() -> Iterator[Callable[..., list[Any]]]:
    """Run ``act(0) … act(times - 1)`` in as many threads, started by one shot."""
    pool = ThreadPoolExecutor(max_workers=200)

    def run(act: Callable[[int], Any], times: int) -> list[Any]:
        shot = Barrier(times)

        def one(number: int) -> Any:
            shot.wait(timeout=PATIENCE_S)
            return act(number)

        return list(pool.map(one, range(times)))

    yield run
    pool.shutdown()

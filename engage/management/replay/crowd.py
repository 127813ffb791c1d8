"""A crowd of voters at the real endpoints: each with a session, a pass and a ballot of its own.

Every step may be repeated after a lost connection or a killed server, with the same bytes: that
is what the protocol promises. No database here.
"""

import http.client
import json
import random
import threading
import time
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from voting.client import Voter, check_promise
from voting.domain.manifest import Manifest

PATIENCE_S = 120.0
Answer = tuple[int, bytes, list[tuple[str, str]]]


class Unserved(Exception):
    """The server refused what it should have taken, or stayed away too long."""


class Line(threading.local):
    """One keep-alive connection a thread and host; a broken one is opened again."""

    def __init__(self) -> None:
        self.open: dict[str, http.client.HTTPConnection] = {}

    def ask(self, method: str, url: str, body: bytes | None, headers: dict[str, str]) -> Answer:
        """The answer to one request, tried again until ``PATIENCE_S`` is over."""
        until, pause = time.monotonic() + PATIENCE_S, 0.05
        while True:
            try:
                status, content, fields = self._once(method, url, body, headers)
                if status not in (429, 502, 503):
                    return status, content, fields
            except (OSError, http.client.HTTPException):
                self.open.pop(urlsplit(url).netloc, None)
            if time.monotonic() > until:
                raise Unserved(f"{method} {url}: no answer within {PATIENCE_S:.0f} s")
            time.sleep(pause * (0.5 + random.random()))  # noqa: S311  spreads the retries
            pause = min(pause * 2, 2.0)

    def _once(self, method: str, url: str, body: bytes | None, headers: dict[str, str]) -> Answer:
        parts = urlsplit(url)
        line = self.open.get(parts.netloc)
        if line is None:
            line = self.open[parts.netloc] = http.client.HTTPConnection(parts.netloc, timeout=60)
        line.request(method, parts.path, body, headers)
        answer = line.getresponse()
        return answer.status, answer.read(), answer.getheaders()


@dataclass
class Elector:
    """A voter with the choice it will make, and what it holds by now."""

    voter: Voter
    choice: Any
    leaf: bytes = b""
    cookies: dict[str, str] = field(default_factory=dict)


class Crowd:
    """``size`` voters at a time at the poll behind ``page`` (its public address)."""

    def __init__(self, page: str, manifest: Manifest, size: int) -> None:
        self.page, self.manifest, self.size = page, manifest, size
        self.line = Line()
        self.origin = "{0.scheme}://{0.netloc}".format(urlsplit(page))
        state = json.loads(self._good(self.line.ask("GET", f"{page}pass", None, {})))
        self.booth = state["booth"]
        self.promised: list[str] = []

    def collect(self, choices: Iterable[Any], tell: Callable[[], None]) -> list[Elector]:
        """A pass for every choice; the electors come back shuffled, as people vote."""
        electors = [Elector(Voter.new(self.manifest), choice) for choice in choices]
        self._each(self._collect_one, electors, tell)
        random.shuffle(electors)
        return electors

    def cast(self, electors: list[Elector], tell: Callable[[], None]) -> None:
        """Every elector's ballot into the box, each promise checked."""
        self._each(self._cast_one, electors, tell)

    def _each(
        self, act: Callable[[Elector], None], electors: list[Elector], tell: Callable[[], None]
    ) -> None:
        with ThreadPoolExecutor(self.size) as pool:
            for _done in pool.map(act, electors):
                tell()

    def _collect_one(self, elector: Elector) -> None:
        _status, _body, fields = self.line.ask("GET", f"{self.page}pass", None, {})
        elector.cookies = _cookies(fields)
        headers = {
            "Content-Type": "application/octet-stream",
            "Origin": self.origin,
            "X-CSRFToken": elector.cookies["csrftoken"],
            "Cookie": "; ".join(f"{k}={v}" for k, v in elector.cookies.items()),
        }
        answer = self.line.ask("POST", f"{self.page}pass", elector.voter.blinded, headers)
        elector.voter.finish(self._good(answer))
        elector.leaf = elector.voter.ballot(elector.choice)

    def _cast_one(self, elector: Elector) -> None:
        headers = {"Content-Type": "text/plain"}
        answer = self.line.ask("POST", f"{self.booth}ballots", elector.leaf, headers)
        promise = check_promise(self._good(answer, 202), elector.leaf, self.manifest)
        self.promised.append(promise.leaf)

    @staticmethod
    def _good(answer: Answer, wanted: int = 200) -> bytes:
        status, body, _fields = answer
        if status != wanted:
            raise Unserved(f"{status}: {body[:300].decode(errors='replace')}")
        return body


def _cookies(fields: list[tuple[str, str]]) -> dict[str, str]:
    set_cookies = [value for name, value in fields if name.lower() == "set-cookie"]
    return dict(value.split(";", 1)[0].split("=", 1) for value in set_cookies)

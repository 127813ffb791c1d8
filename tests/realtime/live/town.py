"""A town of one page, made for ``live.js``: it can be silenced, refused, killed and made to lie.

Deliberately absent: anything of the real server. What it sends is written out in each test.
"""

import json
import threading
import time
from collections.abc import Callable
from datetime import datetime
from hashlib import sha256
from http import HTTPStatus
from random import Random
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Page
from websockets.datastructures import Headers
from websockets.exceptions import ConnectionClosed
from websockets.http11 import Request, Response
from websockets.sync.server import ServerConnection, serve

from realtime.templatetags.presence import here_words
from realtime.templatetags.sockets import close_sentences
from tests.paths import ROOT

TOPIC = "poll.7"
PATIENCE_S = 30
PAGE = """<!doctype html><html lang="en"><meta charset="utf-8"><title>Poll</title>
<link rel="icon" href="data:,">
<main data-topic="poll.7" data-since="{since}" data-version="3"><h1>Poll</h1>
<p class="conn conn--away" data-live-text="Live" data-away-text="Catching up"
 data-paused-text="Paused. Numbers from {{time}}" data-since-text="Numbers from {{time}}"
 data-off-text="No connection. Numbers from {{time}}">As of <time datetime="{made}">19:38</time></p>
<p id="here" data-live-here data-fewer="Fewer than five people are here"{here} hidden></p>
<p id="new" data-live-new hidden>A newer version is ready. <a href="/">Load it</a></p>
<p id="out" data-live-ended="4401" hidden>Signed out. <a href="/sign-in">Sign in again</a></p>
<p data-live="changed" hidden>This poll has just changed. <a href="/">Show it</a></p>
<p data-live="poll.closed" hidden>This poll has closed. <a href="/">Show the result</a></p>
<p data-more-text="{{ballots}} ballots, {{more}} more">
<b id="ballots" data-live="ballots">10</b><b id="percent" data-live="percent">10</b>
<b id="size" data-live="size">3</b></p>
<div class="gauge" role="img" aria-label="Of 100 people 10 have voted">
<svg viewBox="0 0 20 5"><path class="on" d=""/></svg></div>
<ul><li><b data-live-number="a">4</b>
<svg class="bar bar--lead"><rect data-live-bar="a" width="40%"/></svg></li>
<li><b data-live-number="b">3</b>
<svg class="bar"><rect data-live-bar="b" width="30%"/></svg></li></ul>
<section id="part" data-live-fragment>{part}</section>
<section id="ballot" data-live-fragment><form><label>Words <input id="words"></label></form>
</section></main><p id="status" role="status"></p>{sentences}
<script type="module" src="/static/engage/live.js" data-live-release="0123abc1"
 data-live-me="{me}"></script></html>"""
POLICY = "default-src 'none'; script-src 'self'; connect-src 'self' ws://127.0.0.1:*; img-src data:"


class Town:
    """Serves one page, its sockets and its polls; ``asked`` keeps every handshake's topics.

    ``facts`` are told again to whoever says what it has seen; ``spoil`` may lose, double or swap.
    ``strangers`` are texts that the network gives in the place of the next answers to asking.
    """

    def __init__(self, html: str = PAGE) -> None:
        self.html = html
        self.since, self.part, self.refuse, self.broken = 5, "before", False, False
        self.made = datetime.now().astimezone()
        self.signed_out, self.me = False, ""
        self.strangers: list[str] = []
        self.facts: dict[int, dict[str, Any]] = {}
        self.gauges: list[dict[str, Any]] = []
        self.spoil: Random | None = None
        self.asked: list[str] = []
        self.queries: list[dict[str, list[str]]] = []
        self.heard: list[dict[str, Any]] = []
        self.polls: list[tuple[str, int]] = []
        self.loads = 0
        self.silent = False
        self.sockets: list[ServerConnection] = []
        self.arrived = threading.Semaphore(0)
        self.port = 0
        self.start()

    def start(self) -> None:
        self.server = serve(
            self.follow, "127.0.0.1", self.port, process_request=self.answer, close_timeout=0.2
        )
        self.port = self.server.socket.getsockname()[1]
        threading.Thread(target=self.server.serve_forever).start()

    def stop(self) -> None:
        self.server.shutdown()
        for socket in self.sockets:
            socket.socket.close()
        self.sockets.clear()

    def answer(self, _connection: ServerConnection, request: Request) -> Response | None:
        path = urlsplit(request.path).path
        if path == "/ws/":
            return Response(403, "Forbidden", Headers()) if self.refuse else None
        if path.startswith("/live/"):
            return self.poll(request)
        if path.startswith("/static/engage/"):
            script = ROOT / "engage" / path.removeprefix("/")
            return page(script.read_text(), "text/javascript")
        self.loads += 1
        if self.broken:
            return page("", "text/html", HTTPStatus.SERVICE_UNAVAILABLE)
        if self.signed_out:
            return page("<!doctype html><title>Sign in</title><h1>Sign in</h1>", "text/html")
        words = {
            "me": self.me,
            "since": self.since,
            "part": self.part,
            "here": here_words(),
            "made": self.made,
        }
        return page(self.html.format(sentences=close_sentences(), **words), "text/html")

    def poll(self, request: Request) -> Response:
        """The envelopes that a socket would bring, with a tag, as ``/live/`` gives them."""
        if self.strangers:
            self.polls.append((request.path, 0))
            return page(self.strangers.pop(0), "application/json")
        since = int(parse_qs(urlsplit(request.path).query).get("since", [self.since])[0])
        messages = [*self.gauges, *self.after(since), {"t": TOPIC, "at": self.since}]
        body = json.dumps({"messages": messages})
        etag = f'"{sha256(body.encode()).hexdigest()}"'
        same = request.headers.get("If-None-Match") == etag
        status = HTTPStatus.NOT_MODIFIED if same else HTTPStatus.OK
        self.polls.append((request.path, int(status)))
        return page("" if same else body, "application/json", status, etag)

    def after(self, since: int) -> list[dict[str, Any]]:
        return [self.facts[n] for n in sorted(self.facts) if n > since]

    def follow(self, socket: ServerConnection) -> None:
        self.queries.append(parse_qs(urlsplit(socket.request.path).query))
        self.asked += self.queries[-1]["topics"]
        self.sockets.append(socket)
        if not self.silent:
            self.say(at=self.since)
        self.arrived.release()
        try:
            for text in socket:
                self.hear(json.loads(text))
        except ConnectionClosed:
            return

    def hear(self, message: dict[str, Any]) -> None:
        self.heard.append(message)
        if "seen" in message and self.facts:
            for fact in self.after(int(message["seen"].partition(":")[2])):
                self.send(fact)
            self.say(at=self.since)

    def say(self, **message: Any) -> None:
        self.send({"t": TOPIC, **message})

    def send(self, message: dict[str, Any]) -> None:
        for socket in self.sockets:
            try:
                socket.send(json.dumps(message))
            except (ConnectionClosed, OSError):
                continue

    def happen(self, kind: str, html: str | None = None) -> None:
        """A fact for the journal, told at once."""
        self.since += 1
        fact = {"t": TOPIC, "n": self.since, "k": kind, "d": {}}
        self.facts[self.since] = fact if html is None else {**fact, "h": html}
        self.send(self.facts[self.since])

    def show(self, version: int, ballots: int, **totals: int) -> None:
        data = {"ballots": ballots, "roll": 100, "totals": totals}
        self.gauges = [{"t": TOPIC, "g": "tally", "v": version, "d": data}]
        self.send(self.gauges[0])

    def close(self, code: int, reason: str = "") -> None:
        for socket in self.sockets:
            socket.close(code, reason)
        self.sockets.clear()

    def wait(self, condition: Callable[[], Any]) -> Any:
        end = time.monotonic() + PATIENCE_S
        while not (found := condition()):
            assert time.monotonic() < end, "It did not come about."
            time.sleep(0.02)
        return found


def page(
    text: str, kind: str, status: HTTPStatus = HTTPStatus.OK, etag: str | None = None
) -> Response:
    body = text.encode()
    headers = Headers({"Content-Type": f"{kind}; charset=utf-8", "Content-Length": str(len(body)),
                       "Content-Security-Policy": POLICY, "Connection": "close"})  # fmt: skip
    if etag:
        headers["ETag"], headers["Cache-Control"] = etag, "public, max-age=0"
    return Response(status, status.phrase, headers, body)


def forward(opened: Page, seconds: int) -> None:
    """Let time pass, a second at a time, as it does for a page that is awake."""
    for _ in range(seconds):
        opened.clock.fast_forward(1000)


def arrive(opened: Page) -> None:
    """Until the town has heard whatever the page asked before."""
    opened.evaluate("fetch('/static/engage/topic.js', {cache: 'no-store'})")


def wait_for_socket(opened: Page, town: Town, most: int = 31) -> float:
    """Until the page has come back; after how many seconds, by its clock, it set out to.

    While it knocks, its clock runs as usual: a busy machine must not seem a silent server.
    """
    before = opened.evaluate("Date.now()")
    for _second in range(most):
        forward(opened, 1)
        knocks = opened.evaluate("sockets.at(-1).readyState === WebSocket.CONNECTING")
        if town.arrived.acquire(timeout=10 if knocks else 0.2):
            return (opened.evaluate("sockets.at(-1).since") - before) / 1000
    pytest.fail(f"The page did not come back within {most} seconds.")


KEEP_SOCKETS = """
  sockets = [];
  WebSocket = class extends WebSocket {
    constructor(...address) {
      super(...address);
      this.since = Date.now();
      sockets.push(this);
    }
  };
"""

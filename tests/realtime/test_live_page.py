"""``live.js`` in a real browser, against a server that we can silence, refuse and kill."""

import json
import re
import threading
from collections.abc import Callable, Iterator
from http import HTTPStatus
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Browser, Page, expect
from websockets.datastructures import Headers
from websockets.exceptions import ConnectionClosed
from websockets.http11 import Request, Response
from websockets.sync.server import ServerConnection, serve

from realtime.codes import SENTENCES, Code
from realtime.templatetags.sockets import close_sentences
from tests.paths import ROOT

pytestmark = pytest.mark.browser

TOPIC = "poll.7"
PAGE = """<!doctype html><html lang="en"><meta charset="utf-8"><title>Poll</title>
<link rel="icon" href="data:,">
<main data-topic="poll.7" data-since="{since}" data-version="3" data-poll-phase="open"
 data-poll-url="/tally.json">
<p class="conn conn--away" data-live-text="Live" data-away-text="Catching up"
 data-paused-text="Live updates paused" data-off-text="No connection. Numbers from {{time}}"
 data-more-text="{{ballots}} ballots, {{more}} more">As of 19:38</p>
<p data-live="changed" hidden>This poll has just changed. <a href="/">Show it</a></p>
<p data-live="poll.closed" hidden>This poll has closed. <a href="/">Show the result</a></p>
<b id="ballots" data-live="ballots">10</b><b id="percent" data-live="percent">10</b>
<b id="size" data-live="size">3</b>
<div class="gauge" role="img" aria-label="Of 100 people 10 have voted">
<svg viewBox="0 0 20 5"><path class="on" d=""/></svg></div>
<ul><li><b data-live-number="a">4</b>
<svg class="bar bar--lead"><rect data-live-bar="a" width="40%"/></svg></li>
<li><b data-live-number="b">3</b>
<svg class="bar"><rect data-live-bar="b" width="30%"/></svg></li></ul>
<section id="part" data-live-fragment>{part}</section>
<section id="ballot" data-live-fragment><form><input id="words"></form></section>
</main><p id="status" role="status"></p>{sentences}
<script type="module" src="/static/engage/live.js"></script></html>"""
POLICY = "default-src 'none'; script-src 'self'; connect-src 'self' ws://127.0.0.1:*; img-src data:"


class Town:
    """Serves one page and its sockets; every handshake's topics are kept in ``asked``."""

    def __init__(self):
        self.since, self.part, self.refuse = 5, "before", False
        self.tally = {"state": "open", "version": 3, "ballots": 10, "roll": 100, "totals": {}}
        self.asked: list[str] = []
        self.heard: list[dict] = []
        self.polled = 0
        self.sockets: list[ServerConnection] = []
        self.arrived = threading.Semaphore(0)
        self.port, self.server = 0, None
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

    def answer(self, _connection, request: Request) -> Response | None:
        path = urlsplit(request.path).path
        if path == "/ws/":
            return Response(403, "Forbidden", Headers()) if self.refuse else None
        if path == "/tally.json":
            self.polled += 1
            return page(json.dumps(self.tally), "application/json")
        if path.startswith("/static/engage/"):
            script = ROOT / "engage" / path.removeprefix("/")
            return page(script.read_text(), "text/javascript")
        return page(PAGE.format(**self.words()), "text/html")

    def words(self) -> dict:
        return {"since": self.since, "part": self.part, "sentences": close_sentences()}

    def follow(self, socket: ServerConnection) -> None:
        self.asked += parse_qs(urlsplit(socket.request.path).query)["topics"]
        self.sockets.append(socket)
        self.say(at=self.since)
        self.arrived.release()
        try:
            for message in socket:
                self.heard.append(json.loads(message))
        except ConnectionClosed:
            return

    def say(self, **message) -> None:
        for socket in self.sockets:
            try:
                socket.send(json.dumps({"t": TOPIC, **message}))
            except (ConnectionClosed, OSError):
                continue

    def show(self, version: int, ballots: int, **totals: int) -> None:
        self.say(g="tally", v=version, d={"ballots": ballots, "roll": 100, "totals": totals})

    def close(self, code: int) -> None:
        for socket in self.sockets:
            socket.close(code)
        self.sockets.clear()


def page(text: str, kind: str) -> Response:
    body = text.encode()
    headers = Headers({"Content-Type": f"{kind}; charset=utf-8", "Content-Length": str(len(body)),
                       "Content-Security-Policy": POLICY, "Connection": "close"})  # fmt: skip
    return Response(HTTPStatus.OK, "OK", headers, body)


@pytest.fixture
def town() -> Iterator[Town]:
    town = Town()
    yield town
    town.stop()


@pytest.fixture(scope="module")
def chrome(launch) -> Browser:
    return launch()


@pytest.fixture
def visit(chrome, town) -> Iterator[Callable[[], Page]]:
    """Open the page; its clock runs as usual but can be put forward. Script errors fail a test."""
    context = chrome.new_context(locale="en-GB")
    errors: list[str] = []

    def act() -> Page:
        opened = context.new_page()
        opened.on("pageerror", lambda error: errors.append(str(error)))
        opened.on("console", lambda said: errors.append(said.text) if "Policy" in said.text else 0)
        opened.clock.install()
        opened.goto(f"http://127.0.0.1:{town.port}/")
        return opened

    yield act
    context.close()
    assert errors == []


@pytest.fixture
def live(visit, town) -> Page:
    opened = visit()
    assert town.arrived.acquire(timeout=10)
    expect(opened.locator(".conn")).to_have_text("Live")
    return opened


def forward(opened: Page, seconds: int) -> None:
    for _ in range(seconds):
        opened.clock.fast_forward(1000)


def wait_for_socket(opened: Page, town: Town, most: int = 31) -> None:
    for _ in range(most):
        forward(opened, 1)
        if town.arrived.acquire(timeout=0.2):
            return
    pytest.fail(f"The page did not come back within {most} seconds.")


def test_numbers_lengths_and_dots_move_in_place(live, town):
    town.show(9, 1234, a=400, b=800)
    expect(live.locator("#ballots")).to_have_text("1,234")
    expect(live.locator("#size")).to_have_text("9")
    expect(live.locator("[data-live-number=b]")).to_have_text("800")
    expect(live.locator("[data-live-bar=b]")).to_have_attribute("width", "64.83%")
    expect(live.locator("svg.bar").nth(0)).to_have_class("bar")
    expect(live.locator("svg.bar").nth(1)).to_have_class("bar bar--lead")
    town.show(10, 12, a=4, b=4)
    expect(live.locator("#percent")).to_have_text("12")
    expect(live.locator(".gauge")).to_have_attribute("aria-label", "Of 100 people 12 have voted")
    dots = "M.5 0.5h2.01M.5 1.5h2.01M.5 2.5h1.01M.5 3.5h1.01M.5 4.5h1.01"
    expect(live.locator(".on")).to_have_attribute("d", dots)


def test_a_reading_that_comes_late_is_ignored(live, town):
    town.show(9, 20)
    town.show(4, 11)
    town.show(2, 9)
    town.say(n=6, k="poll.noted", d={})
    expect(live.locator("[data-live=changed]")).to_be_visible()
    expect(live.locator("#ballots")).to_have_text("20")


def test_a_fact_shows_its_line_and_fetches_what_is_no_form(live, town):
    live.locator("#words").fill("half a thought")
    town.part = "after"
    town.say(n=6, k="poll.opened", d={})
    expect(live.locator("[data-live=changed]")).to_be_visible()
    expect(live.locator("#part")).to_have_text("after")
    town.say(n=7, k="poll.closed", d={})
    expect(live.get_by_text("This poll has closed.").first).to_be_visible()
    expect(live.locator("[data-live=changed]")).to_be_hidden()
    assert live.locator("#words").input_value() == "half a thought"
    expect(live.locator("#status")).to_contain_text("This poll has closed. Show the result")


def test_the_same_fact_twice_is_told_once_and_a_gap_is_noticed(live, town):
    live.evaluate("seen = []; document.addEventListener('fact', (e) => seen.push(e.detail.kind))")
    for number in (5, 6, 6, 9, 7, 8):
        town.say(n=number, k=f"post.{'abcdefghij'[number]}", d={})
    live.wait_for_function("seen.length === 3")
    assert live.evaluate("seen") == ["post.g", "post.h", "post.i"]
    town.say(at=9)
    live.wait_for_function("true")
    live.wait_for_timeout(200)
    assert town.heard == [{"seen": f"{TOPIC}:6"}, {"seen": f"{TOPIC}:8"}]


def test_a_reset_fetches_the_page_and_goes_on_from_there(live, town):
    town.part = "after"
    town.say(reset=True, at=200)
    expect(live.locator("#part")).to_have_text("after")
    expect(live.locator("[data-live=changed]")).to_be_visible()
    town.close(1000)
    wait_for_socket(live, town)
    assert town.asked[-1] == f"{TOPIC}:200"


@pytest.mark.adversary("B13")
def test_silence_is_never_taken_for_life(live, town):
    for _ in range(3):
        forward(live, 11)
        town.say(at=5)
        live.wait_for_timeout(100)
        expect(live.locator(".conn")).to_have_text("Live")
    town.refuse = True
    forward(live, 15)
    expect(live.locator(".conn")).to_have_text("Catching up")
    expect(live.locator(".conn")).to_have_class("conn conn--away")


@pytest.mark.adversary("B11")
def test_a_server_that_was_away_finds_the_page_where_it_was(live, town):
    town.say(n=6, k="post.added", d={})
    expect(live.locator("[data-live=changed]")).to_be_visible()
    town.stop()
    expect(live.locator(".conn")).to_have_text("Catching up")
    forward(live, 12)
    expect(live.locator(".conn")).to_have_text(
        re.compile(r"No connection\. Numbers from \d\d:\d\d")
    )
    expect(live.locator(".conn")).to_have_class("conn conn--off")
    expect(live.locator("#status")).to_contain_text("No connection.")
    town.since = 6
    town.start()
    wait_for_socket(live, town)
    expect(live.locator(".conn")).to_have_text("Live")
    assert town.asked == [f"{TOPIC}:5", f"{TOPIC}:6"]


@pytest.mark.adversary("B14")
def test_where_sockets_are_blocked_the_page_asks(visit, town):
    town.refuse = True
    town.tally |= {"version": 8, "ballots": 31}
    opened = visit()
    for _ in range(4):
        forward(opened, 4)
        opened.wait_for_timeout(200)
    expect(opened.locator("#ballots")).to_have_text("31")
    expect(opened.locator(".conn")).to_have_text("Live updates paused")
    before = town.polled
    town.tally |= {"version": 9, "ballots": 32, "state": "closed"}
    forward(opened, 16)
    expect(opened.locator("#ballots")).to_have_text("32")
    expect(opened.locator("[data-live=changed]")).to_be_visible()
    assert before < town.polled < before + 8
    town.refuse = False
    wait_for_socket(opened, town)
    expect(opened.locator(".conn")).to_have_text("Live")
    after = town.polled
    forward(opened, 5)
    assert town.polled == after


@pytest.mark.parametrize("code", [4400, 4403, 4413])
def test_after_a_final_word_the_page_does_not_come_back(live, town, code):
    town.close(code)
    expect(live.locator(".conn")).to_have_text(str(SENTENCES[Code(code)]))
    forward(live, 40)
    expect(live.locator(".conn")).to_have_text(str(SENTENCES[Code(code)]))
    assert len(town.asked) == 1
    assert town.polled


def test_a_page_that_was_too_slow_says_so_and_comes_back(live, town):
    town.close(4408)
    expect(live.locator(".conn")).to_have_text(str(SENTENCES[Code.TOO_SLOW]))
    wait_for_socket(live, town)
    expect(live.locator(".conn")).to_have_text("Live")


def test_a_page_that_wakes_comes_back_at_once(live, town):
    live.clock.fast_forward(600_000)
    assert town.arrived.acquire(timeout=10)
    expect(live.locator(".conn")).to_have_text("Live")


def test_the_status_region_sums_up_and_never_chatters(live, town):
    live.evaluate("""
        said = [];
        new MutationObserver(() => said.push(document.getElementById("status").textContent))
          .observe(document.getElementById("status"), {childList: true});
    """)
    town.show(4, 10)
    for ballots in range(11, 31):
        town.show(ballots, ballots)
        live.wait_for_timeout(20)
        forward(live, 1)
    live.wait_for_function("said.length >= 3")
    said = live.evaluate("said")
    assert len(said) <= 5
    assert said[0] == "11 ballots, 1 more"
    counted = [re.findall(r"\d+", sentence) for sentence in said]
    assert sum(int(more) for _all, more in counted) == int(counted[-1][0]) - 10


def test_the_status_region_is_silent_while_typing(live, town):
    town.show(4, 10)
    live.locator("#words").press_sequentially("a")
    town.show(5, 11)
    expect(live.locator("#ballots")).to_have_text("11")
    forward(live, 3)
    expect(live.locator("#status")).to_have_text("")
    forward(live, 4)
    expect(live.locator("#status")).to_have_text("11 ballots, 1 more")

"""A town behind a network that can fail: cut, gone silent, or closed to sockets.

Deliberately absent: a slow network. ``tests/realtime`` has slow readers.
"""

import re
import socket
import struct
import threading
import time
from pathlib import Path
from typing import Any

from playwright.sync_api import Locator, Page, expect

from tests.servers import Server

PATIENCE_MS = 90_000
PIECE = 65_536
REFUSED = b"HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
AT_ONCE = struct.pack("ii", 1, 0)  # SO_LINGER: end with a reset, as a broken network does

FILL = """
from engage.management.commands.demo import fill_people, fill_poll
from engage.management.town import SamplePoll
three = (("a", "Apples", "", None), ("b", "Pears", "", None), ("c", "Plums", "", None))
poll = fill_poll(SamplePoll(
    "What should we plant?", "", "plurality", "plurality/1", "{who}", three, "open", (-1, 6),
    (("a", 3), ("b", 2)), max_delay_s=8,
), fill_people())
print("poll", poll.pk)
"""
CAST = """
from engage.management.commands.demo import cast_one
from voting.domain.manifest import Manifest
from voting.models import Poll
poll = Poll.objects.get()
for choice in {choices!r}:
    cast_one(poll, Manifest.parse(bytes(poll.manifest)), choice)
"""
CLOSE = """
from engage.identity.models import User
from voting.models import Poll
from voting.services.closing import close_poll
close_poll(poll=Poll.objects.get(), by=User.objects.get(grants__role="organiser"))
"""
SHOWN = """() => {
    const text = (place) => place.textContent.trim().replace(/\\s+/g, " ");
    const all = (selector) => [...document.querySelectorAll(selector)].map(text);
    const bars = [...document.querySelectorAll("[data-live-bar]")];
    return {
        kind: all(".kind"), numbers: all(".num, [data-live-number]"),
        bars: bars.map((bar) => bar.getAttribute("width")),
        dots: [...document.querySelectorAll(".gauge .on")].map((path) => path.getAttribute("d")),
    };
}"""


class Proxy:
    """Between the browser and ``target``, a port of this machine. Give it connections by ``port``.

    ``cut`` ends all and refuses new ones until ``mend``; ``hush`` leaves all that are open without
    another byte and lets new ones through, as a router does that has lost its memory; ``mend``
    ends those too.
    """

    def __init__(self) -> None:
        self.listener = socket.create_server(("127.0.0.1", 0), backlog=128)
        self.port = self.listener.getsockname()[1]
        self.target = 0
        self.whole, self.without_sockets = True, False
        self._open: set[socket.socket] = set()
        self._silent: set[socket.socket] = set()
        threading.Thread(target=self._welcome, daemon=True).start()

    def cut(self) -> None:
        self.whole = False
        for line in tuple(self._open):
            self._end(line)

    def mend(self) -> None:
        self.whole = True
        silent, self._silent = self._silent, set()
        for line in silent:
            self._end(line)

    def hush(self) -> None:
        self._silent |= self._open

    def close(self) -> None:
        self.cut()
        self.listener.close()

    def _welcome(self) -> None:
        while True:
            try:
                client, _address = self.listener.accept()
            except OSError:
                return
            threading.Thread(target=self._serve, args=[client], daemon=True).start()

    def _serve(self, client: socket.socket) -> None:
        self._open.add(client)
        try:
            first = client.recv(PIECE)
            if self.without_sockets and b"upgrade: websocket" in first.lower():
                client.sendall(REFUSED)
            elif first and self.whole:
                self._join(client, first)
        except OSError:
            pass
        finally:
            self._end(client)

    def _join(self, client: socket.socket, first: bytes) -> None:
        server = socket.create_connection(("127.0.0.1", self.target))
        self._open.add(server)
        server.sendall(first)
        threading.Thread(target=self._pass_on, args=[server, client], daemon=True).start()
        self._pass_on(client, server)

    def _pass_on(self, here: socket.socket, there: socket.socket) -> None:
        """Bytes from here to there; what comes from or for the silent is dropped, and not ended."""
        try:
            while piece := here.recv(PIECE):
                if not {here, there} & self._silent:
                    there.sendall(piece)
        except OSError:
            pass
        if not {here, there} & self._silent:
            self._end(here)
            self._end(there)

    def _end(self, line: socket.socket) -> None:
        self._open.discard(line)
        if line in self._silent and self.whole:
            return
        try:
            line.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, AT_ONCE)
            line.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass
        line.close()


class Town:
    """The server as residents reach it, through the proxy, with one open poll at ``page``."""

    def __init__(self, folder: Path, who: str = "everyone") -> None:
        self.proxy = Proxy()
        self.site = f"http://127.0.0.1:{self.proxy.port}"
        booth = f"http://localhost:{self.proxy.port}"
        self.server = Server(folder, SITE_ORIGIN=self.site, BOOTH_ORIGIN=booth)
        self.proxy.target = self.server.port
        self.server.prepare()
        poll = re.search(
            r"poll (\S+)", self.server.manage("shell", "-c", FILL.format(who=who))
        ).group(1)
        self.page = f"{self.site}/polls/{poll}/"
        self.server.start()

    def cast(self, *choices: str) -> None:
        """Ballots of other residents, who have a network."""
        self.server.manage("shell", "-c", CAST.format(choices=choices))

    def end_voting(self) -> None:
        self.server.manage("shell", "-c", CLOSE)

    def close(self) -> None:
        self.server.close()
        self.proxy.close()


def line(page: Page) -> Locator:
    """What the page says of its connection."""
    return page.locator(".conn")


def expect_live(page: Page) -> None:
    expect(line(page)).to_have_text("Live", timeout=PATIENCE_MS)


def expect_not_live(page: Page, words: str) -> None:
    expect(line(page)).to_contain_text(re.compile(words), timeout=PATIENCE_MS)
    expect(line(page)).not_to_have_class(re.compile("conn--live"))


def note_the_line(page: Page) -> None:
    """Keep from now on what the line says, however short."""
    line(page).evaluate("""(line) => {
        window.said = [];
        const say = () => window.said.push(line.textContent);
        const all = { childList: true, characterData: true, subtree: true };
        new MutationObserver(say).observe(line, all);
    }""")


def expect_said(page: Page, words: str) -> None:
    """The line has said this since it was noted."""
    said = "(words) => window.said.some((text) => new RegExp(words).test(text))"
    page.wait_for_function(said, arg=words, timeout=PATIENCE_MS)


def expect_ballots(page: Page, number: int) -> None:
    expect(page.locator("[data-live=ballots]").first).to_have_text(str(number), timeout=PATIENCE_MS)


def shown(page: Page) -> dict[str, Any]:
    """All that moves: numbers, lengths, dots and the poll's phase."""
    return page.evaluate(SHOWN)


def expect_as_fresh(page: Page, town: Town) -> None:
    """The page shows what a visitor is shown who loads it now; numbers may move meanwhile."""
    fresh = page.context.new_page()
    end = time.monotonic() + PATIENCE_MS / 1000
    while True:
        fresh.goto(town.page)
        was, expected = shown(page), shown(fresh)
        if was == expected or time.monotonic() > end:
            break
    fresh.close()
    assert was == expected, f"{was}\n{expected}"

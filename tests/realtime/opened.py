"""A whole page of the town as a browser would hold it open: fetched once, then only told.

What ``live.js`` does to it and nothing else: facts in order, the newest gauge, html in the place of
the element of the same id, and a fetch where a fact brings no html or the page is sent to itself.
"""

import json
import re
from html.parser import HTMLParser

VOID = {"br", "hr", "img", "input", "link", "meta", "source", "wbr"}
DRAWN = re.compile(r"\d[\d.,]*| bar--lead|(?<=ballot)s(?= in the log)")
CLOCK = re.compile(r"<time\b.*?</time>", re.DOTALL)


class Parts(HTMLParser):
    """The elements with an id, each as its own text; ``roots`` are the ids of the outermost."""

    def __init__(self, html: str):
        super().__init__(convert_charrefs=False)
        self.found: dict[str, str] = {}
        self.roots: list[str] = []
        self._open: list[tuple[str, list[str]]] = []
        self.attributes: dict[str, str] = {}
        self.feed(CLOCK.sub("<time></time>", html))

    def handle_starttag(self, tag, attrs):
        said = dict(attrs)
        if said.get("data-topic") and "data-since" in said:
            self.attributes = said
        if not self._open and "id" in said:
            self.roots.append(said["id"])
        self._open.append((said.get("id", ""), [self.get_starttag_text()]))
        if tag in VOID:
            self._close()

    def handle_startendtag(self, tag, attrs):
        self.handle_data(self.get_starttag_text())

    def handle_endtag(self, tag):
        self._open[-1][1].append(f"</{tag}>")
        self._close()

    def handle_data(self, data):
        if self._open:
            self._open[-1][1].append(" ".join(data.split()))

    def handle_entityref(self, name):
        self.handle_data(f"&{name};")

    def handle_charref(self, name):
        self.handle_data(f"&#{name};")

    def _close(self):
        name, text = self._open.pop()
        whole = "".join(text)
        if name:
            self.found[name] = whole
        self.handle_data(whole)


class OpenPage:
    """``get(path)`` is the reader's own browser; it is asked again only where ``live.js`` would."""

    def __init__(self, get, path: str):
        self.get, self.path = get, path
        self.fetches, self.gauges, self.told = 0, {}, []
        self.renewed: set[str] = set()
        self.fetch()

    def fetch(self) -> None:
        parts = Parts(self.get(self.path))
        self.fetches += 1
        self.at = int(parts.attributes["data-since"])
        self.version = int(parts.attributes["data-version"])
        self.fragments = fragments(parts)

    def take(self, text: str) -> None:
        message = json.loads(text)
        if "g" in message:
            self.gauges[message["g"]] = message["v"], message["d"]
        elif message.get("reset"):
            self.fetch()
        elif message.get("n") == self.at + 1:
            self.at = message["n"]
            self.told.append(message)
            self._fact(message)

    def _fact(self, message: dict) -> None:
        if "h" not in message:
            at = self.at
            self.fetch()
            self.at = at
            return
        fresh = Parts(message["h"])
        for name in fresh.roots:
            if name in self.fragments and not busy(self.fragments[name]):
                self._swap(name, fresh.found[name])

    def _swap(self, name: str, html: str) -> None:
        for gone in Parts(self.fragments[name]).found:
            self.fragments.pop(gone, None)
        self.fragments |= fragments(html)
        self.renewed |= set(fragments(html))


def fragments(parts: "Parts | str") -> dict[str, str]:
    """What may be replaced, by id; without the numbers where a gauge draws them."""
    found = (parts if isinstance(parts, Parts) else Parts(parts)).found
    return {
        name: DRAWN.sub("", html) if " data-version=" in html else html
        for name, html in found.items()
        if " data-live-fragment" in html.partition(">")[0]
    }


def busy(html: str) -> bool:
    return "<form" in html or "<iframe" in html

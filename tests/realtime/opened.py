"""A whole page of the town as a browser would hold it open: fetched once, then only told.

What ``live.js`` does to it and nothing else: facts in order, the newest gauge, html in the place of
the element of the same id or where it belongs in a list, and a fetch where a fact brings no html or
the page is sent to itself.
"""

import json
import re
from html.parser import HTMLParser

VOID = {"br", "hr", "img", "input", "link", "meta", "source", "wbr"}
DRAWN = re.compile(r"\d[\d.,]*| bar--lead|(?<=ballot)s(?= in the log)")
CLOCK = re.compile(r"<time\b.*?</time>", re.DOTALL)
ITEM = re.compile(r' data-live-into="([^"]+)" data-order="([^"]+)"')


class Parts(HTMLParser):
    """The elements with an id, each as its own text; ``roots`` are the ids of the outermost."""

    def __init__(self, html: str):
        super().__init__(convert_charrefs=False)
        self.found: dict[str, str] = {}
        self.roots: list[str] = []
        self._open: list[tuple[str, list[str]]] = []
        self.attributes: dict[str, str] = {}
        self.lists: dict[str, dict[str, str]] = {}
        self.feed(CLOCK.sub("<time></time>", html))

    def handle_starttag(self, tag, attrs):
        said = dict(attrs)
        if said.get("data-topic") and "data-since" in said:
            self.attributes = said
        if "data-live-list" in said:
            self.lists[said["id"]] = said
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
        self.version = int(parts.attributes.get("data-version", -1))
        self.lists = parts.lists
        self.found = parts.found

    @property
    def fragments(self) -> dict[str, str]:
        """What may be replaced, by id; without the numbers where a gauge draws them."""
        return {
            name: DRAWN.sub("", html) if " data-version=" in html else html
            for name, html in self.found.items()
            if is_live(html)
        }

    def items(self, within: str) -> list[str]:
        """The items of a list, in order."""
        found = {name: ITEM.search(start(html)) for name, html in self.found.items()}
        own = [(item[2], name) for name, item in found.items() if item and item[1] == within]
        return [name for _order, name in sorted(own)]

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
            if name in self.found and not busy(self.found[name]):
                self._swap(name, fresh.found[name])
            elif name not in self.found and self._belongs(fresh.found[name]):
                self._put(fresh.found[name])

    def _belongs(self, html: str) -> bool:
        item = ITEM.search(start(html))
        bounds = self.lists.get(item[1]) if item else None
        if bounds is None:
            return False
        return bounds.get("data-after", "") < item[2] < bounds.get("data-until", "~")

    def _swap(self, name: str, html: str) -> None:
        old = self.found[name]
        for gone in Parts(old).found:
            self.found.pop(gone, None)
        for around, text in self.found.items():
            self.found[around] = text.replace(old, html)
        self._put(html)

    def _put(self, html: str) -> None:
        fresh = Parts(html).found
        self.found |= fresh
        self.renewed |= {name for name, html in fresh.items() if is_live(html)}


def start(html: str) -> str:
    return html.partition(">")[0]


def is_live(html: str) -> bool:
    """What is a reader's own is no part of it: it is only ever fetched."""
    own = ' data-live-fragment="own"' in start(html)
    return not own and (" data-live-fragment" in start(html) or bool(ITEM.search(start(html))))


def busy(html: str) -> bool:
    return "<form" in html or "<iframe" in html

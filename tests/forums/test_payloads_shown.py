"""Every attack as everything that is written, on every screen: words, and never a page."""

import re
from html.parser import HTMLParser
from urllib.parse import urljoin

import pytest
from django.conf import settings
from django.test import Client

from tests import payload_screens, payload_town, payloads

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.adversary("E1"),
    pytest.mark.adversary("E3"),
    pytest.mark.adversary("E6"),
    pytest.mark.timeout(300),
]
LINKS = {"href", "src", "action", "formaction", "poster", "data", "srcset"}
NEVER = {
    "iframe",
    "object",
    "embed",
    "base",
    "style",
    "math",
    "frame",
    "applet",
    "marquee",
    "video",
}
SAFE = re.compile(r"(?:/(?![/\\])|#|\?|https?://[a-z0-9]|mailto:)[^\s\\]*", re.I)


class Screen(HTMLParser):
    """What a page holds that a browser would act on; ``wrong`` lists what it should not."""

    def __init__(self, html):
        super().__init__()
        self.wrong, self.next, self.ids = [], "", []
        self.feed(html)

    def handle_starttag(self, tag, attributes):
        found = dict(attributes)
        if found.get("rel") == "next":
            self.next = found["href"]
        booth = tag == "iframe" and (found.get("src") or "").startswith(settings.BOOTH_ORIGIN)
        own = tag == "script" and (found.get("src") or "").startswith("/static/")
        if (tag in NEVER and not booth) or (tag == "script" and not own):
            self.data(tag, found)
        for name, value in found.items():
            if name.startswith(("on", "hx-on", "data-hx")) or name in {"style", "srcdoc"}:
                self.wrong.append((tag, name, value))
            if name in LINKS and tag != "script" and not SAFE.fullmatch(value or "#"):
                self.wrong.append((tag, name, value))
        if tag == "img" and not (found.get("src") or "").startswith("/"):
            self.wrong.append((tag, "src", found.get("src")))
        self.ids += [found["id"]] if found.get("id") else []

    def data(self, tag, found):
        if not (tag == "script" and found.get("type") == "application/json"):
            self.wrong.append((tag, found))


@pytest.fixture
def client_of():
    def opened(session):
        client = Client(headers={"accept": "text/html"})
        if session:
            client.cookies["sessionid"] = session
        return client

    return opened


def test_every_screen_shows_words(client_of):
    filled = payload_town.fill(every=8)
    for who, path in payload_screens.screens(filled):
        client, address = client_of(filled.get(who, "")), path
        for _page in range(10):
            answer = client.get(address)
            assert answer.status_code == 200, (who, address)
            screen = Screen(answer.content.decode())
            assert screen.wrong == [], (who, address)
            assert len(set(screen.ids)) == len(screen.ids), (who, address)
            if not screen.next:
                break
            address = urljoin(address, screen.next.partition("#")[0])


def test_what_is_asked_for_is_words(client_of):
    client = client_of("")
    for text in payloads.attacks()[::16]:
        for answer in (
            client.get("/forum/search/", {"q": text}),
            client.get(f"/{text}".replace("?", "").replace("#", "")),
            client.get("/forum/", {"lang": text, "after": text, "page": text}),
        ):
            assert answer.status_code in (200, 301, 302, 400, 404, 429), text
            if answer.status_code in (200, 400, 404):
                assert Screen(answer.content.decode()).wrong == [], text


def test_a_preview_is_what_markdown_makes(client_of):
    filled = payload_town.fill(every=200)
    client = client_of(filled["anna"])
    for text in payloads.attacks()[::5]:
        html = client.post("/forum/preview/", {"text": text}).content.decode()
        assert Screen(html).wrong == [], text


@pytest.mark.adversary("E8")
def test_feeds_are_well_formed(client_of):
    from xml.dom import minidom  # our own words, escaped; nothing is fetched

    filled = payload_town.fill(every=10)
    for path in (
        "/forum/feed/",
        f"/forum/{filled['place']}/feed/",
        f"/threads/{filled['thread']}/feed/",
    ):
        answer = client_of("").get(path)
        assert answer.status_code == 200
        feed = minidom.parseString(answer.content)
        assert feed.getElementsByTagName("entry")
        assert not feed.getElementsByTagName("script")

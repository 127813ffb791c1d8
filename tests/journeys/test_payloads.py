"""Every attack as everything that is written, before a real browser: nothing runs, nothing leaves.

Each page is opened with traps: dialogs, requests to anybody else, reports of the page's own policy,
and a name that attacks would set. Deliberately absent: what the pages look like otherwise.
"""

import json
import re
from collections.abc import Iterator
from urllib.parse import quote, urlsplit

import pytest
from playwright.sync_api import Page

from tests import payload_town, payloads
from tests.journeys.weather import expect_live
from tests.servers import Server, serving

pytestmark = [
    pytest.mark.adversary("E1"),
    pytest.mark.adversary("E2"),
    pytest.mark.adversary("E3"),
    pytest.mark.adversary("E6"),
    pytest.mark.adversary("E9"),
    pytest.mark.timeout(420),
]
FILL = "from tests import payload_town as town; print(town.told(town.fill(every={every})))"
POST = """
from engage.identity.models import User
from forums.models import Thread
from tests import payloads
from tests.forums import forum
author = User.objects.get(email="a0@town.example")
forum.post(Thread.objects.get(pk={thread}), author, text="\\n\\n".join(payloads.OWN))
"""
TRAPS = """
window.__reports = [];
for (const name of ["alert", "confirm", "prompt", "print"]) {
  window[name] = (...given) => { window.__reports.push(`${name}(${given})`); };
}
document.addEventListener("securitypolicyviolation", (event) => {
  window.__reports.push(`${event.violatedDirective} ${event.blockedURI} ${event.sample}`);
});
"""
FOUND = """() => [
  ...window.__reports,
  ...(window.__pwned === undefined ? [] : ["ran"]),
  ...(document.createElement instanceof Function ? [] : ["clobbered"]),
]"""
MOST_PAGES = 3


class Trapped:
    """A page of somebody's with every trap set; what was caught is in ``caught``."""

    def __init__(self, page: Page, site: str):
        self.page, self.site, self.caught = page, site, []
        page.add_init_script(TRAPS)
        page.on("dialog", lambda dialog: (self.caught.append(dialog.message), dialog.dismiss()))
        page.context.on("request", self.asked)
        page.on("console", self.said)

    def asked(self, request) -> None:
        if urlsplit(request.url).scheme not in ("data", "blob") and not request.url.startswith(
            self.site
        ):
            self.caught.append(request.url)

    def said(self, message) -> None:
        if "Content Security Policy" in message.text:
            self.caught.append(message.text)

    def look(self, address: str) -> None:
        """Open it, wait until its scripts are done, and see what was caught."""
        self.page.goto(address, wait_until="load")
        self.seen(address)

    def seen(self, where: str) -> None:
        self.caught += self.page.evaluate(FOUND)
        assert self.caught == [], where


@pytest.fixture(scope="module")
def town(tmp_path_factory) -> Iterator[Server]:
    server = Server(tmp_path_factory.mktemp("payloads"))
    with serving(server, ["shell", "-c", FILL.format(every=8)]) as printed:
        server.filled = json.loads(re.search(r"filled (\{.*\})", printed[0])[1])
        yield server


@pytest.fixture(scope="module")
def filled(town: Server) -> dict:
    return town.filled


@pytest.fixture
def visit(town: Server, someone, filled):
    opened: dict[str, Trapped] = {}

    def visitor(who: str) -> Trapped:
        if who not in opened:
            page = someone()
            if who:
                cookie = {
                    "name": "sessionid",
                    "value": filled[who],
                    "url": town.site,
                }
                page.context.add_cookies([cookie])
            opened[who] = Trapped(page, town.site)
        return opened[who]

    return visitor


def test_no_attack_does_anything_on_any_screen(town, filled, visit):
    site = town.site
    for who, path in payload_town.screens(filled):
        trapped = visit(who)
        trapped.look(f"{site}{path}")
        for _page in range(MOST_PAGES):
            following = trapped.page.locator("a[rel=next]")
            if not following.count():
                break
            trapped.look(following.first.evaluate("link => link.href"))


def test_no_attack_does_anything_in_an_address_a_search_or_a_preview(town, filled, visit):
    site, trapped = town.site, visit("anna")
    for text in payloads.OWN[::3]:
        trapped.look(f"{site}/forum/search/?q={quote(text)}")
    for text in payloads.OWN[::8]:
        trapped.look(f"{site}/{quote(text, safe='')}")
    trapped.look(f"{site}/forum/{filled['place']}/new/")
    box = trapped.page.locator("textarea[name=text]")
    for batch in range(0, len(payloads.attacks()), 100):
        box.fill("\n\n".join(payloads.attacks()[batch : batch + 100])[:20_000])
        with trapped.page.expect_response("**/forum/preview/"):
            trapped.page.locator("[data-preview-button]").click()
        trapped.page.wait_for_timeout(100)
        trapped.seen(f"preview {batch}")


def test_no_attack_does_anything_when_it_arrives_live(town, filled, visit):
    reader = visit("")
    reader.look(f"{town.site}/threads/{filled['thread']}/?before=end")
    expect_live(reader.page)
    before = reader.page.locator("#posts > li").count()
    town.manage("shell", "-c", POST.format(thread=filled["thread"]))
    reader.page.wait_for_function(
        "before => document.querySelectorAll('#posts > li').length > before", arg=before
    )
    reader.seen("live")


def test_text_is_shown_as_it_was_typed(town, filled, visit):
    trapped = visit("")
    trapped.look(f"{town.site}/forum/")
    shown = trapped.page.evaluate("() => document.querySelector('main').textContent")
    for text in payloads.attacks()[::8][:: payload_town.A_THIRD][:100]:
        typed = payload_town.cut(text, 80)
        assert " ".join(typed.split()) in " ".join(shown.split()), typed

"""Two moderators at their open desks: what residents write comes to both, and one does not take
what the other looks at. Everything by keyboard, and nothing is loaded again.
"""

import json
import re

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.test_every_page import findings
from tests.servers import Server

FILL = """
import json
from django.conf import settings
from django.test import Client
from engage.moderation.models import Reason
from tests.forums import forum
from tests.voting import polls
backend = settings.AUTHENTICATION_BACKENDS[0]
def session(person):
    client = Client()
    client.force_login(person, backend=backend)
    return client.cookies["sessionid"].value
people = {name: polls.person("moderator", display_name=name.title()) for name in ("mora", "milo")}
people["ben"] = polls.person("resident", display_name="Ben")
reason = Reason.objects.create(
    code="names", language="en", title="It names a neighbour", statement="Leave the name out."
)
thread = forum.thread(place=forum.category(look="before"))
print("filled", json.dumps({"thread": thread.pk, **{k: session(p) for k, p in people.items()}}))
"""
WRITE = """
from forums.models import Thread
from forums.services.writing import post_reply
from engage.identity.models import User
thread = Thread.objects.select_related("category").get(pk={thread})
ben = User.objects.get(display_name="Ben")
for text in {texts!r}:
    post_reply(thread=thread, author=ben, text=text)
"""


class Desks:
    """A town in which everything is looked at first, and a browser for each of its people."""

    def __init__(self, town: Server, someone):
        printed = town.manage("shell", "-c", FILL)
        self.town, self.someone = town, someone
        self.filled = json.loads(re.search(r"filled (\{.*\})", printed)[1])

    def open(self, name: str, path: str = "/desk/", **settings) -> Page:
        size = {"width": 1000, "height": 700}
        page = self.someone(**{"viewport": size, "bypass_csp": True} | settings)
        cookie = {"name": "sessionid", "value": self.filled[name], "url": self.town.site}
        page.context.add_cookies([cookie])
        page.goto(f"{self.town.site}{path}")
        if path == "/desk/":
            expect(page.locator(".conn").first).to_contain_text("Live")
        page.evaluate("loaded = performance.timeOrigin")
        return page

    def write(self, *texts: str) -> None:
        code = WRITE.format(thread=self.filled["thread"], texts=texts)
        self.town.manage("shell", "-c", code)

    def reply(self, text: str) -> None:
        page = self.open("ben", f"/threads/{self.filled['thread']}/")
        page.locator("#answer textarea[name=text]").fill(text)
        page.get_by_role("button", name="Post reply").click()
        expect(page.locator("main")).to_contain_text("moderator")


@pytest.fixture
def desks(live_server_process: Server, someone) -> Desks:
    return Desks(live_server_process, someone)


def row(page: Page, text: str):
    return page.locator("#queue > li", has_text=text)


def stayed(page: Page) -> None:
    """It was never loaded again."""
    assert page.evaluate("performance.timeOrigin === loaded")


def fits(page: Page) -> None:
    """Nobody has to scroll sideways on a small phone."""
    page.set_viewport_size({"width": 360, "height": 700})
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.set_viewport_size({"width": 1000, "height": 700})


def test_a_text_comes_to_both_desks_is_claimed_and_decided_by_keyboard(desks):
    mora, milo = desks.open("mora"), desks.open("milo")
    desks.reply("It was Mr Mill again.")
    for page in (mora, milo):
        expect(row(page, "It was Mr Mill again.")).to_be_visible()
        expect(page.get_by_text("Nothing waits")).to_be_hidden()
        stayed(page)
    assert findings(mora) == []

    mora.get_by_label("Use single keys").focus()
    mora.keyboard.press("Space")
    mora.get_by_role("heading", name="Desk", exact=True).click()
    mora.keyboard.press("j")
    expect(row(mora, "It was Mr Mill again.").locator("a")).to_be_focused()
    mora.keyboard.press("o")
    expect(mora.get_by_role("heading", name="Decide", exact=True)).to_be_visible()
    fits(mora)
    assert findings(mora) == []
    mora.keyboard.press("c")
    expect(mora.get_by_role("button", name="Leave it to others")).to_be_visible()
    expect(row(milo, "It was Mr Mill again.")).to_contain_text("Mora looks at it")

    mora.keyboard.press("h")
    expect(mora.get_by_label("Reason")).to_be_focused()
    mora.keyboard.type("It names")
    expect(mora.get_by_label("To the author")).to_have_value("Leave the name out.")
    mora.locator("#decide button").focus()
    mora.keyboard.press("Enter")
    expect(mora.get_by_text("Nothing waits")).to_be_visible()
    expect(row(milo, "It was Mr Mill again.")).to_have_count(0)
    stayed(milo)
    assert findings(milo) == []


def test_many_are_decided_together_while_more_come(desks):
    desks.write("The first of them.", "The second of them.")
    mora, milo = desks.open("mora"), desks.open("milo")
    row(mora, "The first of them.").get_by_role("checkbox").check()
    desks.write("A third one.")
    expect(row(mora, "A third one.")).to_have_count(1)
    expect(row(mora, "The first of them.").get_by_role("checkbox")).to_be_checked()
    row(mora, "The second of them.").get_by_role("checkbox").check()
    fits(mora)
    mora.get_by_role("button", name="Decide on the chosen ones together").click()
    expect(mora.get_by_role("heading", name="Decide on 2 texts together")).to_be_visible()
    fits(mora)
    assert findings(mora) == []
    expect(row(milo, "The first of them.")).to_have_count(1)
    mora.get_by_role("radio", name="Hide").check()
    mora.get_by_label("Reason").select_option("It names a neighbour")
    mora.get_by_role("button", name="Decide on 2 texts together").click()
    expect(mora.get_by_text("2 texts decided.")).to_be_visible()
    expect(milo.locator("#queue > li")).to_have_count(1)
    expect(row(milo, "A third one.")).to_have_count(1)
    stayed(milo)


def test_an_open_text_says_when_another_looks_at_it_or_decides(desks):
    desks.write("What waits here.")
    mora, milo = desks.open("mora"), desks.open("milo")
    for page in (mora, milo):
        row(page, "What waits here.").get_by_role("link").first.click()
        expect(page.get_by_role("heading", name="Decide", exact=True)).to_be_visible()
    milo.evaluate("loaded = performance.timeOrigin")
    mora.get_by_role("button", name="I look at it").click()
    expect(milo.locator("[id^=stand-]")).to_contain_text("Mora looks at it")
    mora.get_by_role("radio", name="Show").first.check()
    mora.locator("#decide button").click()
    expect(milo.locator("[id^=stand-]")).not_to_contain_text("waits for a decision")
    stayed(milo)
    assert findings(milo) == []

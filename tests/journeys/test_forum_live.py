"""Residents talk in two browsers: each sees the other's words appear, and the page never jumps.

Moderators decide behind it; their own pages are another journey.
"""

import json
import re

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.test_every_page import findings
from tests.servers import Server

# Who reads, who writes and who decides; how people sign in is another journey.
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
people = {name: polls.person("resident") for name in ("anna", "ben", "carl")}
people |= {"mora": polls.person("moderator"), "milo": polls.person("moderator")}
people["olga"] = polls.person("organiser")
thread = forum.thread(author=people["anna"])
for n in range(12):
    lines = "\\n\\n".join(f"Line {i} of post {n}." for i in range(5))
    forum.post(thread, people["ben"], text=lines)
print("filled", json.dumps({"thread": thread.pk, **{k: session(p) for k, p in people.items()}}))
"""
DECIDE = """
from engage.moderation.models import Item, Reason
from engage.moderation.services.claiming import claim_item
from engage.moderation.services.deciding import decide
from engage.identity.models import User
item = Item.objects.get(kind="post", key="{post}")
mora = User.objects.filter(grants__role="moderator").order_by("joined_on", "email").first()
claim_item(item=item, by=mora)
reason = Reason.objects.order_by("pk").first()
decide(item=item, by=mora, verb="hide", reason=reason, statement="It names a neighbour.")
"""
RESTORE = """
from engage.moderation.models import Appeal
from engage.moderation.services.appealing import answer_appeal
from engage.identity.models import User
appeal = Appeal.objects.get()
milo = User.objects.filter(grants__role="moderator").exclude(pk=appeal.decision.by_id).first()
answer_appeal(appeal=appeal, by=milo, overturn=True, answer="The name is that of a street.")
"""


class Talk:
    """A thread of thirteen posts in a town of its own, and a browser for each of its people."""

    def __init__(self, town: Server, someone):
        printed = town.manage("shell", "-c", FILL)
        self.town, self.someone = town, someone
        self.filled = json.loads(re.search(r"filled (\{.*\})", printed)[1])
        self.address = f"{town.site}/threads/{self.filled['thread']}/"

    def open(self, name: str = "", **settings) -> Page:
        page = self.someone(viewport={"width": 1000, "height": 700}, **settings)
        if name:
            cookie = {"name": "sessionid", "value": self.filled[name], "url": self.town.site}
            page.context.add_cookies([cookie])
        page.goto(self.address)
        expect(page.locator(".conn").first).to_contain_text("Live")
        page.evaluate("loaded = performance.timeOrigin")
        return page


@pytest.fixture
def talk(live_server_process: Server, someone) -> Talk:
    return Talk(live_server_process, someone)


def reply(page: Page, text: str) -> None:
    page.locator("#answer textarea[name=text]").fill(text)
    page.get_by_role("button", name="Post reply").click()
    expect(page.get_by_text(text)).to_be_visible()


def post_with(page: Page, text: str):
    return page.locator("#posts > li", has_text=text)


def stayed(page: Page) -> None:
    """It was never loaded again."""
    assert page.evaluate("performance.timeOrigin === loaded")


def place(page: Page, number: int) -> float:
    return page.locator("#posts > li").nth(number).evaluate("it => it.getBoundingClientRect().top")


def test_words_of_others_appear_and_nothing_that_is_read_moves(talk):
    anna, ben = talk.open("anna", bypass_csp=True), talk.open("ben")
    anna.locator("#posts > li").nth(4).scroll_into_view_if_needed()
    before = place(anna, 4)
    ben.locator("#answer textarea[name=text]").press_sequentially("What about ")
    expect(anna.get_by_text("Somebody is writing")).to_be_visible()
    for turn in range(3):
        reply(ben, f"What about turn {turn}?")
    pill = anna.locator("[data-live-waiting]")
    expect(pill).to_have_text("3 new posts")
    assert place(anna, 4) == before
    assert findings(anna) == []
    pill.click()
    expect(post_with(anna, "What about turn 0?")).to_be_in_viewport()
    expect(pill).to_be_hidden()
    stayed(anna)


def test_changes_and_reactions_appear_where_they_belong(talk):
    anna, ben = talk.open("anna", bypass_csp=True), talk.open("ben")
    reply(ben, "What about May?")
    expect(anna.locator("[data-live-waiting]")).to_be_visible()
    post_with(ben, "What about May?").get_by_role("link", name=re.compile("More")).click()
    ben.get_by_role("link", name="Change it").click()
    ben.locator("textarea[name=text]").fill("What about June, then?")
    ben.get_by_role("button", name="Save the change").click()
    expect(post_with(anna, "What about June, then?")).to_have_count(1)
    anna.locator("[data-live-waiting]").click()

    theirs = post_with(anna, "What about June, then?")
    theirs.locator("summary").click()
    theirs.get_by_role("button", name="Thank you").click()
    pressed = theirs.get_by_role("button", name=re.compile("Thank you 1"))
    expect(pressed).to_have_attribute("aria-pressed", "true")
    expect(post_with(talk.open(), "What about June, then?")).to_contain_text("Thank you 1")
    stayed(anna)
    assert findings(anna) == []


def test_an_official_answer_is_at_once_at_the_top(talk):
    anna, olga = talk.open("anna", bypass_csp=True), talk.open("olga")
    olga.get_by_role("link", name="Answer officially").first.click()
    olga.locator("[name=office]").fill("Parks and Gardens")
    olga.locator("textarea[name=text]").fill("The benches come in May.")
    olga.get_by_role("button", name="Publish the answer").click()
    head = anna.locator("#thread-head")
    expect(head).to_contain_text("The benches come in May.")
    expect(head).to_contain_text("Parks and Gardens")
    stayed(anna)
    assert findings(anna) == []


def test_what_is_objected_to_is_hidden_and_comes_back_on_every_open_page(talk):
    anna, stranger = talk.open("anna"), talk.open()
    reply(anna, "Mill is to blame for it.")
    here = talk.open("ben", bypass_csp=True)
    words = post_with(here, "Mill is to blame for it.")
    number = re.search(r"\d+$", words.get_attribute("id"))[0]
    pill = stranger.locator("[data-live-waiting]")
    expect(pill).to_be_visible()
    pill.click()
    expect(post_with(stranger, "Mill is to blame for it.")).to_have_count(1)

    carl = talk.open("carl")
    carl.goto(f"{talk.town.site}/flag/post/{number}/")
    carl.locator("main input[type=radio], main select").first.evaluate(
        "it => it.tagName === 'SELECT' ? (it.selectedIndex = 1) : (it.checked = true)"
    )
    carl.get_by_role("button", name="Object").click()

    talk.town.manage("shell", "-c", DECIDE.format(post=number))
    for page in (here, stranger):
        expect(page.locator(f"#post-{number}")).to_contain_text("Hidden by moderators")
        expect(page.get_by_text("Mill is to blame for it.")).to_have_count(0)
    assert findings(here) == []

    anna.goto(f"{talk.town.site}/you/decisions/")
    anna.locator("main a[href^='/you/decisions/']").first.click()
    expect(anna.locator("main")).to_contain_text("It names a neighbour.")
    anna.locator("main textarea").fill("Mill is the name of the street.")
    anna.get_by_role("button", name="Appeal").click()
    expect(anna.locator("main")).to_contain_text("Mill is the name of the street.")

    talk.town.manage("shell", "-c", RESTORE)
    for page in (here, stranger):
        expect(post_with(page, "Mill is to blame for it.")).to_have_count(1)
        stayed(page)
    assert findings(here) == []

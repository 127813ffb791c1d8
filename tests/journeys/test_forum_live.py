"""Residents talk, object and appeal, moderators decide: what each does appears on the open pages
of all others, and no page jumps. Deliberately absent: how people sign in.
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
roles = dict.fromkeys(("anna", "ben", "carl", "dora", "emil"), "resident")
roles |= {"mora": "moderator", "milo": "moderator", "olga": "organiser"}
people = {n: polls.person(role, display_name=n.title()) for n, role in roles.items()}
Reason.objects.create(
    code="names", language="en", title="It names a neighbour", statement="Leave the name out."
)
thread = forum.thread(author=people["anna"])
for n in range(12):
    lines = "\\n\\n".join(f"Line {i} of post {n}." for i in range(5))
    forum.post(thread, people["ben"], text=lines)
print("filled", json.dumps({"thread": thread.pk, **{k: session(p) for k, p in people.items()}}))
"""
BLAME = "Mill is to blame for it."


class Talk:
    """A thread of thirteen posts in a town of its own, and a browser for each of its people."""

    def __init__(self, town: Server, someone):
        printed = town.manage("shell", "-c", FILL)
        self.town, self.someone = town, someone
        self.filled = json.loads(re.search(r"filled (\{.*\})", printed)[1])
        self.address = f"{town.site}/threads/{self.filled['thread']}/"

    def open(self, name: str = "", path: str = "", **settings) -> Page:
        page = self.someone(viewport={"width": 1000, "height": 700}, **settings)
        if name:
            cookie = {"name": "sessionid", "value": self.filled[name], "url": self.town.site}
            page.context.add_cookies([cookie])
        page.goto(self.town.site + path if path else self.address)
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
    ben, stranger = talk.open("ben", bypass_csp=True), talk.open()
    mora, milo = (talk.open(name, "/desk/", bypass_csp=True) for name in ("mora", "milo"))
    anna = talk.open("anna", bypass_csp=True)
    reply(anna, BLAME)
    for page in (ben, stranger):
        page.locator("[data-live-waiting]").click()
        expect(post_with(page, BLAME)).to_be_in_viewport()
    number = re.search(r"\d+$", post_with(ben, BLAME).get_attribute("id"))[0]
    assert [found for page in (anna, ben) for found in findings(page)] == []

    readers_object(talk, number)
    for page in (mora, milo):
        expect(page.locator("#queue > li")).to_contain_text([BLAME])
        expect(page.locator("#queue > li")).to_contain_text(["3 readers objected"])
        stayed(page)
    assert findings(milo) == []

    moderator_hides(mora, milo)
    for page in (ben, stranger):
        expect(page.locator(f"#post-{number}")).to_contain_text("Hidden by moderators")
        expect(page.get_by_text(BLAME)).to_have_count(0)
    assert findings(ben) == []

    author_appeals(talk, anna)
    another_takes_it_back(mora, milo)
    for page in (ben, stranger):
        expect(post_with(page, BLAME)).to_have_count(1)
        stayed(page)
    anna.reload()
    expect(anna.locator("main")).to_contain_text("The name is that of a street.")
    assert [found for page in (anna, ben) for found in findings(page)] == []


def readers_object(talk: Talk, number: str) -> None:
    """Three of them, each by the link beside the post."""
    for name in ("carl", "dora", "emil"):
        reader = talk.open(name, bypass_csp=True)
        reader.goto(f"{talk.town.site}/posts/{number}/more/")
        reader.get_by_role("link", name="Object").click()
        reader.get_by_role("radio").first.check()
        assert findings(reader) == []
        reader.get_by_role("button", name="Object", exact=True).click()
        expect(reader.get_by_role("button", name="Object", exact=True)).to_have_count(0)


def moderator_hides(mora: Page, milo: Page) -> None:
    """Mora claims it and hides it on its page, which Milo sees on his open desk."""
    mora.locator("#queue > li a").first.click()
    mora.get_by_role("button", name="I look at it").click()
    expect(milo.locator("#queue > li")).to_contain_text(["Mora looks at it"])
    mora.get_by_role("radio", name="Hide").check()
    mora.get_by_label("Reason").select_option("It names a neighbour")
    expect(mora.get_by_label("To the author")).to_have_value("Leave the name out.")
    assert findings(mora) == []
    mora.get_by_role("button", name="Decide", exact=True).click()
    expect(mora.get_by_text("Nothing waits")).to_be_visible()
    expect(milo.locator("#queue > li")).to_have_count(0)
    stayed(milo)
    assert [found for page in (mora, milo) for found in findings(page)] == []


def author_appeals(talk: Talk, anna: Page) -> None:
    anna.goto(f"{talk.town.site}/you/decisions/")
    assert findings(anna) == []
    anna.locator("main a[href^='/you/decisions/']").first.click()
    expect(anna.locator("main")).to_contain_text("Leave the name out.")
    anna.locator("main textarea").fill("Mill is the name of the street.")
    anna.get_by_role("button", name="Appeal").click()
    expect(anna.locator("main")).to_contain_text("Mill is the name of the street.")
    assert findings(anna) == []


def another_takes_it_back(mora: Page, milo: Page) -> None:
    """Whoever decided sees the appeal and cannot answer it; Milo can, and his desk leads there."""
    for page in (mora, milo):
        expect(page.get_by_role("link", name=re.compile("appeal"))).to_be_visible()
        page.get_by_role("link", name=re.compile("appeal")).click()
        assert findings(page) == []
        page.locator("main a[href^='/desk/appeals/']").click()
        expect(page.locator("main")).to_contain_text("Mill is the name of the street.")
        assert findings(page) == []
    expect(mora.get_by_role("button", name="Answer")).to_have_count(0)
    milo.get_by_role("radio", name="Take the decision back").check()
    milo.get_by_label("Answer to the author").fill("The name is that of a street.")
    milo.get_by_role("button", name="Answer").click()
    expect(milo.locator("main")).to_contain_text("The name is that of a street.")
    assert findings(milo) == []

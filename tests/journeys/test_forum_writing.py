"""Somebody writes with a picture, sends it, and comes back: what was sent is sent once, and whole.

Deliberately absent: names and search; that is another journey.
"""

import io
import json
import re

import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from tests.servers import Server

FILL = """
import json
from django.conf import settings
from django.test import Client
from tests.forums import forum
from tests.voting import polls
thread = forum.thread()
def session(person):
    client = Client()
    client.force_login(person, backend=settings.AUTHENTICATION_BACKENDS[0])
    return client.cookies["sessionid"].value
people = {name: polls.person("resident", display_name=name) for name in ("Anna", "Ben")}
filled = {name: session(person) for name, person in people.items()}
print("filled", json.dumps(filled | {"thread": thread.pk}))
"""


class Desk:
    """A thread, and one browser in which people sign in one after the other."""

    def __init__(self, town: Server, someone):
        printed = town.manage("shell", "-c", FILL)
        self.filled = json.loads(re.search(r"filled (\{.*\})", printed)[1])
        self.address = f"{town.site}/threads/{self.filled['thread']}/"
        self.site = town.site
        self.page: Page = someone(viewport={"width": 360, "height": 780})

    def open(self, name: str) -> Page:
        cookie = {"name": "sessionid", "value": self.filled[name], "url": self.site}
        self.page.context.add_cookies([cookie])
        self.page.goto(self.address)
        return self.page


@pytest.fixture
def desk(live_server_process: Server, someone) -> Desk:
    return Desk(live_server_process, someone)


def field(page: Page):
    return page.locator("#answer textarea[name=text]")


def send(page: Page, text: str) -> None:
    page.get_by_role("button", name="Post reply").click()
    expect(page.locator("#posts > li", has_text=text)).to_have_count(1)


def png() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (40, 30), "teal").save(out, "PNG")
    return out.getvalue()


def test_a_picture_goes_ahead_and_along(desk):
    page = desk.open("Anna")
    field(page).fill("Here it is.")
    page.get_by_text("Add pictures").click()
    file = {"name": "bench.png", "mimeType": "image/png", "buffer": png()}
    page.locator("#picture_file").set_input_files(file)
    page.get_by_label("What it shows").fill("The old bench")
    page.get_by_role("button", name="Add this picture").click()
    expect(page.locator("[data-picked] li")).to_contain_text("The old bench")
    send(page, "Here it is.")
    expect(page.get_by_role("img", name="The old bench")).to_be_visible()


def test_what_was_sent_does_not_come_back(desk):
    page = desk.open("Anna")
    field(page).press_sequentially("Sent at once.")
    send(page, "Sent at once.")
    expect(field(page)).to_have_value("")
    page.reload()
    expect(field(page)).to_have_value("")


def test_what_nobody_sent_comes_back(desk):
    page = desk.open("Anna")
    page.route("**/you/drafts/keep/", lambda route: route.abort())
    field(page).press_sequentially("Lost power")
    page.reload()
    expect(field(page)).to_have_value("Lost power")


def test_what_this_browser_kept_is_its_writer_s_alone(desk):
    page = desk.open("Anna")
    page.route("**/you/drafts/keep/", lambda route: route.abort())
    field(page).press_sequentially("For my doctor only")
    desk.open("Ben")
    expect(field(page)).to_have_value("")
    expect(page.get_by_text("This browser kept what you had typed.")).to_be_hidden()
    desk.open("Anna")
    expect(field(page)).to_have_value("For my doctor only")

"""Somebody names others by keyboard, finds words again, and chooses how often they hear of them.

Deliberately absent: what appears live; that is another journey.
"""

import json
import re

import pytest
from playwright.sync_api import Page, expect

from tests.filled_forms import PHOTO
from tests.journeys.test_every_page import findings
from tests.servers import Server

FILL = """
import json
from django.conf import settings
from django.test import Client
from tests.forums import forum
from tests.voting import polls
me = polls.person("resident")
thread = forum.thread(title="Lantern <img src=x onerror=alert(1)>", text="A lantern by the river.")
for name in ("Ann Lee", "Anders Zoë", "Bob <script>alert(1)</script>"):
    forum.post(thread, forum.person(display_name=name), text="lantern </p><script>x</script>")
client = Client()
client.force_login(me, backend=settings.AUTHENTICATION_BACKENDS[0])
session = client.cookies["sessionid"].value
print("filled", json.dumps({"thread": thread.pk, "session": session}))
"""


@pytest.fixture
def page(live_server_process: Server, someone) -> Page:
    printed = live_server_process.manage("shell", "-c", FILL)
    filled = json.loads(re.search(r"filled (\{.*\})", printed)[1])
    page = someone(viewport={"width": 360, "height": 780}, bypass_csp=True)
    site = live_server_process.site
    cookie = {"name": "sessionid", "value": filled["session"], "url": site}
    page.context.add_cookies([cookie])
    page.goto(f"{site}/threads/{filled['thread']}/")
    page.on("dialog", lambda dialog: pytest.fail(f"a dialog: {dialog.message}"))
    return page


def test_somebody_is_named_by_keyboard(page):
    text = page.locator("#answer textarea[name=text]")
    names = page.get_by_role("listbox", name="Names in this thread")
    text.press_sequentially("Dear @an")
    expect(names.get_by_role("option")).to_have_text(["Anders Zoë", "Ann Lee"])
    expect(page.locator("#status")).to_have_text("2 names")
    assert findings(page) == []
    text.press("ArrowDown")
    chosen = names.get_by_role("option", selected=True)
    expect(chosen).to_have_text("Ann Lee")
    assert text.get_attribute("aria-activedescendant") == chosen.get_attribute("id")
    text.press("Enter")
    expect(text).to_have_value("Dear @Ann Lee ")
    expect(names).to_be_hidden()
    text.press_sequentially("and @b")
    expect(names.get_by_role("option")).to_have_text(["Bob <script>alert(1)</script>"])
    text.press("Escape")
    expect(names).to_be_hidden()
    expect(text).to_have_value("Dear @Ann Lee and @b")
    page.get_by_role("button", name="Post reply").click()
    expect(page.locator("#posts strong", has_text="@Ann Lee")).to_be_visible()


@pytest.mark.adversary("E1")
def test_words_are_found_again_and_only_words(page):
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto("/".join([*page.url.split("/")[:3], "forum", "search", "?q=lantern"]))
    expect(page.locator(".results > li")).to_have_count(4)
    expect(page.locator(".results h3").first).to_contain_text("<img src=x onerror=alert(1)>")
    expect(page.locator(".results mark").first).to_have_text("Lantern")
    assert findings(page) == []
    page.get_by_label("When").select_option("In the last week")
    page.get_by_role("button", name="Search").click()
    expect(page.locator(".results > li")).to_have_count(4)
    page.get_by_label("Words").fill("castle <svg onload=alert(1)>")
    page.get_by_role("button", name="Search").click()
    expect(page.get_by_text("Nothing found")).to_be_visible()
    assert all(url.startswith("http://127.0.0.1") for url in asked)


@pytest.mark.adversary("E4")
def test_a_picture_goes_ahead_of_its_post(page):
    page.locator("[data-pictures] summary").click()
    alt = 'A "bench" <img src=x onerror=alert(1)>'
    file = {"name": '<b>"x\r\n.png', "mimeType": "image/png", "buffer": PHOTO.open().read()}
    page.locator("#picture_file").set_input_files(file)
    page.locator("#picture_alt").fill(alt)
    page.get_by_role("button", name="Add this picture").click()
    expect(page.locator("[data-picked] bdi")).to_have_text(alt)
    expect(page.get_by_role("button", name=f"Leave it out {alt}")).to_be_visible()
    page.locator("#answer textarea[name=text]").fill("Here it stands.")
    page.get_by_role("button", name="Post reply").click()
    expect(page.locator("#posts img")).to_have_attribute("alt", alt)


def test_a_pace_is_chosen_on_one_s_page(page):
    page.get_by_label("When something is written here").select_option("Once a week")
    page.get_by_role("button", name="Save").click()
    page.goto("/".join([*page.url.split("/")[:3], "you", "forum", ""]))
    pace = page.get_by_label("How often you hear of")
    expect(pace).to_have_value("weekly")
    assert findings(page) == []
    pace.select_option("Only here, no mail")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Kept: Only here, no mail.")).to_be_visible()
    expect(pace).to_have_value("silent")
    pace.select_option("Do not follow")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("You follow no thread yet")).to_be_visible()

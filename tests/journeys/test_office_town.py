"""An administrator gives the town another colour and a text, with nothing but forms."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.test_every_page import found_in_every_look
from tests.servers import Server

# How people sign in is another journey: here somebody already has.
FILL = """
from django.test import Client
from engage.identity.models import User
from engage.management.residents import fill_people
from engage.management.texts import fill_texts
fill_texts(fill_people())
client = Client()
client.force_login(User.objects.get(email="operator@eddersford.example"))
print("session", client.cookies["sessionid"].value)
"""
PAGES = ("/office/town/", "/office/texts/", "/office/texts/privacy/en/", "/pages/privacy/",
         "/pages/imprint/?lang=de", "/pages/accessibility/")  # fmt: skip


@pytest.fixture
def town(live_server_process: Server) -> Server:
    printed = live_server_process.manage("shell", "-c", FILL)
    live_server_process.session = re.search(r"session (\w+)", printed)[1]
    return live_server_process


def sign_in(page: Page, town: Server) -> None:
    cookie = {"name": "sessionid", "value": town.session, "url": town.site}
    page.context.add_cookies([cookie])


def colour_of(page: Page) -> str:
    return page.locator(".rule").evaluate("rule => getComputedStyle(rule).borderBlockColor")


def test_a_colour_is_tried_refused_brought_near_and_saved_without_a_script(someone, town):
    page = someone(java_script_enabled=False)
    sign_in(page, town)
    page.goto(f"{town.site}/office/town/")
    page.locator("#id_colour").fill("#ffcc00")
    page.get_by_role("button", name="Save for everybody").click()
    expect(page).to_have_title("Error: The town – Eddersford")
    expect(page.get_by_role("button", name="Try #584507")).to_be_visible()
    page.get_by_role("button", name="Try #584507").click()
    expect(page.locator("#id_colour")).to_have_value("#584507")
    page.get_by_label("Name of the town").fill("Weirside")
    page.get_by_role("button", name="Save for everybody").click()
    expect(page.get_by_text("Saved. Every page shows it from now on.")).to_be_visible()
    expect(page).to_have_title("The town – Weirside")


def test_every_open_browser_takes_the_new_colour_with_its_next_page(someone, town):
    resident, office = someone(), someone()
    resident.goto(f"{town.site}/")
    before = colour_of(resident)
    sign_in(office, town)
    office.goto(f"{town.site}/office/town/")
    office.locator("#id_colour").fill("#0f5257")
    office.get_by_role("button", name="Save for everybody").click()
    expect(office.get_by_text("Saved. Every page shows it from now on.")).to_be_visible()
    resident.goto(f"{town.site}/")
    assert (before, colour_of(resident)) == ("rgb(123, 31, 81)", "rgb(15, 82, 87)")


def test_axe_finds_nothing_in_the_office_and_on_texts(someone, town):
    page = someone(bypass_csp=True)
    sign_in(page, town)
    found = {}
    for address in PAGES:
        page.goto(town.site + address)
        page.wait_for_load_state("networkidle")
        if wrong := found_in_every_look(page):
            found[address] = wrong
    assert found == {}


def test_the_operators_pages_need_no_weaker_policy(someone, town):
    page = someone()
    refused: list[str] = []
    page.on("console", lambda m: "Security Policy" in m.text and refused.append(m.text))
    sign_in(page, town)
    page.goto(f"{town.site}/admin/")
    lists = page.locator("#content-main th a").evaluate_all("links => links.map((a) => a.href)")
    assert len(lists) > 15
    for address in lists:
        page.goto(address)
        first = page.locator("#result_list tbody th a")
        if first.count():
            first.first.click()
            expect(page.locator("#content h1")).to_be_visible()
    assert refused == []

"""A resident is told what is missing, gets it and votes; a clerk votes for somebody by keyboard."""

import json
import re
from pathlib import Path

import axe_playwright_python
import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browsers import press
from tests.journeys.test_organiser import code_in
from tests.servers import Server

AXE = next(Path(axe_playwright_python.__file__).parent.rglob("axe.min.js")).read_text()
# All at once: a table of who took part is split only once five more came, so a server that looked
# in the middle would show another.
FILL = """
from django.db import transaction
from engage.management.commands.demo import fill_people, fill_poll
from engage.management.town import SamplePoll
two = (("yes", "Yes, every Sunday", "", None), ("no", "No, leave it open", "", None))
organiser = fill_people()
with transaction.atomic():
    poll = fill_poll(SamplePoll(
        "Close Weir Lane?", "", "plurality", "plurality/1", "residents", two, "open", (-1, 6),
        (("yes", 14), ("no", 11)), max_delay_s=8, area="eddersford/quayside", level=2,
        helped=(("paper", 6),),
    ), organiser)
print("poll", poll.pk)
"""
CLAIM = """
from engage.identity.domain.levels import Level
from engage.identity.models import Area, User
from engage.identity.services.claiming import record_claim
person = User.objects.get(email="newcomer@eddersford.example")
area = Area.objects.get(pk="eddersford/quayside")
record_claim(person=person, level=Level.ADDRESS, source="letter", area=area)
"""


@pytest.fixture
def town(live_server_process: Server) -> Server:
    output = live_server_process.manage("shell", "-c", FILL)
    poll = re.search(r"poll (\S+)", output).group(1)
    live_server_process.page = f"{live_server_process.site}/polls/{poll}/"
    return live_server_process


def sign_in(page: Page, town: Server, address: str) -> None:
    page.goto(f"{town.site}/accounts/login/")
    page.get_by_label("E-mail").fill(address)
    page.get_by_role("button", name="Send me a code").click()
    code_field = page.locator("input[autocomplete=one-time-code]")
    expect(code_field).to_be_visible()
    code_field.fill(code_in(town.mails()[-1]))
    page.locator("main form button").first.click()
    expect(page.get_by_role("link", name="Your page")).to_be_visible()


def axe_finds_nothing(page: Page, on: str) -> None:
    """Of the page with these words, which may still be on its way."""
    expect(page.locator("main")).to_contain_text(on)
    page.wait_for_load_state()
    page.evaluate(AXE)
    found = json.loads(page.evaluate("axe.run().then((r) => JSON.stringify(r.violations))"))
    assert [f"{v['id']}: {v['nodes'][0]['html'][:160]}" for v in found] == []


def test_a_resident_without_a_claim_is_led_on_gets_it_and_votes(someone, town):
    page = someone(bypass_csp=True)
    sign_in(page, town, "newcomer@eddersford.example")
    page.goto(town.page)
    missing = page.locator("#missing")
    expect(missing).to_contain_text("You cannot vote here yet")
    expect(missing).to_contain_text("Residents of Quayside, address confirmed by letter")
    expect(page.locator("#booth-frame")).to_have_count(0)
    axe_finds_nothing(page, "You cannot vote here yet")
    missing.get_by_role("link", name="Confirm your address").click()
    expect(page).to_have_url(f"{town.site}/you/place/")

    town.manage("shell", "-c", CLAIM)
    page.goto(town.page)
    booth = page.frame_locator("#booth-frame")
    press(booth, "Collect your voting pass", then="form[data-ballot]")
    booth.get_by_text("Yes, every Sunday", exact=True).click()
    press(booth, "Check your vote", then="[data-step=check]")
    press(booth, "Cast my vote", then="[data-step=receipt]")
    expect(page.locator("[data-live=ballots]").first).to_have_text("26", timeout=60_000)
    levels = page.locator("[data-live-groups=by_level]")
    expect(levels).to_contain_text("Address confirmed by letter")
    channels = page.locator("[data-live-groups=by_channel]")
    expect(channels).to_contain_text("On paper")


def tab_to(page: Page, target: Locator) -> None:
    """Reach it as somebody without a mouse does."""
    expect(target).to_be_visible()
    for _key in range(80):
        if target.evaluate("(element) => element === document.activeElement"):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"never reached: {target}")


def type_into(page: Page, selector: str, text: str) -> None:
    tab_to(page, page.locator(selector))
    page.keyboard.type(text)


def push(page: Page, target: Locator, key: str = "Enter") -> None:
    tab_to(page, target)
    page.keyboard.press(key)


def test_a_clerk_votes_for_somebody_without_a_mouse(someone, town):
    page = someone(
        bypass_csp=True, java_script_enabled=True, viewport={"width": 360, "height": 740}
    )
    sign_in(page, town, "officer@eddersford.example")
    page.goto(f"{town.site}/office/assist/")
    axe_finds_nothing(page, "Vote for somebody")
    push(page, page.get_by_role("link", name="Find the person"))
    type_into(page, "[name=papers-name]", "agnes  WHITLOCK")
    page.locator("[name=papers-born_on]").fill("1938-03-09")  # how a date is typed is the browser's
    push(page, page.get_by_role("button", name="Find by papers"))
    push(page, page.get_by_role("link", name="Vote for this person"))
    axe_finds_nothing(page, "In which poll do they")
    push(page, page.get_by_role("link", name=re.compile("Vote in this poll")))

    push(page, page.get_by_role("button", name="Go on to the ballot paper"))
    expect(page.locator("#errors")).to_be_focused()
    axe_finds_nothing(page, "First, read this aloud")
    push(page, page.locator("[name=channel]").first, "Space")
    push(page, page.locator("[name=agreed]"), "Space")
    push(page, page.get_by_role("button", name="Go on to the ballot paper"))

    axe_finds_nothing(page, "Nothing is sent yet")
    push(page, page.get_by_role("button", name="Check the vote"))
    expect(page.locator("#errors")).to_be_focused()
    axe_finds_nothing(page, "Nothing is sent yet")
    push(page, page.locator("[name=option][value=yes]"), "Space")
    push(page, page.get_by_role("button", name="Check the vote"))
    expect(page.locator("main")).to_contain_text("Yes, every Sunday")
    axe_finds_nothing(page, "Read this back")
    push(page, page.get_by_role("button", name="Cast this vote"))
    expect(page.locator("h1")).to_contain_text("The vote is cast")
    axe_finds_nothing(page, "The vote is cast")
    page.goto(town.page)
    expect(page.locator("[data-live=ballots]").first).to_have_text("26", timeout=60_000)

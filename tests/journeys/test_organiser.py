"""An organiser signs in by a code, writes a poll, is told what is missing, announces, closes."""

import re

from playwright.sync_api import Page, expect

from tests.servers import Server


def sign_in(page: Page, town: Server, address: str) -> None:
    page.goto(f"{town.site}/accounts/login/")
    page.get_by_label("E-mail").fill(address)
    page.get_by_role("button", name="Send me a code").click()
    code_field = page.locator("input[autocomplete=one-time-code]")
    expect(code_field).to_be_visible()
    code_field.fill(code_in(town.mails()[-1]))
    page.get_by_role("button", name="Go on").click()
    expect(page.get_by_role("link", name="Organise")).to_be_visible()


def code_in(mail: str) -> str:
    """The code stands on a line of its own."""
    return re.search(r"^\s*([A-Z0-9]{3,4}-?[A-Z0-9]{3,4})\s*$", mail, re.M).group(1)


def test_from_sign_in_to_a_closed_poll(someone, live_server_process):
    town = live_server_process
    town.manage("shell", "-c", "from engage.management.commands.demo import *; fill_people()")
    page = someone()
    sign_in(page, town, "organiser@eddersford.example")

    page.goto(f"{town.site}/polls/new/")
    page.locator("[name=title]").fill("Where should the bench go?")
    for name, chosen in (("method", "plurality"), ("rule", "plurality/1"), ("who", "everyone")):
        page.locator(f"[name={name}]").select_option(chosen)
    page.get_by_role("button", name="Save the draft").click()
    expect(page.locator("h1")).to_contain_text("Where should the bench go?")
    expect(page.get_by_text("Add at least two options.")).to_be_visible()
    expect(page.get_by_role("link", name=re.compile("Announce"))).to_have_count(0)

    page.goto(page.url.replace("/manage/", "/edit/"))
    page.locator("[name=options-0-title]").fill("By the pond")
    page.locator("[name=options-1-title]").fill("By the gate")
    page.locator("[name=opens_at]").fill("2020-01-01T08:00")
    page.locator("[name=closes_at]").fill("2099-01-01T08:00")
    page.locator("[name=batch_max_delay_s]").fill("20")
    page.get_by_role("button", name="Save the draft").click()
    deed(page, "Announce")
    wait_for_state(page, "open")
    deed(page, "Close")
    wait_for_state(page, "decided")
    page.goto(page.url.replace("/manage/", "/"))
    expect(page.locator("main")).to_contain_text("Nobody voted")


def deed(page: Page, name: str) -> None:
    page.get_by_role("link", name=re.compile(name)).first.click()
    page.locator("main form button").first.click()
    expect(page).to_have_url(re.compile("/manage/$"))


def wait_for_state(page: Page, state: str) -> None:
    for _round in range(60):
        if page.locator(".kind").first.inner_text().lower().count(state):
            return
        page.wait_for_timeout(1_000)
        page.reload()
    raise AssertionError(f"never {state}: {page.locator('.kind').first.inner_text()}")

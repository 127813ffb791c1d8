"""Every state of the connection as somebody with other eyes, hands or screens meets it."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.test_every_page import findings, found_in_every_look
from tests.journeys.weather import (
    PATIENCE_MS,
    Town,
    expect_ballots,
    expect_live,
    expect_not_live,
    line,
)

pytestmark = pytest.mark.timeout(400)
RENEWED = '"0000000" + script.dataset.liveRelease.at(-1)'  # the last digit is the envelope's
OUTDATED = '"0000000f"'
OFF = r"No connection\. Numbers from \d\d:\d\d"
PIN = "for (const line of document.querySelectorAll('.conn')) delete line.dataset.liveText"


@pytest.fixture(scope="module")
def town(tmp_path_factory) -> Iterator[Town]:
    town = Town(tmp_path_factory.mktemp("town"))
    yield town
    town.close()


def be_live(page: Page, town: Town) -> None:
    expect_live(page)
    expect(page.locator("[data-live-here]")).to_have_text("Fewer than five people are here")


def be_away(page: Page, town: Town) -> None:
    expect_live(page)
    town.proxy.cut()
    expect_not_live(page, "Catching up")


def be_off(page: Page, town: Town) -> None:
    expect_live(page)
    town.proxy.cut()
    expect_not_live(page, OFF)


def be_paused(page: Page, town: Town) -> None:
    expect_not_live(page, r"Live updates paused\. Numbers from \d\d:\d\d")


def be_ended(page: Page, town: Town) -> None:
    expect_not_live(page, "This page is from before an update of the server")


def be_old(page: Page, town: Town) -> None:
    expect_live(page)
    notice = page.locator("[data-live-new]")
    expect(notice).to_be_visible(timeout=PATIENCE_MS)


STATES = (be_live, be_away, be_off, be_paused, be_ended, be_old)


def named(state: Callable) -> str:
    return state.__name__.removeprefix("be_")


def of_release(page: Page, release: str) -> None:
    """Make the page one of another release than the server's, as an old one is."""
    page.add_init_script(f"""document.addEventListener("readystatechange", () => {{
        const script = document.querySelector("[data-live-release]");
        if (script) script.dataset.liveRelease = {release};
    }})""")


@pytest.fixture(params=STATES, ids=named)
def page(request, someone, town) -> Iterator[Page]:
    """The poll's page, pinned in one of the states."""
    state = request.param
    page = someone(bypass_csp=True)
    if state in (be_ended, be_old):
        of_release(page, OUTDATED if state is be_ended else RENEWED)
    town.proxy.without_sockets = state is be_paused
    try:
        page.goto(town.page)
        state(page, town)
        page.evaluate(PIN)
        yield page
    finally:
        town.proxy.mend()


def test_axe_finds_nothing(page):
    assert found_in_every_look(page) == []


@pytest.mark.parametrize("direction", ["ltr", "rtl"])
def test_nothing_is_wider_than_a_small_phone(page, direction):
    page.set_viewport_size({"width": 320, "height": 640})
    page.evaluate("(way) => document.documentElement.dir = way", direction)
    assert page.evaluate("document.documentElement.scrollWidth") <= 320


def test_a_live_update_leaves_focus_and_findings_alone(someone, town):
    page = someone(bypass_csp=True)
    of_release(page, RENEWED)
    page.goto(town.page)
    be_old(page, town)
    link = page.get_by_role("link", name="Load it when you have finished here")
    page.locator("h1").click()
    for _press in range(40):
        if link.evaluate("(link) => link === document.activeElement"):
            break
        page.keyboard.press("Shift+Tab")
    expect(link).to_be_focused()
    before = int(page.locator("[data-live=ballots]").first.text_content())
    town.cast("c", "c", "c")
    expect_ballots(page, before + 3)
    expect(link).to_be_focused()
    expect(line(page)).to_have_text("Live")
    assert findings(page) == []

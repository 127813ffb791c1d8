"""A page whose network fails: it says so, and shows the truth once it is back."""

import pytest
from playwright.sync_api import expect

from tests.browsers import press
from tests.journeys.weather import (
    PATIENCE_MS,
    Town,
    expect_as_fresh,
    expect_ballots,
    expect_live,
    expect_not_live,
    expect_said,
    note_the_line,
)

pytestmark = pytest.mark.timeout(400)
AWAY = "Catching up|No connection. Numbers from|Live updates paused"
CLOSED = "The poll is closed and being counted.|The result is there."


def expect_truth(page, town: Town, ballots: int) -> None:
    """Live again, by itself, in the same document, and equal to a fresh load."""
    expect_live(page)
    expect_ballots(page, ballots)
    expect_as_fresh(page, town)
    assert page.evaluate("loaded === performance.timeOrigin")


@pytest.mark.adversary("B13")
def test_a_cut_network_is_told_and_made_good(town, reader):
    town.proxy.cut()
    expect_not_live(reader, "Catching up")
    town.cast("c", "a")
    expect_not_live(reader, r"No connection\. Numbers from \d\d:\d\d")
    expect_ballots(reader, 5)
    town.proxy.mend()
    expect_truth(reader, town, 7)


@pytest.mark.adversary("B13")
def test_the_browser_s_own_word_on_the_network_is_heard_at_once(town, reader):
    reader.context.set_offline(True)
    expect_not_live(reader, AWAY)
    town.cast("b")
    reader.context.set_offline(False)
    expect_truth(reader, town, 6)


@pytest.mark.adversary("B13")
def test_a_connection_that_only_looks_open_is_found_out(town, reader):
    note_the_line(reader)
    town.proxy.hush()
    town.cast("c")
    expect_said(reader, AWAY)
    expect_live(reader)
    town.proxy.mend()  # the browser would load a fresh page over a line that hangs
    expect_truth(reader, town, 6)


@pytest.mark.adversary("B13")
def test_a_phone_that_slept_shows_what_happened_meanwhile(town, reader):
    browser = reader.context.new_cdp_session(reader)
    browser.send("Page.setWebLifecycleState", {"state": "frozen"})
    town.proxy.hush()
    town.cast("c", "c")
    town.end_voting()
    browser.send("Page.setWebLifecycleState", {"state": "active"})
    expect_live(reader)
    expect_ballots(reader, 7)
    notice = reader.locator("[data-live='poll.closed'], [data-live='poll.decided']")
    expect(notice.filter(visible=True)).to_have_count(1, timeout=PATIENCE_MS)


@pytest.mark.adversary("B14")
def test_where_sockets_are_blocked_people_vote_and_see_the_count(someone, town):
    town.proxy.without_sockets = True
    page = someone()
    page.goto(town.page)
    expect_not_live(page, r"Live updates paused\. Numbers from \d\d:\d\d")
    booth = page.frame_locator("#booth-frame")
    press(booth, "Collect your voting pass", then="form[data-ballot]")
    booth.get_by_text("Plums", exact=True).click()
    press(booth, "Check your vote", then="[data-step=check]")
    press(booth, "Cast my vote", then="[data-step=receipt]")
    expect_ballots(page, 6)
    town.cast("a")
    expect_ballots(page, 7)
    expect_not_live(page, "Live updates paused")
    expect_as_fresh(page, town)
    town.proxy.without_sockets = False
    expect_live(page)

"""Two residents in two browsers: one votes, the other sees it, and the server dies in between."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import FrameLocator, Page, expect

from tests.browsers import press
from tests.servers import Server

FILL = """
from engage.management.commands.demo import fill_people, fill_poll
from engage.management.town import SamplePoll
three = (("a", "Apples", "", None), ("b", "Pears", "", None), ("c", "Plums", "", None))
poll = fill_poll(SamplePoll(
    "What should we plant?", "", "plurality", "plurality/1", "everyone", three, "open", (-1, 6),
    (("a", 3), ("b", 2)), max_delay_s=8,
), fill_people())
print("poll", poll.pk)
"""


@pytest.fixture
def town(live_server_process: Server) -> Server:
    output = live_server_process.manage("shell", "-c", FILL)
    poll = re.search(r"poll (\S+)", output).group(1)
    live_server_process.page = f"{live_server_process.site}/polls/{poll}/"
    return live_server_process


def vote(page: Page, option: str) -> FrameLocator:
    booth = page.frame_locator("#booth-frame")
    press(booth, "Collect your voting pass", then="form[data-ballot]")
    booth.get_by_text(option, exact=True).click()
    press(booth, "Check your vote", then="[data-step=check]")
    press(booth, "Cast my vote", then="[data-step=receipt]")
    return booth


def ballots(page: Page):
    return page.locator("[data-live=ballots]").first


def test_a_vote_moves_the_other_s_tally_and_survives_the_server(someone, town, tmp_path):
    watcher, voter = someone(), someone(accept_downloads=True)
    watcher.goto(town.page)
    expect(ballots(watcher)).to_have_text("5")
    expect(watcher.locator(".conn")).to_contain_text("Live")
    loaded = watcher.evaluate("performance.timeOrigin")

    voter.goto(town.page)
    booth = vote(voter, "Plums")
    expect(ballots(watcher)).to_have_text("6", timeout=30_000)

    town.kill()
    expect(watcher.locator(".conn")).not_to_contain_text(re.compile("^ *Live"), timeout=30_000)
    expect(ballots(watcher)).to_have_text("6")
    town.start()
    expect(watcher.locator(".conn")).to_contain_text("Live", timeout=60_000)

    second = someone()
    second.goto(town.page)
    vote(second, "Plums")
    expect(ballots(watcher)).to_have_text("7", timeout=30_000)
    assert watcher.evaluate("performance.timeOrigin") == loaded  # never reloaded

    expect(booth.locator("[data-mark=logged]")).to_have_class(re.compile("done"), timeout=60_000)
    assert verdict(voter, town, receipt(voter, booth, tmp_path)) == "good"


def test_a_server_killed_while_a_vote_is_cast_loses_nothing(someone, town):
    voter = someone()
    voter.goto(town.page)
    booth = voter.frame_locator("#booth-frame")
    press(booth, "Collect your voting pass", then="form[data-ballot]")
    booth.get_by_text("Pears", exact=True).click()
    press(booth, "Check your vote", then="[data-step=check]")
    town.kill()
    press(booth, "Cast my vote", then="[data-step=sending], [data-out=trouble]:not(:empty)")
    expect(booth.locator("[data-out=trouble]")).to_contain_text("saved", timeout=30_000)
    town.start()
    expect(booth.locator("[data-step=receipt]")).to_be_visible(timeout=60_000)
    voter.reload()
    again = voter.frame_locator("#booth-frame")
    expect(again.locator("[data-mark=logged]")).to_have_class(re.compile("done"), timeout=60_000)
    expect(ballots(voter)).to_have_text("6", timeout=30_000)


def receipt(page: Page, booth: FrameLocator, folder: Path) -> Path:
    with page.expect_download() as download:
        booth.locator("[data-act=download]").click()
    path = folder / "receipt.json"
    download.value.save_as(path)
    return path


def verdict(page: Page, town: Server, path: Path) -> str:
    page.goto(f"{town.site}/verify/")
    page.set_input_files("#verify input[type=file]", path)
    expect(page.locator("#verify")).to_have_attribute("data-verdict", re.compile("."))
    return page.locator("#verify").get_attribute("data-verdict")

"""A page whose server ends and comes back, as it was or as another release."""

import re
import shutil

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
)
from tests.paths import ROOT

pytestmark = pytest.mark.timeout(400)
PROGRAM = ("engage", "realtime", "voting", "consultations", "forums", "templates", "tests")


def release_anew(town: Town, folder) -> None:
    """Put another release in the server's place: the same program, one line of a script more."""
    for name in PROGRAM:
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "manage.py", folder)
    with (folder / "engage" / "static" / "engage" / "live.js").open("a") as script:
        script.write("// Another release.\n")
    town.server.stop()
    town.server.root = folder
    town.server.start()


@pytest.mark.adversary("B11")
@pytest.mark.parametrize("end", ["stop", "kill"])
def test_a_server_that_comes_back_finds_its_pages_again(town, reader, end):
    getattr(town.server, end)()
    said = "The server is restarting" if end == "stop" else "Catching up"
    expect_not_live(reader, said)
    town.cast("c")
    expect_not_live(reader, r"Numbers from \d\d:\d\d")
    town.server.start()
    expect_live(reader)
    expect_ballots(reader, 6)
    expect_as_fresh(reader, town)
    assert reader.evaluate("loaded === performance.timeOrigin")


@pytest.mark.adversary("B12")
def test_an_old_page_is_told_of_the_new_release_and_keeps_a_half_filled_ballot(
    town, reader, tmp_path_factory
):
    notice = reader.locator("[data-live-new]")
    booth = reader.frame_locator("#booth-frame")
    press(booth, "Collect your voting pass", then="form[data-ballot]")
    booth.get_by_text("Pears", exact=True).click()
    expect(notice).to_be_hidden()

    release_anew(town, tmp_path_factory.mktemp("release"))
    expect(notice).to_contain_text("A newer version of this page is ready.", timeout=PATIENCE_MS)
    expect(notice).to_be_visible(timeout=PATIENCE_MS)
    expect_live(reader)
    assert reader.evaluate("loaded === performance.timeOrigin")  # it never loads by itself

    expect(booth.get_by_role("radio", name=re.compile("Pears"))).to_be_checked()
    press(booth, "Check your vote", then="[data-step=check]")
    press(booth, "Cast my vote", then="[data-step=receipt]")
    expect_ballots(reader, 6)
    reader.get_by_role("link", name="Load it when you have finished here").click()
    expect_live(reader)
    expect(notice).to_be_hidden()
    expect_as_fresh(reader, town)

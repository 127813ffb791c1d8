"""A poll ends while people look at it: whoever only reads sees the result come by itself."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Request, expect

from tests.journeys.weather import PATIENCE_MS, Town, expect_as_fresh, expect_live, expect_not_live

pytestmark = pytest.mark.timeout(400)
BODY = """() => {
    const copy = document.getElementById("poll-body").cloneNode(true);
    for (const each of copy.querySelectorAll(".conn, [data-live-here]")) each.remove();
    return copy.textContent.trim().split(/\\s+/).join(" ");
}"""


@pytest.fixture
def town(tmp_path) -> Iterator[Town]:
    town = Town(tmp_path, who="account")
    yield town
    town.close()


@pytest.mark.parametrize("way", ["by socket", "by asking"])
def test_a_result_comes_without_a_reload_and_is_the_one_of_a_fresh_page(someone, town, way):
    town.proxy.without_sockets = way == "by asking"
    page, loads = someone(), []
    page.goto(town.page)
    expect_live(page) if way == "by socket" else expect_not_live(page, "Live updates paused")

    def note(request: Request) -> None:
        if request.url.startswith(town.page):
            loads.append(request.url)

    page.on("request", note)
    town.end_voting()
    expect(page.locator("[data-live='poll.decided']")).to_be_visible(timeout=PATIENCE_MS)
    expect(page.get_by_role("heading", name="How it was counted")).to_be_visible()
    assert loads == []
    expect_as_fresh(page, town)
    shown = page.evaluate(BODY)
    page.goto(town.page)
    assert shown == page.evaluate(BODY)

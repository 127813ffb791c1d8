"""A page that missed too much to be told: what it shows is asked for anew, its booth included."""

import json

import pytest
from playwright.sync_api import Request, WebSocketRoute, expect

from tests.journeys.weather import PATIENCE_MS, expect_live

pytestmark = pytest.mark.timeout(400)


@pytest.mark.adversary("B3")
def test_after_a_reset_the_booth_is_told_anew_where_it_stands(someone, town):
    page, sockets, asked = someone(), [], []

    def join(socket: WebSocketRoute) -> None:
        socket.connect_to_server()
        sockets.append(socket)

    def note(request: Request) -> None:
        if request.url.endswith("/pass"):
            asked.append(request.method)

    page.route_web_socket("**/ws/**", join)
    page.on("request", note)
    page.goto(town.page)
    expect_live(page)
    booth = page.frame_locator("#booth-frame")
    expect(booth.get_by_role("button", name="Collect your voting pass")).to_be_visible()
    assert asked == ["GET"]
    topic = page.locator("[data-topic]").first.get_attribute("data-topic")
    with page.expect_request(lambda found: found.url.endswith("/pass"), timeout=PATIENCE_MS):
        sockets[-1].send(json.dumps({"t": topic, "reset": True, "at": 200}))
    assert asked == ["GET", "GET"]
    expect(page.locator("[data-live=changed]")).to_be_visible()

"""Somebody ends a sign-in at another desk; the page that was open by it says so and leads on."""

import pytest
from playwright.sync_api import expect

from tests.journeys.test_sign_in import look, send_code, sign_up, town, visitor  # noqa: F401
from tests.journeys.weather import PATIENCE_MS

POLL = "from tests.voting import polls; print(polls.announced().pk)"


@pytest.mark.adversary("B9", "C8")
@pytest.mark.parametrize("way_on", ["Go on without signing in", "Sign in again"])
def test_an_open_page_learns_that_its_sign_in_was_ended_elsewhere(
    someone,
    town,  # noqa: F811
    look,  # noqa: F811
    way_on,
):
    address = f"{way_on.split()[0].lower()}@town.example"
    poll = f"{town.site}/polls/{town.manage('shell', '-c', POLL).split()[-1]}/"
    here, there = visitor(someone), visitor(someone, "desk", "dark")
    sign_up(here, town, address)
    there.goto(f"{town.site}/accounts/login/")
    send_code(there, town, address)
    expect(there.get_by_text("You are signed in.")).to_be_visible()
    there.goto(poll)
    expect(there.locator(".conn--live")).to_be_visible(timeout=PATIENCE_MS)
    expect(there.get_by_role("link", name=way_on)).to_be_hidden()
    here.goto(f"{town.site}/accounts/sessions/")
    here.get_by_role("button", name="Sign out there").first.click()
    expect(there.get_by_role("link", name=way_on)).to_be_visible(timeout=PATIENCE_MS)
    expect(there.get_by_role("status")).to_contain_text("You are no longer signed in")
    look(there)
    there.get_by_role("link", name=way_on).click()
    if way_on == "Sign in again":
        send_code(there, town, address)
    expect(there).to_have_url(poll)
    expect(there.locator(".conn--live")).to_be_visible(timeout=PATIENCE_MS)
    expect(there.get_by_role("link", name=way_on)).to_be_hidden()

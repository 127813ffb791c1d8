"""Signing in with a real browser: a passkey on a device, a code by mail, an end to both.

The device is Chromium's own virtual authenticator. A passkey needs a name, so the town is at
``localhost`` here and the ballot box at the number.
"""

import re
import time
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.test_every_page import SIZES, findings
from tests.servers import PATIENCE_S, Server, serving

HOW = "/accounts/2fa/"
DEVICE = {
    "protocol": "ctap2", "transport": "internal", "hasResidentKey": True,
    "hasUserVerification": True, "isUserVerified": True, "automaticPresenceSimulation": True,
}  # fmt: skip


@pytest.fixture(scope="module")
def town(tmp_path_factory) -> Iterator[Server]:
    """A running town whose pages have a name."""
    server = Server(tmp_path_factory.mktemp("named"))
    server.site, server.booth = server.booth, server.site
    server.environment |= {"SITE_ORIGIN": server.site, "BOOTH_ORIGIN": server.booth}
    with serving(server):
        yield server


@pytest.fixture
def look(town: Server):
    """Go through a page, and let axe look at where one is; what it found fails the test."""
    found: dict[str, list[str]] = {}

    def at(page: Page) -> None:
        page.wait_for_load_state("networkidle")
        if wrong := findings(page):
            found[page.url] = wrong

    yield at
    assert found == {}


def with_device(page: Page) -> None:
    """Give the browser of ``page`` a device that has a screen lock and keeps passkeys."""
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    session.send("WebAuthn.addVirtualAuthenticator", {"options": DEVICE})


def code(town: Server, before: int) -> str:
    """The code of the first mail after the first ``before`` ones."""
    end = time.monotonic() + PATIENCE_S
    while len(town.mails()) <= before:
        assert time.monotonic() < end, "no mail"
        time.sleep(0.05)
    return re.search(r"^\s+(\d{6})\s*$", town.mails()[-1], re.M)[1]


def send_code(page: Page, town: Server, address: str) -> None:
    before = len(town.mails())
    page.get_by_label("E-mail address").fill(address)
    page.get_by_role("button", name="Send me a code").click()
    page.get_by_label("Code").fill(code(town, before))
    page.get_by_role("button", name="Go on").click()


def sign_up(page: Page, town: Server, address: str) -> None:
    page.goto(f"{town.site}/accounts/signup/")
    send_code(page, town, address)
    expect(page.get_by_text("You are signed in.")).to_be_visible()


def visitor(someone, size="phone", scheme="light") -> Page:
    return someone(viewport=SIZES[size], color_scheme=scheme, bypass_csp=True)


@pytest.mark.parametrize(("size", "scheme"), [("phone", "light"), ("desk", "dark")])
def test_a_passkey_is_made_at_sign_up_and_signs_in(someone, town, look, size, scheme):
    page = visitor(someone, size, scheme)
    with_device(page)
    page.goto(f"{town.site}/accounts/signup/")
    page.get_by_role("link", name="Make an account with a passkey").click()
    look(page)
    send_code(page, town, f"passkey-{size}@town.example")
    expect(page.get_by_text("stays on your device")).to_be_visible()
    look(page)
    page.get_by_role("button", name="Make the passkey").click()
    expect(page.get_by_role("heading", name="Your recovery codes")).to_be_visible()
    look(page)
    page.goto(town.site + HOW)
    look(page)
    page.goto(f"{town.site}/accounts/logout/")
    page.get_by_role("main").get_by_role("button", name="Sign out").click()
    page.goto(f"{town.site}/accounts/login/?next=/you/")
    look(page)
    page.get_by_role("button", name="Sign in with a passkey").click()
    expect(page.get_by_role("heading", name="Your page")).to_be_visible()
    look(page)


def test_a_device_that_does_not_answer_is_told_of_and_nothing_is_lost(someone, town, look):
    page = visitor(someone)
    page.goto(f"{town.site}/accounts/login/")
    page.evaluate("() => { navigator.credentials.get = () => Promise.reject(new Error('no')) }")
    page.get_by_role("button", name="Sign in with a passkey").click()
    expect(page.get_by_role("alert")).to_be_focused()
    expect(page.get_by_role("alert")).to_contain_text("Your device did not answer")
    look(page)
    page.get_by_label("E-mail address").fill("still@town.example")
    expect(page.get_by_role("button", name="Send me a code")).to_be_enabled()


def test_a_code_by_mail_signs_in_twice_and_one_ends_the_other(someone, town, look):
    here, there = visitor(someone), visitor(someone, "desk")
    sign_up(here, town, "two@town.example")
    there.goto(f"{town.site}/accounts/login/")
    send_code(there, town, "two@town.example")
    expect(there.get_by_text("You are signed in.")).to_be_visible()
    here.goto(f"{town.site}/accounts/sessions/")
    look(here)
    expect(here.get_by_role("main").get_by_role("listitem")).to_have_count(2)
    here.get_by_role("button", name="Sign out there").first.click()
    expect(here.get_by_role("main").get_by_role("listitem")).to_have_count(1)
    there.goto(f"{town.site}/you/")
    expect(there.get_by_role("heading", name="Sign in", exact=True)).to_be_visible()


def test_a_second_factor_is_added_shown_again_and_taken_off(someone, town, look):
    page = visitor(someone, "desk")
    with_device(page)
    sign_up(page, town, "factor@town.example")
    page.goto(town.site + HOW)
    page.get_by_role("link", name="Add a passkey").click()
    look(page)
    page.get_by_role("button", name="Make the passkey").click()
    expect(page.get_by_role("heading", name="Your recovery codes")).to_be_visible()
    for address in ("webauthn/", "totp/activate/", "recovery-codes/generate/", "reauthenticate/",
                    "webauthn/reauthenticate/"):  # fmt: skip
        page.goto(f"{town.site}{HOW}{address}")
        look(page)
    page.goto(f"{town.site}{HOW}webauthn/")
    page.get_by_role("link", name="Remove").click()
    look(page)
    page.get_by_role("button", name="Remove the passkey").click()
    expect(page.get_by_text("You have no passkey yet")).to_be_visible()


def test_whoever_was_here_long_ago_is_asked_again_before_a_key_changes(someone, town, look):
    page = visitor(someone)
    sign_up(page, town, "again@town.example")
    town.manage("shell", "-c", LONG_AGO)
    page.goto(f"{town.site}{HOW}webauthn/add/")
    expect(page.get_by_role("heading", name="Show that it is you")).to_be_visible()
    look(page)
    before = len(town.mails())
    page.get_by_role("button", name="Send me a code").click()
    page.get_by_label("Code").fill(code(town, before))
    look(page)
    page.get_by_role("button", name="Go on").click()
    expect(page.get_by_role("heading", name="Add a passkey")).to_be_visible()


LONG_AGO = """
from importlib import import_module
from django.conf import settings
from django.contrib.sessions.models import Session
store = import_module(settings.SESSION_ENGINE).SessionStore
for row in Session.objects.all():
    session = store(row.pk)
    for record in session.get("account_authentication_methods", []):
        record["at"] -= 301
    session.save()
"""

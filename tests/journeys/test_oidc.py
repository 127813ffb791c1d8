"""The way to the identity service and back in a real browser, under the strict policy of our pages.

The service is another site to the browser (another host, so cookies and forms are held to it) and
has a page of its own. Deliberately absent: its faults, which need no browser.
"""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.test_every_page import found_in_every_look
from tests.oidc_provider import CLIENT, SECRET, Service, identity_service
from tests.servers import Server, serving

NAME = "Eddersford Identity"


@pytest.fixture(scope="module")
def service() -> Iterator[Service]:
    with identity_service(host="localhost", asks_first=True) as running:
        yield running


@pytest.fixture(scope="module")
def town(service: Service, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    server = Server(
        tmp_path_factory.mktemp("town"),
        OIDC_ISSUER=service.issuer, OIDC_CLIENT_ID=CLIENT, OIDC_CLIENT_SECRET=SECRET,
        OIDC_NAME=NAME, OIDC_LEVEL="national",
    )  # fmt: skip
    with serving(server):
        yield server


def go_there(page: Page, town: Server) -> None:
    """From the sign-in page to the service's own."""
    page.goto(f"{town.site}/accounts/login/?next=/polls/")
    page.get_by_role("button", name=f"Go on with {NAME}").click()
    expect(page.get_by_role("heading", name="Who are you?")).to_be_visible()


def expect_in(page: Page, town: Server) -> None:
    expect(page).to_have_url(f"{town.site}/polls/")
    expect(page.get_by_role("link", name="Your page")).to_be_visible()


@pytest.mark.adversary("C13")
@pytest.mark.parametrize("scripts", [True, False])
def test_there_and_back_with_and_without_scripts(someone, town, service, scripts):
    service.person = {"sub": f"ann-{scripts}", "birthdate": "1990-02-28"}
    page = someone(java_script_enabled=scripts)
    refused: list[str] = []
    page.on("console", lambda said: "Security Policy" in said.text and refused.append(said.text))
    go_there(page, town)
    assert page.url.startswith(f"{service.issuer}/authorize?")
    page.get_by_role("button", name="I am Ann").click()
    expect_in(page, town)
    assert refused == []


def test_a_second_visit_is_the_same_person_and_the_last_way_in_stays(someone, town, service):
    service.person = {"sub": "bea"}
    for _visit in range(2):
        page = someone()
        go_there(page, town)
        page.get_by_role("button", name="I am Ann").click()
        expect_in(page, town)
    page.goto(f"{town.site}/accounts/3rdparty/")
    expect(page.get_by_text(NAME, exact=True)).to_have_count(1)
    page.get_by_role("button", name=re.compile("^Disconnect")).click()
    expect(page.locator("main")).to_contain_text("This is your only way in.")


def test_stopping_there_and_going_back_lead_on(someone, town, service):
    page = someone()
    go_there(page, town)
    page.go_back()
    expect(page.get_by_role("heading", name="Sign in", exact=True)).to_be_visible()
    go_there(page, town)
    page.get_by_role("link", name="Stop").click()
    expect(page.get_by_role("heading", name="You are not signed in")).to_be_visible()
    page.get_by_role("button", name=f"Go on with {NAME}").click()
    page.get_by_role("button", name="I am Ann").click()
    expect_in(page, town)


# The outside account goes to somebody new, as if it had made another account before.
ANOTHER = """
from engage.identity.models import User
from allauth.socialaccount.models import SocialAccount
from engage.identity.subjects import of_issuer
mine = SocialAccount.objects.filter(uid=of_issuer("{issuer}", "{old}"))
mine.update(user=User.objects.create_user(None))
"""
MAIL_TOO = """
from allauth.account.models import EmailAddress
from engage.identity.models import User
user = User.objects.create_user("dee@town.example")
EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
"""


def test_two_accounts_of_one_person_become_one(someone, town, service):
    """By the service first, by mail later: connecting inside joins them."""
    service.person = {"sub": "dee", "birthdate": "1990-02-28"}
    page = someone()
    go_there(page, town)
    page.get_by_role("button", name="I am Ann").click()
    expect_in(page, town)
    town.manage("shell", "-c", MAIL_TOO)
    other = someone()
    sign_in_by_mail(other, town, "dee@town.example")
    other.goto(f"{town.site}/accounts/3rdparty/")
    other.get_by_role("button", name=f"Connect {NAME}").click()
    other.get_by_role("button", name="I am Ann").click()
    expect(other.get_by_role("heading", name="Put your two accounts together?")).to_be_visible()
    other.get_by_role("button", name="Put them together").click()
    expect(other.locator("main")).to_contain_text("Your two accounts are one now.")
    page.goto(f"{town.site}/you/")
    expect(page.get_by_role("heading", name="Sign in", exact=True)).to_be_visible()


def sign_in_by_mail(page: Page, town: Server, address: str) -> None:
    page.goto(f"{town.site}/accounts/login/")
    page.get_by_label("E-mail").fill(address)
    page.get_by_role("button", name="Send me a code").click()
    field = page.locator("input[autocomplete=one-time-code]")
    expect(field).to_be_visible()
    field.fill(re.search(r"^\s*(\d{6})\s*$", town.mails()[-1], re.M).group(1))
    page.locator("main form button").first.click()
    expect(page.get_by_role("link", name="Your page")).to_be_visible()


def test_axe_finds_nothing(someone, town, service):
    service.person = {"sub": "cem"}
    page = someone(bypass_csp=True)
    looked_at: dict[str, list[str]] = {}

    def look(name: str) -> None:
        page.wait_for_load_state("networkidle")
        looked_at[name] = found_in_every_look(page)

    page.goto(f"{town.site}/accounts/login/?next=/polls/")
    look("sign-in")
    page.goto(f"{town.site}/accounts/oidc/login/?next=/polls/")
    look("begin")
    page.goto(f"{town.site}/accounts/oidc/callback/?state=old&code=x")
    look("refused")
    leave_half(page, town, service)
    look("leave")
    page.unroute_all()
    go_there(page, town)
    page.get_by_role("button", name="I am Ann").click()
    expect_in(page, town)
    page.goto(f"{town.site}/accounts/3rdparty/")
    look("connections")
    page.goto(f"{town.site}/accounts/oidc/login/?process=connect")
    look("connect")
    meet_oneself(page, town, service)
    look("join")
    assert not any(looked_at.values()), looked_at


def leave_half(page: Page, town: Server, service: Service) -> None:
    """To the page that goes on by itself; the next one never comes."""
    page.goto(f"{town.site}/accounts/oidc/login/?next=/polls/")
    page.route(f"{service.issuer}/**", lambda route: route.fulfill(status=204))
    page.get_by_role("button", name=f"Go on with {NAME}").click()
    expect(page.get_by_role("link", name=f"Go to {NAME}")).to_be_visible()


def meet_oneself(page: Page, town: Server, service: Service) -> None:
    """Connect an identity that another account of the same person has."""
    town.manage("shell", "-c", ANOTHER.format(old=service.person["sub"], issuer=service.issuer))
    page.get_by_role("button", name=f"Connect {NAME}").click()
    page.get_by_role("button", name="I am Ann").click()
    expect(page.get_by_role("heading", name="Put your two accounts together?")).to_be_visible()

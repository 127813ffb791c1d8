"""One's own data with a real browser: read it, take it along, choose mails, and leave for good."""

import json
import re
import time
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.test_every_page import SIZES, findings
from tests.journeys.weather import expect_live
from tests.servers import PATIENCE_S, Server, serving

ADDRESS = "resident@eddersford.example"
LEAVER = "neighbour@eddersford.example"
LINK = "from engage.identity.mail import unsubscribe_address as at; \
from engage.identity.models import User; print(at(User.objects.get(email='{address}'), 'polls'))"
LIVE = "from voting.models import Poll; \
print('poll', Poll.objects.filter(state='open', who='everyone').first().get_absolute_url())"
LEFT = "from engage.identity.models import User; \
print('left', User.objects.filter(email='{address}').count())"


@pytest.fixture(scope="module")
def town(tmp_path_factory) -> Iterator[Server]:
    """The sample town, from which somebody will be gone."""
    server = Server(tmp_path_factory.mktemp("leaving"))
    with serving(server, ["demo"]):
        yield server


@pytest.fixture
def look():
    """Let axe look at where one is; what it found fails the test."""
    found: dict[str, list[str]] = {}

    def at(page: Page) -> None:
        page.wait_for_load_state("networkidle")
        if wrong := findings(page):
            found[page.url] = wrong

    yield at
    assert found == {}


def sign_in(page: Page, town: Server, address: str = ADDRESS) -> None:
    before = len(town.mails())
    page.goto(f"{town.site}/accounts/login/?next=/you/")
    page.get_by_label("E-mail address").fill(address)
    page.get_by_role("button", name="Send me a code").click()
    end = time.monotonic() + PATIENCE_S
    while len(town.mails()) <= before:
        assert time.monotonic() < end, "no mail"
        time.sleep(0.05)
    code = re.search(r"^\s+(\d{6})\s*$", town.mails()[-1], re.M)[1]
    page.get_by_label("Code").fill(code)
    page.get_by_role("button", name="Go on").click()
    expect(page.get_by_role("heading", name="Your page")).to_be_visible()


def only_ours(page: Page, town: Server) -> list[str]:
    """Whatever the page asks of anybody else, as it asks."""
    foreign: list[str] = []
    ours = (town.site, town.booth, town.site.replace("http", "ws"), "data:", "blob:")
    page.on("request", lambda r: r.url.startswith(ours) or foreign.append(r.url))
    return foreign


@pytest.mark.adversary("J8")
@pytest.mark.parametrize(("size", "scheme"), [("phone", "light"), ("desk", "dark")])
def test_data_is_read_corrected_and_taken_along(someone, town, look, size, scheme):
    page = someone(viewport=SIZES[size], color_scheme=scheme, bypass_csp=True)
    foreign = only_ours(page, town)
    sign_in(page, town)
    page.get_by_role("link", name="What we hold of you, and who saw it").click()
    expect(page.get_by_role("heading", name="Your data")).to_be_visible()
    expect(page.get_by_text(ADDRESS).first).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= SIZES[size]["width"]
    look(page)
    page.get_by_role("link", name=re.compile(r"^Correct\s*: To know you")).click()
    page.get_by_label("Name shown to others").fill("Eddersford Town Council")
    page.get_by_role("button", name="Use this name").click()
    expect(page.get_by_role("alert")).to_contain_text("looks like one of the town")
    look(page)
    page.get_by_label("Name shown to others").fill(f"Ines {size.title()}")
    page.get_by_role("button", name="Use this name").click()
    expect(page.get_by_text(f"Ines {size.title()}").first).to_be_visible()
    page.get_by_role("link", name="Download your data").click()
    look(page)
    with page.expect_download() as fetched:
        page.get_by_role("link", name="For programs (JSON)").click()
    told = json.loads(fetched.value.path().read_text())
    assert ADDRESS in json.dumps(told)
    for path in ("/you/data/claims/", "/you/data/consents/", "/you/mail/", "/register/"):
        page.goto(town.site + path)
        look(page)
    assert foreign == []


@pytest.mark.adversary("J5")
def test_a_link_in_a_mail_ends_such_mails_with_one_press(someone, town, look):
    page = someone(viewport=SIZES["phone"], bypass_csp=True)
    page.goto(town.manage("shell", "--no-imports", "-c", LINK.format(address=ADDRESS)).split()[-1])
    look(page)
    page.get_by_role("button", name="Send me none any more").click()
    expect(page.get_by_role("heading", name="No more such mails")).to_be_visible()
    look(page)


@pytest.mark.adversary("J4")
@pytest.mark.adversary("B9")
def test_whoever_leaves_is_gone_everywhere_at_once(someone, town, look):
    here = someone(viewport=SIZES["phone"], bypass_csp=True)
    there = someone(viewport=SIZES["desk"], bypass_csp=True)
    for page in (here, there):
        sign_in(page, town, LEAVER)
    live = town.manage("shell", "--no-imports", "-c", LIVE).split()[-1]
    there.goto(town.site + live)
    expect_live(there)
    here.goto(f"{town.site}/you/data/erase/")
    look(here)
    here.get_by_label("They go as well").check()
    here.get_by_label("Yes, erase all of this").press("Space")
    here.get_by_role("button", name="Erase my account now").click()
    expect(here.get_by_role("heading", name="Your account is erased")).to_be_visible()
    look(here)
    expect(there.locator("[data-live-ended='4401']")).to_be_visible()
    there.goto(f"{town.site}/you/")
    expect(there.get_by_role("heading", name="Sign in", exact=True)).to_be_visible()
    assert "left 0" in town.manage("shell", "--no-imports", "-c", LEFT.format(address=LEAVER))

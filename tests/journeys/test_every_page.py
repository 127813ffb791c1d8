"""Every page of the sample town, as somebody with other eyes, hands or screens meets it."""

import json
import re
from pathlib import Path

import axe_playwright_python
import pytest
from playwright.sync_api import Page

from tests.servers import Server

AXE = next(Path(axe_playwright_python.__file__).parent.rglob("axe.min.js")).read_text()
PLAIN = ("/", "/polls/", "/verify/", "/help/voting/", "/language/", "/appearance/", "/register/",
         "/accounts/login/", "/accounts/signup/", "/no-such-page/", "/pages/privacy/",
         "/polls/new/", "/forum/", "/forum/search/?q=bench", "/moderation/",
         "/moderation/limits/")  # fmt: skip
SIZES = {"phone": {"width": 360, "height": 740}, "desk": {"width": 1280, "height": 900}}
LIST = """
from voting.models import Poll
for poll in Poll.objects.exclude(state="draft"): print("poll", poll.get_absolute_url())
from forums.selectors.readable import readable_categories, readable_threads
from django.contrib.auth.models import AnonymousUser
for found in (readable_categories, readable_threads):
    for each in found(AnonymousUser())[:3]: print("talk", each.get_absolute_url())
"""


@pytest.fixture(scope="session")
def addresses(demo_server: Server) -> list[str]:
    """Every public page: the plain ones, a poll in each state by each method, and talk."""
    polls = re.findall(r"(?:poll|talk) (\S+)", demo_server.manage("shell", "-c", LIST))
    return [*PLAIN, *polls]


def findings(page: Page) -> list[str]:
    """What axe finds on the page and in its frames, with every disclosure opened."""
    page.evaluate("document.querySelectorAll('details').forEach((each) => each.open = true)")
    found = []
    for frame in page.frames:
        frame.evaluate(AXE)
        violations = json.loads(
            frame.evaluate("axe.run().then((r) => JSON.stringify(r.violations))")
        )
        found += [f"{v['id']}: {v['nodes'][0]['html'][:160]}" for v in violations]
    return found


def arrive(someone, size: str, scheme: str) -> Page:
    # axe is put into the page by the test; the policy itself is held by the pages' own tests.
    return someone(viewport=SIZES[size], color_scheme=scheme, bypass_csp=True)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", SIZES)
def test_axe_finds_nothing(someone, demo_server, addresses, size, scheme):
    page = arrive(someone, size, scheme)
    found = {}
    for address in addresses:
        page.goto(demo_server.site + address)
        page.wait_for_load_state("networkidle")
        if wrong := findings(page):
            found[address] = wrong
    assert found == {}


@pytest.mark.parametrize("lang", ["en", "de", "rtl"])
def test_nothing_is_wider_than_a_small_phone(someone, demo_server, addresses, lang):
    page = someone(viewport={"width": 320, "height": 640})
    wide = {}
    language = "en" if lang == "rtl" else lang
    for address in addresses:
        page.goto(f"{demo_server.site}{address}{'&' if '?' in address else '?'}lang={language}")
        if lang == "rtl":
            page.evaluate("document.documentElement.dir = 'rtl'")
        width = page.evaluate("document.documentElement.scrollWidth")
        if width > 320:
            wide[address] = width
    assert wide == {}


@pytest.mark.adversary("J8")
def test_nothing_is_asked_of_anybody_else(someone, demo_server, addresses):
    page = someone()
    foreign: set[str] = set()
    ours = (demo_server.site, demo_server.booth, demo_server.site.replace("http", "ws"))
    page.on("request", lambda r: r.url.startswith((*ours, "data:", "blob:")) or foreign.add(r.url))
    refused: list[str] = []
    page.on("console", lambda m: "Security Policy" in m.text and refused.append(m.text))
    for address in addresses:
        page.goto(demo_server.site + address)
        page.wait_for_load_state("networkidle")
    assert (foreign, refused) == (set(), [])

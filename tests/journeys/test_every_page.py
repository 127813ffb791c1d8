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
RUN = "(asked) => axe.run(asked).then((r) => JSON.stringify(r.violations))"
SETTLED = "document.getAnimations().forEach((each) => each.finish())"
OF_COLOURS = ("color-contrast", "link-in-text-block")
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


def findings(page: Page, *rules: str) -> list[str]:
    """What axe finds by ``rules`` (by all) on the page and in its frames, disclosures opened."""
    page.evaluate("document.querySelectorAll('details').forEach((each) => each.open = true)")
    asked = {"runOnly": rules} if rules else {}
    found = []
    for frame in page.frames:
        if not frame.evaluate("'axe' in window"):
            frame.evaluate(AXE)
        violations = json.loads(frame.evaluate(RUN, asked))
        found += [f"{v['id']}: {v['nodes'][0]['html'][:160]}" for v in violations]
    return found


def found_in_every_look(page: Page) -> list[str]:
    """What axe finds on a phone and on a desk, by day and by night; and what is too wide there.

    The page is loaded once: its looks are its stylesheets' alone, and at night it has other colours
    and nothing else.
    """
    found = []
    for size, screen in SIZES.items():
        page.set_viewport_size(screen)
        page.emulate_media(color_scheme="light")
        page.evaluate(SETTLED)
        found += [f"{size}, light: {each}" for each in findings(page)]
        page.emulate_media(color_scheme="dark")
        page.evaluate(SETTLED)
        found += [f"{size}, dark: {each}" for each in findings(page, *OF_COLOURS)]
        if page.evaluate("document.documentElement.scrollWidth") > screen["width"]:
            found.append(f"{size}: too wide")
    return found


LOOKS_WRONG = """<!doctype html><html lang="en"><title>x</title>
<main><h1>Trees</h1><p>words</p></main>
<style>body { margin: 0; background: white } @media (width < 400px) { p { width: 500px } }
@media (prefers-color-scheme: dark) { p { color: #888; background: #777; transition: 1s } }
@media (width > 400px) { h1 { color: #eee } }</style>"""


def test_each_look_is_looked_at(someone):
    page = someone()
    page.set_content(LOOKS_WRONG)
    found = {each.partition(" <")[0] for each in found_in_every_look(page)}
    assert found == {
        "phone, dark: color-contrast:", "phone: too wide", "desk, light: color-contrast:",
        "desk, dark: color-contrast:",
    }  # fmt: skip


def test_axe_finds_nothing(someone, demo_server, addresses):
    # axe is put into the page by the test; the policy itself is held by the pages' own tests.
    page, found = someone(bypass_csp=True), {}
    for address in addresses:
        page.goto(demo_server.site + address)
        page.wait_for_load_state("networkidle")
        if wrong := found_in_every_look(page):
            found[address] = wrong
    assert found == {}


@pytest.mark.parametrize("lang", ["en", "de"])
def test_nothing_is_wider_than_a_small_phone(someone, demo_server, addresses, lang):
    page = someone(viewport={"width": 320, "height": 640})
    wide = {}
    for address in addresses:
        page.goto(f"{demo_server.site}{address}{'&' if '?' in address else '?'}lang={lang}")
        for direction in ("ltr", "rtl"):
            page.evaluate("(way) => { document.documentElement.dir = way; }", direction)
            width = page.evaluate("document.documentElement.scrollWidth")
            if width > 320:
                wide[address, direction] = width
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

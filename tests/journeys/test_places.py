"""The pages of one's place and of the offices behind it, as people with other screens meet them.

An import lives on its page without a reload; a code is entered by keyboard alone.
"""

import json

import pytest
from playwright.sync_api import expect

from tests.journeys.test_every_page import found_in_every_look
from tests.servers import Server

FILL = """
import json
from django.conf import settings
from django.test import Client
from engage.identity.domain.letters import in_groups
from engage.identity.models import Letter, Place
from engage.identity.services.areas import add_area, draw_area
from engage.identity.services.letters import ask_letter, code_for, print_letters
from tests.voting.polls import person
admin = person("administrator")
admin.grants.create(role="officer")
city = add_area(name="Eddersford", parent=None, by=admin)
mill = add_area(name="Millbank", parent=city, by=admin)
ring = [[0, 51], [0.01, 51], [0.01, 51.01], [0, 51]]
for area in (city, mill):
    draw_area(area=area, geojson=json.dumps({"type": "Polygon", "coordinates": [ring]}), by=admin)
Place.objects.create(postcode="ED1", area=mill)
told = {"name": "Ines Calder", "street": "12 Weir Lane", "postcode": "ED1"}
sent, waiting = person(), person()
letter = ask_letter(person=sent, **told)
print_letters(letters=[letter.pk], by=admin)
ask_letter(person=waiting, **told)
keys = {"code": in_groups(code_for(letter.pk)), "mail": sent.email}
for name, who in {"admin": admin, "sent": sent, "waiting": waiting, "new": person()}.items():
    client = Client()
    client.force_login(who, backend=settings.AUTHENTICATION_BACKENDS[0])
    keys[name] = client.cookies[settings.SESSION_COOKIE_NAME].value
print("KEYS" + json.dumps(keys))
"""
PAGES = {
    "new": ["/you/place/", "/you/place/letter/", "/you/place/code/"],
    "sent": ["/you/place/", "/you/place/code/"],
    "waiting": ["/you/place/"],
    "admin": [
        "/office/people/", "/office/people/new/", "/office/letters/", "/office/imports/",
        "/office/areas/?at=51.005,0.005", "/office/areas/new/", "/office/areas/?at=north",
        "/office/areas/boundary/eddersford/millbank/",
    ],
}  # fmt: skip


@pytest.fixture
def keys(live_server_process: Server) -> dict[str, str]:
    said = live_server_process.manage("shell", "-c", FILL)
    return json.loads(said.partition("KEYS")[2])


def enter(page, server, session):
    cookie = {"name": "sessionid", "value": session, "url": server.site}
    page.context.add_cookies([cookie])
    return page


def test_axe_finds_nothing_and_nothing_is_wider_than_a_phone(someone, live_server_process, keys):
    found = {}
    for who, paths in PAGES.items():
        page = enter(someone(bypass_csp=True), live_server_process, keys[who])
        for path in paths:
            page.goto(live_server_process.site + path)
            if wrong := found_in_every_look(page):
                found[path] = wrong
    assert found == {}


def test_a_code_is_entered_by_keyboard(someone, live_server_process, keys):
    page = enter(someone(), live_server_process, keys["sent"])
    page.goto(f"{live_server_process.site}/you/place/")
    page.get_by_role("link", name="Enter the code").focus()
    page.keyboard.press("Enter")
    page.get_by_label("Code from your letter").focus()
    page.keyboard.type("K7Q 4M2")
    page.keyboard.press("Enter")
    expect(page.locator("#errors")).to_be_focused()
    expect(page).to_have_title("Error: Enter the code – Eddersford")
    page.get_by_label("Code from your letter").fill(keys["code"].lower())
    page.keyboard.press("Enter")
    expect(page.get_by_text("You are a resident of Millbank.")).to_be_visible()
    expect(page.get_by_text("Weir Lane")).to_have_count(0)


def test_an_import_lives_on_its_page(someone, live_server_process, keys):
    page = enter(someone(), live_server_process, keys["admin"])
    page.goto(f"{live_server_process.site}/office/imports/")
    rows = "".join(f"ED{i};{chr(97 + i % 26)} Street;Millbank\n" for i in range(30_000))
    raw = f"postcode;street;area\n{rows}X1;;Nowhere\n".encode()
    file = {"name": "places.csv", "mimeType": "text/csv", "buffer": raw}
    page.set_input_files("#id_file", files=[file])
    page.get_by_role("button", name="Try this file").click()
    page.wait_for_url("**/office/imports/*-*/")
    page.evaluate("loaded = performance.timeOrigin")
    page.evaluate(
        """seen = new Set(); new MutationObserver(() => seen.add(
            document.querySelector('[data-live-number=done]')?.textContent)).observe(
            document.body, {subtree: true, childList: true, characterData: true})"""
    )
    expect(page.get_by_text("This was only tried.")).to_be_visible(timeout=60_000)
    expect(page.locator("#import-progress")).to_contain_text("30,001 of 30,001 lines")
    expect(page.get_by_role("row", name="30,002 No area has this path")).to_be_visible()
    assert page.evaluate("loaded === performance.timeOrigin"), "without a reload"
    assert len(page.evaluate("[...seen]")) > 2, "step by step"
    page.get_by_role("link", name="Do it").click()
    page.get_by_role("button", name="Do it").click()
    expect(page.get_by_text("Done.")).to_be_visible(timeout=60_000)

"""The office's page for name and colour: who may, what is tried, what is saved."""

import re
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from hypothesis import given
from hypothesis import strategies as st

from engage.web.models import Town
from engage.web.palette import nearest, pairs, palette
from engage.web.swatches import DAY, NIGHT, swatches
from engage.web.town import present_town
from tests.voting import polls

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("own_town")]

PAGE, COLOURS = "/office/town/", "/office/town/colours.css"
TYPED = {"name": "Millbank", "office": "Ward office", "currency": "€", "colour": "#0f5257"}
UNREADABLE = "#ffcc00"


@pytest.fixture
def office(client):
    client.force_login(polls.person("administrator"))
    client.defaults["HTTP_ACCEPT"] = "text/html"
    return client


@pytest.mark.parametrize("path", [PAGE, COLOURS, "/office/texts/", "/office/texts/privacy/en/"])
@pytest.mark.parametrize(
    ("role", "status"),
    [("resident", 403), ("organiser", 403), ("officer", 403), ("auditor", 403),
     ("administrator", 200), (None, 302)],
)  # fmt: skip
def test_only_administrators_of_the_whole_town_come_in(client, path, role, status):
    if role:
        client.force_login(polls.person(role))
    answer = client.get(path, {"now": "7b1f51", "tried": "0f5257"}, headers={"Accept": "text/html"})
    assert answer.status_code == status


def test_a_page_shows_what_holds_now(office):
    text = office.get(PAGE).content.decode()
    assert 'value="Eddersford"' in text
    assert 'id="seen-now-day"' in text
    assert 'id="seen-now-night"' in text
    assert "seen-tried" not in text
    assert text.count('<tr><th scope="row"') == len(pairs(palette("#7b1f51")))


def test_a_preview_saves_nothing_and_shows_both(office):
    text = office.post(PAGE, TYPED | {"preview": "1"}).content.decode()
    assert 'value="Millbank"' in text
    shown = re.findall(r'id="seen-(\w+-\w+)"', text)
    assert shown == ["now-day", "now-night", "tried-day", "tried-night"]
    assert "colours.css?now=7b1f51&amp;tried=0f5257" in text
    assert not Town.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_saving_is_for_every_page(office):
    answer = office.post(PAGE, TYPED | {"save": "1"}, follow=True)
    assert "Saved. Every page shows it from now on." in answer.content.decode()
    town = Town.objects.get()
    assert (town.name, town.colour, town.by_id) == (
        "Millbank",
        "#0f5257",
        answer.wsgi_request.user.pk,
    )
    assert present_town().office == "Ward office"


@pytest.mark.parametrize("deed", ["preview", "save"])
def test_a_colour_that_cannot_be_read_is_shown_with_its_near_one_and_never_saved(office, deed):
    text = office.post(PAGE, TYPED | {"colour": UNREADABLE, deed: "1"}).content.decode()
    near = nearest(UNREADABLE)
    assert f'name="near" value="{near}"' in text
    assert "too little" in text
    assert ("<title>Error:" in text) is (deed == "save")
    assert not Town.objects.exists()


def test_the_near_colour_is_one_press_away_and_holds(office):
    near = nearest(UNREADABLE)
    text = office.post(PAGE, TYPED | {"colour": UNREADABLE, "near": near}).content.decode()
    assert f'value="{near}"' in text
    assert "too little" not in text
    assert 'value="Millbank"' in text


def test_enter_in_a_field_only_shows_whatever_else_could_be_pressed(office):
    text = office.post(PAGE, TYPED | {"colour": UNREADABLE, "preview": "1"}).content.decode()
    buttons = re.findall(r'<button[^>]* name="(\w+)"', text)
    assert buttons == ["preview", "save", "near"]


@pytest.mark.parametrize(
    ("typed", "kept"), [("0F5257", "#0f5257"), ("#ABC", "#aabbcc"), (" #0f5257 ", "#0f5257")]
)
def test_a_colour_may_be_written_as_people_write_it(office, typed, kept):
    text = office.post(PAGE, TYPED | {"colour": typed, "preview": "1"}).content.decode()
    assert f"tried={kept[1:]}" in text


@pytest.mark.parametrize("field", ["name", "office", "currency", "colour"])
@pytest.mark.parametrize("typed", ["", "a\nb", "a\u202eb", "\u200b", "a\x00b", "#12"])
def test_what_could_not_be_seen_is_refused_at_its_field(office, field, typed):
    if field != "colour" and typed == "#12":
        return
    text = office.post(PAGE, TYPED | {field: typed, "save": "1"}).content.decode()
    assert "<title>Error:" in text
    assert f'href="#id_{field}"' in text
    assert not Town.objects.exists()


@pytest.mark.parametrize(
    "query", ["", "now=7b1f51", "now=7b1f51&tried=red", "now=7b1f51&tried=0f5257;}", "tried=%00"]
)
def test_the_colours_take_colours_alone(office, query):
    answer = office.get(f"{COLOURS}?{query}")
    assert answer.status_code == 400
    assert b"0f5257;}" not in answer.content


def test_the_colours_are_kept_by_nobody(office):
    answer = office.get(COLOURS, {"now": "7b1f51", "tried": UNREADABLE[1:]})
    assert answer["Content-Type"] == "text/css"
    assert answer["Cache-Control"] == "no-store"
    assert "#seen-tried-night" in answer.content.decode()


@given(st.integers(0, 0xFFFFFF).map("#{:06x}".format))
def test_every_colour_can_be_looked_at_and_only_colours_come_out(colour):
    rules = swatches({"now": "#7b1f51", "tried": colour})
    assert len(re.findall(r"^#seen-(?:now|tried)-(?:day|night) {", rules, re.M)) == 4
    values = re.findall(r"--[a-z0-9-]+: ([^;]*);", rules)
    assert all(re.fullmatch("#[0-9a-f]{6}", value) for value in values)


@pytest.mark.parametrize(("sheet", "roles"), [("engage", DAY), ("night", NIGHT)])
def test_a_preview_has_the_same_ground_as_the_pages(sheet, roles):
    text = Path(finders.find(f"engage/{sheet}.css")).read_text()
    found = dict(re.findall(r"--([a-z0-9-]+): (#[0-9a-f]{6})", text.split("Tier 2")[-1]))
    assert {role: found[role] for role in roles} == roles

"""The tree of areas: added, named, drawn, looked up at, and removed when nothing needs it."""

import json

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from engage.domain.errors import DomainError
from engage.identity.domain.levels import Level
from engage.identity.models import Area, Place
from engage.identity.services.areas import add_area, draw_area, remove_area, rename_area
from engage.identity.services.claiming import record_claim
from tests.voting.polls import person

pytestmark = pytest.mark.django_db
SQUARE = [[0, 51], [0.01, 51], [0.01, 51.01], [0, 51.01], [0, 51]]
GEOJSON = json.dumps({"type": "Polygon", "coordinates": [SQUARE]})


@pytest.fixture
def admin():
    return person("administrator")


@pytest.fixture
def town(admin):
    return add_area(name="Eddersford", parent=None, by=admin)


def browser(user):
    client = Client(headers={"Accept": "text/html"})
    client.force_login(user)
    return client


def refused(act, **told):
    with pytest.raises(DomainError) as error:
        act(**told)
    return error.value


def test_a_path_is_made_of_names_and_stays(town, admin):
    old = add_area(name="Old  Town", parent=town, by=admin)
    twin = add_area(name="old town", parent=town, by=admin)
    ward = add_area(name="Straße 5", parent=old, by=admin)
    strange = add_area(name="Ωμέγα", parent=town, by=admin)
    assert [old.pk, twin.pk, ward.pk, strange.pk] == [
        "eddersford/old-town", "eddersford/old-town-2", "eddersford/old-town/strae-5",
        "eddersford/area",
    ]  # fmt: skip
    assert [town.kind, old.kind, ward.kind] == ["city", "district", "ward"]
    rename_area(area=old, name="Ancient Town", by=admin)
    assert Area.objects.get(pk=old.pk).name == "Ancient Town"
    assert refused(add_area, name="x", parent=ward, by=admin).code == "area.too-deep"
    assert refused(add_area, name="Two", parent=None, by=admin).code == "area.one-city"


@pytest.mark.parametrize("role", ["resident", "organiser", "officer", "moderator", "auditor"])
def test_only_administrators_change_the_tree(town, role):
    other = person(role)
    assert refused(add_area, name="x", parent=town, by=other).code == "area.forbidden"
    assert refused(rename_area, area=town, name="x", by=other).code == "area.forbidden"
    assert refused(draw_area, area=town, geojson="", by=other).code == "area.forbidden"
    assert refused(remove_area, area=town, by=other).code == "area.forbidden"
    assert browser(other).get("/office/areas/").status_code == 403


@pytest.mark.parametrize(
    ("text", "code"),
    [("{", "json"), ("[" * 9_000, "json"), ("[]", "kind"), ('{"type": "Point"}', "kind"),
     (GEOJSON.replace("51.01", "99"), "position"),
     (GEOJSON.replace("[0, 51]]", "[1, 51]]"), "open")],
)  # fmt: skip
def test_what_is_no_boundary_is_said_in_words(town, admin, text, code):
    error = refused(draw_area, area=town, geojson=text, by=admin)
    assert error.code == f"boundary.{code}" and error.sentence.endswith(".")
    answer = browser(admin).post(f"/office/areas/boundary/{town.pk}/", {"geojson": text})
    assert answer.status_code == 200 and 'id="errors"' in answer.content.decode()
    assert Area.objects.get().boundary is None


def test_a_boundary_is_drawn_found_and_taken_off(town, admin):
    client = browser(admin)
    client.post(f"/office/areas/boundary/{town.pk}/", {"geojson": GEOJSON})
    page = client.get("/office/areas/").content.decode()
    assert page.count("<path ") == 1 and "http" not in page[page.index('<svg class="map"') :][:500]
    inside = client.get("/office/areas/?at=51.005,+0.005").content.decode()
    assert "It lies in:" in inside
    outside = client.get("/office/areas/?at=52;0").content.decode()
    assert "no boundary that is drawn" in outside
    client.post(f"/office/areas/boundary/{town.pk}/", {"geojson": ""})
    assert Area.objects.get().boundary is None


@pytest.mark.adversary("D7")
@pytest.mark.parametrize(
    "at", ["", "north", "91,0", "0,181", "1e9,1", "nan,nan", "1,2,3", "9" * 99]
)
def test_a_point_is_two_numbers_on_earth(town, admin, at):
    answer = browser(admin).get("/office/areas/", {"at": at, "order": "grants__person__password"})
    assert answer.status_code == 200 and 'id="errors"' in answer.content.decode()


def test_an_area_in_use_stays_and_says_who_needs_it(town, admin):
    part = add_area(name="Mill", parent=town, by=admin)
    record_claim(person=person(), level=Level.ADDRESS, source="letter", area=part)
    person().grants.create(role="officer", area=part)
    told = refused(remove_area, area=part, by=admin).sentence
    assert "claims (1)" in told and "roles (1)" in told
    Place.objects.create(postcode="A1", area=part)
    assert "postcodes and streets (1)" in refused(remove_area, area=part, by=admin).sentence
    assert "areas (1)" in refused(remove_area, area=town, by=admin).sentence
    client = browser(admin)
    answer = client.post(f"/office/areas/remove/{part.pk}/")
    assert answer.status_code == 403 and "still needed by" in answer.content.decode()
    assert Area.objects.count() == 2


def test_an_area_that_nothing_needs_goes(town, admin):
    part = add_area(name="Mill", parent=town, by=admin)
    browser(admin).post(f"/office/areas/remove/{part.pk}/")
    assert list(Area.objects.all()) == [town]


def test_the_pages_begin_with_the_city_and_go_on(admin):
    client = browser(admin)
    assert "Begin with the city" in client.get("/office/areas/").content.decode()
    client.post("/office/areas/new/", {"name": "Eddersford"})
    client.post("/office/areas/new/", {"name": "Mill", "parent": "eddersford"})
    client.post("/office/areas/name/eddersford/mill/", {"name": "Millbank"})
    assert list(Area.objects.values_list("path", "name")) == [
        ("eddersford", "Eddersford"), ("eddersford/mill", "Millbank"),
    ]  # fmt: skip
    answer = client.post("/office/areas/new/", {"name": "", "parent": "nowhere"})
    assert "2 things to put right" in answer.content.decode()
    for path in ("name", "boundary", "remove"):
        assert client.get(f"/office/areas/{path}/nowhere/").status_code == 404


@pytest.mark.adversary("D3")
def test_fields_that_are_no_fields_of_the_form_change_nothing(town, admin):
    client = browser(admin)
    extra = {"path": "x", "kind": "city", "boundary": GEOJSON, "name": "Mill", "parent": town.pk}
    client.post("/office/areas/new/", extra)
    part = Area.objects.exclude(pk=town.pk).get()
    assert (part.pk, part.kind, part.boundary) == ("eddersford/mill", "district", None)
    client.post(f"/office/areas/name/{part.pk}/", extra | {"name": "New", "parent": ""})
    part.refresh_from_db()
    assert (part.pk, part.name, part.parent, part.boundary) == (
        "eddersford/mill",
        "New",
        town,
        None,
    )


def test_names_are_never_html(town, admin):
    rename_area(area=town, name="<img src=x onerror=alert(1)>", by=admin)
    draw_area(area=town, geojson=GEOJSON, by=admin)
    client = browser(admin)
    for path in ("/office/areas/?at=51.005,0.005", f"/office/areas/name/{town.pk}/",
                 f"/office/areas/remove/{town.pk}/", "/office/areas/new/"):  # fmt: skip
        assert "<img" not in client.get(path).content.decode()


@pytest.mark.parametrize("number", [1, 3])
def test_the_tree_asks_the_same_for_one_and_for_three(town, admin, number):
    for i in range(number):
        part = add_area(name=f"Part {i}", parent=town, by=admin)
        draw_area(area=part, geojson=GEOJSON, by=admin)
        Place.objects.create(postcode=f"A{i}", area=part)
    client = browser(admin)
    client.get("/office/areas/")
    with CaptureQueriesContext(connection) as asked:
        client.get("/office/areas/?at=51,0")
    assert len(asked) == 4  # the session and the person, their roles; the areas

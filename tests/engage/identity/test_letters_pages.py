"""The pages of one's place: the ladder, asking for a letter, entering its code."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from engage.identity.domain.levels import Level
from engage.identity.models import Area, Claim, Letter, Place
from engage.identity.services.claiming import record_claim
from engage.identity.services.letters import code_for, print_letters
from tests.voting.polls import person

pytestmark = pytest.mark.django_db
TYPED = {"name": "Ines Calder", "street": "12 Weir Lane", "postcode": "ED1 2AB"}


@pytest.fixture
def town():
    city = Area.objects.create(path="town", name="Town", kind="city")
    Place.objects.create(postcode="ED12AB", area=city)
    return city


def browser(user=None):
    client = Client(headers={"Accept": "text/html"})
    if user:
        client.force_login(user)
    return client


def shown(client, path):
    answer = client.get(path)
    assert answer.status_code == 200
    return answer.content.decode()


PATHS = ("/you/place/", "/you/place/letter/", "/you/place/code/")


@pytest.mark.parametrize("path", [*PATHS, "/you/place/give-up/"])
def test_strangers_are_asked_to_sign_in(path):
    for answer in (browser().get(path), browser().post(path)):
        assert answer.status_code in (302, 405)
        assert answer.status_code == 405 or answer["Location"].startswith("/accounts/login/")


@pytest.mark.parametrize("path", PATHS)
def test_nothing_of_it_is_kept_by_a_browser(path):
    assert "no-store" in browser(person()).get(path)["Cache-Control"]


def test_the_ladder_shows_what_one_has_and_the_next_step(town):
    who = person()
    client = browser(who)
    page = shown(client, "/you/place/")
    assert page.count('class="done"') == 2 and page.count('aria-current="step"') == 1
    record_claim(person=who, level=Level.IN_PERSON, source="desk", area=town)
    page = shown(client, "/you/place/")
    assert page.count('class="done"') == 4 and "resident of <b><bdi>Town" in page


def test_a_whole_way_by_the_pages(town):
    who = person()
    client = browser(who)
    answer = client.post("/you/place/letter/", TYPED, follow=True)
    assert "on the pile" in answer.content.decode()
    letter = Letter.objects.get(person=who)
    assert "not printed yet" in shown(client, "/you/place/code/")
    print_letters(letters=[letter.pk], by=person("officer"))
    answer = client.post("/you/place/code/", {"code": "oops"})
    assert "Compare all nine signs" in answer.content.decode()
    assert 'value="oops"' in answer.content.decode()
    answer = client.post("/you/place/code/", {"code": code_for(letter.pk).lower()}, follow=True)
    assert "confirmed for two years" in answer.content.decode()
    assert Claim.objects.get().area == town
    assert "Weir Lane" not in answer.content.decode()


def test_an_unknown_postcode_is_said_at_its_field_and_all_typed_is_kept(town):
    page = browser(person()).post("/you/place/letter/", TYPED | {"postcode": "ZZ1 <b>"})
    html = page.content.decode()
    assert "Enter a postcode in" in html and "office" in html
    assert 'value="Ines Calder"' in html and 'value="ZZ1 &lt;b&gt;"' in html
    assert not Letter.objects.exists()


def test_asking_again_is_refused_with_a_way_on(town):
    client = browser(person())
    client.post("/you/place/letter/", TYPED)
    answer = client.post("/you/place/letter/", TYPED)
    assert answer.status_code == 403 and "/you/place/" in answer.content.decode()
    client.post("/you/place/give-up/")
    assert not Letter.objects.exists()


@pytest.mark.adversary("D2", "D3")
def test_fields_of_the_model_that_are_no_fields_of_the_form_change_nothing(town):
    who, other = person(), person()
    other_area = Area.objects.create(path="town/hill", name="Hill", kind="district", parent=town)
    extra = {
        "person": str(other.pk), "area": other_area.pk, "id": "1" * 32, "tries": "-9",
        "printed_at": "2020-01-01", "expires_at": "2099-01-01", "asked_at": "2020-01-01",
        "level": "4",
    }  # fmt: skip
    browser(who).post("/you/place/letter/", TYPED | extra)
    letter = Letter.objects.get()
    assert (letter.person, letter.area, letter.tries, letter.printed_at) == (who, town, 0, None)
    assert letter.expires_at.year < 2090 and str(letter.pk) != "1" * 32


def test_the_code_s_page_cannot_be_read_for_another_person(town):
    who, other = person(), person()
    browser(who).post("/you/place/letter/", TYPED)
    for path in PATHS:
        assert "Weir Lane" not in shown(browser(other), path)


@pytest.mark.parametrize("claims", [1, 3])
def test_the_page_asks_the_same_for_one_claim_and_for_three(town, claims):
    who = person()
    for level in list(Level)[2 : 2 + claims]:
        record_claim(person=who, level=level, source="x", area=town)
    Letter.objects.create(
        person=who, name="A", street="B", postcode="C", area=town,
        expires_at=timezone.now() + timedelta(days=1),
    )  # fmt: skip
    client = browser(who)
    client.get("/you/place/")
    with CaptureQueriesContext(connection) as asked:
        client.get("/you/place/")
    assert len(asked) == 6  # the session and the person, roles; claims, address, letter


def test_a_national_identity_is_offered_only_where_the_town_has_a_service(town, settings, service):
    who = person()
    record_claim(person=who, level=Level.IN_PERSON, source="desk", area=town)
    page = shown(browser(who), "/you/place/")
    assert "Next step" in page and "Connect " in page
    settings.OIDC = settings.OIDC | {"issuer": ""}
    page = shown(browser(who), "/you/place/")
    assert "Next step" not in page and "Connect " not in page

"""The officer's pages: who may open them, what they tell, and that each look is written down."""

import re
import uuid
from datetime import date, timedelta

import pytest
from django.contrib.staticfiles import finders
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from engage.identity.domain.letters import in_groups
from engage.identity.domain.levels import Level
from engage.identity.models import Area, Claim, Disclosure, Letter, User
from engage.identity.services.claiming import record_claim
from engage.identity.services.letters import code_for
from engage.web.models import Text
from tests.voting.polls import person

pytestmark = pytest.mark.django_db
PAPERS = {"name": "Ada Byron", "born_on": "1948-02-29", "area": "town/mill"}


@pytest.fixture
def mill():
    city = Area.objects.create(path="town", name="Town", kind="city")
    for key in ("mill", "hill"):
        Area.objects.create(path=f"town/{key}", name=key.title(), kind="district", parent=city)
    return Area.objects.get(path="town/mill")


def browser(user=None):
    client = Client(headers={"Accept": "text/html"})
    if user:
        client.force_login(user)
    return client


def officer(path=None):
    clerk = person()
    clerk.grants.create(role="officer", area_id=path)
    return clerk


def found(client, somebody):
    answer = client.post("/office/people/", {"mail-email": somebody.email})
    assert answer.status_code == 302
    return answer["Location"]


def letter_to(who, area, **fields):
    soon = timezone.now() + timedelta(days=9)
    told = {"name": f"Name {who.pk}", "street": "1 Weir Lane", "postcode": "ED1 2AB"}
    return Letter.objects.create(person=who, area=area, expires_at=soon, **told, **fields)


PATHS = ["/office/people/", "/office/people/new/", "/office/letters/"]


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize(
    ("role", "status"),
    [("", 302), ("resident", 403), ("organiser", 403), ("moderator", 403), ("auditor", 403),
     ("administrator", 403), ("officer", 200)],
)  # fmt: skip
def test_only_officers_open_the_desk(path, role, status):
    assert browser(person(role) if role else None).get(path).status_code == status


def test_a_look_up_opens_the_page_for_a_quarter_of_an_hour_and_is_told(mill):
    clerk, somebody = officer("town/mill"), person()
    client = browser(clerk)
    assert client.get(f"/office/people/{somebody.pk}/").status_code == 404
    path = found(client, somebody)
    assert somebody.email in client.get(path).content.decode()
    assert Disclosure.objects.filter(person=somebody, by=clerk, why="search").count() == 1
    session = client.session
    session["desk"] = {str(somebody.pk): (timezone.now() - timedelta(seconds=1)).isoformat()}
    session.save()
    assert client.get(path).status_code == 404


@pytest.mark.adversary("D2")
def test_nobody_is_opened_by_another_number(mill):
    somebody, other, clerk = person(), person(), officer()
    record_claim(person=other, level=Level.IN_PERSON, source="desk", area=mill)
    client = browser(clerk)
    found(client, somebody)
    for key in (other.pk, uuid.uuid4()):
        for end in ("", "check/", "take-back/3/"):
            answer = client.get(f"/office/people/{key}/{end}")
            assert answer.status_code == 404 and other.email not in answer.content.decode()
            if end:
                reply = client.post(f"/office/people/{key}/{end}", PAPERS | {"reason": "moved"})
                assert reply.status_code == 404
    assert Claim.objects.count() == 1
    path = f"/office/people/{somebody.pk}/"
    assert browser(officer()).get(path).status_code == 404  # another clerk's look-up
    assert client.get(f"{path}take-back/4/").status_code == 404


@pytest.mark.adversary("D7")
@pytest.mark.parametrize("email", ["", "%@%", "a@b", "' OR 1=1 --", "*", "resident"])
def test_nothing_but_a_whole_address_finds_anybody(mill, email):
    person()
    answer = browser(officer()).post(
        "/office/people/", {"mail-email": email, "mail-email__startswith": "r", "order": "password"}
    )
    assert answer.status_code == 200 and 'id="errors"' in answer.content.decode()
    assert not Disclosure.objects.exists()


def test_papers_are_checked_and_found_again(mill):
    somebody = person()
    client = browser(officer("town/mill"))
    path = found(client, somebody)
    answer = client.post(f"{path}check/", PAPERS, follow=True)
    assert "Checked in person" in answer.content.decode()
    again = {"by": "papers", "papers-name": "ada BYRON", "papers-born_on": "1948-02-29"}
    assert client.post("/office/people/", again)["Location"] == path
    client.post(f"{path}take-back/3/", {"reason": "mistake"})
    assert not Claim.objects.exists()
    assert Disclosure.objects.filter(person=somebody, why="mistake").exists()


def test_somebody_without_e_mail_is_added_and_shown(mill):
    client = browser(officer("town/mill"))
    answer = client.post("/office/people/new/", PAPERS, follow=True)
    assert "A person without e-mail" in answer.content.decode()
    answer = client.post("/office/people/new/", PAPERS)
    assert "already confirmed" in answer.content.decode()
    assert 'value="Ada Byron"' in answer.content.decode()
    assert User.objects.filter(email=None).count() == 1


@pytest.mark.adversary("D2", "D3")
def test_areas_of_others_and_fields_of_the_model_are_refused(mill):
    somebody, other = person(), person()
    client = browser(officer("town/mill"))
    path = found(client, somebody)
    for area in ("town", "town/hill", "nowhere"):
        answer = client.post(f"{path}check/", PAPERS | {"area": area})
        assert "Choose one of your areas" in answer.content.decode()
    extra = {
        "level": "4", "person": str(other.pk), "expires_at": "2099-01-01", "source": "king",
        "subject": "x" * 64, "by": str(other.pk), "is_staff": "on", "made_at": "1999-01-01",
    }  # fmt: skip
    client.post(f"{path}check/", PAPERS | extra)
    claim = Claim.objects.get()
    assert (claim.level, claim.person, claim.source) == (3, somebody, "desk")
    assert claim.by != other and claim.subject != "x" * 64 and claim.made_at.year > 2000
    somebody.refresh_from_db()
    assert not somebody.is_staff


@pytest.mark.parametrize("born", ["", "tomorrow", "1066-10-14", "2999-01-01"])
def test_a_date_of_birth_is_of_somebody_alive(mill, born):
    answer = browser(officer()).post("/office/people/new/", PAPERS | {"born_on": born})
    assert 'id="errors"' in answer.content.decode()
    assert not Claim.objects.exists()


def test_the_pile_names_nobody_and_printing_shows_each_on_a_sheet(mill):
    here = letter_to(person(), mill)
    there = letter_to(person(), Area.objects.get(path="town/hill"))
    client = browser(officer("town/mill"))
    page = client.get("/office/letters/").content.decode()
    assert "Print this letter" in page and here.name not in page and str(there.pk) not in page
    both = f"{here.pk} {there.pk}"
    printed = client.post("/office/letters/print/", {"letters": both}).content.decode()
    assert here.name in printed and there.name not in printed
    assert in_groups(code_for(here.pk)) in printed
    assert printed.count('<article class="letter"') == 1
    assert list(Disclosure.objects.values_list("person", "why")) == [(here.person_id, "letter")]
    there.refresh_from_db()
    assert there.printed_at is None


def test_the_town_s_own_words_stand_in_the_letter(mill):
    Text.objects.create(
        slug="letter", language="en", version=1, title="x", body="# Hello\n\nDear you"
    )
    letter = letter_to(person(), mill)
    page = browser(officer()).post("/office/letters/print/", {"letters": str(letter.pk)})
    html = page.content.decode()
    assert "<h2>Hello</h2>" in html and "Dear you" in html and "Your code" not in html


def test_a_batch_is_printed_again_and_an_answered_letter_is_not(mill):
    letters = [letter_to(person(), mill) for _each in range(2)]
    client = browser(officer())
    client.post("/office/letters/print/", {"letters": " ".join(str(x.pk) for x in letters)})
    page = client.get("/office/letters/").content.decode()
    key = re.search(r'name="printed_at" value="([^"]+)"', page)[1]
    letters[0].delete()
    answer = client.post("/office/letters/print/", {"printed_at": key})
    assert answer.content.decode().count('<article class="letter"') == 1
    assert client.post("/office/letters/print/", {"printed_at": key}).status_code == 404


@pytest.mark.parametrize("typed", ["", "x", "1 2", str(uuid.uuid4()), "%00"])
def test_letters_that_are_none_are_refused(mill, typed):
    assert browser(officer()).post("/office/letters/print/", {"letters": typed}).status_code == 404


@pytest.mark.parametrize("day", ["0001-01-01T00:00:00.0+2359", "9999-12-31T23:59:59.9-2359"])
def test_a_batch_at_the_ends_of_the_calendar_is_none(mill, day):
    answer = browser(officer()).post("/office/letters/print/", {"printed_at": day})
    assert answer.status_code == 404


@pytest.mark.parametrize("number", [1, 3])
def test_the_office_s_lists_ask_the_same_for_one_and_for_three(mill, number):
    for i in range(number):
        letter_to(person(), mill)
        letter_to(person(), mill, printed_at=timezone.now() - timedelta(days=i))
    client = browser(officer())
    asked = {}
    for path in ("/office/letters/", "/office/people/"):
        client.get(path)
        with CaptureQueriesContext(connection) as queries:
            assert client.get(path).status_code == 200
        asked[path] = len(queries)
    assert asked == {"/office/letters/": 6, "/office/people/": 3}


@pytest.mark.parametrize("number", [1, 3])
def test_printing_asks_the_same_for_one_and_for_three(mill, number):
    letters = [letter_to(person(), mill) for _each in range(number)]
    client = browser(officer())
    client.get("/office/letters/")
    with CaptureQueriesContext(connection) as queries:
        client.post("/office/letters/print/", {"letters": " ".join(str(x.pk) for x in letters)})
    kinds = [q["sql"].split()[0] for q in queries]
    assert kinds.count("UPDATE") == 1 and kinds.count("INSERT") == 1
    assert kinds.count("SELECT") == 5  # session, person, roles; the letters, the town's text


def test_a_letter_s_sheet_has_a_page_of_its_own_on_paper():
    with open(finders.find("engage/letter.css")) as css:
        assert "break-before: page" in css.read()


def test_the_claim_keeps_the_day_of_birth(mill):
    client = browser(officer())
    client.post("/office/people/new/", PAPERS)
    assert Claim.objects.get().born_on == date(1948, 2, 29)

"""One's own data: shown whole, by purpose; taken along by nobody else; corrected and taken back."""

import csv
import io
import json
import re
import time
import zipfile
from datetime import date, timedelta

import pytest
from allauth.account.models import EmailAddress
from django.core import signing
from django.test import Client
from django.utils import timezone
from django.utils.formats import date_format

from engage.identity.holdings import Holding, register, withdraw
from engage.identity.models import Claim, Consent, Disclosure, Letter, OptOut, RoleGrant, User
from engage.identity.processing import register as processing
from engage.identity.processing import stored
from engage.identity.services.consenting import give_consent, withdraw_consent
from engage.identity.services.exporting import as_json, held_of, seen_by
from tests.engage.identity.people import (
    ADDRESS,
    NAME,
    TRACES,
    browser,
    clerk,
    resident_with_everything,
)
from tests.signing import sign_in_afresh
from tests.voting import polls

pytestmark = pytest.mark.django_db
PAGES = ("/you/data/", "/you/data/name/", "/you/data/claims/", "/you/data/consents/",
         "/you/data/download/", "/you/data/erase/", "/you/mail/")  # fmt: skip
FRESH = ("/you/data/download/", "/you/data/erase/")
LINK = re.compile(r'href="(/you/data/download/[^"]+)"')
HELD_BUT_NOT_GIVEN = {
    "sessions.session": "each is listed as a user session",
    "admin.logentry": "what operators did, theirs",
}


@pytest.fixture
def person():
    return resident_with_everything()


def links(client):
    return LINK.findall(client.get("/you/data/download/").content.decode())


@pytest.mark.parametrize("page", PAGES)
def test_strangers_sign_in_first(client, page):
    answer = client.get(page)
    assert answer.status_code == 302
    assert answer["Location"].startswith("/accounts/login/")


@pytest.mark.parametrize("page", PAGES)
def test_no_browser_keeps_these_pages_and_no_other_site_learns_of_them(person, page):
    """A page with a form keeps its own origin: without one, browsers send it as a forgery."""
    answer = browser(person, fresh=True).get(page)
    assert answer.status_code == 200
    assert "no-store" in answer["Cache-Control"]
    has_form = 'method="post"' in answer.content.decode()
    expected = "no-referrer" if page == "/you/data/download/" else "same-origin"
    assert answer["Referrer-Policy"] == expected
    assert not (has_form and expected == "no-referrer")


@pytest.mark.parametrize("page", FRESH)
def test_downloads_and_the_end_ask_for_a_fresh_sign_in(person, page):
    assert browser(person).get(page).status_code == 302
    assert browser(person, fresh=True).get(page).status_code == 200


def test_the_page_shows_what_is_held_why_until_when_and_who_sees_it(person):
    page = browser(person).get("/you/data/").content.decode()
    held = held_of(person)
    assert {"identity.user", "identity.claim", "identity.letter"} <= {
        each.table.table for each in held
    }
    for each in held:
        if each.table.table != "identity.disclosure":
            assert str(each.table.purpose).replace("'", "&#x27;") in page
            assert str(each.table.seen_by) in page
    for words in (
        NAME,
        ADDRESS,
        "Weir Lane 77",
        "Millbank",
        date_format(date(1980, 5, 17), "DATE_FORMAT"),
    ):
        assert words in page


def test_every_table_that_holds_something_of_a_person_is_handed_over(person):
    """Whoever adds a table with a key of people adds it to an export, or says here why not."""
    browser(person).get("/you/")
    given = {each.table.table for each in held_of(person)}
    of_people = {
        name
        for name, fields in stored().items()
        for field in fields.values()
        if field.related_model is User and field.name in ("person", "user")
        and stored()[name] and name.split(".")[0] != "voting"
    }  # fmt: skip
    filled = {name for name in of_people if _model(name).objects.filter(**_mine(name, person))}
    assert filled - given - set(HELD_BUT_NOT_GIVEN) == set()
    assert filled >= {"identity.claim", "mfa.authenticator", "socialaccount.socialaccount"}


def _model(name):
    from django.apps import apps

    return apps.get_model(name)


def _mine(name, person):
    fields = stored()[name]
    return {"person" if "person" in fields else "user": person}


def test_who_saw_it_is_told_by_office_day_and_reason_and_never_by_name(person):
    (seen,) = seen_by(person)
    assert (seen.by, seen.at) == ("Electoral officer, Millbank", timezone.localdate())
    page = browser(person).get("/you/data/").content.decode()
    assert "Electoral officer, Millbank" in page
    assert Disclosure.objects.get().by.email not in page
    assert Disclosure.objects.get().by.email not in as_json(person, timezone.now())


def test_without_a_role_it_was_the_town(person):
    RoleGrant.objects.all().delete()
    assert seen_by(person)[0].by == "Eddersford Town Council"
    Disclosure.objects.update(by=None)  # whoever looked has erased their account
    assert seen_by(person)[0].by == "Eddersford Town Council"


def test_a_file_holds_everything_and_names_purposes(person):
    client = browser(person, fresh=True)
    files = {link: client.get(link) for link in links(client)}
    assert {answer["Content-Type"] for answer in files.values()} == {
        "application/json", "application/zip",
    }  # fmt: skip
    for answer in files.values():
        assert "no-store" in answer["Cache-Control"]
        assert answer["Referrer-Policy"] == "no-referrer"
        assert answer["Content-Disposition"].startswith("attachment")
    (data,) = [a for a in files.values() if "json" in a["Content-Type"]]
    (packed,) = [a for a in files.values() if "zip" in a["Content-Type"]]
    told = json.loads(data.content)
    tables = {each["table"]: each for each in told["tables"]}
    assert tables["identity.user"]["rows"][0]["email"] == ADDRESS
    assert len(tables["identity.claim"]["rows"]) == 2
    assert all(each["purpose"] and each["kept_until"] for each in tables.values())
    text = data.content.decode()
    assert all(trace in text for trace in TRACES if "subject" not in trace)
    assert "s-of-zenobia" not in text  # the secret of the app is the server's
    sheets = zipfile.ZipFile(io.BytesIO(packed.content))
    assert {name.removesuffix(".csv") for name in sheets.namelist()} == set(tables)
    for name, table in tables.items():
        rows = list(csv.DictReader(io.StringIO(sheets.read(f"{name}.csv").decode("utf-8-sig"))))
        assert len(rows) == len(table["rows"])
        assert set(rows[0]) == set(table["rows"][0])


@pytest.mark.adversary("F7")
def test_no_cell_of_a_sheet_is_a_formula(person):
    Letter.objects.update(street='=HYPERLINK("https://evil.example")', name="+1")
    client = browser(person, fresh=True)
    (link,) = [each for each in links(client) if each.startswith("/you/data/download/zip")]
    sheets = zipfile.ZipFile(io.BytesIO(client.get(link).content))
    text = sheets.read("identity.letter.csv").decode("utf-8-sig")
    assert "\"'=HYPERLINK" in text
    assert '"\'+1"' in text


@pytest.mark.adversary("J1")
def test_a_copied_link_opens_nothing_for_anybody_else(person, settings):
    mine = browser(person, fresh=True)
    other = browser(polls.person(), fresh=True)
    for link in links(mine):
        assert mine.get(link).status_code == 200
        assert Client().get(link)["Location"].startswith("/accounts/login/")
        assert other.get(link).status_code == 404
        assert browser(person).get(link).status_code == 302  # signed in, but not afresh
        assert str(person.pk) not in link


@pytest.mark.adversary("J1")
def test_a_link_lasts_five_minutes(person, monkeypatch):
    client = browser(person, fresh=True)
    now = time.time()
    made = links(client)
    for later, status in ((299, 200), (301, 410)):
        with monkeypatch.context() as clock:
            clock.setattr(signing.time, "time", lambda later=later: now + later)
            sign_in_afresh(client, person, "mfa")
            assert [client.get(link).status_code for link in made] == [status, status]


@pytest.mark.adversary("J1")
@pytest.mark.parametrize("change", [str.upper, lambda t: t[:-1], lambda t: t + "x",
                                    lambda t: t.replace("json", "zip"), lambda t: "0",
                                    lambda t: "%91", lambda t: "9" * 400])  # fmt: skip
def test_a_link_that_we_did_not_make_opens_nothing(person, change):
    client = browser(person, fresh=True)
    (link,) = [each for each in links(client) if "/json" in each]
    token = change(link.removeprefix("/you/data/download/").rstrip("/"))
    assert client.get(f"/you/data/download/{token}/").status_code == 404


@pytest.mark.adversary("J2")
def test_exports_at_once_reach_their_owners_only():
    people = [polls.person() for _ in range(40)]
    clients = [browser(each, fresh=True) for each in people]
    made = [links(client) for client in clients]
    assert len({link for each in made for link in each}) == 2 * len(people)
    for owner, client in enumerate(clients):
        for other, theirs in enumerate(made):
            (link,) = [each for each in theirs if "/json" in each]
            answer = client.get(link)
            assert answer.status_code == (200 if owner == other else 404)
            if owner == other:
                assert people[owner].email in answer.content.decode()


def test_a_name_is_corrected_on_its_page(person):
    client = browser(person)
    answer = client.post("/you/data/name/", {"name": "  Zen   Quill "})
    assert answer["Location"] == "/you/data/"
    person.refresh_from_db()
    assert person.display_name == "Zen Quill"
    refused = client.post("/you/data/name/", {"name": "Eddersford Town Council"})
    assert refused.status_code == 200
    assert "looks like one of the town" in refused.content.decode()
    assert "Eddersford Town Council" in refused.content.decode()  # what was typed is still there
    person.refresh_from_db()
    assert person.display_name == "Zen Quill"


@pytest.mark.adversary("D3")
def test_nothing_but_the_name_can_be_corrected(person):
    client = browser(person)
    before = User.objects.filter(pk=person.pk).values().get()
    fields = dict.fromkeys(before, "1") | {"display_name": "Admin", "name": "Zen"}
    client.post("/you/data/name/", fields)
    after = User.objects.filter(pk=person.pk).values().get()
    assert after == before | {"display_name": "Zen"}


def test_claims_and_the_letter_are_erased_one_by_one(person):
    client = browser(person)
    other = resident_of_the_same_place()
    client.post("/you/data/claims/", {"level": "2"})
    assert [claim.level for claim in Claim.objects.filter(person=person)] == [3]
    client.post("/you/data/claims/", {"letter": "1"})
    assert not Letter.objects.filter(person=person).exists()
    for odd in ("", "-1", "9", "2; drop", "２"):
        client.post("/you/data/claims/", {"level": odd})
    assert [claim.level for claim in Claim.objects.filter(person=person)] == [3]
    assert Claim.objects.filter(person=other).count() == 1


def resident_of_the_same_place():
    other = polls.person()
    Claim.objects.create(person=other, level=2, source="letter")
    return other


def test_the_consent_log_has_version_and_days_and_takes_back(person):
    client = browser(person)
    page = client.get("/you/data/consents/").content.decode()
    assert "Version 3" in page
    consent = Consent.objects.get(person=person)
    client.post("/you/data/consents/", {"consent": consent.pk})
    consent.refresh_from_db()
    first = consent.withdrawn_at
    assert first is not None
    client.post("/you/data/consents/", {"consent": consent.pk})
    consent.refresh_from_db()
    assert consent.withdrawn_at == first
    again = give_consent(person=person, text="assisted", version=3)
    assert again.pk != consent.pk
    assert give_consent(person=person, text="assisted", version=3) == again


@pytest.mark.adversary("D2")
@pytest.mark.parametrize("odd", ["", "x", "-1", "9" * 30, "１"])
def test_nobody_takes_back_the_consent_of_another(person, odd):
    consent = Consent.objects.get(person=person)
    other = browser(polls.person())
    assert other.post("/you/data/consents/", {"consent": consent.pk}).status_code == 404
    assert other.post("/you/data/consents/", {"consent": odd}).status_code == 404
    consent.refresh_from_db()
    assert consent.withdrawn_at is None
    assert not withdraw_consent(person=polls.person(), consent=consent.pk)


def test_a_consent_is_given_once_also_by_many_at_once(person):
    assert Consent.objects.filter(person=person, withdrawn_at=None).count() == 1


@pytest.mark.parametrize("page", ["/you/data/", "/you/data/claims/", "/you/data/consents/"])
def test_one_thing_costs_as_many_queries_as_three(page, django_assert_max_num_queries):
    counts = {}
    for number in (1, 3):
        person = polls.person()
        for i in range(number):
            by = clerk()
            Disclosure.objects.create(person=person, by=by, why="search")
            consent = Consent.objects.create(person=person, text=f"t{i}", version=1)
            person.assisted.create(clerk=by, channel="paper", consent=consent, topic=f"p.{i}",
                                   on=timezone.localdate())  # fmt: skip
            Claim.objects.create(person=person, level=i + 2, source="letter")
            OptOut.objects.create(person=person, about=f"about-{i}")
            EmailAddress.objects.create(user=person, email=f"{i}-{person.email}")
            since = timezone.now() - timedelta(days=i + 2)
            RoleGrant.objects.create(person=person, role="moderator", since=since, until=since)
        client = browser(person)
        client.get(page)
        with django_assert_max_num_queries(QUERIES[page]) as asked:
            assert client.get(page).status_code == 200
        counts[number] = len(asked)
    assert counts[1] == counts[3] == QUERIES[page], counts


QUERIES = {"/you/data/": 35, "/you/data/claims/": 5, "/you/data/consents/": 4}


def test_an_app_of_its_own_is_shown_and_handed_over(person):
    table = processing()["identity.optout"]
    rows = [{"table": table.table, "about": "a text that another app holds"}]
    register(Holding("other", "Other", lambda person: rows, lambda person, keep: None))
    try:
        page = browser(person).get("/you/data/").content.decode()
        assert "a text that another app holds" in page
        assert "a text that another app holds" in as_json(person, timezone.now())
    finally:
        withdraw("other")

"""The office's pages where a clerk votes for somebody: by every method, without script, once."""

import json
import re

import pytest
from django.contrib.sessions.models import Session
from django.test import Client

from engage.identity.models import Assistance, Disclosure
from tests.voting import areas, polls
from tests.voting.views.test_organising import browser
from tests.voting.views.test_queries import asked
from voting.models import Pass, Poll, UnderWay
from voting.services.merging import merge_intake

pytestmark = pytest.mark.django_db
AGREED = {"channel": "phone", "agreed": "on"}


def desk(clerk, person):
    """A clerk's browser that has looked the person up by their address."""
    client = browser(clerk)
    answer = client.post("/office/people/", {"mail-email": person.email})
    assert answer["Location"] == f"/office/people/{person.pk}/"
    return client


def path_of(person, poll, more=""):
    return f"/office/assist/{person.pk}/{poll.pk}/{more}"


def whom(poll_fields=None, clerk="officer"):
    poll = polls.opened(who="residents", area=areas.area(), **(poll_fields or {}))
    person, officer = areas.resident(), areas.staff(clerk)
    return poll, person, officer


# What a clerk fills in, by method -> the choice in the ballot.
FILLED = {
    "plurality": ({"option": "b"}, "b"),
    "approval": ({"options": ["c", "a"]}, ["a", "c"]),
    "ranked": ({"place-1": "c", "place-2": "", "place-3": "a"}, ["c", "a"]),
    "budget-approval": ({"options": ["p1", "p2"]}, ["p1", "p2"]),
    "knapsack": ({"options": ["p1", "p3"]}, ["p1", "p3"]),
    "cumulative": ({"points-p1": "2", "points-p3": "3", "points-p2": ""}, {"p1": 2, "p3": 3}),
}
BLANK = {"plurality": None, "cumulative": {}}


def kinds():
    return sorted({method for method, _rule in polls.KINDS})


def test_every_method_has_a_paper():
    assert set(FILLED) == set(kinds()) == {value for value, _label in Poll.Method.choices}


def act(client, path, fields, verb):
    return client.post(path, {**fields, "act": verb})


@pytest.mark.parametrize("blank", [False, True])
@pytest.mark.parametrize("method", FILLED)
def test_from_the_desk_to_a_receipt(method, blank):
    poll, person, clerk = whom({"method": method})
    fields, choice = ({"blank": "on"}, BLANK.get(method, [])) if blank else FILLED[method]
    client = desk(clerk, person)
    offered = client.get(f"/office/assist/{person.pk}/").content.decode()
    assert f'href="{path_of(person, poll)}"' in offered
    assert "read this aloud" in client.get(path_of(person, poll)).content.decode()
    answer = client.post(path_of(person, poll), AGREED)
    assert answer["Location"] == path_of(person, poll, "ballot/")
    paper = path_of(person, poll, "ballot/")
    assert client.get(paper).status_code == 200
    check = act(client, paper, fields, "check").content.decode()
    assert 'value="cast"' in check
    hidden = re.findall(r'type="hidden" name="([^"]+)" value="([^"]*)"', check)
    kept = {}
    for name, value in hidden:
        kept.setdefault(name, []).append(value)
    kept.pop("csrfmiddlewaretoken", None)
    again = act(client, paper, kept, "change").content.decode()
    assert ("checked" in again or "selected" in again or 'value="2"' in again) is True
    assert Pass.objects.count() == 0
    done = act(client, paper, kept, "cast")
    assert (done.status_code, "is cast" in done.content.decode()) == (200, True)
    assert "no-store" in done["Cache-Control"]
    merge_intake(poll=poll.pk)
    (said,) = [json.loads(body)["choice"] for kind, body in polls.logged(poll) if kind == "ballot"]
    assert said == choice
    once_more = act(client, paper, kept, "cast")
    assert (once_more.status_code, Pass.objects.count()) == (403, 1)


WRONG = {
    "nothing": ("plurality", {}),
    "something and nothing": ("plurality", {"option": "a", "blank": "on"}),
    "no such option": ("plurality", {"option": "zebra"}),
    "too many": ("approval", {"options": ["a", "b", "c"]}),
    "one option twice": ("ranked", {"place-1": "a", "place-2": "a"}),
    "beyond the budget": ("knapsack", {"options": ["p1", "p2"]}),
    "too many points": ("cumulative", {"points-p1": "6"}),
    "no number": ("cumulative", {"points-p1": "many"}),
    "a negative number": ("cumulative", {"points-p1": "-1", "points-p2": "2"}),
    "NUL": ("ranked", {"place-1": "a\0"}),
}


@pytest.mark.parametrize("what", WRONG)
def test_what_is_no_vote_comes_back_with_words_and_costs_nothing(what):
    method, fields = WRONG[what]
    poll, person, clerk = whom({"method": method})
    client = desk(clerk, person)
    client.post(path_of(person, poll), AGREED)
    for verb in ("check", "cast"):
        answer = act(client, path_of(person, poll, "ballot/"), fields, verb)
        assert answer.status_code == 200
        assert 'id="errors"' in answer.content.decode()
        assert 'value="check"' in answer.content.decode()
    assert not Pass.objects.exists()


@pytest.mark.parametrize("fields", [{}, {"agreed": "on"}, {"channel": "phone"}, {"channel": "x"}])
def test_without_consent_and_channel_nothing_begins(fields):
    poll, person, clerk = whom()
    client = desk(clerk, person)
    answer = client.post(path_of(person, poll), fields)
    assert 'id="errors"' in answer.content.decode()
    assert not Assistance.objects.exists()
    straight = client.get(path_of(person, poll, "ballot/"))
    assert straight["Location"] == path_of(person, poll)


PEOPLE = {
    "stranger": (lambda: None, 302),
    "resident": (areas.resident, 403),
    "organiser here": (lambda: areas.staff("organiser"), 403),
    "auditor here": (lambda: areas.staff("auditor"), 403),
    "administrator here": (lambda: areas.staff("administrator"), 403),
    "officer elsewhere": (lambda: areas.staff("officer", areas.ELSEWHERE), None),
    "officer here": (lambda: areas.staff("officer"), None),
}


@pytest.mark.parametrize("name", PEOPLE)
@pytest.mark.adversary("D1")
@pytest.mark.adversary("D14")
def test_who_comes_in(name):
    make, shut = PEOPLE[name]
    poll, person, _clerk = whom()
    user = make()
    client = desk(user, person) if shut is None else browser(user)
    expected = {
        "/office/assist/": 200,
        f"/office/assist/{person.pk}/": 200,
        path_of(person, poll): 200 if name == "officer here" else 403,
        path_of(person, poll, "ballot/"): 302 if name == "officer here" else 403,
    }
    for path, status in expected.items():
        assert client.get(path).status_code == (shut or status), path
        if path.count("/") > 4 and name != "officer here":
            posted = client.post(path, {**AGREED, "option": "a", "act": "cast"})
            assert posted.status_code == (shut or 403), path
    listed = client.get("/office/assist/").content.decode()
    assert (poll.title in listed) == (name == "officer here")
    assert Pass.objects.count() == 0


@pytest.mark.adversary("D2")
def test_nobody_is_helped_who_was_not_looked_up_and_no_other_clerk_goes_on():
    poll, person, clerk = whom()
    other = areas.resident()
    client = desk(clerk, person)
    assert client.get(path_of(other, poll)).status_code == 404
    assert client.post(path_of(other, poll), AGREED).status_code == 404
    client.post(path_of(person, poll), AGREED)
    colleague = desk(areas.staff("officer"), person)
    answer = act(colleague, path_of(person, poll, "ballot/"), {"option": "a"}, "cast")
    assert answer["Location"] == path_of(person, poll)
    assert not Pass.objects.exists()
    draft = polls.draft(who="residents", area=areas.area())
    assert client.get(path_of(person, draft)).status_code == 404


@pytest.mark.adversary("D3")
def test_what_a_form_does_not_offer_is_ignored():
    poll, person, clerk = whom()
    other = areas.staff("officer")
    client = desk(clerk, person)
    extra = {"clerk": str(other.pk), "person": str(other.pk), "level": "4", "on": "2020-01-01"}
    client.post(path_of(person, poll), AGREED | extra | {"version": "9", "topic": "poll.x"})
    kept = Assistance.objects.get()
    assert (kept.clerk, kept.person, kept.topic) == (clerk, person, poll.topic)
    assert kept.consent.version == 1
    act(client, path_of(person, poll, "ballot/"), {"option": "a", **extra}, "cast")
    given = Pass.objects.get()
    assert (given.resident, given.level, given.channel) == (person.pk, 2, "phone")


@pytest.mark.adversary("C9")
def test_no_other_site_votes_for_anybody():
    poll, person, clerk = whom()
    desk(clerk, person).post(path_of(person, poll), AGREED)
    client = Client(enforce_csrf_checks=True, headers={"Accept": "text/html"})
    client.force_login(clerk)
    for path, fields in (("", AGREED), ("ballot/", {"option": "a", "act": "cast"})):
        assert client.post(path_of(person, poll, path), fields).status_code == 403
    assert not Pass.objects.exists()


@pytest.mark.adversary("J3")
def test_the_choice_is_in_no_session_and_no_row_but_the_ballot():
    poll, person, clerk = whom({"options": (("sauna", "Sauna", None), ("rink", "Rink", None))})
    client = desk(clerk, person)
    client.post(path_of(person, poll), AGREED)
    for verb in ("check", "change", "cast"):
        act(client, path_of(person, poll, "ballot/"), {"option": "sauna"}, verb)
        for stored in Session.objects.all():
            assert "sauna" not in json.dumps(stored.get_decoded())
    assert not UnderWay.objects.exists()
    assert Disclosure.objects.filter(person=person, why="assist").count() == 1


@pytest.mark.parametrize("number", [1, 3])
def test_lists_ask_the_same_for_one_poll_and_for_many(number):
    person, clerk = areas.resident(), areas.staff("officer")
    for _ in range(number):
        polls.opened(who="residents", area=areas.area())
        polls.opened(who="roll", area=areas.area())
    client = desk(clerk, person)
    assert asked(client, "/office/assist/") == (5, 0)
    assert asked(client, f"/office/assist/{person.pk}/") == (11, 0)


def test_the_person_s_page_says_what_is_missing_and_who_voted():
    poll, person, clerk = whom()
    newcomer = polls.person()
    client = desk(clerk, newcomer)
    page = client.get(f"/office/assist/{newcomer.pk}/").content.decode()
    assert "Confirm your address. It takes a letter" in page
    assert client.get(path_of(newcomer, poll)).status_code == 403
    blinded = polls.voter_without_pass(poll).blinded
    known = polls.Participant.of_account(person)
    polls.issue_pass(poll=poll, person=known, blinded=blinded)
    client = desk(clerk, person)
    page = client.get(f"/office/assist/{person.pk}/").content.decode()
    assert "have collected a voting pass already" in page
    assert client.get(path_of(person, poll)).status_code == 403

"""Swapped and guessed names of things; and what no role may do, because there is no way to."""

import logging
import re
import uuid

import pytest
from django.contrib import admin
from django.core.exceptions import FieldDoesNotExist
from django.test import RequestFactory
from django.urls import resolve

from engage.domain.topics import Topic
from engage.identity.models import RoleGrant
from realtime.topics import KINDS
from tests import rights
from tests.filled_forms import body, forms_of
from tests.filled_town import PEOPLE, differences, filled, routes, table_rows
from tests.voting import polls
from voting import board
from voting.models import Pass, Poll, RollEntry

pytestmark = pytest.mark.django_db
FOUND = {route.name: route for route in routes()}


@pytest.fixture
def town():
    return filled()


@pytest.fixture(autouse=True)
def quiet():
    logging.disable(logging.CRITICAL)
    yield
    logging.disable(logging.NOTSET)


def said(answer, *names):
    """Status, headers and words, without the name that was asked for and the form's secret."""
    text = answer.content.decode(errors="replace")
    for name in names:
        text = text.replace(str(name), "x")
    text = re.sub(r'csrfmiddlewaretoken" value="[^"]*"', "", text)
    return answer.status_code, answer.get("Location", "").replace(str(names[0]), "x"), text


@pytest.mark.adversary("D2")
@pytest.mark.parametrize("person", PEOPLE)
def test_what_is_hidden_looks_like_what_never_was(town, person):
    """Every address of a draft, beside the same address of a poll that nobody wrote."""
    draft, nothing = town.variants["draft"]["poll"], uuid.uuid4()
    told = {}
    for entry, methods in rights.ROUTES.items():
        name, _at, variant = entry.partition("@")
        for method, policy in methods.items():
            if variant != "draft" or policy[person] != rights.HIDDEN:
                continue
            path = town.path(FOUND[name], variant)
            real = town.ask(person, method, path)
            none = town.ask(person, method, path.replace(str(draft), str(nothing)))
            if said(real, draft) != said(none, nothing):
                told[entry, method] = (real.status_code, none.status_code)
    assert told == {}


GUESSES = {
    "poll": [uuid.UUID(int=0), uuid.UUID(int=2**128 - 1)],
    "key": [uuid.UUID(int=0)],
    "person": [uuid.UUID(int=0)],
    "grant": [0, 999_999, 2**63, 2**200],
    "level": [0, 1, 3, 4, 99, 2**70],
    "pk": [0, 999_999, 2**63],
}


@pytest.mark.adversary("D2", "D13")
@pytest.mark.parametrize(
    "person", ["anonymous", "resident", "organiser-here", "officer", "operator"]
)
def test_guessed_names_find_nothing_and_write_nothing(town, person):
    before, odd, forms = table_rows(), {}, forms_of(town)
    for entry, methods in rights.ROUTES.items():
        route = FOUND[entry.partition("@")[0]]
        part = next((part for part in route.parts if part in GUESSES), None)
        if part is None or entry in rights.OPERATORS or "uuidb36" in route.parts:
            continue
        town.variants["guess"] = town.variants.get(entry.partition("@")[2], {})
        for guess in GUESSES[part]:
            town.variants["guess"] = town.variants["guess"] | {part: guess}
            path = town.path(route, "guess")
            for method in methods:
                kind, text = body(forms, entry)
                status = town.ask(person, method, path, text, kind).status_code
                if not 300 <= status < 500:
                    odd[entry, method, str(guess)] = status
    assert odd == {}
    assert differences(before, table_rows()) == {}


@pytest.mark.adversary("D2", "D4")
def test_a_thing_of_one_cannot_be_named_under_another(town):
    """A letter, a grant, a claim, an import, a poll of elsewhere in the address of one's own."""
    other = town.variants["other"]["poll"]
    for name in ("poll-edit", "poll-manage", "poll-deed"):
        path = FOUND[name].path(town.things | {"poll": other, "deed": "announce"})
        assert town.ask("organiser-here", "GET", path).status_code == 404
        assert town.ask("organiser-elsewhere", "GET", path).status_code == 200
    role = RoleGrant.objects.get(person=town.people["officer"])
    end = f"/office/roles/{role.pk}/end/"
    assert town.ask("administrator-elsewhere", "POST", end).status_code == 404


@pytest.mark.adversary("D8")
@pytest.mark.parametrize("person", PEOPLE)
def test_nobody_edits_announces_or_drops_a_draft_of_others(town, person):
    """Also its own author no more, once their role has ended. Amendments there are none yet."""
    forms = forms_of(town)
    forms["poll-edit@draft"] = forms["poll-new"] | {"title": "Taken over"}
    for entry in ("poll-edit@draft", "poll-deed@announce"):
        name, _at, variant = entry.partition("@")
        kind, text = body(forms, entry)
        client, path = town.browser(person), town.path(FOUND[name], variant)
        before = table_rows()
        answer, after = town.try_out(client, "POST", path, text, kind)
        wrote = {"voting.Poll", "voting.Option"} & differences(before, after).keys()
        allowed = rights.ROUTES[entry]["POST"][person] == rights.OPEN
        assert bool(wrote) is allowed, (entry, answer.status_code)


@pytest.mark.adversary("D11")
def test_no_page_shows_or_writes_who_voted_how():
    """No operator's page of passes, rolls, ballots or facts that would let one be changed."""
    ballots = [
        model for model in admin.site._registry if model.__module__.startswith(board.__name__)
    ]
    assert ballots == []
    for model, page in admin.site._registry.items():
        if model in (Pass, RollEntry) or model._meta.app_label == "journal":
            for act in ("add", "change", "delete"):
                assert not getattr(page, f"has_{act}_permission")(_operator_s_request())


def _operator_s_request():
    request = RequestFactory().get("/admin/")
    request.user = polls.person(is_superuser=True, is_staff=True)
    return request


@pytest.mark.adversary("D11")
@pytest.mark.parametrize("kind", ["pass", "rollentry"])
def test_whose_pass_it_is_stands_beside_no_choice(kind):
    model = {"pass": Pass, "rollentry": RollEntry}[kind]
    for name in ("choice", "ballot", "leaf", "token", "cast_at", "at"):
        with pytest.raises(FieldDoesNotExist):
            model._meta.get_field(name)


@pytest.mark.adversary("D11")
@pytest.mark.parametrize("role", ["moderator-here", "auditor", "officer", "administrator"])
def test_no_other_role_moves_a_poll_and_who_tried_is_logged(town, role, caplog):
    caplog.set_level(logging.WARNING, "engage.refusals")  # quiet() has switched it off
    poll = Poll.objects.get(pk=town.things["poll"])
    for deed in ("announce", "open", "close", "annul"):
        caplog.clear()
        answer = town.browser(role).post(f"/polls/{poll.pk}/{deed}/", {"reason": "Because."})
        assert answer.status_code in (403, 404)
        assert [str(town.people[role].pk) in line for line in caplog.messages] == [True], deed
    poll.refresh_from_db()
    assert poll.state == Poll.State.OPEN


@pytest.mark.adversary("D14", "D11")
def test_who_helps_gains_nothing(town):
    """The clerk's own standing is the same before and after, and so is what they may follow."""
    draft = Topic.parse(town.variants["draft"]["name"])
    may_follow = KINDS["poll"].may_follow
    clerk, path = town.people["officer"], f"/polls/{town.things['poll']}/pass"
    before = town.ask("officer", "GET", path).json()
    help_path = f"/office/assist/{town.people['resident'].pk}/{town.things['poll']}/"
    if resolve(help_path).url_name == "assist-begin":
        answer = town.browser("officer").post(help_path, {"channel": "phone", "agreed": "on"})
        assert answer.status_code == 302
    assert town.ask("officer", "GET", path).json() == before
    assert not may_follow(clerk, draft)

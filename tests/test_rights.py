"""Every route, every method, every sort of person: each is answered as ``tests/rights.py`` says.

The list is made from the URL conf and the table of topics, so that nothing can be forgotten.
"""

import logging
from urllib.parse import urlsplit

import pytest
from django.contrib.auth.models import AnonymousUser
from django.urls import resolve

from engage.domain.topics import Topic
from engage.identity.models import User
from realtime.topics import KINDS
from tests import rights
from tests.filled_forms import BODIES, body, forms_of
from tests.filled_town import METHODS, PEOPLE, filled, routes

pytestmark = [pytest.mark.django_db, pytest.mark.adversary("D1")]
FOUND = {route.name: route for route in routes()}
AWAY = {
    "account_login": rights.SIGN_IN, "login": rights.SIGN_IN, "fresh-code": rights.FRESH,
    "account_reauthenticate": rights.FRESH, "mfa_reauthenticate_webauthn": rights.FRESH,
}  # fmt: skip
AGAIN = set(AWAY) | {"mfa_reauthenticate"}  # where it is asked itself


@pytest.fixture
def town():
    return filled()


@pytest.fixture(autouse=True)
def quiet(caplog):
    """What breaks is told by its row."""
    caplog.set_level(logging.CRITICAL, "django.request")


def outcome(answer, asked):
    """What an answer means to the one who asked."""
    if answer.status_code in (301, 302, 303, 307):
        target = urlsplit(answer["Location"]).path
        led = AWAY.get(resolve(target).url_name, rights.OPEN)
        return led if target != asked else rights.OPEN
    if answer.status_code == 403:
        told = answer.json()["code"] if "json" in answer["Content-Type"] else ""
        return rights.SIGN_IN if told == "sign-in" else rights.FORBIDDEN
    meanings = {404: rights.HIDDEN, 405: "no"}
    return meanings.get(answer.status_code, rights.OPEN if answer.status_code < 500 else "broken")


def entries():
    for entry, methods in rights.ROUTES.items():
        name, _at, variant = entry.partition("@")
        yield entry, FOUND[name], variant, methods


def test_every_route_has_its_entry_and_every_entry_its_route():
    written = {entry.partition("@")[0] for entry in rights.ROUTES}
    assert sorted(set(FOUND) - written) == []
    assert sorted(written - set(FOUND)) == []


def test_every_entry_is_about_everybody():
    for entry, methods in [
        *rights.ROUTES.items(),
        *((k, {"": v}) for k, v in rights.TOPICS.items()),
    ]:
        for policy in methods.values():
            assert tuple(policy) == PEOPLE, entry


def test_every_form_of_ours_has_something_typed_into_it(town):
    ours = set(rights.ROUTES) - rights.LIBRARY
    forms = {e.partition("@")[0] for e in ours if "POST" in rights.ROUTES[e]}
    assert forms - set(forms_of(town)) == set(BODIES)


@pytest.mark.parametrize("person", PEOPLE)
def test_everybody_is_answered_as_written(town, person):
    wrong, forms = {}, forms_of(town)
    for entry, route, variant, methods in entries():
        path, (kind, text) = town.path(route, variant), body(forms, entry)
        for method, policy in methods.items():
            got = outcome(town.ask(person, method, path, text, kind), path)
            if got != policy[person]:
                wrong[entry, method] = f"{got}, not {policy[person]}"
    assert wrong == {}


def test_who_signed_in_long_ago_is_asked_again_before_what_could_do_harm():
    town, asked = filled(fresh=False), set()
    for _entry, route, variant, methods in entries():
        path = town.path(route, variant)
        for method in methods:
            if outcome(town.ask("resident", method, path), path) == rights.FRESH:
                asked.add(route.name)
    assert asked - AGAIN == rights.NEEDS_FRESH


@pytest.mark.parametrize("person", ["anonymous", "operator"])
def test_no_route_takes_a_method_that_is_not_written(town, person):
    taken = []
    for entry, route, variant, methods in entries():
        path = town.path(route, variant)
        for method in METHODS:
            if method in methods or entry in rights.LIBRARY:
                continue
            if outcome(town.ask(person, method, path), path) in ("open", "broken"):
                taken.append((entry, method))
    assert taken == []


def test_every_kind_of_topic_has_its_entry():
    assert {entry.partition("@")[0] for entry in rights.TOPICS} == set(KINDS)


@pytest.mark.parametrize("person", PEOPLE)
def test_everybody_may_follow_what_is_written(town, person):
    known = town.people.get(person)
    user = User.objects.get(pk=known.pk) if known else AnonymousUser()
    follows, asks = {}, {}
    for entry in rights.TOPICS:
        name = town.variants[entry.partition("@")[2]]["name"]
        topic = Topic.parse(name)
        follows[entry] = KINDS[topic.kind].may_follow(user, topic)
        asks[entry] = town.ask(person, "GET", f"/live/{name}").status_code == 200
    written = {entry: policy[person] == rights.OPEN for entry, policy in rights.TOPICS.items()}
    assert follows == asks == written

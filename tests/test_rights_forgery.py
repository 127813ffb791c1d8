"""What another site can make a browser do: nothing. And reading a page changes nothing."""

import logging

import pytest
from django.test import Client

from engage.identity.models import Disclosure
from tests import rights
from tests.filled_forms import body, forms_of
from tests.filled_town import METHODS, PEOPLE, differences, filled, routes, table_rows

pytestmark = pytest.mark.django_db
FOUND = {route.name: route for route in routes()}
ENDS_THE_SESSION = {"account_logout", "admin:logout"}
HTML = "application/x-www-form-urlencoded"


@pytest.fixture
def town():
    return filled()


@pytest.fixture(autouse=True)
def quiet():
    """Refusals by the hundred are what is wanted here."""
    logging.disable(logging.CRITICAL)
    yield
    logging.disable(logging.NOTSET)


def entries():
    for entry, methods in rights.ROUTES.items():
        name, _at, variant = entry.partition("@")
        yield entry, FOUND[name], variant, methods


def let_through(policy):
    """Somebody who may do it, and could therefore be misused."""
    return next((p for p in reversed(PEOPLE) if policy[p] == rights.OPEN), "operator")


def test_the_routes_without_a_secret_are_those_that_are_written():
    free = {name for name, route in FOUND.items() if getattr(route.view, "csrf_exempt", False)}
    assert free - {"ballots"} == set(rights.WITHOUT_SECRET) - {"ballots"}


ATTEMPTS = {
    "none": lambda text, own: (text, HTML, {}),
    "foreign": lambda text, own: (text + b"&csrfmiddlewaretoken=" + b"x" * 64, HTML, {}),
    "header": lambda text, own: (text, HTML, {"X-CSRFToken": "x" * 64}),
    "plain": lambda text, own: (text + b"&csrfmiddlewaretoken=" + own, "text/plain", {}),
    "json": lambda text, own: (b'{"csrfmiddlewaretoken": "' + own + b'"}', "application/json", {}),
    "elsewhere": lambda text, own: (
        text + b"&csrfmiddlewaretoken=" + own, HTML, {"Origin": "https://evil.example"},
    ),
}  # fmt: skip


@pytest.mark.adversary("C9")
@pytest.mark.parametrize("attempt", ATTEMPTS)
def test_nothing_is_done_without_the_secret_of_the_form(town, attempt):
    forms, before = forms_of(town), table_rows()
    clients = {person: with_secret(town, person) for person in PEOPLE}
    done = {}
    for entry, route, variant, methods in entries():
        if route.name in rights.WITHOUT_SECRET or entry in rights.BOOTH:
            continue
        client = clients[let_through(methods.get("POST", methods.get("GET")))]
        own = client.cookies["csrftoken"].value.encode()
        sent, kind, headers = ATTEMPTS[attempt](body(forms, entry)[1], own)
        for method in METHODS[1:] if attempt == "none" else ["POST"]:
            path = town.path(route, variant)
            answer = client.generic(method, path, sent, kind, headers=headers)
            if answer.status_code != 403:
                done[entry, method] = answer.status_code
    assert done == {}
    assert differences(before, table_rows()) == {}


def with_secret(town, person):
    """A browser that has a secret, as every form page gives one."""
    client = town.browser(person, enforce_csrf_checks=True)
    client.get("/appearance/")
    return client


@pytest.mark.adversary("C9")
def test_with_its_secret_a_form_is_taken(town):
    """So that the refusals above are about the secret and nothing else."""
    client = with_secret(town, "operator")
    typed = {"email": town.people["resident"].email, "role": "moderator", "area": "*"}
    typed["csrfmiddlewaretoken"] = client.cookies["csrftoken"].value
    assert client.post("/office/roles/new/", typed).status_code == 302


READERS = ("anonymous", "resident", "officer", "operator")
POSING = {"X-HTTP-Method-Override": "POST", "X-HTTP-Method": "DELETE"}


@pytest.mark.adversary("C9", "C11")
@pytest.mark.parametrize("person", READERS)
@pytest.mark.parametrize("disguise", [None, "POST"])
def test_reading_changes_nothing(town, person, disguise):
    """Not by a mail's scanner, not by a GET or a HEAD that says it is something else."""
    forms, before = forms_of(town), table_rows()
    for entry, route, variant, methods in entries():
        path = town.path(route, variant)
        if disguise:
            kind, text = body(forms, entry)
            path += f"?_method={disguise}&{text.decode() if kind == HTML else ''}"
        for method in ["GET"] if disguise else ["GET", "HEAD"]:
            client = town.browser(person)
            if method in methods or method == "HEAD":
                client.generic(method, path, headers=POSING if disguise else {})
    assert written(before) == {}


def written(before):
    """What changed, but that operators looked: whom an operator looks at, sees it.

    How far somebody has read is noted by reading, without a script as well.
    """
    told = differences(before, table_rows())
    told.pop("forums.ReadPlace", None)
    seen = told.pop("identity.Disclosure", [])
    other = [row for row in seen if row.get("why") != Disclosure.Why.OPERATOR]
    return told | ({"identity.Disclosure": other} if other else {})


@pytest.mark.adversary("C9")
def test_a_library_s_odd_methods_change_nothing(town):
    before, client = table_rows(), town.browser("operator")
    for entry, route, variant, _methods in entries():
        if entry in rights.LIBRARY and route.name not in ENDS_THE_SESSION:
            for method in ("PUT", "DELETE", "TRACE"):
                client.generic(method, town.path(route, variant), b"", HTML)
    assert written(before) == {}


@pytest.mark.adversary("C9")
def test_the_ballot_box_takes_nothing_in_anybody_s_name(town):
    """It may be reached from any page: with cookies or without, the answer is the same."""
    path = f"/booth/{town.things['poll']}/ballots"
    answers = []
    for client in (Client(), town.browser("operator")):
        answer, after = town.try_out(client, "POST", path, b"x", "text/plain")
        answers.append((answer.status_code, answer.content, dict(answer.cookies), after))
    assert answers[0] == answers[1]

"""Whatever goes wrong, the answer has a status and a sentence, for people and for programs."""

import pytest
from django.db import InterfaceError, OperationalError, connections
from django.test import Client

from tests.voting import polls

pytestmark = pytest.mark.django_db
HTML, DATA = {"Accept": "text/html"}, {"Accept": "application/json"}
FAULTS = {
    OperationalError: (503, "busy"),
    InterfaceError: (503, "busy"),
    RuntimeError: (500, "server-error"),
}


def broken(fault):
    """Both databases answer every question with ``fault``."""

    def fail(run, sql, *rest):
        raise fault("nobody should read this")

    return (connections[using].execute_wrapper(fail) for using in ("default", "ballots"))


@pytest.mark.adversary("I2")
@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("path", ["/", "/polls/", "/polls/{0}/", "/polls/{0}/pass"])
def test_a_database_that_is_away_is_said_plainly(fault, path):
    poll, client = polls.opened(), Client()
    client.raise_request_exception = False
    status, code = FAULTS[fault]
    people, ballots = broken(fault)
    with people, ballots:
        page = client.get(path.format(poll.pk), headers=HTML)
        data = client.get(path.format(poll.pk), headers=DATA)
    assert (page.status_code, data.status_code, data.json()["code"]) == (status, status, code)
    assert page.content.count(b"<h1>") == 1
    assert data.json()["detail"]
    for answer in (page, data):
        assert b"nobody should read" not in answer.content
        assert ("Retry-After" in answer) == (status == 503)


@pytest.mark.parametrize("accept", [HTML, DATA])
def test_a_method_that_does_not_fit_is_405_with_a_sentence(accept):
    answer = Client().post("/polls/", headers=accept)
    assert answer.status_code == 405
    assert "GET" in answer["Allow"]
    if accept == DATA:
        assert (answer.json()["code"], bool(answer.json()["detail"])) == (
            "method-not-allowed",
            True,
        )
    else:
        assert answer.content.count(b"<h1>") == 1


@pytest.mark.parametrize("path", ["/nothing", "/polls/nothing/", "/booth/nothing/", "/polls/%00/"])
def test_what_is_not_there_is_404_with_a_sentence(path):
    answer = Client().get(path, headers=DATA)
    assert (answer.status_code, answer.json()["code"]) == (404, "not-found")
    assert answer.json()["detail"]
    assert answer["Content-Type"] == "application/problem+json"
    assert Client().get(path, headers=HTML).content.count(b"<h1>") == 1

"""What is public of a poll: manifest, tally, record, protocol; and that nothing else is."""

import io
import json
import zipfile

import pytest
from django.test import Client

from tests.paths import shared
from tests.voting import polls
from voting.clock import database_now
from voting.models import Poll
from voting.selectors import poll_tally
from voting.services.closing import annul_poll
from voting.services.merging import merge_intake

pytestmark = pytest.mark.django_db
STAR = "Access-Control-Allow-Origin"
BEFORE = ("draft", "preparing")


def address(poll, name):
    return f"/polls/{poll.pk}/{name}"


@pytest.mark.parametrize("state", [state for state in polls.STATES if state not in BEFORE])
def test_the_manifest_is_served_to_the_byte(client, state):
    poll = polls.STATES[state]()
    answer = client.get(address(poll, "manifest.json"))
    assert (answer.status_code, answer.content) == (200, bytes(poll.manifest))
    assert answer["Content-Type"] == "application/json"
    assert answer[STAR] == "*"
    assert "immutable" in answer["Cache-Control"]


@pytest.mark.parametrize("name", ["manifest.json", "record.zip", "tally.json"])
@pytest.mark.parametrize("state", BEFORE)
def test_before_announcement_nothing_is_public_even_to_who_wrote_it(name, state):
    poll = polls.STATES[state]()
    for user in (None, polls.person(), poll.organiser):
        client = Client()
        if user:
            client.force_login(user)
        answer = client.get(address(poll, name))
        assert answer.status_code == 404
        assert answer.json()["code"] == "not-found"


@pytest.mark.parametrize("state", polls.STATES)
def test_the_record_is_published_when_the_poll_is_over(client, state):
    poll = polls.STATES[state]()
    answer = client.get(address(poll, "record.zip"))
    if state not in ("decided", "annulled"):
        assert answer.status_code == 404
        assert answer.json()["code"] == ("not-found" if state in BEFORE else "not-yet")
        return
    assert answer["Content-Type"] == "application/zip"
    assert f"record-{poll.pk}.zip" in answer["Content-Disposition"]
    with zipfile.ZipFile(io.BytesIO(answer.content)) as record:
        assert record.testzip() is None
        assert record.read("manifest.json") == bytes(poll.manifest)


def test_annulled_after_the_result_the_record_says_so(client):
    poll = polls.decided()
    before = client.get(address(poll, "record.zip")).content
    annul_poll(poll=poll, by=poll.organiser, reason="A mistake.")
    after = client.get(address(poll, "record.zip")).content
    assert before != after
    with zipfile.ZipFile(io.BytesIO(after)) as record:
        last = record.read("leaves.jsonl").splitlines()[-1]
    assert json.loads(last)["type"] == "annul"


def test_the_tally_is_what_is_in_the_log(client):
    poll = polls.opened()
    polls.cast(poll, "a", "b", "a")
    told = client.get(address(poll, "tally.json")).json()
    assert (told["ballots"], told["version"], told["passes"]) == (0, 1, 3)
    merge_intake(poll=poll.pk)
    answer = client.get(address(poll, "tally.json"))
    assert answer.json() == {"state": "open", **poll_tally(poll.pk)}
    assert answer.json()["totals"] == {"a": 2, "b": 1, "c": 0}
    assert (answer[STAR], answer["Cache-Control"]) == ("*", "public, max-age=1")
    assert "Cookie" not in answer.get("Vary", "")
    assert answer.cookies == {}


def test_a_tally_that_did_not_move_is_304_and_one_that_did_is_not(client):
    poll = polls.opened()

    def ask(etag):
        return client.get(address(poll, "tally.json"), headers={"If-None-Match": etag})

    etag = ask("")["ETag"]
    assert (ask(etag).status_code, ask(etag).content) == (304, b"")
    polls.cast(poll, "a")
    merge_intake(poll=poll.pk)
    assert ask(etag).status_code == 200
    etag = ask("")["ETag"]
    Poll.objects.filter(pk=poll.pk).update(closes_at=database_now())
    later = ask(etag)  # by the clock it has closed, though no worker came by
    assert later.status_code == 200
    assert later.json()["state"] in ("closing", "closed")


def test_the_protocol_is_served_as_it_was_designed(client):
    answer = client.get("/verify/protocol")
    assert answer["Content-Type"] == "text/plain; charset=utf-8"
    assert answer[STAR] == "*"
    assert answer.content.decode() == shared("..", "design", "ballots.md").read_text()


STARRED = {
    "booth/{0}/checkpoint", "booth/{0}/tile/0/000.p/1", "booth/{0}/proof/all",
    "polls/{0}/manifest.json", "polls/{0}/tally.json", "verify/protocol",
}  # fmt: skip
OWN = {"polls/{0}/pass", "polls/{0}/", "polls/", "", "readyz", "accounts/login/", "language/"}


@pytest.mark.parametrize("path", sorted(STARRED | OWN))
def test_other_sites_read_what_is_public_and_nothing_else(client, path):
    poll = polls.opened()
    answer = client.get("/" + path.format(poll.pk), headers={"Origin": "https://other.example"})
    assert answer.status_code == 200
    assert answer.get(STAR) == ("*" if path in STARRED else None)
    assert "Access-Control-Allow-Credentials" not in answer


@pytest.mark.adversary("E15")
@pytest.mark.parametrize("path", [*sorted(STARRED), "polls/{0}/record.zip", "town.css"])
def test_what_a_cache_may_keep_sets_no_cookie(client, path):
    poll = polls.decided()
    answer = client.get("/" + path.format(poll.pk).replace(".p/1", ".p/4") + "?lang=de")
    assert answer.status_code == 200
    assert "no-store" not in answer["Cache-Control"]
    assert answer.cookies == {}

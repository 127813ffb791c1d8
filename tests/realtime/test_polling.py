"""Pages without a socket ask: the same envelopes, from one address, at no cost when many do."""

import json
from uuid import UUID

import pytest
from django.conf import settings
from django.contrib.auth import get_user_model
from django.test import Client
from django.utils.http import http_date

from engage.domain.topics import Topic
from realtime import views
from realtime.people import mark_of
from realtime.snapshots import MOST_ANSWERS, Snapshots
from realtime.topics import KINDS, Reading
from tests.realtime.page import Page
from tests.realtime.readers import Clock
from tests.voting import polls

pytestmark = pytest.mark.django_db(transaction=True)
URL = "/live/meeting.7"


@pytest.fixture(autouse=True)
def clock(monkeypatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr(views, "_snapshots", Snapshots(clock))
    return clock


def messages(client, url: str) -> list[dict]:
    answer = client.get(url)
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/json")
    return answer.json()["messages"]


@pytest.mark.adversary("B14")
def test_the_same_messages_as_a_socket_brings(client, meetings, publish):
    for number in range(3):
        publish("meeting.7", step=number)
    meetings.gauges["7"] = Reading(4, {"ballots": 3})
    gauge = {"t": "meeting.7", "g": "tally", "v": 4, "d": {"ballots": 3}}
    assert messages(client, f"{URL}?since=1") == [
        {"t": "meeting.7", "n": 2, "k": "post.added", "d": {"step": 1}},
        {"t": "meeting.7", "n": 3, "k": "post.added", "d": {"step": 2}},
        gauge,
        {"t": "meeting.7", "at": 3},
    ]
    assert messages(client, URL) == [gauge, {"t": "meeting.7", "at": 3}]
    assert messages(client, f"{URL}?since=3") == [gauge, {"t": "meeting.7", "at": 3}]


@pytest.mark.parametrize("since", [0, 900])
def test_too_far_away_means_fetching_the_page(client, meetings, publish, since):
    for _ in range(31):
        publish("meeting.7")
    assert messages(client, f"{URL}?since={since}") == [{"t": "meeting.7", "reset": True, "at": 31}]


@pytest.mark.adversary("B1", "B14")
def test_whoever_only_asks_ends_like_a_fresh_page(client, meetings, publish, clock):
    page, kinds = Page(), ["post.added", "post.hidden", "poll.opened"] * 15
    for step, kind in enumerate(kinds):
        publish("meeting.7", kind)
        if step % 3 == 0:
            clock.advance(0.4)
            for message in messages(client, f"{URL}?since={page.at}"):
                page.take(json.dumps(message))
    clock.advance(2)
    for message in messages(client, f"{URL}?since={page.at}"):
        page.take(json.dumps(message))
    assert (page.at, page.gaps, page.facts) == (len(kinds), 0, kinds)


@pytest.mark.adversary("G8")
def test_within_a_second_nobody_costs_a_query(
    client, meetings, publish, clock, django_assert_num_queries
):
    publish("meeting.7")
    first = client.get(f"{URL}?since=0")
    ann = Client()
    ann.force_login(polls.person(), backend=settings.AUTHENTICATION_BACKENDS[0])
    with django_assert_num_queries(0), django_assert_num_queries(0, using="ballots"):
        clock.advance(1)
        for asker in (client, Client(), ann):
            assert asker.get(f"{URL}?since=0").content == first.content
            assert asker.get(f"{URL}?since=1").status_code == 200
            same = asker.get(f"{URL}?since=0", headers={"If-None-Match": "W/" + first["ETag"]})
            assert same.status_code == 304
    publish("meeting.7")
    clock.advance(1)
    assert client.get(f"{URL}?since=0").content != first.content


@pytest.mark.adversary("G8", "A2")
def test_many_at_once_are_one_question(at_once, meetings, monkeypatch):
    asked = []
    kind = KINDS["meeting"]
    readings = lambda topic: asked.append(topic) or {}  # noqa: E731
    monkeypatch.setitem(KINDS, "meeting", type(kind)(kind.may_follow, readings, page=30))
    assert {a.status_code for a in at_once(lambda _n: Client().get(URL), 40)} == {200}
    assert asked == [Topic("meeting", "7")]


def test_what_did_not_change_is_not_sent_again(client, meetings, publish, clock):
    publish("meeting.7")
    answer = client.get(f"{URL}?since=0")
    assert answer["Cache-Control"] == "public, max-age=1"
    assert "Cookie" not in answer.get("Vary", "")
    assert not answer.cookies
    clock.advance(5)
    again = client.get(f"{URL}?since=0", headers={"If-None-Match": answer["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert again["ETag"] == answer["ETag"]
    publish("meeting.7")
    clock.advance(5)
    assert (
        client.get(f"{URL}?since=0", headers={"If-None-Match": answer["ETag"]}).status_code == 200
    )
    assert client.head(f"{URL}?since=0").status_code == 200


def test_who_holds_more_than_we_know_has_it_read_again(client, meetings, publish, clock):
    assert messages(client, f"{URL}?since=0")[-1] == {"t": "meeting.7", "at": 0}
    publish("meeting.7")
    clock.advance(0.3)
    assert messages(client, f"{URL}?since=1") == [{"t": "meeting.7", "at": 1}]


@pytest.mark.adversary("E8", "F10")
@pytest.mark.parametrize(
    "query",
    ["since=", "since=-1", "since=01", "since=1e3", "since=%00", "since=" + "9" * 17,
     "since=%D9%A1", "since[]=1", "since=1;drop", "since=1&since=x"],
)  # fmt: skip
def test_odd_numbers_are_refused_plainly(client, meetings, query):
    answer = client.get(f"{URL}?{query}", headers={"Accept": "*/*"})
    if query == "since[]=1":  # a parameter we do not know
        assert answer.status_code == 200
        return
    assert (answer.status_code, answer.json()["code"]) == (400, "bad-request")
    assert answer["Content-Type"] == "application/problem+json"


@pytest.mark.adversary("B2", "D13")
@pytest.mark.parametrize(
    "name",
    ["meeting.secret", "meeting", "nothing.7", "poll.7", f"poll.{UUID(int=7)}", "poll.%00",
     "MEETING.7", "meeting.7%0a", "x" * 5000, "meeting.7.8", "%ff"],
)  # fmt: skip
def test_what_may_not_be_followed_does_not_exist(client, meetings, name):
    meetings.private["secret"] = {"ann@example.org"}
    answer = client.get(f"/live/{name}?since=0", headers={"Accept": "*/*"})
    assert (answer.status_code, answer.json()["code"]) == (404, "not-found")
    assert answer["Cache-Control"] == "no-store"


@pytest.mark.adversary("B2", "D6", "E15")
def test_private_things_are_told_to_their_guests_and_kept_by_no_cache(client, meetings, publish):
    guest = polls.person()
    meetings.private["secret"] = {guest.email}
    publish("meeting.secret")
    client.force_login(guest, backend=settings.AUTHENTICATION_BACKENDS[0])
    answer = client.get("/live/meeting.secret?since=0")
    assert answer["Cache-Control"] == "private, no-store"
    assert answer.json()["messages"][0]["n"] == 1
    assert Client().get("/live/meeting.secret?since=0").status_code == 404
    meetings.private["secret"] = set()
    assert client.get("/live/meeting.secret?since=0").status_code == 404


@pytest.mark.adversary("B9", "C8")
def test_a_page_that_asks_learns_that_its_sign_in_has_ended(client, meetings, publish):
    publish("meeting.7")
    user = get_user_model().objects.create_user("ann@example.org")
    client.force_login(user, backend=settings.AUTHENTICATION_BACKENDS[0])
    mine = f"{URL}?since=0&me={mark_of(client.session.session_key)}"
    assert [m.get("n") for m in messages(client, mine)] == [1, None]
    assert client.get(mine)["Cache-Control"] == "private, no-store"
    user.is_active = False
    user.save()
    for who, page in ((client, mine), (Client(), mine), (Client(), f"{URL}?me=made+up")):
        assert messages(who, page) == [{"end": 4401}]
        assert who.get(page)["Cache-Control"] == "private, no-store"
    assert client.get(f"{URL}?since=0")["Cache-Control"] == "public, max-age=1"


def test_only_reading(client, meetings):
    for method in (client.post, client.put, client.delete):
        assert method(URL, headers={"Accept": "*/*"}).status_code == 405
    assert client.get(URL, headers={"If-Modified-Since": http_date(0)}).status_code == 200


def test_who_asks_from_everywhere_fills_no_memory(client, meetings, publish, db):
    """Answers about many facts are long; those that nobody asks for any more are forgotten."""
    for _ in range(30):
        publish("meeting.7")
    clock = [0.0]
    snapshots = Snapshots(lambda: clock[0])
    for since in range(30):
        found = snapshots.answer(Topic("meeting", "7"), "", since, lambda: True)
        assert found.body.count('"n":') == 30 - since
    (kept,) = snapshots._kept.values()
    assert len(kept.answers) == MOST_ANSWERS
    clock[0] = 2.0
    snapshots.answer(Topic("meeting", "8"), "", None, lambda: True)
    assert [topic.key for topic, _language in snapshots._kept] == ["8"]

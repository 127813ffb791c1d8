"""An open socket is a session: whatever ends the sign-in ends it, within seconds, and says why."""

import asyncio
import time
from datetime import timedelta
from importlib import import_module

import pytest
from channels.db import database_sync_to_async as in_thread
from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.sessions.models import Session
from django.test import Client
from django.utils import timezone

from engage.identity.services.trusting import end_role
from engage.identity.sessions import end_other_sign_ins
from realtime import hub, people, rounds
from realtime.codes import Code
from tests.realtime.listener import PATIENCE_S
from tests.voting import polls

User = get_user_model()


def signed_in(user) -> Client:
    client = Client()
    client.user = user
    client.force_login(user, backend=settings.AUTHENTICATION_BACKENDS[0])
    return client


def key_of(client) -> str:
    return client.cookies[settings.SESSION_COOKIE_NAME].value


@pytest.fixture
def ann(transactional_db, meetings) -> Client:
    return signed_in(User.objects.create_user("ann@example.org"))


@pytest.fixture
def no_rounds(monkeypatch):
    """Nobody looks by the clock, and no hint is followed: what is left happens at once."""
    monkeypatch.setattr(rounds, "ASK_AGAIN_S", 3_600)
    monkeypatch.setattr(rounds, "SURVEY_S", 3_600)
    monkeypatch.setattr(rounds, "LOOK_S", 3_600)


async def open_page(connect, client, topic="meeting.7"):
    """A page of somebody signed in, complete and live."""
    key = key_of(client)
    socket = await connect(f"{topic}:0", cookie=key, mark=people.mark_of(key))
    while "at" not in await socket.receive_json_from():
        pass
    return socket


async def ended(socket) -> int:
    async with asyncio.timeout(PATIENCE_S):
        while True:
            event = await socket.receive_output()
            if event["type"] == "websocket.close":
                return event["code"]


def sign_out(client):
    assert client.post("/accounts/logout/").status_code == 302


def bar(client):
    User.objects.filter(pk=client.user.pk).update(is_active=False)


def end_it_elsewhere(client):
    """As the list of sessions does in another browser."""
    store = import_module(settings.SESSION_ENGINE).SessionStore
    store().delete(key_of(client))


def end_the_others(client):
    other = signed_in(client.user)
    request = other.get("/").wsgi_request
    assert request.user == client.user
    end_other_sign_ins(request)


def change_the_secret(client):
    client.user.set_password("another one")
    client.user.save()


def let_it_expire(client):
    past = timezone.now() - timedelta(seconds=1)
    Session.objects.filter(pk=key_of(client)).update(expire_date=past)


def erase(client):
    User.objects.filter(pk=client.user.pk).delete()


LOSSES = [
    sign_out, bar, end_it_elsewhere, end_the_others, change_the_secret, let_it_expire, erase,
]  # fmt: skip


@pytest.mark.adversary("B9", "C8")
@pytest.mark.parametrize("loss", LOSSES)
async def test_whatever_ends_a_sign_in_ends_its_sockets_and_no_others(connect, ann, tell, loss):
    bob = await in_thread(lambda: signed_in(User.objects.create_user("bob@example.org")))()
    stranger = await connect("meeting.7:0")
    await stranger.receive_from()
    his, mine = await open_page(connect, bob), await open_page(connect, ann)
    started = time.monotonic()
    await in_thread(loss)(ann)
    assert await ended(mine) == Code.SIGNED_OUT
    assert time.monotonic() - started < PATIENCE_S
    await tell("meeting.7")
    for socket in (stranger, his):
        while "n" not in await socket.receive_json_from():
            pass
    assert mine.output_queue.empty()


@pytest.mark.adversary("C8")
@pytest.mark.parametrize("loss", [sign_out, end_it_elsewhere])
async def test_a_hint_is_enough(connect, ann, monkeypatch, loss):
    """Nobody waits for the next round."""
    monkeypatch.setattr(rounds, "ASK_AGAIN_S", 3_600)
    mine = await open_page(connect, ann)
    await in_thread(loss)(ann)
    assert await ended(mine) == Code.SIGNED_OUT


@pytest.mark.adversary("B9")
async def test_a_role_that_ends_closes_what_was_open_by_it(connect, ann, monkeypatch):
    monkeypatch.setattr(rounds, "ASK_AGAIN_S", 3_600)
    draft = await in_thread(polls.draft)()
    organiser = await in_thread(polls.person)("organiser")
    theirs = await in_thread(signed_in)(organiser)
    page = await open_page(connect, theirs, draft.topic)

    def take_it_back():
        operator = User.objects.create_superuser("root@example.org")
        for grant in organiser.grants.all():
            end_role(grant=grant, by=operator)

    await in_thread(take_it_back)()
    assert await ended(page) == Code.NOT_YOURS


@pytest.mark.adversary("B9")
@pytest.mark.parametrize("message", [{"follow": "meeting.8:0"}, {"seen": "meeting.7:0"}])
async def test_the_next_message_is_refused_at_once(connect, ann, no_rounds, message):
    mine = await open_page(connect, ann)
    await in_thread(sign_out)(ann)
    await mine.send_json_to(message)
    assert await ended(mine) == Code.SIGNED_OUT
    assert set(hub.here().rooms) <= {"meeting.7"}


@pytest.mark.adversary("B9", "B10")
@pytest.mark.parametrize("public", [True, False])
async def test_no_fact_is_told_to_whoever_has_lost_the_right(
    connect, ann, meetings, tell, no_rounds, public
):
    if not public:
        meetings.private["7"] = {"ann@example.org"}
    mine = await open_page(connect, ann)
    meetings.private["7"] = set()
    await tell("meeting.7")
    assert await mine.receive_output() == {"type": "websocket.close", "code": Code.NOT_YOURS}


@pytest.mark.adversary("B9")
async def test_what_was_missed_is_not_told_to_whoever_has_lost_the_right(
    connect, ann, meetings, tell, no_rounds
):
    meetings.private["7"] = {"ann@example.org"}
    mine = await open_page(connect, ann)
    await tell("meeting.7")
    assert (await mine.receive_json_from())["n"] == 1
    meetings.private["7"] = set()
    await mine.send_json_to({"seen": "meeting.7:0"})
    assert await mine.receive_output() == {"type": "websocket.close", "code": Code.NOT_YOURS}


@pytest.mark.adversary("C1", "C6")
@pytest.mark.parametrize("page", ["of another's sign-in", "of the last sign-in", "made up"])
async def test_a_page_made_for_another_sign_in_is_told_so(connect, ann, meetings, page):
    """A tab that slept while somebody else signed in here does not go on with their rights."""
    other = await in_thread(lambda: signed_in(ann.user))()
    mark = "0" * 16 if page == "made up" else people.mark_of(key_of(other))
    cookie = "" if page == "of the last sign-in" else key_of(ann)
    socket = await connect("meeting.7:0", cookie=cookie, mark=mark)
    assert await socket.receive_output() == {"type": "websocket.close", "code": Code.SIGNED_OUT}


async def test_a_page_whose_sign_in_ended_while_it_was_away_learns_it(connect, ann):
    key = key_of(ann)
    await in_thread(sign_out)(ann)
    socket = await connect("meeting.7:0", cookie=key, mark=people.mark_of(key))
    assert await ended(socket) == Code.SIGNED_OUT


async def test_a_visitor_who_signs_in_elsewhere_keeps_the_page(connect, ann, tell):
    socket = await connect("meeting.7:0", cookie=key_of(ann))
    await socket.receive_from()
    await in_thread(sign_out)(ann)
    await tell("meeting.7")
    while "n" not in await socket.receive_json_from():
        pass


async def test_all_who_ask_at_one_moment_are_asked_about_together(connect, ann, monkeypatch):
    asked = []
    ask = people.ended
    monkeypatch.setattr(people, "ended", lambda some: asked.append(set(some)) or ask(some))
    clients = await in_thread(lambda: [signed_in(ann.user) for _ in range(12)])()
    sockets = [await open_page(connect, client) for client in clients]
    asked.clear()
    for socket in sockets:
        await socket.send_json_to({"seen": "meeting.7:0"})
    for socket in sockets:
        assert (await socket.receive_json_from())["at"] == 0
    assert set.union(*asked) == {key_of(client) for client in clients}
    assert len(asked) < len(clients)


async def test_pages_of_visitors_are_not_asked_about(connect, ann, monkeypatch):
    monkeypatch.setattr(people, "ended", None)
    socket = await connect("meeting.7:0", cookie=key_of(ann))
    await socket.receive_from()
    await hub.here().members.show_out()
    await socket.send_json_to({"seen": "meeting.7:0"})
    assert (await socket.receive_json_from())["at"] == 0


def test_the_page_of_somebody_signed_in_names_their_sign_in(ann):
    poll = polls.opened()
    page = ann.get(poll.get_absolute_url()).content.decode()
    assert f'data-live-me="{people.mark_of(key_of(ann))}"' in page
    assert page.count('data-live-ended="4401"') == 1
    assert key_of(ann) not in page
    page = Client().get(poll.get_absolute_url()).content.decode()
    assert 'data-live-me=""' in page
    assert "data-live-ended" not in page

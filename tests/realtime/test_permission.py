"""A right that ends while the socket is open ends the socket, within seconds."""

import asyncio

import pytest
from channels.db import database_sync_to_async
from django.conf import settings
from django.contrib.auth import get_user_model
from django.test import Client

from realtime.codes import Code
from tests.realtime.listener import PATIENCE_S
from tests.realtime.test_sockets import close_code
from tests.voting import polls

SECRET = "meeting.secret"


@pytest.fixture
def ann(transactional_db, meetings):
    meetings.private["secret"] = {"ann@example.org"}
    client = Client()
    client.user = get_user_model().objects.create_user("ann@example.org")
    client.force_login(client.user, backend=settings.AUTHENTICATION_BACKENDS[0])
    return client


async def enter(connect, ann) -> object:
    socket = await connect(f"{SECRET}:0", cookie=ann.cookies["sessionid"].value)
    assert await socket.receive_json_from() == {"t": SECRET, "at": 0}
    return socket


@database_sync_to_async
def bar(client):
    client.user.is_active = False
    client.user.save()


@pytest.mark.adversary("B2")
async def test_a_guest_hears_and_a_stranger_does_not(connect, ann, tell):
    socket = await enter(connect, ann)
    for cookie in ("", "x" * 32, ann.cookies["sessionid"].value + "x", "../../etc"):
        stranger = await connect(f"{SECRET}:0", cookie=cookie)
        assert await stranger.receive_output() == {"type": "websocket.close", "code": 4403}
    await tell(SECRET, "post.added")
    assert (await socket.receive_json_from())["n"] == 1


@pytest.mark.adversary("B9")
@pytest.mark.parametrize("loss", ["logout", "barred", "uninvited"])
async def test_who_loses_the_right_is_shown_out_and_the_others_stay(
    connect, ann, meetings, tell, loss
):
    public, socket = await connect("meeting.7:0"), await enter(connect, ann)
    match loss:
        case "logout":
            await database_sync_to_async(ann.logout)()
        case "barred":
            await bar(ann)
        case "uninvited":
            meetings.private["secret"] = set()
    async with asyncio.timeout(PATIENCE_S):
        assert await close_code_within(socket) == Code.NOT_YOURS
    await tell(SECRET)
    await tell("meeting.7")
    while (message := await public.receive_json_from()).get("n") != 1:
        assert message["t"] == "meeting.7"
    assert socket.output_queue.empty()


@pytest.mark.adversary("B9")
async def test_who_no_longer_organises_hears_no_more_of_drafts(connect, transactional_db):
    poll = await database_sync_to_async(polls.draft)()
    client = Client()
    organiser = await database_sync_to_async(polls.person)("organiser")
    backend = settings.AUTHENTICATION_BACKENDS[0]
    await database_sync_to_async(client.force_login)(organiser, backend=backend)
    socket = await connect(f"{poll.topic}:0", cookie=client.cookies["sessionid"].value)
    assert (await socket.receive_json_from())["t"] == poll.topic
    await database_sync_to_async(organiser.grants.all().delete)()
    async with asyncio.timeout(PATIENCE_S):
        assert await close_code(socket) == Code.NOT_YOURS


@pytest.mark.adversary("B10")
async def test_what_is_hidden_stops_being_told(connect, meetings, transactional_db):
    socket = await connect("meeting.7:0")
    await socket.receive_from()
    meetings.private["7"] = {"ann@example.org"}
    async with asyncio.timeout(PATIENCE_S):
        assert await close_code_within(socket) == Code.NOT_YOURS


async def close_code_within(socket) -> int:
    while socket.output_queue.empty():
        await asyncio.sleep(0.05)
    return await close_code(socket)

"""What a page may and may not do with its socket."""

import json
from uuid import UUID

import pytest
from django.conf import settings
from django.db import OperationalError
from django.test import override_settings

from realtime import hub
from realtime.codes import OF_REFUSAL, SENTENCES, Code
from realtime.routing import sockets
from realtime.topics import KINDS, Kind
from tests.realtime.listener import Listener

ORIGIN = (b"origin", settings.SITE_ORIGIN.encode())


async def handshake(*headers: tuple[bytes, bytes], path: str = "/ws/?topics=meeting.7:0"):
    socket = Listener(sockets, path, list(headers))
    accepted, code = await socket.connect()
    return socket, accepted, code


async def close_code(socket: Listener) -> int:
    while True:
        event = await socket.receive_output()
        if event["type"] == "websocket.close":
            return event["code"]


@pytest.mark.adversary("B7", "B8")
@pytest.mark.parametrize(
    "origins",
    [
        [], [b""], [b"null"], [b"https://evil.example"], [b"http://127.0.0.1"],
        [b"https://127.0.0.1:8000"], [b"http://127.0.0.1:8001"], [b"http://localhost:8000"],
        [b"http://sub.127.0.0.1:8000"], [b"http://127.0.0.1:8000.evil.example"],
        [b"http://127.0.0.1:8000/"], [b"HTTP://127.0.0.1:8000"], [b" http://127.0.0.1:8000"],
        [b"http://127.0.0.1:8000, http://127.0.0.1:8000"], [b"http://127.0.0.1:8000 null"],
        [b"http://127.0.0.1:8000"] * 2, [b"http://127.0.0.1:8000", b"https://evil.example"],
        [b"http://127.0.0.1:8000\r\nx: y"], [b"http://127.0.0.1:8000\x00"],
        [b"http://127.0.0.1:8000\x85"], [b"http://user@127.0.0.1:8000"], [b"x" * 65536],
    ],
)  # fmt: skip
async def test_only_our_own_pages_open_a_socket(origins):
    with override_settings(SITE_ORIGIN="http://127.0.0.1:8000"):
        headers = [(b"origin", origin) for origin in origins]
        _socket, accepted, _code = await handshake((b"cookie", b"sessionid=victim"), *headers)
    assert not accepted
    assert not hub.here().rooms


@pytest.mark.parametrize("path", ["/", "/ws", "/ws/x/", "//ws/", "/polls/7/", "/ws/../ws/"])
async def test_there_is_one_address(path):
    _socket, accepted, _code = await handshake(ORIGIN, path=f"{path}?topics=meeting.7")
    assert not accepted


async def test_our_page_is_told_where_it_stands(connect):
    socket = await connect("meeting.7:0,meeting.8")
    assert await socket.receive_json_from() == {"t": "meeting.7", "at": 0}
    assert await socket.receive_json_from() == {"t": "meeting.8", "at": 0}
    assert await socket.receive_nothing()


@pytest.mark.parametrize(
    "query",
    ["", "topics=", "topics", "topics=meeting", "topics=meeting.7:x",
     "topics=meeting.7&topics=meeting.8",
     "topics=meeting.7,meeting.7", "topics=" + ",".join(f"meeting.{n}" for n in range(21)),
     "topics=meeting.7&" + "&".join(f"a{n}=1" for n in range(9)), "topics=%FF", "lang=de"],
)  # fmt: skip
async def test_an_odd_address_is_told_so(meetings, query):
    socket, accepted, _none = await handshake(ORIGIN, path=f"/ws/?{query}")
    assert accepted
    assert await close_code(socket) == Code.MALFORMED


async def test_a_far_too_long_address_is_told_so(meetings):
    socket, _yes, _none = await handshake(ORIGIN, path=f"/ws/?topics=meeting.7&x={'y' * 5000}")
    assert await close_code(socket) == Code.TOO_LONG


@pytest.mark.adversary("B2")
@pytest.mark.parametrize("topic", ["meeting.secret", "nothing.7", f"poll.{UUID(int=7)}", "poll.7"])
async def test_what_may_not_be_followed_and_what_does_not_exist_look_the_same(
    meetings, connect, topic, caplog
):
    meetings.private["secret"] = {"ann@example.org"}
    socket, accepted, _none = await handshake(ORIGIN, path=f"/ws/?topics={topic}:0")
    assert accepted
    assert await socket.receive_output() == {"type": "websocket.close", "code": 4403}
    assert await socket.receive_nothing()
    await socket.wait()
    assert not hub.here().rooms


ODD = [
    '{"type":"poll.update"}', '{"type":"chat.message","text":"x"}', '{"type":"__init__"}',
    '{"type":"websocket.disconnect"}', '{"type":"news.fact","topic":"meeting.7"}', "", "x", "[]",
    '{"follow":"specific.inmemory!abc"}', '{"follow":"meeting.7","type":"x"}', '{"vote":"a"}',
]  # fmt: skip


@pytest.mark.adversary("B5", "B6")
@pytest.mark.parametrize("text", ODD)
async def test_odd_messages_end_the_socket_and_reach_nobody(connect, text):
    other, socket = await connect("meeting.7"), await connect("meeting.7")
    await other.receive_from()
    await socket.receive_from()
    await socket.send_input({"type": "websocket.receive", "text": text})
    assert await close_code(socket) == Code.MALFORMED
    assert await other.receive_nothing()


@pytest.mark.adversary("G1")
@pytest.mark.parametrize(
    ("event", "code"),
    [
        ({"bytes": b"\x00"}, Code.MALFORMED),
        ({"bytes": b"x" * 100_000, "text": None}, Code.MALFORMED),
        ({"text": '{"follow":"' + "a" * 4096 + '"}'}, Code.TOO_LONG),
        ({"text": "é" * 2049}, Code.TOO_LONG),
        ({"text": "[" * 4096}, Code.MALFORMED),
    ],
)
async def test_binary_and_large_frames_end_the_socket(connect, event, code):
    socket = await connect("meeting.7")
    await socket.send_input({"type": "websocket.receive", **event})
    assert await close_code(socket) == code


@pytest.mark.adversary("G1")
async def test_a_few_messages_a_second_are_welcome_and_a_flood_is_not(connect):
    socket = await connect("meeting.7")
    for _ in range(10):
        await socket.send_json_to({"seen": "meeting.7:0"})
    await socket.receive_from()
    assert await socket.receive_nothing()
    for _ in range(10):
        await socket.send_json_to({"seen": "meeting.7:0"})
    assert await close_code(socket) == Code.TOO_MANY


async def test_a_page_may_follow_more_and_less(connect, tell):
    socket = await connect("meeting.7:0")
    await socket.receive_from()
    await socket.send_json_to({"follow": "meeting.8:0"})
    assert await socket.receive_json_from() == {"t": "meeting.8", "at": 0}
    await tell("meeting.8")
    assert (await socket.receive_json_from())["t"] == "meeting.8"
    await socket.send_json_to({"unfollow": "meeting.8"})
    assert await socket.receive_nothing()
    await tell("meeting.8")
    assert await socket.receive_nothing()
    assert set(hub.here().rooms) == {"meeting.7"}


async def test_following_something_private_later_ends_the_socket(meetings, connect):
    meetings.private["secret"] = set()
    socket = await connect("meeting.7:0")
    await socket.send_json_to({"follow": "meeting.secret"})
    assert await close_code(socket) == Code.NOT_YOURS


def test_every_code_has_its_sentence():
    assert set(SENTENCES) == set(Code)
    assert set(OF_REFUSAL.values()) <= set(SENTENCES)
    assert all(str(sentence).endswith(".") for sentence in SENTENCES.values())


@pytest.mark.adversary("I2")
async def test_while_the_database_is_away_sockets_are_asked_to_come_back(meetings, connect):
    whole = KINDS["meeting"]

    def away(*_):
        raise OperationalError

    for broken in (Kind(away, whole.gauges), Kind(whole.may_follow, away)):
        KINDS["meeting"] = broken
        socket, accepted, _none = await handshake(ORIGIN)
        assert accepted
        assert await socket.receive_output() == {
            "type": "websocket.close", "code": Code.RESTARTING, "reason": "10",
        }  # fmt: skip
        KINDS["meeting"] = whole
        socket = await connect("meeting.7:0")
        assert await socket.receive_json_from() == {"t": "meeting.7", "at": 0}
        await socket.disconnect()


async def test_messages_are_as_the_protocol_says(connect, tell, read_out):
    await tell("meeting.7", "poll.opened", seats=2)
    socket = await connect("meeting.7:0")
    first = [json.loads(await socket.receive_from()) for _ in range(2)]
    await read_out("meeting.7", 4, ballots=3, totals={"a": 3})
    assert first == [
        {"t": "meeting.7", "n": 1, "k": "poll.opened", "d": {"seats": 2}},
        {"t": "meeting.7", "at": 1},
    ]
    assert await socket.receive_json_from() == {
        "t": "meeting.7", "g": "tally", "v": 4, "d": {"ballots": 3, "totals": {"a": 3}},
    }  # fmt: skip

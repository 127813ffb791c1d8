"""One socket: read its handshake, follow its topics, listen to the little it may say.

A plain ASGI application: the Channels classes hop to a thread and take a layer channel for every
socket and message. No database here; ``Hub.follow`` asks for permission once.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import Any

from django.conf import settings
from django.db import InterfaceError, OperationalError
from django.http import parse_cookie

from engage.domain.errors import DomainError
from realtime import hub
from realtime.codes import OF_REFUSAL, REASONS, Code
from realtime.domain import envelope
from realtime.domain.handshake import Handshake, parse_handshake
from realtime.domain.pace import Allowance
from realtime.domain.requests import MAX_TOPICS, Follow, Seen, Unfollow, malformed, parse_request
from realtime.door import address_of
from realtime.follower import Follower
from realtime.release import is_renewed
from realtime.sending import Send, levels

logger = logging.getLogger(__name__)

Receive = Callable[[], Awaitable[dict[str, Any]]]
Scope = dict[str, Any]


async def follow_topics(scope: Scope, receive: Receive, send: Send) -> None:
    """Serve one socket until either side ends it; a refusal is told as a close code."""
    if (await receive())["type"] != "websocket.connect":
        return
    await send({"type": "websocket.accept"})
    await levels.tested()
    at = hub.here()
    follower = at.follower(send, session_of(scope))
    try:
        if at.farewell is not None:
            return at.expel(follower, Code.RESTARTING, at.farewell)
        with at.door.place(address_of(scope), follower.session):
            await _follow(at, follower, read_handshake(scope))
            await _listen(at, follower, receive)
    except DomainError as refusal:
        code = OF_REFUSAL[refusal.code]
        at.expel(follower, code, REASONS.get(code, ""))
    except (OperationalError, InterfaceError) as error:
        logger.warning("A socket was asked to come back: %s", type(error).__name__)
        at.expel(follower, Code.RESTARTING, REASONS[Code.RESTARTING])
    finally:
        at.leave(follower)


async def _follow(at: hub.Hub, follower: Follower, handshake: Handshake) -> None:
    renewed = is_renewed(handshake.release)
    at.members.admit(follower, handshake.mark)
    follower.language = handshake.language
    for place in handshake.places:
        await at.follow(follower, place)
    if renewed:
        follower.put(envelope.renewed())


async def _listen(at: hub.Hub, follower: Follower, receive: Receive) -> None:
    allowance, clock = Allowance(), asyncio.get_running_loop().time
    while (event := await receive())["type"] == "websocket.receive":
        if follower.outlet.shut:
            continue
        if not allowance.spend(clock()):
            raise DomainError("socket.too-many", "Too many messages.")
        text = event.get("text")
        if text is None:
            raise malformed()
        await _act(at, follower, text)


async def _act(at: hub.Hub, follower: Follower, text: str) -> None:
    request = parse_request(text)
    if not isinstance(request, Unfollow):
        await at.members.prove(follower)
    match request:
        case Follow() as place:
            if len(follower.rooms) >= MAX_TOPICS:
                raise DomainError("socket.too-many", "Too many topics.")
            await at.follow(follower, place)
        case Unfollow(topic):
            at.unfollow(follower, topic)
        case Seen(topic, since):
            at.seen(follower, topic, since)


def read_handshake(scope: Scope) -> Handshake:
    """What the socket's address asks for."""
    languages = [code for code, _name in settings.LANGUAGES]
    return parse_handshake(scope.get("query_string", b""), languages, settings.LANGUAGE_CODE)


def session_of(scope: Scope) -> str:
    """The session cookie, unread; empty if there is none or more than one cookie header."""
    found = [value for name, value in scope["headers"] if name == b"cookie"]
    if len(found) != 1:
        return ""
    cookie = parse_cookie(found[0].decode("latin-1")).get(settings.SESSION_COOKIE_NAME, "")
    return cookie if cookie.isascii() and cookie.isalnum() and len(cookie) <= 64 else ""

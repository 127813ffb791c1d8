"""A kind of topic of our own, sockets as a browser would open them, and facts told from threads."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator

import pytest
from channels.db import database_sync_to_async
from channels.layers import InMemoryChannelLayer, channel_layers
from django.conf import settings
from django.db import connections, transaction

from engage.journal import services
from realtime import hub
from realtime.reader import read
from realtime.routing import sockets
from realtime.topics import KINDS, Kind, Reading
from tests.realtime.listener import Listener


class Meetings:
    """Topics ``meeting.<key>`` and their truth; everybody may follow those that are not private."""

    def __init__(self):
        self.gauges: dict[str, Reading] = {}
        self.private: dict[str, set[str]] = {}

    def may_follow(self, person, topic) -> bool:
        guests = self.private.get(topic.key)
        return guests is None or (person.is_authenticated and person.email in guests)

    def readings(self, topic) -> dict[str, Reading]:
        found = self.gauges.get(topic.key)
        return {"tally": found} if found else {}


@pytest.fixture
def meetings() -> Iterator[Meetings]:
    table = Meetings()
    KINDS["meeting"] = Kind(may_follow=table.may_follow, gauges=table.readings, page=30)
    yield table
    del KINDS["meeting"]


@pytest.fixture
def publish(meetings) -> Callable[..., None]:
    """Publish one fact, in a transaction, as a view would."""

    def act(topic: str, kind: str = "post.added", **data) -> None:
        with transaction.atomic():
            services.publish(topic, kind, **data)

    return act


@pytest.fixture
def tell(publish) -> Callable[..., Awaitable[None]]:
    """The same in a thread of its own."""
    return database_sync_to_async(publish)


@pytest.fixture
def read_out(meetings) -> Callable[..., Awaitable[None]]:
    """Change a meeting's tally and show it."""

    @database_sync_to_async
    def act(topic: str, version: int, **data) -> None:
        meetings.gauges[topic.partition(".")[2]] = Reading(version, data)
        services.show(topic, "tally", version, **data)

    return act


@pytest.fixture
async def layer() -> AsyncIterator[InMemoryChannelLayer]:
    """The channel layer; a test may put one with faults in its place."""
    yield InMemoryChannelLayer()


@pytest.fixture
async def connect(meetings, layer, transactional_db) -> AsyncIterator[Callable[..., Awaitable]]:
    """Open a socket to our pages' address; every one is closed, and the hub quiet, at the end."""
    before = channel_layers.set("default", layer)
    opened: list[Listener] = []

    async def act(
        topics: str, *, cookie: str = "", language: str = "de", mark: str = ""
    ) -> Listener:
        headers = [(b"origin", settings.SITE_ORIGIN.encode())]
        if cookie:
            headers.append((b"cookie", f"{settings.SESSION_COOKIE_NAME}={cookie}".encode()))
        query = f"topics={topics}&lang={language}{mark and f'&me={mark}'}"
        socket = Listener(sockets, f"/ws/?{query}", headers)
        opened.append(socket)
        assert await socket.connect() == (True, None)
        return socket

    try:
        yield act
        for socket in opened:
            await socket.disconnect()
        await quiet()
    finally:
        channel_layers.set("default", before)
        hub._here = None
        await read(connections.close_all)
        await database_sync_to_async(connections.close_all)()


async def quiet() -> None:
    """Wait until the hub has nothing left to do."""
    at = hub.here()
    assert at.rooms == {}
    while at._tasks:
        await asyncio.gather(*at._tasks, return_exceptions=True)
    assert at.subscription.settled

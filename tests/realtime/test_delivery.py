"""News reach open pages from every thread of this process, and nothing fails where nobody hears."""

import asyncio
import threading

import pytest
from channels.layers import InMemoryChannelLayer, channel_layers
from django.db import connections, transaction

from engage.journal.services import publish, show


def tell_from_a_bare_thread(topic: str) -> None:
    def act() -> None:
        with transaction.atomic():
            publish(topic, "post.added")
        show(topic, "tally", 1, ballots=1)
        connections.close_all()

    thread = threading.Thread(target=act)
    thread.start()
    thread.join()


async def test_a_thread_without_a_loop_reaches_pages(connect):
    socket = await connect("meeting.7:0")
    await socket.receive_from()
    tell_from_a_bare_thread("meeting.7")
    got = [await socket.receive_json_from() for _ in range(2)]
    assert sorted(message.get("n", 0) for message in got) == [0, 1]
    assert sorted(message.get("v", 0) for message in got) == [0, 1]


class Away(InMemoryChannelLayer):
    async def group_send(self, group, message):
        raise ConnectionError("away")


async def test_a_layer_that_is_away_fails_no_service(connect, layer, tell, caplog):
    layer.__class__ = Away
    socket = await connect("meeting.7:0")
    await socket.receive_from()
    await tell("meeting.7")
    async with asyncio.timeout(30):
        while (await socket.receive_json_from()).get("n") != 1:
            pass
    assert "took no news: ConnectionError" in caplog.text


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("kind", [InMemoryChannelLayer, Away, None])
def test_publishing_where_nobody_listens_just_works(kind):
    before = channel_layers.set("default", kind and kind())
    try:
        tell_from_a_bare_thread("meeting.7")
    finally:
        channel_layers.set("default", before)

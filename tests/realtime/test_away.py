"""A page that was away while much happened: old page + what it missed = fresh page, made once."""

import pytest
from channels.db import database_sync_to_async as in_thread

from engage.domain.topics import Topic
from realtime import rendering
from realtime.topics import KINDS
from tests.realtime.test_laws import LIVES, SCENARIOS, all_who_may, ends_like_a_fresh_one


@pytest.mark.adversary("B1")
@pytest.mark.parametrize("language", ["en", "de"])
@pytest.mark.parametrize(("kind", "life"), LIVES)
async def test_whoever_missed_it_all_ends_like_a_fresh_page(
    connect, monkeypatch, kind, life, language
):
    begin, acts = SCENARIOS[kind].life[life]
    thing = await in_thread(begin)()
    everybody = await all_who_may(connect, thing, language)
    for each in everybody:
        await each.socket.disconnect()
    reader = everybody[-1]
    for act in acts:
        await in_thread(act)(thing)
    monkeypatch.setattr(rendering, "_kept", {})
    place = f"{thing.topic}:{reader.page.at}"
    reader.socket = await connect(place, cookie=reader.cookie, language=language)
    latest = await in_thread(KINDS[kind].gauges)(Topic.parse(str(thing.topic)))
    await ends_like_a_fresh_one(reader, thing, latest)
    assert reader.page.fetches == 1
    assert {made for _topic, _sequence, _part, made in rendering._kept} == {language}

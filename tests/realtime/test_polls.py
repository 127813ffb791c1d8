"""Polls as topics: who may follow which, and what a page that follows one is told."""

import uuid

import pytest
from channels.db import database_sync_to_async
from django.contrib.auth.models import AnonymousUser

from engage.domain.topics import Topic
from realtime import truth
from realtime.domain.envelope import gauge
from realtime.topics import KINDS, MOST_HTML
from tests.voting import polls
from voting.services.closing import open_poll
from voting.services.merging import merge_intake
from voting.tick import tell

PUBLIC = {"announced", "open", "closing", "closed", "decided", "annulled"}


@pytest.mark.adversary("B2")
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("state", polls.STATES)
def test_a_poll_is_followed_by_exactly_those_who_may_see_it(state):
    poll = polls.STATES[state]()
    may = KINDS["poll"].may_follow
    topic = Topic.parse(poll.topic)
    seen = [may(person, topic) for person in (AnonymousUser(), polls.person(), polls.organiser())]
    assert seen == [state in PUBLIC, state in PUBLIC, True]


@pytest.mark.django_db(transaction=True)
def test_a_poll_has_one_name():
    poll = polls.opened()
    for key in (poll.pk.hex, "7", str(uuid.uuid4()), "x" * 36):
        assert not truth.is_public(Topic("poll", key))
    assert KINDS["poll"].gauges(Topic("poll", poll.pk.hex)) == {}


@pytest.mark.parametrize("method", ["plurality", "ranked", "approval", "budget-approval"])
async def test_a_page_is_told_the_tally_and_what_happens(connect, method):
    @database_sync_to_async
    def vote(*choices) -> dict:
        polls.cast(poll, *choices)
        merge_intake(poll=poll.pk, least=1)
        tell(poll)
        return truth.survey([topic])[str(topic)].gauges["tally"]

    poll = await database_sync_to_async(polls.announced)(method=method)
    topic, choices = Topic.parse(poll.topic), polls.KINDS[method, polls.Poll.RULES[method][0]][1]
    since = (await database_sync_to_async(truth.survey)([topic]))[str(topic)].head
    socket = await connect(f"{topic}:{since}")
    await database_sync_to_async(open_poll)(poll=poll)
    reading = await vote(*choices)
    expected = gauge(str(topic), "tally", reading.version, reading.data).text
    got = []
    while expected not in got:
        got.append(await socket.receive_from())
    assert any('"k":"poll.opened"' in text for text in got)
    assert reading.data["ballots"] == len(choices)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("options", "whole"), [(3, True), (200, False)])
def test_a_result_comes_along_unless_it_is_too_long(options, whole):
    """Then a line links to it: nobody's page has to fetch itself, and none is behind for long."""
    titles = tuple((f"o{n}", f"Option {n}", None) for n in range(options))
    poll = polls.decided(method="approval", options=titles)
    html = KINDS["poll"].html(Topic.parse(poll.topic), [""])[""]
    assert 'id="poll-kind"' in html
    assert ('id="poll-body"' in html) == whole
    assert len(html.encode()) <= MOST_HTML

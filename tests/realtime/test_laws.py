"""The laws of live updates, for every kind of topic: a new kind without a scenario fails here.

Old page + messages = fresh page, whatever the layer loses; and nobody is pushed what they could
not GET.
"""

import asyncio
import random
import re
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import pytest
from channels.db import database_sync_to_async as in_thread
from django.conf import settings
from django.test import Client

from engage.domain.topics import Topic
from engage.identity.models import Area
from engage.identity.services.importing import carry_out_import, receive_import
from engage.identity.tick import work_imports
from realtime import truth
from realtime.codes import Code
from realtime.topics import KINDS
from tests.realtime import desk_lives, thread_lives
from tests.realtime.layers import Unreliable
from tests.realtime.listener import PATIENCE_S
from tests.realtime.opened import OpenPage
from tests.voting import polls
from voting.models import IssuerKey
from voting.services.announcing import prepare_poll
from voting.services.closing import annul_poll, close_poll, decide_poll, open_poll, seal_box
from voting.services.merging import merge_intake
from voting.tick import tell


@dataclass(frozen=True)
class Scenario:
    """How a thing of one kind lives: ``states`` makes one in each, ``life`` is what is done to it.

    A thing has a ``topic`` and an address. Each life has its beginning, which makes the thing.
    """

    states: dict[str, Callable[[], Any]]
    life: dict[str, tuple[Callable[[], Any], list[Callable[[Any], Any]]]]


def count(*choices: str) -> Callable[[Any], None]:
    def act(poll) -> None:
        polls.cast(poll, *choices)
        merge_intake(poll=poll.pk, least=1)
        tell(poll)

    return act


def fresh(act: Callable[..., Any], **known: Any) -> Callable[[Any], None]:
    def on(poll) -> None:
        poll.refresh_from_db()
        act(poll=poll, **known)

    return on


def prepare(poll) -> None:
    IssuerKey.objects.create(poll=poll, pem=polls.issuer_key())
    prepare_poll(poll=poll)


def end(poll) -> None:
    poll.refresh_from_db()
    polls.let_the_grace_pass(poll)
    seal_box(poll=poll)
    tell(poll)


def preparing():
    return polls.preparing(who="account")


def announced():
    return polls.announced(who="account")


def sent_in():
    """A file of the town's places, by an administrator, with a line that is wrong."""
    Area.objects.get_or_create(path="town", defaults={"name": "Town", "kind": "city"})
    raw = b"postcode;area\nA1;Town\nA2;Nowhere\n"
    found = receive_import(kind="places", raw=raw, by=polls.person("administrator"))
    found.title = "A2"
    return found


def work_off(found) -> None:
    work_imports()


def tried():
    found = sent_in()
    work_imports()
    return found


def ask_for_it(found) -> None:
    carry_out_import(tried=found.pk, by=found.by)


def done():
    found = tried()
    ask_for_it(found)
    work_imports()
    return found


OPENED = [fresh(open_poll), count("a", "b"), count("b")]
VOTED = [*OPENED, count("a", "a", "c"), fresh(close_poll), count("b")]

SCENARIOS = {
    "poll": Scenario(
        states=polls.STATES,
        life={
            "announced": (preparing, [prepare]),
            "closing": (announced, VOTED),
            "closed": (announced, [*VOTED, end]),
            "decided": (announced, [*VOTED, end, fresh(decide_poll)]),
            "annulled": (announced, [*OPENED, lambda poll: annul(poll)]),
        },
    ),
    "import": Scenario(
        states={"waiting": sent_in, "tried": tried, "done": done},
        life={
            "tried": (sent_in, [work_off]),
            "done": (tried, [ask_for_it, work_off]),
        },
    ),
    "thread": Scenario(states=thread_lives.STATES, life=thread_lives.LIFE),
    "desk": Scenario(states=desk_lives.STATES, life=desk_lives.LIFE),
}


def annul(poll) -> None:
    poll.refresh_from_db()
    annul_poll(poll=poll, by=polls.organiser(), reason="A mistake.")


LIVES = [(kind, life) for kind, scenario in SCENARIOS.items() for life in scenario.life]
STATES = [(kind, state) for kind, scenario in SCENARIOS.items() for state in scenario.states]


def test_every_kind_is_put_to_the_law():
    assert set(SCENARIOS) == set(KINDS)


class Reader:
    """Somebody with a browser of their own, and a page open in it."""

    def __init__(self, client: Client, language: str = "en"):
        self.client, self.language = client, language
        self.page = self.socket = None
        self.lines: set[str] = set()

    @property
    def cookie(self) -> str:
        found = self.client.cookies.get(settings.SESSION_COOKIE_NAME)
        return found.value if found else ""

    def get(self, path: str) -> str:
        answer = self.client.get(path, {"lang": self.language})
        assert answer.status_code == 200
        return answer.content.decode()

    def may_get(self, path: str) -> bool:
        return self.client.get(path).status_code == 200

    async def open(self, connect, thing) -> "Reader":
        self.page = await in_thread(OpenPage)(self.get, thing.get_absolute_url())
        html = await in_thread(self.get)(thing.get_absolute_url())
        self.lines = set(re.findall(r'data-live="([a-z]+\.[a-z]+)" hidden', html))
        place = f"{thing.topic}:{self.page.at}"
        self.socket = await connect(place, cookie=self.cookie, language=self.language)
        return self

    async def listen(self) -> None:
        with suppress(asyncio.QueueEmpty):
            while True:
                event = self.socket.output_queue.get_nowait()
                assert event["type"] == "websocket.send", event
                await in_thread(self.page.take)(event["text"])


def people() -> dict[str, Client]:
    """One of each: a stranger, and an account of every role."""
    found = {"stranger": Client()}
    for role in ("resident", "moderator", "organiser", "administrator"):
        found[role] = Client()
        backend = settings.AUTHENTICATION_BACKENDS[0]
        found[role].force_login(polls.person(role), backend=backend)
    return found


def be_patient(monkeypatch) -> None:
    """Busy machines take long; these laws are about what is told, not about a moment."""
    for room in ("reader", "telling"):
        monkeypatch.setattr(f"realtime.{room}.MOMENT_S", PATIENCE_S)


async def all_who_may(connect, thing, *languages: str) -> list[Reader]:
    """Everybody who is shown the thing as it is now, with its page open in each language."""
    clients = (await in_thread(people)()).values()
    readers = [Reader(client, language) for client in clients for language in languages]
    path = thing.get_absolute_url()
    found = [reader for reader in readers if await in_thread(reader.may_get)(path)]
    assert found
    return [await reader.open(connect, thing) for reader in found]


@pytest.mark.adversary("B1", "B3")
@pytest.mark.parametrize(("kind", "life"), LIVES)
async def test_an_open_page_ends_like_a_fresh_one(connect, layer, monkeypatch, kind, life):
    layer.__class__ = Unreliable
    monkeypatch.setattr(Unreliable, "chance", random.Random(life))
    be_patient(monkeypatch)
    begin, acts = SCENARIOS[kind].life[life]
    thing = await in_thread(begin)()
    everybody = await all_who_may(connect, thing, "en", "de")
    for act in acts:
        await in_thread(act)(thing)
        for reader in everybody:
            await reader.listen()
    latest = await in_thread(KINDS[kind].gauges)(Topic.parse(str(thing.topic)))
    async with asyncio.timeout(PATIENCE_S):
        for reader in everybody:
            await ends_like_a_fresh_one(reader, thing, latest)
    assert all(reader.page.fetches == 1 for reader in everybody), "the news brought all of it"


async def ends_like_a_fresh_one(reader: Reader, thing, latest) -> None:
    wanted = {name: (reading.version, reading.data) for name, reading in latest.items()}
    now = await in_thread(OpenPage)(reader.get, thing.get_absolute_url())
    while (reader.page.at, reader.page.gauges | wanted) != (now.at, reader.page.gauges):
        await asyncio.sleep(0.05)
        await reader.listen()
    # Somebody's ballot paper stays on the page and keeps what is around it; a line says so.
    renewed = reader.page.renewed & set(reader.page.fragments) & set(now.fragments)
    assert renewed
    assert {k: reader.page.fragments[k] for k in renewed} == {k: now.fragments[k] for k in renewed}
    if reader.page.fragments != now.fragments:
        assert reader.page.told[-1]["k"] in reader.lines
    for name in now.lists:
        assert reader.page.items(name) == now.items(name)


@pytest.mark.adversary("B1", "B2", "E15")
@pytest.mark.parametrize(("kind", "life"), LIVES)
async def test_html_is_what_every_reader_would_be_shown(connect, monkeypatch, kind, life):
    """Byte for byte the same to all readers of a language, and nothing but what a page shows."""
    be_patient(monkeypatch)
    begin, acts = SCENARIOS[kind].life[life]
    thing = await in_thread(begin)()
    everybody = await all_who_may(connect, thing, "en")
    for act in acts:
        await in_thread(act)(thing)
    topic = str(thing.topic)
    end = (await in_thread(truth.survey)([Topic.parse(topic)]))[topic].head
    async with asyncio.timeout(PATIENCE_S):
        for reader in everybody:
            while reader.page.at < end:
                await asyncio.sleep(0.05)
                await reader.listen()
    told = [[(fact["n"], fact["h"]) for fact in reader.page.told] for reader in everybody]
    assert all(facts == told[0] for facts in told)
    for _number, html in told[0]:
        assert not [word for word in ("<form", "<iframe", "csrf", "session") if word in html], html


@pytest.mark.adversary("B2", "D1", "D13")
@pytest.mark.parametrize(("kind", "state"), STATES)
async def test_nobody_is_pushed_what_they_could_not_get(connect, kind, state):
    thing = await in_thread(SCENARIOS[kind].states[state])()
    for name, client in (await in_thread(people)()).items():
        may = (await in_thread(client.get)(thing.get_absolute_url())).status_code == 200
        asked = await in_thread(client.get)(f"/live/{thing.topic}?since=0")
        cookie = client.cookies.get(settings.SESSION_COOKIE_NAME)
        socket = await connect(f"{thing.topic}:0", cookie=cookie.value if cookie else "")
        first = await socket.receive_output()
        got = first["type"] == "websocket.send", asked.status_code == 200
        assert got == (may, may), (name, first)
        if not may:
            assert first == {"type": "websocket.close", "code": Code.NOT_YOURS}
            assert thing.title not in asked.content.decode()
            assert await socket.receive_nothing()

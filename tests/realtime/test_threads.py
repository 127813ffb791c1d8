"""What open pages of a thread are told: nothing they could not get, no name, all of it in order."""

import asyncio
import json

import pytest
from channels.db import database_sync_to_async as in_thread
from django.conf import settings
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from engage.domain.topics import Topic
from engage.journal.models import Entry
from engage.moderation.domain.standing import Standing
from forums.models import Category, Draft
from forums.services.reacting import count_stirred, react
from forums.services.showing import let_post_stand
from forums.services.tending import move_thread
from forums.services.writing import post_reply
from realtime.codes import Code
from realtime.topics import KINDS
from tests.forums import forum
from tests.realtime import thread_lives
from tests.realtime.listener import PATIENCE_S
from tests.realtime.test_laws import be_patient
from tests.voting import polls


def session_of(person) -> str:
    client = Client()
    client.force_login(person, backend=settings.AUTHENTICATION_BACKENDS[0])
    return client.cookies[settings.SESSION_COOKIE_NAME].value


def html(thread, *parts: str) -> dict[str, str]:
    return dict(KINDS["thread"].html(thread.topic, parts))


async def told(socket, until: int) -> list[dict]:
    """The facts up to number ``until``."""
    facts = []
    async with asyncio.timeout(PATIENCE_S):
        while not facts or facts[-1]["n"] < until:
            message = json.loads(await socket.receive_from(PATIENCE_S))
            facts += [message] if "n" in message else []
    return facts


@pytest.mark.parametrize("key", ["0", "x", "1e1", "none", "9" * 19])
@pytest.mark.adversary("B6")
@pytest.mark.django_db
def test_only_the_canonical_name_of_a_thread_is_one(key):
    topic = Topic("thread", key)
    assert not KINDS["thread"].may_follow(polls.person("administrator"), topic)
    assert KINDS["thread"].html(topic, ["head"]) == {}
    assert KINDS["thread"].gauges(topic) == {}


@pytest.mark.adversary("B2")
@pytest.mark.django_db
@pytest.mark.parametrize("how", [s for s in Standing if s != Standing.SHOWN])
def test_what_is_not_shown_is_in_no_part(how):
    """Neither as a post nor quoted, with reactions or as an official answer."""
    thread = forum.thread()
    secret = forum.post(thread, text="Bicycle shed.", standing=how, office="Parks")
    quoting = forum.post(thread, text="Answer.", quotes=secret)
    parts = html(
        thread, f"post.{secret.pk}", f"post.{quoting.pk}", f"reactions.{secret.pk}", "head"
    )
    assert len(parts) == 4
    assert "Answer." in parts[f"post.{quoting.pk}"]
    assert not [text for text in parts.values() if "Bicycle" in text]
    assert parts[f"reactions.{secret.pk}"] == ""


@pytest.mark.adversary("B2")
@pytest.mark.django_db(transaction=True)
def test_what_waits_or_is_only_begun_tells_nothing():
    thread = forum.thread()
    before = Entry.objects.count()
    person = forum.person()
    held = forum.post(thread, text="Held words.", standing=Standing.HELD)
    Draft.objects.create(person=person, place=f"thread.{thread.pk}", text="Half a thought.")
    assert Entry.objects.count() == before
    let_post_stand(str(held.pk), Standing.REMOVED)
    assert Entry.objects.count() == before, "nobody had seen it"


@pytest.mark.adversary("B2")
@pytest.mark.django_db
def test_facts_hold_numbers_alone(django_capture_on_commit_callbacks):
    thread = forum.thread(title="Bicycle shed")
    post = forum.post(thread, text="Bicycle shed.")
    react(post=post, person=forum.person(), kind="agree", on=True)
    count_stirred()
    let_post_stand(str(post.pk), Standing.HIDDEN)
    facts = [entry.data for entry in Entry.objects.filter(topic=str(thread.topic))]
    assert [set(data) for data in facts[-3:]] == [{"post", "number"}, {"posts"}, {"post"}]
    for data in facts:
        assert all(str(value).replace(".", "").isdecimal() for value in data.values())


@pytest.mark.django_db
@pytest.mark.parametrize("posts", [1, 3, 20])
def test_many_parts_take_no_more_queries_than_one(posts):
    thread = forum.thread()
    made = [forum.post(thread, quotes=forum.first(thread)) for _ in range(posts)]
    for post in made:
        let_post_stand(str(post.pk), Standing.HIDDEN)
    made += [forum.post(thread, quotes=forum.first(thread), office="Parks") for _ in range(posts)]
    parts = [f"post.{post.pk}" for post in made]
    parts += ["head", "reactions." + ".".join(str(post.pk) for post in made)]
    with CaptureQueriesContext(connection) as captured:
        assert set(html(thread, *parts)) == set(parts)
    assert len(captured) == 5, [query["sql"] for query in captured]


async def test_what_was_missed_is_told_in_order_and_each_post_once(connect, monkeypatch):
    be_patient(monkeypatch)

    def talk():
        thread = forum.thread()
        posts = [forum.post(thread) for _ in range(40)]
        for post in posts[:30]:
            let_post_stand(str(post.pk), Standing.HIDDEN)
        return thread, posts

    thread, posts = await in_thread(talk)()
    socket = await connect(f"{thread.topic}:0", language="en")
    facts = await told(socket, 71)
    assert [fact["n"] for fact in facts] == list(range(1, 72))
    assert all("h" in fact for fact in facts)
    brought = [fact["h"] for fact in facts if fact["h"]]
    for post in posts:
        assert len([text for text in brought if f'id="post-{post.pk}"' in text]) == 1
    assert not [text for text in brought[11:] if "post--gone" not in text]


@pytest.mark.adversary("B9", "B10")
@pytest.mark.parametrize("change", ["moved", "hidden", "closed to strangers"])
async def test_who_may_read_no_longer_is_shown_out_within_seconds(connect, monkeypatch, change):
    be_patient(monkeypatch)
    thread = await in_thread(thread_lives.thread)()
    moderator = await in_thread(polls.person)("moderator")
    stranger = await connect(f"{thread.topic}:0")
    staff = await connect(f"{thread.topic}:0", cookie=await in_thread(session_of)(moderator))
    resident = await in_thread(polls.person)()
    guest = await connect(f"{thread.topic}:0", cookie=await in_thread(session_of)(resident))
    await told(stranger, 4)

    def act():
        if change == "moved":
            target = forum.category(readers=Category.Readers.STAFF)
            move_thread(thread=thread, by=moderator, category=target)
        elif change == "hidden":
            let_post_stand(str(forum.first(thread).pk), Standing.HIDDEN)
        else:
            Category.objects.filter(pk=thread.category_id).update(readers=Category.Readers.ACCOUNT)
        return Entry.objects.filter(topic=str(thread.topic)).count()

    facts = await in_thread(act)()
    out = {"moved": [stranger, guest], "closed to strangers": [stranger]}
    async with asyncio.timeout(5):
        for socket in out.get(change, [stranger, guest, staff]):
            while (event := await socket.receive_output(PATIENCE_S))["type"] != "websocket.close":
                message = json.loads(event["text"])
                assert message.get("n", 0) <= 4, "not told any more"
            assert event["code"] == Code.NOT_YOURS
    if change == "moved":
        assert (await told(staff, facts))[-1]["k"] == "thread.changed"


async def test_that_somebody_writes_is_told_without_a_name(connect, monkeypatch):
    be_patient(monkeypatch)
    thread = await in_thread(forum.thread)()
    person = await in_thread(forum.person)()
    socket = await connect(f"{thread.topic}:1")
    client = Client()
    client.cookies[settings.SESSION_COOKIE_NAME] = await in_thread(session_of)(person)
    assert (await in_thread(client.post)(f"/threads/{thread.pk}/writing/")).status_code == 204
    async with asyncio.timeout(PATIENCE_S):
        while (said := json.loads(await socket.receive_from(PATIENCE_S))).get("g") != "writing":
            pass
    assert said == {"t": str(thread.topic), "g": "writing", "v": said["v"], "d": {"somebody": 1}}
    late = await connect(f"{thread.topic}:1")
    assert json.loads(await late.receive_from(PATIENCE_S)) == said


@pytest.mark.adversary("B16")
@pytest.mark.django_db
def test_only_who_may_write_can_say_so(client):
    open_to_all, for_staff = forum.category(), forum.category(readers=Category.Readers.STAFF)
    threads = {
        "open": forum.thread(open_to_all), "staff": forum.thread(for_staff),
        "locked": forum.thread(open_to_all, locked=True),
        "hidden": forum.thread(open_to_all, standing=Standing.HIDDEN),
    }  # fmt: skip
    wanted = {
        None: {"open": 403, "staff": 404, "locked": 403, "hidden": 404},
        "resident": {"open": 204, "staff": 404, "locked": 410, "hidden": 404},
        "moderator": {"open": 204, "staff": 204, "locked": 410, "hidden": 404},
    }
    for role, outcomes in wanted.items():
        visitor = Client()
        if role:
            visitor.force_login(polls.person(role), backend=settings.AUTHENTICATION_BACKENDS[0])
        paths = {name: f"/threads/{thread.pk}/writing/" for name, thread in threads.items()}
        assert {name: visitor.post(path).status_code for name, path in paths.items()} == outcomes
        assert visitor.get(paths["open"]).status_code == 405


def test_that_somebody_writes_passes(monkeypatch, db):
    from forums.services import writing_now

    clock = [1_000_000]
    monkeypatch.setattr(writing_now, "_now_ms", lambda: clock[0])
    cache.clear()
    thread, person = forum.thread(), forum.person()
    assert writing_now.writing_now(thread.pk) is None
    versions = []
    for wait, somebody in ((0, 1), (7_999, 1), (1, 0), (100_000, 0)):
        clock[0] += wait
        if not wait:
            writing_now.say_that_one_writes(thread=thread, by=person)
        version, data = writing_now.writing_now(thread.pk)
        versions.append(version)
        assert data == {"somebody": somebody}
    writing_now.say_that_one_writes(thread=thread, by=person)
    versions.append(writing_now.writing_now(thread.pk)[0])
    assert versions == sorted(versions)
    assert versions[0] < versions[2] < versions[4]


async def test_fifty_readers_are_complete_and_in_order(connect, monkeypatch):
    """Half of them come while it is talked, some slowly; nobody asks for the page again."""
    be_patient(monkeypatch)
    thread = await in_thread(forum.thread)()
    authors = await in_thread(lambda: [forum.person() for _ in range(10)])()
    readers = [await connect(f"{thread.topic}:1", language="en") for _ in range(25)]

    def talk(turn):
        for author in authors:
            post_reply(thread=thread, author=author, text=f"Words of turn {turn}.")

    for turn in range(3):
        await in_thread(talk)(turn)
        since = 1 + 10 * (turn + 1) - 5
        readers += [
            await connect(f"{thread.topic}:{since}", language="de") for _ in range(9 - turn)
        ]
    readers += [await connect(f"{thread.topic}:1", language="en")]
    assert len(readers) == 50
    for reader in readers:
        facts = await told(reader, 31)
        assert [fact["n"] for fact in facts] == list(range(facts[0]["n"], 32))
        assert all("h" in fact for fact in facts)
        assert f'data-order="{31:08}.{31:08}"' in facts[-1]["h"]

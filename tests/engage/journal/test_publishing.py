"""One verb, one transaction, one publish: no gaps, and nothing said after a roll-back."""

import uuid
from collections.abc import Iterator

import pytest
from django.db import IntegrityError, transaction
from django.db.transaction import TransactionManagementError

from engage.domain.errors import DomainError
from engage.domain.topics import Topic
from engage.journal import listeners
from engage.journal.listeners import Fact, Gauge, News
from engage.journal.models import Entry, TopicHead
from engage.journal.selectors import head, heads, since
from engage.journal.services import publish, show

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def topic() -> str:
    return f"meeting.{uuid.uuid4()}"


@pytest.fixture
def heard() -> Iterator[list[News]]:
    news: list[News] = []
    listener = news.append
    listeners.register(listener)
    listeners.register(listener)
    yield news
    listeners.withdraw(listener)


def told(topic: str) -> list[tuple[int, str, dict]]:
    return [(entry.sequence, entry.kind, entry.data) for entry in since(topic, 0, 1000)]


def test_a_fact_is_kept_and_told_once_after_commit(topic, heard):
    with transaction.atomic():
        entry = publish(Topic.parse(topic), "poll.opened", seats=2, live=True, note=None)
        assert heard == []
    assert entry.sequence == 1
    assert told(topic) == [(1, "poll.opened", {"seats": 2, "live": True, "note": None})]
    assert heard == [Fact(topic, 1, "poll.opened", {"seats": 2, "live": True, "note": None})]


def test_each_topic_counts_for_itself(topic):
    other = f"meeting.{uuid.uuid4()}"
    with transaction.atomic():
        for name in (topic, other, topic):
            publish(name, "poll.opened")
    assert heads([topic, other, "meeting.7"]) == {topic: 2, other: 1, "meeting.7": 0}
    assert [entry.sequence for entry in since(topic, 1, 10)] == [2]
    assert len(since(topic, 0, 1)) == 1


def test_a_roll_back_tells_nothing_and_leaves_no_gap(topic, heard):
    class Stop(Exception):
        pass

    with pytest.raises(Stop), transaction.atomic():
        publish(topic, "poll.opened")
        show(topic, "tally", 1, ballots=1)
        raise Stop
    assert (told(topic), heard, head(topic)) == ([], [], 0)
    with transaction.atomic():
        publish(topic, "poll.opened")
    assert head(topic) == 1


def test_a_roll_back_to_a_savepoint_takes_only_its_own_facts(topic, heard):
    with transaction.atomic():
        publish(topic, "poll.opened")
        with pytest.raises(RuntimeError), transaction.atomic():
            publish(topic, "poll.closed")
            raise RuntimeError
        publish(topic, "poll.decided")
    assert [(n, kind) for n, kind, _data in told(topic)] == [
        (1, "poll.opened"),
        (2, "poll.decided"),
    ]
    assert [news.kind for news in heard] == ["poll.opened", "poll.decided"]


def test_publishing_outside_of_a_transaction_is_refused(topic):
    with pytest.raises(TransactionManagementError):
        publish(topic, "poll.opened")
    assert not Entry.objects.exists()


@pytest.mark.parametrize("data", [{"voter": 1.5}, {"voter": ["Ann"]}, {"voter": "x" * 201}])
def test_what_is_not_plain_is_never_kept(topic, heard, data):
    with transaction.atomic(), pytest.raises(ValueError, match="voter"):
        publish(topic, "poll.opened", **data)
    assert not Entry.objects.exists()
    assert not TopicHead.objects.exists()


def test_odd_topics_and_kinds_are_refused(topic):
    with transaction.atomic():
        with pytest.raises(DomainError):
            publish("poll", "poll.opened")
        with pytest.raises(ValueError):
            publish(topic, "websocket_disconnect.x.y")
    assert not Entry.objects.exists()


def test_parallel_publishers_share_one_unbroken_row_of_numbers(topic, at_once, heard):
    def act(number: int) -> int:
        with transaction.atomic():
            return publish(topic, "post.added", by=number).sequence

    numbers = at_once(act, 40)
    assert sorted(numbers) == list(range(1, 41))
    assert [n for n, _kind, _data in told(topic)] == list(range(1, 41))
    assert head(topic) == 40
    assert sorted(news.sequence for news in heard) == list(range(1, 41))


def test_the_database_refuses_a_second_or_a_zeroth_number(topic):
    Entry.objects.create(topic=topic, sequence=1, kind="poll.opened")
    for sequence in (1, 0):
        with pytest.raises(IntegrityError), transaction.atomic():
            Entry.objects.create(topic=topic, sequence=sequence, kind="poll.closed")


def test_a_gauge_is_shown_after_commit_and_kept_nowhere(topic, heard, django_assert_num_queries):
    with transaction.atomic():
        show(topic, "tally", 3, ballots=2, totals={"a": 2})
        assert heard == []
    assert heard == [Gauge(topic, "tally", 3, {"ballots": 2, "totals": {"a": 2}})]
    with django_assert_num_queries(0):
        show(topic, "tally", 4, ballots=3)
    assert heard[1:] == [Gauge(topic, "tally", 4, {"ballots": 3})]


def test_a_failing_listener_stops_neither_the_others_nor_the_service(topic, caplog):
    def fails(_news: News) -> None:
        raise ConnectionError("the layer is away")

    news: list[News] = []
    listeners.register(fails)
    listeners.register(news.append)
    try:
        with transaction.atomic():
            publish(topic, "poll.opened")
    finally:
        listeners.withdraw(fails)
        listeners.withdraw(news.append)
    assert [fact.kind for fact in news] == ["poll.opened"]
    assert "A listener failed" in caplog.text

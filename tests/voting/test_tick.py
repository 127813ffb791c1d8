"""The worker: everything happens by itself at its time, and a failing poll stops no other."""

import json
import logging
from datetime import timedelta

import pytest

from engage.journal import listeners
from tests.voting import polls
from voting.board.models import Checkpoint, Intake, Log
from voting.clock import database_now
from voting.models import IssuerKey, Pass, Poll
from voting.selectors import poll_tally
from voting.services.announcing import announce_poll
from voting.services.closing import annul_poll, close_poll
from voting.services.recording import record_path
from voting.tick import Worker

pytestmark = pytest.mark.django_db


class Clock:
    """A monotonic clock that goes when told to."""

    def __init__(self):
        self.now = 1_000.0

    def __call__(self):
        return self.now


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def worker(clock):
    return Worker(clock=clock)


@pytest.fixture
def heard():
    """All news that were told, as a listener hears them after commit."""
    news = []
    listeners.register(news.append)
    yield news
    listeners.withdraw(news.append)


def ticked(worker, poll, times=1):
    for _ in range(times):
        worker.tick()
    poll.refresh_from_db()
    return poll.state


def shift(poll, **times):
    """Move the poll's own times; None leaves one as it is."""
    Poll.objects.filter(pk=poll.pk).update(**times)
    poll.refresh_from_db()


def test_a_poll_announced_by_an_organiser_goes_its_whole_way_by_itself(worker):
    poll = polls.preparing()
    assert ticked(worker, poll) == "announced"
    assert ticked(worker, poll) == "open"
    polls.cast(poll, "a", "b", "a")
    shift(poll, closes_at=database_now() - timedelta(seconds=1))
    assert ticked(worker, poll) == "closing"
    assert ticked(worker, poll) == "closing"
    polls.let_the_grace_pass(poll)
    assert ticked(worker, poll) == "closed"
    assert ticked(worker, poll) == "decided"
    assert IssuerKey.objects.filter(poll=poll).exists()
    assert ticked(worker, poll) == "decided"
    assert not IssuerKey.objects.filter(poll=poll).exists()
    assert record_path(poll.pk, Log.objects.get(pk=poll.pk).size).exists()
    assert polls.kinds(poll) == ["manifest", *["ballot"] * 3, "close", "result"]


def test_nothing_happens_before_its_time(worker):
    poll, written = polls.coming(), polls.draft()
    assert ticked(worker, poll, times=3) == "announced"
    assert ticked(worker, written, times=3) == "draft"
    assert polls.kinds(poll) == ["manifest"]
    assert not Log.objects.filter(pk=written.pk).exists()


def test_a_poll_opens_when_its_hour_comes(worker):
    poll = polls.coming()
    shift(poll, opens_at=database_now())
    assert ticked(worker, poll) == "open"
    assert polls.kinds(poll) == ["manifest"]


def test_a_worker_that_was_away_over_the_whole_poll_catches_up(worker):
    poll = polls.announced()
    raws = polls.cast(poll, "a", "b")  # the box needs no worker to open
    shift(poll, closes_at=database_now() - timedelta(minutes=30))
    assert ticked(worker, poll, times=4) == "decided"
    assert [kind for kind in polls.kinds(poll) if kind != "ballot"] == [
        "manifest",
        "close",
        "result",
    ]
    assert {body for _kind, body in polls.logged(poll)} >= set(raws)


def test_a_full_batch_is_merged_at_the_next_look(worker, clock):
    poll = polls.opened(batch_min=3, batch_every_s=10, batch_max_delay_s=120)
    ticked(worker, poll)  # the first look merges whatever waits: nothing
    polls.cast(poll, "a", "b", "c")
    clock.now += 9
    ticked(worker, poll)
    assert polls.kinds(poll) == ["manifest"]
    clock.now += 1
    ticked(worker, poll)
    assert polls.kinds(poll) == ["manifest"] + ["ballot"] * 3


def test_a_single_ballot_is_merged_at_half_the_promised_time(worker, clock):
    poll = polls.opened(batch_min=3, batch_every_s=10, batch_max_delay_s=120)
    ticked(worker, poll)
    polls.cast(poll, "a")
    for _ in range(5):
        clock.now += 10
        ticked(worker, poll)
    assert polls.kinds(poll) == ["manifest"]
    clock.now += 10
    ticked(worker, poll)
    assert polls.kinds(poll) == ["manifest", "ballot"]


def test_no_ballot_waits_longer_than_promised_whenever_it_comes(worker, clock):
    """Ballots at odd moments; a worker that looks every second never breaks a promise."""
    poll = polls.opened(batch_min=4, batch_every_s=10, batch_max_delay_s=60)
    came = {}
    raws = [polls.ballot(poll) for _ in range(6)]
    for second in range(200):
        if second in (3, 17, 33, 61, 62, 133):
            raw = raws.pop()
            polls.cast_ballot(poll=poll.pk, raw=raw)
            came[raw] = second
        ticked(worker, poll)
        waiting = {bytes(row) for row in Intake.objects.values_list("leaf", flat=True)}
        assert all(second - came[raw] <= 30 for raw in waiting)
        clock.now += 1
    assert polls.kinds(poll).count("ballot") == 6


def test_after_a_restart_the_first_look_merges_what_waits(clock):
    poll = polls.opened(batch_min=50)
    polls.cast(poll, "a")
    ticked(Worker(clock=clock), poll)
    assert polls.kinds(poll) == ["manifest", "ballot"]


def test_no_empty_batch_is_ever_signed(worker, clock):
    poll = polls.opened()
    for _ in range(5):
        clock.now += 100
        ticked(worker, poll)
    assert Checkpoint.objects.filter(poll=poll.pk).count() == 1


def test_after_every_merge_the_tally_is_told(worker, heard, django_capture_on_commit_callbacks):
    poll = polls.opened()
    polls.cast(poll, "a", "a", "b")
    with django_capture_on_commit_callbacks(execute=True):
        ticked(worker, poll)
    (gauge,) = [news for news in heard if isinstance(news, listeners.Gauge)]
    assert (gauge.topic, gauge.name, gauge.version) == (poll.topic, "tally", 4)
    assert dict(gauge.data) == poll_tally(poll.pk)
    assert gauge.data["totals"] == {"a": 2, "b": 1, "c": 0}


def test_a_poll_of_very_many_options_is_told_too(worker, heard, django_capture_on_commit_callbacks):
    options = tuple((f"p{i}", f"Project {i}", 10 + i) for i in range(300))
    poll = polls.opened(method="budget-approval", options=options)
    polls.cast(poll, ["p7"])
    with django_capture_on_commit_callbacks(execute=True):
        ticked(worker, poll)
    (gauge,) = [news for news in heard if isinstance(news, listeners.Gauge)]
    assert gauge.data["totals"]["p7"] == 1


def test_the_close_is_told_with_its_tally(worker, heard, django_capture_on_commit_callbacks):
    poll = polls.opened()
    polls.cast(poll, "a")
    close_poll(poll=poll, by=poll.organiser)
    polls.let_the_grace_pass(poll)
    with django_capture_on_commit_callbacks(execute=True):
        ticked(worker, poll)
    told = [(type(news).__name__, getattr(news, "kind", "")) for news in heard]
    assert told == [("Fact", "poll.closed"), ("Gauge", "")]


def test_a_poll_that_fails_stops_no_other_and_is_tried_again(worker, caplog):
    first, second = polls.opened(), polls.opened()
    polls.cast(first, "a")
    polls.cast(second, "b")
    broken = min(first, second, key=lambda poll: (poll.closes_at, poll.title))
    log = Log.objects.get(pk=broken.pk)
    Log.objects.filter(pk=broken.pk).delete()  # what cannot happen, happens
    with caplog.at_level(logging.ERROR):
        worker.tick()
    whole = second if broken == first else first
    assert polls.kinds(whole) == ["manifest", "ballot"]
    assert str(broken.pk) in caplog.text
    log.save(force_insert=True)
    Worker(clock=worker.clock).tick()
    assert polls.kinds(broken) == ["manifest", "ballot"]


@pytest.mark.adversary("A7")
def test_cut_anywhere_the_worker_finds_what_is_left_to_do(clock):
    """From the last ballot to the published record, cut before every write of every step."""
    poll = polls.opened()
    polls.cast(poll, "a", "b", "a")
    polls.voter(poll)
    shift(poll, closes_at=database_now() - timedelta(minutes=30))
    for at in range(1, 100):
        with polls.taken_back("default"), polls.taken_back("ballots"):
            whole = True
            try:
                with polls.power_cut(at):
                    ticked(Worker(clock=clock), poll, times=5)
            except polls.PowerCut:
                whole = False
                ticked(Worker(clock=clock), poll, times=5)
            poll.refresh_from_db()
            assert poll.state == "decided"
            assert polls.kinds(poll) == ["manifest", *["ballot"] * 3, "close", "result"]
            assert json.loads(polls.logged(poll)[-2][1])["passes"] == 4
            assert not IssuerKey.objects.filter(poll=poll).exists()
            assert Pass.objects.filter(poll=poll).count() == 4
            assert poll_tally(poll.pk)["ballots"] == 3
        poll.refresh_from_db()
        if whole:
            break
    assert at > 15


@pytest.mark.adversary("A4")
def test_killed_after_the_box_was_shut_the_result_still_says_who_took_part(worker):
    poll = polls.opened()
    polls.cast(poll, *"abcab")
    polls.sealed(poll)  # and killed before anything of it was shown
    assert ticked(worker, poll, times=2) == "decided"
    assert sum(poll_tally(poll.pk)["by_level"].values()) == 5


@pytest.mark.parametrize("state", ["announced", "open", "closing", "closed", "decided"])
def test_an_annulled_poll_is_archived_too(worker, state):
    poll = polls.STATES[state]()
    annul_poll(poll=poll, by=poll.organiser, reason="A mistake.")
    entries = polls.logged(poll)
    assert ticked(worker, poll, times=3) == "annulled"
    assert polls.logged(poll) == entries
    assert not IssuerKey.objects.filter(poll=poll).exists()
    assert record_path(poll.pk, len(entries)).exists()


def test_two_workers_do_everything_once(clock):
    poll = polls.draft()
    announce_poll(poll=poll, by=poll.organiser)
    workers = [Worker(clock=clock), Worker(clock=clock)]
    stale = Poll.objects.get(pk=poll.pk)
    for _ in range(2):
        for worker in workers:
            ticked(worker, poll)
    for worker in workers:  # each looked at the poll before the other acted
        worker.advance(stale)
    polls.cast(poll, "a", "b")
    shift(poll, closes_at=database_now() - timedelta(minutes=30))
    for _ in range(5):
        before = Poll.objects.get(pk=poll.pk)
        for worker in workers:
            try:
                worker.advance(Poll.objects.get(pk=poll.pk))
                worker.advance(before)
            except Exception as error:  # a refusal; the next round is right again
                assert getattr(error, "code", "") == "poll.conflict"
    poll.refresh_from_db()
    assert poll.state == "decided"
    assert polls.kinds(poll) == ["manifest", "ballot", "ballot", "close", "result"]

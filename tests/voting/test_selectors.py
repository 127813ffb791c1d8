"""What pages read: the right polls on the right list, phases by the clock, numbers from the log."""

import json
import uuid
from datetime import timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.http import Http404

from tests.voting import polls
from voting import selectors
from voting.clock import database_now
from voting.models import Poll
from voting.services.merging import merge_intake

pytestmark = pytest.mark.django_db


def titles(cards):
    return [card.poll.title for card in cards]


def test_home_lists_what_is_open_coming_and_lately_decided():
    for state, make in polls.STATES.items():
        make(title=state)
    late = polls.opened(title="open longer")
    Poll.objects.filter(pk=late.pk).update(closes_at=late.closes_at + timedelta(days=1))
    found = {name: titles(cards) for name, cards in selectors.home_lists().items()}
    assert set(found["open"]) == {"open", "closing", "open longer"}
    assert found["open"][-1] == "open longer"
    assert found["coming"] == ["announced"]
    assert set(found["decided"]) == {"closed", "decided"}


def test_a_card_says_how_many_voted_and_how_long_it_is_open():
    poll = polls.opened()
    polls.cast(poll, "a", "b")
    merge_intake(poll=poll.pk)
    now = poll.closes_at - timedelta(days=2, hours=3, minutes=4)
    (card,) = selectors.cards([poll], now)
    assert (card.ballots, card.days_left, card.hours_left) == (2, 2, 51)
    (over,) = selectors.cards([poll], poll.closes_at + timedelta(days=1))
    assert (over.phase, over.days_left, over.hours_left) == ("closed", None, None)


@pytest.mark.adversary("A8")
def test_the_phase_follows_the_clock_and_never_a_late_worker():
    poll = polls.announced()
    assert (poll.state, selectors.present_phase(poll)) == ("announced", "open")
    for hours, phase in (
        (-2, "announced"),
        (-1, "open"),
        (23, "open"),
        (24, "closing"),
        (25, "closed"),
    ):
        at = poll.opens_at + timedelta(hours=1 + hours)
        assert selectors.present_phase(poll, at) == phase
    grace = timedelta(seconds=poll.batch_max_delay_s)
    assert selectors.present_phase(poll, poll.closes_at) == "closing"
    assert selectors.present_phase(poll, poll.closes_at + grace) == "closed"
    assert selectors.present_phase(poll, poll.closes_at + grace - timedelta(seconds=1)) == "closing"


def test_the_database_s_clock_is_aware_and_goes():
    now = database_now()
    assert now.utcoffset() == timedelta(0)
    assert abs((database_now() - now).total_seconds()) < 5


def test_drafts_are_not_public():
    drafts = {polls.draft().pk, polls.preparing().pk}
    announced = polls.coming()
    assert set(selectors.public_polls()) == {announced}
    assert {poll.pk for poll in selectors.own_drafts(polls.organiser())} == drafts
    for key in (*drafts, uuid.uuid4()):
        with pytest.raises(Http404):
            selectors.visible_poll(key, AnonymousUser())
    assert selectors.visible_poll(announced.pk, AnonymousUser()) == announced


def test_a_tally_counts_the_log_and_not_the_box():
    poll = polls.opened(who="roll")
    polls.person()  # too late for the roll
    assert selectors.poll_tally(poll.pk)["roll"] == 1
    voter = polls.voter(poll, poll.organiser.pk)
    polls.cast_ballot(poll=poll.pk, raw=voter.ballot("a"))
    before = selectors.poll_tally(poll.pk)
    assert (before["ballots"], before["passes"], before["totals"]["a"]) == (0, 1, 0)
    merge_intake(poll=poll.pk)
    after = selectors.poll_tally(poll.pk)
    assert (after["ballots"], after["totals"]["a"]) == (1, 1)
    assert after["version"] == before["version"] + 1


@pytest.mark.parametrize("key", ["draft", "nothing"])
def test_a_tally_without_a_log_is_empty(key):
    poll = polls.draft().pk if key == "draft" else uuid.uuid4()
    assert selectors.poll_tally(poll) == {
        "version": 0, "ballots": 0, "passes": 0, "roll": None, "totals": {}, "by_level": {},
        "by_channel": {},
    }  # fmt: skip


def test_the_last_of_a_kind_is_the_newest():
    poll = polls.coming()
    polls.open_poll(poll=poll, by=poll.organiser)
    poll.refresh_from_db()
    polls.closed_by_hand(poll)
    text = json.loads(selectors.last_leaf(poll.pk, "note"))["text"]
    assert text.startswith("Closed")
    assert selectors.last_leaf(poll.pk, "result") is None
    assert selectors.latest_checkpoint(poll.pk).size == 3
    assert selectors.latest_checkpoint(uuid.uuid4()) is None

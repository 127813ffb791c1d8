"""Opening, closing, counting, annulling: by the right people, at the right time, once."""

import json
from datetime import timedelta

import pytest
from django.contrib.auth.models import AnonymousUser

from engage.domain.errors import DomainError
from engage.journal.models import Entry
from tests.voting import polls
from voting.board.models import Log
from voting.clock import database_now
from voting.models import IssuerKey, Pass, Poll
from voting.selectors import present_phase
from voting.services.announcing import announce_poll
from voting.services.casting import cast_ballot
from voting.services.closing import (
    annul_poll,
    close_poll,
    decide_poll,
    forget_order,
    open_poll,
    seal_box,
)
from voting.services.merging import merge_intake

pytestmark = pytest.mark.django_db

DEEDS = {
    "announce": announce_poll,
    "open": open_poll,
    "close": close_poll,
    "annul": lambda poll, by: annul_poll(poll=poll, by=by, reason="A mistake."),
}
# In which states a deed is possible, and the state it leads to.
POSSIBLE = {
    "announce": (("draft",), "preparing"),
    "open": (("announced",), "open"),
    "close": (("open",), "closing"),
    "annul": (("announced", "open", "closing", "closed", "decided"), "annulled"),
}
PEOPLE = {
    "stranger": AnonymousUser,
    "resident": polls.person,
    "moderator": lambda: polls.person("moderator"),
    "organiser": lambda: polls.person("organiser"),
    "operator": lambda: polls.person(is_superuser=True),
}
MAY = ("organiser", "operator")


def facts(poll):
    entries = Entry.objects.filter(topic=poll.topic).order_by("sequence")
    return list(entries.values_list("kind", flat=True))


def seen(poll):
    """All that a deed may change."""
    poll.refresh_from_db()
    return poll.state, poll.closing_since, polls.logged(poll), facts(poll)


@pytest.mark.parametrize("deed", DEEDS)
@pytest.mark.parametrize("state", polls.STATES)
def test_who_may_do_what_and_when(deed, state):
    poll = polls.STATES[state]()
    states, leads_to = POSSIBLE[deed]
    before = seen(poll)
    for name, make in PEOPLE.items():
        if name in MAY and state in states:
            continue
        with pytest.raises(DomainError) as error:
            DEEDS[deed](poll=poll, by=make())
        assert error.value.sentence
        assert error.value.code == ("poll.conflict" if name in MAY else "poll.forbidden"), name
        assert seen(poll) == before, name
    if state in states:
        done = DEEDS[deed](poll=poll, by=polls.person("organiser"))
        poll.refresh_from_db()
        assert done.state == poll.state == leads_to


def test_a_poll_lives_its_life_and_says_each_step_once():
    poll = polls.announced()
    polls.open_poll(poll=poll)
    polls.cast(poll, "a", "b", "a", None)
    merge_intake(poll=poll.pk)
    polls.cast(poll, "c")
    polls.ended(poll)
    assert polls.kinds(poll) == ["manifest", *["ballot"] * 4, "note", "ballot", "close", "result"]
    assert facts(poll) == [
        "poll.announced", "poll.opened", "poll.closing", "poll.closed", "poll.decided",
    ]  # fmt: skip
    close, result = (json.loads(body) for _kind, body in polls.logged(poll)[-2:])
    assert (close["ballots"], close["passes"], close["assisted"]) == (5, 5, 0)
    assert (result["ballots"], result["counted"], result["blank"]) == (5, 5, 1)
    assert result["detail"] == {"totals": {"a": 2, "b": 1, "c": 1}}
    assert result["winners"] == ["a"]


def test_before_its_time_only_an_organiser_opens_and_the_log_says_so():
    poll = polls.coming()
    assert open_poll(poll=poll).state == "announced"
    assert (polls.kinds(poll), facts(poll)) == (["manifest"], ["poll.announced"])
    assert not Log.objects.get(pk=poll.pk).opened_early
    assert open_poll(poll=poll, by=poll.organiser).state == "open"
    assert polls.kinds(poll) == ["manifest", "note"]
    assert Log.objects.get(pk=poll.pk).opened_early
    assert facts(poll) == ["poll.announced", "poll.opened"]


def test_at_its_time_a_poll_opens_without_a_word_in_the_log():
    poll = polls.announced()
    assert open_poll(poll=poll).state == "open"
    assert polls.kinds(poll) == ["manifest"]


def test_before_its_time_only_an_organiser_closes_and_the_log_says_so():
    poll = polls.opened()
    assert close_poll(poll=poll).state == "open"
    assert close_poll(poll=poll, by=poll.organiser).state == "closing"
    assert polls.kinds(poll) == ["manifest", "note"]
    poll.refresh_from_db()
    assert poll.closing_since <= database_now()


def test_at_its_time_a_poll_closes_as_of_its_time():
    poll = polls.opened()
    late = database_now() - timedelta(minutes=30)
    Poll.objects.filter(pk=poll.pk).update(closes_at=late)
    assert close_poll(poll=poll).state == "closing"
    poll.refresh_from_db()
    assert (poll.closing_since, polls.kinds(poll)) == (late, ["manifest"])
    assert present_phase(poll) == "closed"


def test_the_box_is_sealed_only_after_the_grace_time():
    poll = polls.closing()
    before = seen(poll)
    seal_box(poll=poll)
    assert seen(poll) == before
    assert Log.objects.get(pk=poll.pk).accepting
    polls.let_the_grace_pass(poll)
    seal_box(poll=poll)
    assert seen(poll)[0] == "closed"
    assert not Log.objects.get(pk=poll.pk).accepting
    assert polls.kinds(poll)[-1] == "close"


def test_doing_it_again_changes_nothing():
    poll = polls.opened()
    polls.cast(poll, "a", "b")
    polls.sealed(poll)
    after_closing = seen(poll)
    seal_box(poll=poll)
    assert seen(poll) == after_closing
    decide_poll(poll=poll)
    after_deciding = seen(poll)
    decide_poll(poll=poll)
    assert seen(poll) == after_deciding


def waiting_to_close():
    poll = polls.opened()
    polls.cast(poll, "a", "b", "a")
    merge_intake(poll=poll.pk)
    polls.cast(poll, "c")
    return poll


def grace_is_over():
    poll = polls.closed_by_hand(waiting_to_close())
    polls.let_the_grace_pass(poll)
    return poll


def by_organiser(act):
    return lambda poll: act(poll=poll, by=poll.organiser)


NOTED = ["manifest", *["ballot"] * 3, "note"]
STEPS = {
    "open early": (polls.coming, by_organiser(open_poll), ["manifest", "note"], "poll.opened"),
    "close early": (waiting_to_close, by_organiser(close_poll), NOTED, "poll.closing"),
    "seal": (
        grace_is_over,
        lambda poll: seal_box(poll=poll),
        [*NOTED, "ballot", "close"],
        "poll.closed",
    ),
    "decide": (
        lambda: polls.sealed(waiting_to_close()),
        lambda poll: decide_poll(poll=poll),
        [*NOTED, "ballot", "close", "result"],
        "poll.decided",
    ),
    "annul": (
        waiting_to_close,
        by_organiser(DEEDS["annul"]),
        ["manifest", *["ballot"] * 4, "annul"],
        "poll.annulled",
    ),
}


@pytest.mark.adversary("A7")
@pytest.mark.parametrize("step", STEPS)
def test_interrupted_anywhere_a_step_is_done_once(step):
    fresh, act, entries, fact = STEPS[step]
    cuts = 0
    for poll in polls.every_cut(act, fresh()):
        cuts += 1
        assert polls.kinds(poll) == entries
        assert facts(poll).count(fact) == 1
        assert facts(poll)[-1] == fact
    assert cuts > 4


def test_an_annulled_poll_takes_what_was_promised_and_nothing_more():
    poll = polls.opened()
    raws = polls.cast(poll, "a", "b")
    annul_poll(poll=poll, by=poll.organiser, reason="The hours were wrong.")
    assert polls.kinds(poll) == ["manifest", "ballot", "ballot", "annul"]
    bodies = [body for _kind, body in polls.logged(poll)]
    assert sorted(bodies[1:3]) == sorted(raws)
    assert json.loads(bodies[3])["reason"] == "The hours were wrong."
    assert not Log.objects.get(pk=poll.pk).accepting


@pytest.mark.parametrize("stale_in", ["closing", "closed"])
def test_a_worker_that_looked_before_the_annulment_adds_nothing_after_it(stale_in):
    poll = grace_is_over() if stale_in == "closing" else polls.sealed(waiting_to_close())
    stale = Poll.objects.get(pk=poll.pk)
    annul_poll(poll=poll, by=poll.organiser, reason="A mistake.")
    before = seen(poll)
    seal_box(poll=stale)
    decide_poll(poll=stale)
    merge_intake(poll=stale.pk)
    assert seen(poll) == before


def test_an_annulment_that_was_cut_off_is_never_counted():
    """The log is the truth: once it says so, the worker carries the poll there."""
    poll = grace_is_over()
    with pytest.raises(polls.PowerCut), polls.power_cut(at=cut_after_the_log_was_written(poll)):
        annul_poll(poll=poll, by=poll.organiser, reason="A mistake.")
    poll.refresh_from_db()
    assert (poll.state, polls.kinds(poll)[-1]) == ("closing", "annul")
    seal_box(poll=poll)
    decide_poll(poll=poll)
    poll.refresh_from_db()
    assert (poll.state, polls.kinds(poll)[-1]) == ("annulled", "annul")
    assert facts(poll)[-1] == "poll.annulled"


def cut_after_the_log_was_written(poll):
    """The number of the first cut at which annulling has committed on the ballots' side."""
    for at in range(1, 60):
        with polls.taken_back("default"), polls.taken_back("ballots"):
            with pytest.raises(polls.PowerCut), polls.power_cut(at):
                annul_poll(poll=poll, by=poll.organiser, reason="A mistake.")
            if polls.kinds(poll)[-1] == "annul":
                return at
    raise AssertionError("annulling was never cut between the two databases")


def test_when_the_record_is_out_the_key_is_gone_and_the_passes_are_the_same():
    poll = polls.decided()
    for _ in range(3):
        Pass.objects.create(poll=poll, resident=polls.person().pk, blinded_sha256=b"x" * 32)
    before = sorted(Pass.objects.filter(poll=poll).values_list("resident", flat=True))
    for _ in range(2):
        forget_order(poll=poll)
        assert not IssuerKey.objects.filter(poll=poll).exists()
        assert sorted(Pass.objects.filter(poll=poll).values_list("resident", flat=True)) == before


def test_what_is_cast_in_the_grace_time_stands_before_the_close():
    poll = polls.opened()
    raw = polls.ballot(poll)
    polls.closed_by_hand(poll)
    cast_ballot(poll=poll.pk, raw=raw)
    poll.refresh_from_db()
    polls.let_the_grace_pass(poll)
    seal_box(poll=poll)
    assert polls.logged(poll)[-2] == ("ballot", raw)
    assert polls.kinds(poll)[-1] == "close"

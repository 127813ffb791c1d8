"""Voting for somebody who asks a clerk: the person's rights, once, and nothing for the clerk."""

import itertools
import json
from contextlib import ExitStack, suppress
from datetime import time

import pytest
from django.utils import timezone

from engage.domain.errors import DomainError
from engage.identity.domain.levels import Level
from engage.identity.models import Assistance, Consent, Disclosure, RoleGrant
from engage.identity.participants import Participant
from engage.identity.services.erasing import erase_account
from engage.identity.services.joining import join_accounts
from tests.voting import areas, polls
from voting.board.models import Intake
from voting.domain.refusal import Refusal
from voting.models import Pass, UnderWay
from voting.rules import may_assist, missing_for_pass
from voting.services.assisting import assisted_ballots, begin_assistance, cast_for
from voting.services.closing import annul_poll, forget_order
from voting.services.merging import merge_intake

pytestmark = pytest.mark.django_db


def here(**fields):
    """An open poll for the residents of one area."""
    return polls.opened(who="residents", area=areas.area(), **fields)


def begin(poll, person, clerk, channel="phone"):
    return begin_assistance(poll=poll, person=person, channel=channel, by=clerk, version=1)


def help_to_vote(poll, person, clerk, choice="a", channel="phone"):
    kept = begin(poll, person, clerk, channel)
    return cast_for(assistance=kept, poll=poll, choice=choice, by=clerk)


def code_of(act, *given):
    try:
        act(*given)
    except (DomainError, Refusal) as refusal:
        assert str(refusal)
        return refusal.code
    return "done"


def choices_in(poll):
    merge_intake(poll=poll.pk)
    return sorted(
        json.loads(body)["choice"] for kind, body in polls.logged(poll) if kind == "ballot"
    )


def test_a_vote_with_help_counts_like_any_other_and_is_counted_as_helped():
    poll, clerk = here(), areas.staff("officer")
    helped = [(areas.resident(), "a", "phone"), (areas.resident(), "b", "paper")]
    receipts = [help_to_vote(poll, who, clerk, choice, by) for who, choice, by in helped]
    merge_intake(poll=poll.pk)
    assert choices_in(poll) == ["a", "b"]
    hashes = {leaf["leaf"] for leaf in (json.loads(each.promise) for each in receipts)}
    assert hashes == {each.code for each in receipts}
    polls.sealed(poll)
    close = json.loads(polls.logged(poll)[-1][1])
    assert (close["ballots"], close["passes"], close["assisted"]) == (2, 2, 2)


def test_what_is_kept_is_the_day_and_both_people_and_never_a_seed_or_a_choice():
    poll, clerk, person = here(), areas.staff("officer"), areas.resident()
    help_to_vote(poll, person, clerk, channel="paper")
    kept = Assistance.objects.get()
    assert (kept.person, kept.clerk, kept.channel, kept.topic, kept.on) == (
        person, clerk, "paper", poll.topic, timezone.localdate(),
    )  # fmt: skip
    assert (kept.consent.text, kept.consent.version) == ("assisted", 1)
    assert list(Disclosure.objects.values_list("person", "by", "why")) == [
        (person.pk, clerk.pk, "assist")
    ]
    for moment in (Disclosure.objects.get().at, kept.consent.given_at):
        assert timezone.localtime(moment).time() == time.min
    assert not UnderWay.objects.exists()
    given = Pass.objects.get()
    assert (given.resident, given.channel, given.level) == (person.pk, "paper", Level.ADDRESS)


@pytest.mark.adversary("D11")
def test_the_person_is_told_by_mail_and_not_what_was_chosen(
    mailoutbox, django_capture_on_commit_callbacks
):
    poll, clerk, person = here(), areas.staff("officer"), areas.resident()
    with django_capture_on_commit_callbacks(execute=True):
        help_to_vote(poll, person, clerk, "a", channel="paper")
        help_to_vote(poll, without_email(), clerk, "b")
    (mail,) = mailoutbox
    assert mail.to == [person.email]
    assert poll.title in mail.body
    assert "Ash" not in mail.body
    assert clerk.email not in mail.body


# Who helps -> whether they may, in a poll of this area.
CLERKS = {
    "officer here": (lambda: areas.staff("officer"), True),
    "officer of the town": (lambda: areas.staff("officer", None), True),
    "officer elsewhere": (lambda: areas.staff("officer", areas.ELSEWHERE), False),
    "organiser here": (lambda: areas.staff("organiser"), False),
    "auditor here": (lambda: areas.staff("auditor"), False),
    "moderator here": (lambda: areas.staff("moderator"), False),
    "a neighbour": (areas.resident, False),
    "operator": (lambda: polls.person(is_superuser=True), True),
}


@pytest.mark.parametrize("name", CLERKS)
@pytest.mark.adversary("D14")
@pytest.mark.adversary("D11")
def test_who_may_help(name):
    make, allowed = CLERKS[name]
    poll, person, clerk = here(), areas.resident(), make()
    assert may_assist(clerk, poll) is allowed
    assert code_of(begin, poll, person, clerk) == ("done" if allowed else "assist.forbidden")
    assert Assistance.objects.exists() is allowed


# Who is helped by an officer of this area -> the answer while the poll is open.
HELPED = {
    "here": (areas.resident, "done"),
    "in a street here": (lambda: areas.resident(areas.STREET), "done"),
    "elsewhere": (lambda: areas.resident(areas.ELSEWHERE), "not-eligible"),
    "without an address": (polls.person, "not-eligible"),
    "without e-mail": (lambda: without_email(), "done"),
}


def without_email():
    person = polls.User.objects.create_user(None)
    areas.know(person, level=Level.IN_PERSON)
    return person


@pytest.mark.parametrize("name", HELPED)
@pytest.mark.parametrize("state", ["announced", "open", "closing", "closed", "decided"])
@pytest.mark.adversary("D14")
def test_before_in_and_after_by_who_is_helped(name, state):
    make, expected = HELPED[name]
    poll = polls.STATES[state](who="residents", area=areas.area())
    clerk = areas.staff("officer")
    if state != "open":
        expected = "not-open" if state == "announced" else "closed"
    assert code_of(help_to_vote, poll, make(), clerk) == expected
    assert Pass.objects.count() == (1 if expected == "done" else 0)


@pytest.mark.adversary("D14")
def test_the_clerk_gains_nothing_and_lends_nothing():
    poll, clerk, person = here(), areas.staff("officer"), areas.resident()
    before = missing_for_pass(poll, Participant.of_account(clerk), timezone.now())
    help_to_vote(poll, person, clerk)
    assert not Pass.objects.filter(resident=clerk.pk).exists()
    assert missing_for_pass(poll, Participant.of_account(clerk), timezone.now()) == before != ()
    areas.know(clerk)
    newcomer = polls.person()
    assert code_of(help_to_vote, poll, newcomer, clerk) == "not-eligible"
    assert code_of(help_to_vote, poll, clerk, clerk) == "assist.self"
    assert Pass.objects.count() == 1
    assert RoleGrant.objects.filter(person=person).count() == 0


@pytest.mark.adversary("A1")
def test_one_person_has_one_vote_with_help_or_without():
    poll, clerk = here(), areas.staff("officer")
    alone, helped = areas.resident(), areas.resident()
    blinded = polls.voter_without_pass(poll).blinded
    polls.issue_pass(poll=poll, person=Participant.of_account(alone), blinded=blinded)
    assert code_of(help_to_vote, poll, alone, clerk) == "pass-taken"
    help_to_vote(poll, helped, clerk)
    assert code_of(help_to_vote, poll, helped, clerk) == "pass-taken"
    own = {"poll": poll, "person": Participant.of_account(helped), "blinded": blinded}
    with pytest.raises(DomainError, match="already collected"):
        polls.issue_pass(**own)
    assert choices_in(poll) == ["a"]


def test_a_poll_that_does_not_let_clerks_help():
    poll, clerk = here(assisted=False), areas.staff("officer")
    assert code_of(begin, poll, areas.resident(), clerk) == "assist.forbidden"
    poll.assisted = True
    poll.save()  # what counts was fixed at the announcement
    assert code_of(begin, poll, areas.resident(), clerk) == "assist.forbidden"


@pytest.mark.adversary("D5")
def test_what_was_begun_is_asked_again_when_it_is_done():
    poll, clerk, person = here(), areas.staff("officer"), areas.resident()
    kept = begin(poll, person, clerk)
    person.claims.all().delete()
    act = {"assistance": kept, "poll": poll, "choice": "a", "by": clerk}
    assert code_of(lambda: cast_for(**act)) == "not-eligible"
    areas.know(person)
    RoleGrant.objects.filter(person=clerk).update(until=timezone.now())
    act["by"] = type(clerk).objects.get(pk=clerk.pk)
    assert code_of(lambda: cast_for(**act)) == "assist.forbidden"
    assert not Pass.objects.exists()


def test_a_person_who_goes_in_the_middle_is_no_error_page(monkeypatch):
    """Their account is erased after the clerk was let on, and before it is held."""
    poll = here()
    clerk, person = areas.staff("officer"), areas.resident()
    gone = type(person).objects.get(pk=person.pk)
    begun, later = begin(poll, person, clerk), areas.resident()
    begun_later = begin(poll, later, clerk)
    erase_account(person=person, keep_texts=False)
    assert code_of(begin, poll, gone, clerk) == "assist.not-found"

    def let_on_and_then_gone(**_asked):
        erase_account(person=later, keep_texts=False)

    monkeypatch.setattr("voting.services.assisting.refuse_unless_helped", let_on_and_then_gone)
    for kept in (begun, begun_later):
        act = {"assistance": kept, "poll": poll, "choice": "a", "by": clerk}
        assert code_of(lambda act=act: cast_for(**act)) == "assist.not-found"
    assert not Pass.objects.exists()
    assert not UnderWay.objects.exists()


def test_an_impossible_choice_costs_nobody_their_pass():
    poll, clerk, person = here(), areas.staff("officer"), areas.resident()
    assert code_of(help_to_vote, poll, person, clerk, "nobody") == "choice"
    assert not Pass.objects.exists()
    assert not UnderWay.objects.exists()
    assert code_of(help_to_vote, poll, person, clerk) == "done"


def test_beginning_anew_is_once_and_the_last_clerk_s():
    poll, person = here(), areas.resident()
    for channel in ("phone", "paper"):
        clerk = areas.staff("officer")
        begin(poll, person, clerk, channel)
    kept = Assistance.objects.get()
    assert (kept.clerk, kept.channel, Consent.objects.count()) == (clerk, "paper", 1)


@pytest.mark.adversary("A4")
def test_cut_anywhere_and_done_again_there_is_one_ballot_and_nothing_of_it_is_left():
    poll, clerk, person = here(), areas.staff("officer"), areas.resident()
    kept = begin(poll, person, clerk)

    def act(subject):
        try:
            cast_for(assistance=kept, poll=subject, choice="a", by=clerk)
        except DomainError as refusal:
            assert refusal.code == "pass-taken"  # only after the last write of all

    for subject in polls.every_cut(act, poll):
        assert Pass.objects.filter(poll=poll).count() == 1
        assert not UnderWay.objects.exists()
        assert choices_in(subject) == ["a"]


@pytest.mark.adversary("A4")
@pytest.mark.parametrize("reached_the_box", [False, True])
def test_what_a_power_cut_left_is_settled_at_the_close(reached_the_box):
    poll, clerk, person = here(), areas.staff("officer"), areas.resident()
    help_to_vote(poll, areas.resident(), clerk)
    merge_intake(poll=poll.pk)
    kept = begin(poll, person, clerk)
    left_behind(poll, kept, clerk, reached_the_box)
    assert UnderWay.objects.count() == 1
    polls.sealed(poll)
    close = json.loads(polls.logged(poll)[-1][1])
    cast = 2 if reached_the_box else 1
    assert (close["ballots"], close["passes"], close["assisted"]) == (cast, 2, cast)
    assert not UnderWay.objects.exists()


@pytest.mark.adversary("J3")
def test_of_a_poll_that_was_annulled_in_between_nothing_leads_to_a_ballot():
    poll, clerk, person = here(), areas.staff("officer"), areas.resident()
    left_behind(poll, begin(poll, person, clerk), clerk, reached_the_box=True)
    annul_poll(poll=poll, by=poll.organiser, reason="A mistake.")
    forget_order(poll=poll)
    assert not UnderWay.objects.exists()


# How an account goes while a ballot is under way for it.
GOING = {
    "erased": lambda person: erase_account(person=person, keep_texts=False),
    "joined": lambda person: join_accounts(old=person, into=polls.person()),
}


@pytest.mark.adversary("J4")
@pytest.mark.parametrize("reached_the_box", [False, True])
@pytest.mark.parametrize("way", GOING)
def test_who_goes_after_a_power_cut_leaves_as_many_helped_as_ballots(way, reached_the_box):
    poll, clerk, person = here(), areas.staff("officer"), without_email()
    kept = begin(poll, person, clerk)
    left_behind(poll, kept, clerk, reached_the_box)
    GOING[way](person)
    assert not UnderWay.objects.exists()
    polls.sealed(poll)
    close = json.loads(polls.logged(poll)[-1][1])
    assert close["assisted"] == close["ballots"] == reached_the_box
    assert close["passes"] == 1


def left_behind(poll, kept, clerk, reached_the_box):
    """Cut the power right before the ballot is in the box, or right after."""
    for at in itertools.count(1):
        with ExitStack() as stack:
            for using in ("default", "ballots"):
                stack.enter_context(polls.taken_back(using))
            found = cut(poll, kept, clerk, at)
        if found == (True, reached_the_box):
            break
    cut(poll, kept, clerk, at)


def cut(poll, kept, clerk, at):
    """(whether something is under way, whether a ballot is in the box) after the cut."""
    with suppress(polls.PowerCut), polls.power_cut(at):
        cast_for(assistance=kept, poll=poll, choice="a", by=clerk)
    return UnderWay.objects.filter(resident=kept.person_id).exists(), in_box(poll) == 1


def in_box(poll):
    return Intake.objects.filter(poll=poll.pk).count()


def test_after_a_cut_the_first_choice_counts_and_its_receipt_is_given():
    poll, clerk, person = here(), areas.staff("officer"), areas.resident()
    kept = begin(poll, person, clerk)
    left_behind(poll, kept, clerk, reached_the_box=True)
    receipt = cast_for(assistance=kept, poll=poll, choice="b", by=clerk)
    assert choices_in(poll) == ["a"]
    assert json.loads(receipt.promise)["leaf"] == receipt.code
    assert assisted_ballots(poll) == 1


@pytest.mark.django_db(transaction=True)
@pytest.mark.adversary("A1")
def test_pressed_twice_at_once_one_ballot_is_cast(at_once):
    poll, clerk, person = here(), areas.staff("officer"), areas.resident()
    kept = begin(poll, person, clerk)

    def act(number):
        return cast_for(assistance=kept, poll=poll, choice="ab"[number % 2], by=clerk)

    answers = at_once(act, 6)
    wrong = [each for each in answers if not hasattr(each, "code")]
    assert wrong == []
    assert len({each.code for each in answers if hasattr(each, "promise")}) == 1
    assert len(choices_in(poll)) == Pass.objects.count() == 1
    assert not UnderWay.objects.exists()

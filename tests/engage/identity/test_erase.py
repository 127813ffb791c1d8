"""Erasing an account: nothing leads to the person any more, and no total changes."""

from datetime import timedelta

import pytest
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.sessions.models import Session
from django.core import mail
from django.utils import timezone

from engage.domain.errors import DomainError
from engage.identity.holdings import Holding, register, withdraw
from engage.identity.models import Assistance, Disclosure, Import, RoleGrant, User
from engage.identity.participants import Participant
from engage.identity.services import erasing
from engage.identity.services.checking import take_back
from engage.identity.services.claiming import record_claim, withdraw_claim
from engage.identity.services.erasing import FORMER_STAFF, erase_account
from engage.identity.services.exporting import as_json
from engage.identity.services.forgetting import forget
from tests import everywhere
from tests.engage.identity.people import (
    ADDRESS,
    TRACES,
    browser,
    clerk,
    resident_with_everything,
    town,
)
from tests.voting import polls
from voting.models import Pass, RollEntry, Spent
from voting.selectors import poll_tally
from voting.services.casting import cast_ballot
from voting.services.merging import merge_intake
from voting.services.passing import issue_pass
from voting.services.spending import has_spent
from voting.tick import archive

pytestmark = pytest.mark.django_db
SURE = {"texts": "erase", "sure": "on"}


@pytest.fixture
def person():
    return resident_with_everything()


def took_part(person):
    """Polls in which the person collected a pass, cast a ballot or stood on the roll."""
    opened, rolled = polls.opened(who="account"), polls.opened(who="roll")
    never_cast = polls.opened()
    for poll in (opened, rolled):
        voter = polls.voter(poll, person.pk)
        cast_ballot(poll=poll.pk, raw=voter.ballot("a"))
        polls.cast(poll, "b") if poll == opened else None
        merge_intake(poll=poll.pk)
    polls.voter(never_cast, person.pk)
    decided = polls.decided(who="account")
    return [opened, rolled, never_cast, decided]


def totals(poll):
    return {
        "passes": Pass.objects.filter(poll=poll).count(),
        "roll": RollEntry.objects.filter(poll=poll).count(),
        "levels": sorted(str(level) for level in poll.passes.values_list("level", flat=True)),
        "tally": poll_tally(poll.pk),
        "log": polls.logged(poll),
    }


@pytest.mark.adversary("J4")
def test_nothing_leads_to_the_erased_and_totals_stay(person):
    key, mine, elsewhere = person.pk, browser(person, fresh=True), browser(person)
    those = took_part(person)
    for page in ("/", "/you/", "/you/data/", f"/polls/{those[0].pk}/", "/you/data/download/"):
        mine.get(page)
        elsewhere.get(page)
    assert everywhere.found([*TRACES, key]) != set()
    before = {poll.pk: totals(poll) for poll in those}
    answer = mine.post("/you/data/erase/", SURE)
    assert answer["Location"] == "/you/data/erased/"
    assert everywhere.found([*TRACES, key]) == set()
    assert {poll.pk: totals(poll) for poll in those} == before
    assert not Session.objects.exists()
    for client in (mine, elsewhere):
        assert client.get("/you/").status_code == 302
    page = mine.get("/you/data/erased/").content.decode()
    assert "Your account is erased" in page
    assert ADDRESS not in page


@pytest.mark.adversary("J4")
def test_the_polls_of_somebody_who_left_stay_and_lead_to_nobody():
    poll = polls.opened()
    User.objects.filter(pk=poll.organiser_id).update(display_name="Orla Organiser")
    RoleGrant.objects.update(until=timezone.now())
    organiser = User.objects.get(pk=poll.organiser_id)
    erase_account(person=organiser, keep_texts=True)
    poll.refresh_from_db()
    assert poll.organiser_id == FORMER_STAFF
    assert everywhere.found(["Orla Organiser", organiser.email, organiser.pk]) == set()


def test_acts_in_office_stay_without_saying_whose(person):
    by = Assistance.objects.get(person=person).clerk
    RoleGrant.objects.filter(person=by).update(until=timezone.now())
    LogEntry.objects.create(user=by, action_flag=CHANGE, object_repr="something", object_id="7")
    Import.objects.create(kind="places", rows=b"", by=by)
    erase_account(person=User.objects.get(pk=by.pk), keep_texts=True)
    assert Assistance.objects.get(person=person).clerk_id == FORMER_STAFF
    assert LogEntry.objects.get(object_id="7").user_id == FORMER_STAFF
    assert Disclosure.objects.get(person=person).by is None
    assert everywhere.found([by.email, by.pk]) == set()
    former = User.objects.get(pk=FORMER_STAFF)
    assert (former.is_active, former.email, former.display_name) == (False, None, "")


@pytest.mark.parametrize("kind", ["role", "staff", "operator"])
def test_whoever_works_here_hands_their_roles_back_first(kind):
    person = {
        "role": lambda: polls.person("auditor"),
        "staff": lambda: polls.person(is_staff=True),
        "operator": lambda: polls.person(is_superuser=True),
    }[kind]()
    with pytest.raises(DomainError) as refused:
        erase_account(person=person, keep_texts=True)
    assert refused.value.code == "account.in-office"
    answer = browser(person, fresh=True).get("/you/data/erase/")
    assert answer.status_code == 403
    assert "Ask an administrator" in answer.content.decode()
    assert User.objects.filter(pk=person.pk).exists()


@pytest.mark.parametrize("choice", ["keep", "erase"])
def test_texts_stay_without_a_name_or_go_as_the_person_chooses(person, choice):
    """No app writes texts yet; this one stands for all that will."""
    texts = {"Weir Lane needs trees.": str(person.pk), "Not here.": "somebody else"}

    def erase(who, keep):
        for text, author in list(texts.items()):
            if author == str(who.pk):
                texts[text] = ""
                if not keep:
                    del texts[text]

    rows = lambda who: [  # noqa: E731
        {"table": "identity.optout", "about": t} for t, a in texts.items() if a == str(who.pk)
    ]
    register(Holding("texts", "Texts", rows, erase))
    try:
        assert "Weir Lane needs trees." in as_json(person, timezone.now())
        browser(person, fresh=True).post("/you/data/erase/", {"texts": choice, "sure": "on"})
    finally:
        withdraw("texts")
    kept = {"Weir Lane needs trees.": ""} if choice == "keep" else {}
    assert texts == kept | {"Not here.": "somebody else"}
    assert not User.objects.filter(pk=person.pk).exists()


@pytest.mark.parametrize("lacking", ["texts", "sure"])
def test_nothing_is_erased_before_all_is_said(person, lacking):
    fields = {name: value for name, value in SURE.items() if name != lacking}
    answer = browser(person, fresh=True).post("/you/data/erase/", fields)
    assert answer.status_code == 200
    assert "to put right" in answer.content.decode()
    assert User.objects.filter(pk=person.pk).exists()


def test_without_a_fresh_sign_in_nothing_is_erased(person):
    answer = browser(person).post("/you/data/erase/", SURE)
    assert answer.status_code == 302
    assert User.objects.filter(pk=person.pk).exists()


def test_all_or_nothing(person, monkeypatch):
    """The power goes when every row is gone and only the sessions are left."""

    def power_cut(keys):
        assert not User.objects.filter(pk=person.pk).exists()
        raise ZeroDivisionError

    before = everywhere.found([*TRACES, person.pk])
    monkeypatch.setattr(erasing, "end_sessions", power_cut)
    with pytest.raises(ZeroDivisionError):
        erase_account(person=person, keep_texts=True)
    assert everywhere.found([*TRACES, person.pk]) == before


def test_doing_it_twice_is_doing_it_once(person):
    erase_account(person=person, keep_texts=False)
    erase_account(person=person, keep_texts=False)
    assert not User.objects.filter(pk=person.pk).exists()


def test_others_lose_nothing(person):
    other = polls.person(display_name="Other")
    record_claim(person=other, level=2, source="letter", area=town()[1])
    client = browser(other)
    client.get("/you/")
    before = as_json(other, timezone.now()).split('"tables"')[1]
    erase_account(person=person, keep_texts=False)
    assert as_json(other, timezone.now()).split('"tables"')[1] == before
    assert client.get("/you/").status_code == 200


def test_the_last_mail_says_so(person, django_capture_on_commit_callbacks):
    mail.outbox.clear()
    with django_capture_on_commit_callbacks(execute=True):
        erase_account(person=person, keep_texts=False)
    (message,) = mail.outbox
    assert message.to == [ADDRESS]
    assert "last mail" in message.body
    assert "List-Unsubscribe" not in message.extra_headers


def test_whoever_comes_back_is_somebody_new(person):
    erase_account(person=person, keep_texts=False)
    again = resident_with_everything()
    assert again.pk != person.pk
    assert clerk().pk not in (again.pk, person.pk)


RETURNING = {"e-mail": "account", "papers": "residents", "roll": "roll"}


@pytest.mark.adversary("J4")
@pytest.mark.parametrize("proof", RETURNING)
def test_erasing_and_coming_back_is_no_second_vote(person, proof):
    poll = polls.opened(who=RETURNING[proof], level=3 if proof == "papers" else 1)
    issue(poll, person)
    erase_account(person=person, keep_texts=False)
    again = resident_with_everything() if proof != "papers" else polls.person()
    if proof == "papers":
        record_claim(person=again, level=3, source="papers", subject="subject-of-zenobia")
    with pytest.raises(DomainError) as refused:
        issue(poll, again)
    assert refused.value.code.startswith({"roll": "not-eligible"}.get(proof, "pass-taken"))
    issue(polls.opened(who="account"), again)  # a new poll asks nobody what they were
    assert Pass.objects.filter(poll=poll).count() == 1


LEAVING = ["withdrawn", "replaced", "ran out", "taken back"]


@pytest.mark.adversary("D11")
@pytest.mark.parametrize("way", LEAVING)
def test_taking_a_proof_to_another_account_is_no_second_vote(person, way):
    poll = polls.opened(who="account", level=3)
    issue(poll, person)
    if way == "withdrawn":
        page = browser(person).get("/you/data/claims/").content.decode()
        assert "a code that cannot be turned back" in page, "and they are told so before"
        withdraw_claim(person=person, level=3)
    elif way == "replaced":
        record_claim(person=person, level=3, source="desk", subject="of somebody else")
    elif way == "ran out":
        later = timezone.now() + timedelta(days=5_000)
        person.claims.filter(expires_at=None).update(expires_at=later)
        forget(later)
    else:
        take_back(person=person, level=3, reason="asked", by=polls.person(is_superuser=True))
    other = polls.person()
    record_claim(person=other, level=3, source="desk", subject="subject-of-zenobia")
    with pytest.raises(DomainError) as refused:
        issue(poll, other)
    assert refused.value.code == "pass-taken"
    assert Pass.objects.filter(poll=poll).count() == 1
    issue(polls.opened(who="account", level=3), other)


def test_who_was_taken_for_somebody_else_by_mistake_leaves_them_their_vote(person):
    poll = polls.opened(who="account", level=3)
    issue(poll, person)
    take_back(person=person, level=3, reason="mistake", by=polls.person(is_superuser=True))
    other = polls.person()
    record_claim(person=other, level=3, source="desk", subject="subject-of-zenobia")
    issue(poll, other)


def issue(poll, person):
    voter = polls.voter_without_pass(poll)
    whose = Participant.of_account(person)
    voter.finish(issue_pass(poll=poll, person=whose, blinded=voter.blinded))


def test_what_stays_of_a_vote_goes_when_the_vote_is_over(person, settings, tmp_path):
    settings.DATA_DIR = tmp_path
    poll = polls.opened(who="account")
    polls.voter(poll, person.pk)
    erase_account(person=person, keep_texts=False)
    assert Spent.objects.filter(poll=poll).count() == 2  # her address, her papers
    polls.ended(poll)
    archive(poll)
    assert not Spent.objects.exists()
    again = resident_with_everything()
    erase_account(person=again, keep_texts=False)
    assert not Spent.objects.exists()


def test_others_are_asked_one_query_more_at_most(person, django_assert_num_queries):
    poll, other = polls.opened(who="account"), polls.person()
    with django_assert_num_queries(1):
        assert not has_spent(poll, other.pk)
    polls.voter(poll, person.pk)
    erase_account(person=person, keep_texts=False)
    assert not has_spent(poll, other.pk)
    issue(poll, other)

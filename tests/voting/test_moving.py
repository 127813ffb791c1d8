"""Who took part without an account and then signs in: asked once, moved only if they say so."""

import uuid

import pytest
from django.contrib.sessions.models import Session
from django.test import Client

from engage.identity.holdings import Moved
from engage.identity.participants import ASKING_KEY, SESSION_KEY, Participant
from engage.identity.services.moving import left_behind, take_over
from tests.voting import polls
from tests.voting.views.test_pass import Person, blinded, problem
from voting.holdings import VOTING, erase, export, move
from voting.models import Pass, RollEntry

pytestmark = pytest.mark.django_db
PAGE = "/you/earlier/"
NOTE = f'href="{PAGE}"'


def somebody_who_voted(*rooms):
    """A browser that collected a pass for each of these polls, without an account."""
    someone = Person()
    for poll in rooms:
        assert someone.ask(poll, blinded(poll)).status_code == 200
    return someone


def key_of(someone):
    return uuid.UUID(someone.client.session[SESSION_KEY])


def sign_in(someone, user):
    someone.client.force_login(user)
    someone.client.headers = {"Accept": "text/html"}


def residents(poll):
    return set(Pass.objects.filter(poll=poll).values_list("resident", flat=True))


def post(someone, choice):
    token = someone.client.cookies["csrftoken"].value
    answer = someone.client.post(PAGE, {"choice": choice, "csrfmiddlewaretoken": token})
    assert (answer.status_code, answer["Location"]) == (302, "/you/")


@pytest.mark.adversary("C1")
def test_signing_in_keeps_what_one_was_and_gives_the_session_another_name():
    someone, user = somebody_who_voted(polls.opened()), polls.person()
    before, key = someone.client.session.session_key, key_of(someone)
    sign_in(someone, user)
    assert (key_of(someone), someone.client.session.session_key == before) == (key, False)
    assert not Session.objects.filter(pk=before).exists()


@pytest.mark.adversary("C6")
def test_somebody_else_who_signs_in_over_it_takes_nothing():
    someone = somebody_who_voted(polls.opened())
    sign_in(someone, polls.person())
    sign_in(someone, polls.person())
    assert SESSION_KEY not in someone.client.session
    sign_in(someone, polls.person())
    someone.client.logout()
    assert SESSION_KEY not in someone.client.session


def test_one_is_asked_on_every_page_until_it_is_settled_and_never_again():
    poll, user = polls.opened(), polls.person()
    someone = somebody_who_voted(poll)
    sign_in(someone, user)
    for path in ("/", f"/polls/{poll.pk}/", "/you/"):
        assert NOTE in someone.client.get(path).content.decode()
    page = someone.client.get(PAGE).content.decode()
    assert NOTE not in page
    assert str(VOTING.label) in page
    assert residents(poll) == {key_of(someone)}  # looking changed nothing
    post(someone, "leave")
    assert not {SESSION_KEY, ASKING_KEY} & someone.client.session.keys()
    assert NOTE not in someone.client.get("/").content.decode()
    assert someone.client.get(PAGE).status_code == 302


def test_nobody_is_asked_who_only_looked():
    poll, someone = polls.opened(), Person()
    someone.look(poll)
    assert SESSION_KEY in someone.client.session
    sign_in(someone, polls.person())
    assert NOTE not in someone.client.get("/").content.decode()
    assert SESSION_KEY not in someone.client.session


def test_after_moving_the_account_has_the_pass_and_gets_no_second_one():
    one, two, user = polls.opened(), polls.opened(), polls.person()
    someone = somebody_who_voted(one, two)
    message, other = blinded(one), key_of(someone)
    assert problem(someone.ask(one, message), 409) == "pass-taken"
    sign_in(someone, user)
    someone.client.get(PAGE)
    post(someone, "move")
    assert residents(one) == residents(two) == {user.pk}
    assert "account has taken it over" in someone.client.get("/you/").content.decode()
    assert problem(Person(user).ask(one, message), 409) == "pass-taken"
    assert Person(user).look(two)["state"] == "taken"
    assert not Pass.objects.filter(resident=other).exists()


def test_leaving_it_gives_the_account_a_pass_of_its_own():
    poll, user = polls.opened(), polls.person()
    someone = somebody_who_voted(poll)
    key = key_of(someone)
    sign_in(someone, user)
    someone.client.get(PAGE)
    post(someone, "leave")
    assert Person(user).ask(poll, blinded(poll)).status_code == 200
    assert residents(poll) == {key, user.pk}


def test_where_the_account_has_a_pass_both_stay_and_it_is_said():
    one, two, user = polls.opened(), polls.opened(), polls.person()
    someone = somebody_who_voted(one, two)
    key = key_of(someone)
    assert Person(user).ask(one, blinded(one)).status_code == 200
    sign_in(someone, user)
    assert "1 can move, 1 cannot" in someone.client.get(PAGE).content.decode()
    post(someone, "move")
    assert (residents(one), residents(two)) == ({key, user.pk}, {user.pk})
    assert "had its own already" in someone.client.get("/you/").content.decode()


def test_the_level_stays_what_it_was_and_no_count_moves():
    poll, user = polls.opened(), polls.person()
    someone = somebody_who_voted(poll)
    take_over(key=key_of(someone), person=user)
    assert Pass.objects.get().level == 0
    assert take_over(key=key_of(someone), person=user) == Moved()


def test_looking_tells_what_moving_does():
    one, two, user = polls.opened(), polls.opened(), polls.person()
    key = key_of(somebody_who_voted(one, two))
    polls.voter(one, user.pk)
    told = left_behind(key=key, person=user)
    assert told == [(str(VOTING.label), Moved(1, 1))]
    assert take_over(key=key, person=user) == Moved(1, 1)
    assert left_behind(key=uuid.uuid4(), person=user) == []
    assert move(uuid.uuid4(), user) is None


def test_a_place_on_a_roll_goes_along_and_two_of_one_person_are_told():
    old, into = polls.person(), polls.person()
    both = polls.opened(who="roll")
    RollEntry.objects.filter(poll=both, resident=into.pk).delete()
    assert move(old.pk, into) == Moved(1, 0)
    assert RollEntry.objects.filter(poll=both, resident=into.pk).exists()
    polls.opened(who="roll")
    assert move(old.pk, into) == Moved(0, 1)


@pytest.mark.django_db(transaction=True)
@pytest.mark.adversary("A1")
def test_moving_while_the_account_collects_gives_each_person_one_pass(at_once):
    poll, user = polls.opened(), polls.person()
    key = key_of(somebody_who_voted(poll))
    message = blinded(poll)

    def act(number):
        if number % 2:
            return take_over(key=key, person=user)
        person = Participant.of_account(user)
        return polls.issue_pass(poll=poll, person=person, blinded=message)

    at_once(act, 8)
    assert residents(poll) in ({user.pk}, {user.pk, key})


@pytest.mark.adversary("D2")
def test_nobody_moves_what_another_browser_did():
    poll, user = polls.opened(), polls.person()
    key = key_of(somebody_who_voted(poll))
    stranger = Person(user)
    stranger.client.get("/language/")
    stranger.look(poll)
    token = stranger.client.cookies["csrftoken"].value
    answer = stranger.client.post(
        PAGE, {"choice": "move", "key": str(key), "csrfmiddlewaretoken": token}
    )
    assert (answer.status_code, residents(poll)) == (302, {key})


@pytest.mark.adversary("C9")
def test_only_a_form_of_ours_moves_anything():
    poll, user = polls.opened(), polls.person()
    someone = somebody_who_voted(poll)
    key = key_of(someone)
    sign_in(someone, user)
    assert someone.client.post(PAGE, {"choice": "move"}).status_code == 403
    assert Client().post(PAGE, {"choice": "move"}).status_code == 302
    assert residents(poll) == {key}


def test_what_is_held_is_exported_for_its_owner_alone():
    user, other = polls.person(), polls.person()
    poll = polls.opened(who="roll")
    polls.voter(poll, user.pk)
    rows = export(user)
    assert [row["table"] for row in rows] == ["voting.pass", "voting.rollentry"]
    assert all(row["poll"] == poll.title for row in rows)
    assert [row["table"] for row in export(other)] == ["voting.rollentry"]
    assert str(other.pk) not in str(rows)


@pytest.mark.adversary("J4")
def test_who_is_erased_leaves_counts_and_no_link():
    user = polls.person()
    rooms = [polls.opened(who="roll"), polls.opened(who="account")]
    for poll in rooms:
        polls.voter(poll, user.pk)
    salt = bytes(RollEntry.objects.get(resident=user.pk).salt)
    counts = Pass.objects.count(), RollEntry.objects.count()
    erase(user, False)
    assert (Pass.objects.count(), RollEntry.objects.count()) == counts
    assert not Pass.objects.filter(resident=user.pk).exists()
    assert not RollEntry.objects.filter(resident=user.pk).exists()
    assert salt not in [bytes(each) for each in RollEntry.objects.values_list("salt", flat=True)]
    assert len(set(Pass.objects.values_list("resident", flat=True))) == 2
    assert export(user) == []


def test_polls_of_an_erased_organiser_stay():
    poll = polls.opened()
    erase(poll.organiser, False)
    poll.refresh_from_db()
    assert poll.organiser.email is None
    assert not poll.organiser.is_active

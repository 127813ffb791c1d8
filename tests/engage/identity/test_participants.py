"""The person in front of a request: an account, a participant of this browser, or a stranger."""

import uuid

import pytest
from django.contrib.auth.models import AnonymousUser
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.db import IntegrityError
from django.test import Client, RequestFactory

from engage.identity.models import User
from engage.identity.participants import (
    STRANGER,
    Participant,
    begin_participation,
    participant_of,
)
from engage.identity.rules import may_organise
from tests.voting import polls

pytestmark = pytest.mark.django_db


def request(user=None, session=None):
    made = RequestFactory().get("/")
    made.user, made.session = user or AnonymousUser(), session or SessionStore()
    return made


def test_a_stranger_is_nobody_until_they_take_part():
    made = request()
    assert participant_of(made) == STRANGER
    key = begin_participation(made).key
    assert isinstance(key, uuid.UUID)
    assert begin_participation(made) == participant_of(made) == Participant(key)
    assert begin_participation(request()).key != key


def test_an_account_takes_part_as_itself_and_leaves_nothing_in_the_session():
    person = polls.person()
    made = request(person)
    assert begin_participation(made) == participant_of(made) == Participant.of_account(person)
    assert dict(made.session) == {}


def test_a_participant_is_a_key_in_the_session_and_nothing_else():
    poll, client = polls.opened(), Client()
    users = User.objects.count()
    client.get(f"/polls/{poll.pk}/")
    (stored,) = Session.objects.all()
    held = stored.get_decoded()
    assert list(held.values()) == [str(uuid.UUID(held["participant"]))]
    assert User.objects.count() == users
    client.get(f"/polls/{poll.pk}/")
    assert Session.objects.get().get_decoded() == held


@pytest.mark.parametrize("path", ["/", "/polls/", "/help/voting/", "/verify/", "/town.css"])
def test_reading_makes_nobody_a_participant(client, path):
    polls.opened()
    client.get(path)
    assert Session.objects.count() == 0


@pytest.mark.parametrize("who", ["account", "roll"])
def test_a_poll_for_accounts_makes_no_participants(client, who):
    poll = polls.opened(who=who)
    client.get(f"/polls/{poll.pk}/")
    client.get(f"/polls/{poll.pk}/pass")
    assert Session.objects.count() == 0


@pytest.mark.parametrize("state", ["closing", "decided", "annulled"])
def test_a_poll_that_is_over_makes_no_participants(client, state):
    poll = polls.STATES[state]()
    client.get(f"/polls/{poll.pk}/")
    assert Session.objects.count() == 0


def test_who_organises():
    assert not may_organise(AnonymousUser())
    expected = {"resident": False, "moderator": False, "organiser": True}
    assert {role: may_organise(polls.person(role)) for role in expected} == expected
    assert may_organise(polls.person(is_superuser=True))
    assert not may_organise(polls.person(is_staff=True))


@pytest.mark.parametrize("other", ["ann@town.example", "ANN@town.example", "Ann@TOWN.example"])
def test_an_address_is_one_account_in_any_case(other):
    User.objects.create_user("ann@town.example")
    with pytest.raises(IntegrityError):
        User.objects.create_user(other)


def test_an_account_shows_a_name_and_never_an_address():
    assert str(User(email="ann@town.example", display_name="Ann")) == "Ann"
    assert "ann@" not in str(User(email="ann@town.example"))

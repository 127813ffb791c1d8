"""Who may do what with a poll, as plain tables."""

import uuid

import pytest
from django.contrib.auth.models import AnonymousUser

from tests.voting import polls
from voting.rules import may_collect_pass, may_manage_poll, may_see_poll, may_write_polls

pytestmark = pytest.mark.django_db
PEOPLE = {
    "stranger": AnonymousUser,
    "resident": polls.person,
    "moderator": lambda: polls.person("moderator"),
    "staff": lambda: polls.person(is_staff=True),
    "organiser": lambda: polls.person("organiser"),
    "operator": lambda: polls.person(is_superuser=True),
}
MAY_ORGANISE = {"organiser", "operator"}


@pytest.mark.parametrize("name", PEOPLE)
def test_who_writes_and_manages(name):
    person, poll = PEOPLE[name](), polls.draft()
    assert may_write_polls(person) is (name in MAY_ORGANISE)
    assert may_manage_poll(person, poll) is (name in MAY_ORGANISE)


@pytest.mark.parametrize("state", polls.STATES)
def test_who_sees_a_poll(state):
    poll = polls.STATES[state]()
    seen = {name for name, make in PEOPLE.items() if may_see_poll(make(), poll)}
    assert seen == (MAY_ORGANISE if state in ("draft", "preparing") else set(PEOPLE))


def test_who_belongs_to_those_a_poll_asks():
    resident = polls.person().pk
    found = {}
    for who in ("everyone", "account", "roll"):
        poll = polls.announced(who=who)
        newcomer = polls.person().pk
        people = {
            "stranger": (None, False), "participant": (uuid.uuid4(), False),
            "newcomer": (newcomer, True), "resident": (resident, True),
            "borrowed key": (resident, False),
        }  # fmt: skip
        found[who] = {
            name
            for name, (key, has_account) in people.items()
            if may_collect_pass(poll, resident=key, has_account=has_account)
        }
    assert found == {
        "everyone": {"participant", "newcomer", "resident", "borrowed key"},
        "account": {"newcomer", "resident"},
        "roll": {"resident"},
    }

"""Who may do what with a poll, as plain tables."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.utils import timezone

from engage.identity.domain.levels import Level
from engage.identity.participants import STRANGER, Participant
from tests.voting import polls
from voting.rules import may_manage_poll, may_see_poll, may_write_polls, missing_for_pass

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
    resident = polls.person()
    found = {}
    for who in ("everyone", "account", "roll"):
        poll = polls.announced(who=who)
        newcomer = polls.person()
        people = {
            "stranger": STRANGER, "participant": polls.participant(level=Level.PARTICIPANT),
            "newcomer": Participant.of_account(newcomer),
            "resident": Participant.of_account(resident),
            "borrowed key": Participant(resident.pk),
        }  # fmt: skip
        found[who] = {
            name
            for name, someone in people.items()
            if not missing_for_pass(poll, someone, timezone.now())
        }
    assert found == {
        "everyone": {"participant", "newcomer", "resident", "borrowed key"},
        "account": {"newcomer", "resident"},
        "roll": {"resident"},
    }

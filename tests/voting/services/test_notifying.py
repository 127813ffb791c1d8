"""Mails to a roll: everybody once, nobody twice, whoever asked not to hear nothing."""

from collections import Counter

import pytest
from django.core import mail
from django.test.utils import CaptureQueriesContext

from engage.identity.models import OptOut
from tests.voting import areas, polls
from voting.models import Poll
from voting.services import notifying
from voting.services.notifying import AT_ONCE, tell_next, tell_rolls

pytestmark = pytest.mark.django_db(transaction=True)


def roll_of(number):
    """A poll announced to so many people, and they."""
    people = [areas.resident() for _ in range(number)]
    return announced(), people


def announced():
    poll = polls.draft(who="roll", area=areas.area(), level=2)
    polls.announce_poll(poll=poll, by=poll.organiser)
    polls.IssuerKey.objects.create(poll=poll, pem=polls.issuer_key())
    polls.prepare_poll(poll=poll)
    poll.refresh_from_db()
    return poll


def told():
    return Counter(address for message in mail.outbox for address in message.to)


def test_everybody_on_the_roll_is_told_once():
    poll, people = roll_of(AT_ONCE + 3)
    for _round in range(4):
        tell_rolls()
    assert told() == Counter(person.email for person in people)
    assert all(poll.get_absolute_url() in message.body for message in mail.outbox)
    assert all("List-Unsubscribe" in message.extra_headers for message in mail.outbox)


def test_who_wants_no_such_mail_or_is_barred_gets_none():
    _poll, (first, second, third) = roll_of(3)
    OptOut.objects.create(person=first, about="polls")
    second.is_active = False
    second.save()
    tell_rolls()
    assert told() == Counter([third.email])


@pytest.mark.parametrize("state", ["preparing", "closing", "decided", "annulled"])
def test_a_poll_that_is_not_to_come_tells_nobody(state):
    poll, _people = roll_of(1)
    Poll.objects.filter(pk=poll.pk).update(state=state)
    tell_rolls()
    assert not mail.outbox


def test_whoever_was_to_be_told_when_it_was_killed_is_not_told_twice(monkeypatch):
    poll, _people = roll_of(AT_ONCE + 2)

    class Killed(BaseException):
        pass

    sent = []

    def dies_in_the_middle(message):
        sent.append(message)
        if len(sent) == 5:
            raise Killed
        message.send()

    with monkeypatch.context() as patch, pytest.raises(Killed):
        patch.setattr("engage.identity.mail.deliver", dies_in_the_middle)
        tell_rolls()
    for _round in range(3):
        tell_rolls()
    assert max(told().values()) == 1
    assert sum(told().values()) == 4 + 2
    assert tell_next(poll=poll) == 0


def test_a_roll_that_was_told_costs_one_question(django_assert_num_queries):
    roll_of(2)
    tell_rolls()
    with django_assert_num_queries(2):
        tell_rolls()


def test_rounds_ask_as_much_for_three_as_for_one_but_for_their_mails():
    counts = []
    for more in (1, 3):
        Poll.objects.update(state="annulled")
        poll, _people = roll_of(more)
        with CaptureQueriesContext(notifying.transaction.get_connection()) as asked:
            number = tell_next(poll=poll)
        counts.append(len(asked) - 2 * number)
    assert counts[0] == counts[1]

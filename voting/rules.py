"""Who may do what with a poll; cheap questions first."""

import uuid

from django.contrib.auth.models import AnonymousUser

from engage.identity.models import User
from engage.identity.rules import may_organise
from voting.domain.phases import BEFORE_THE_LOG
from voting.models import Poll, RollEntry

Person = User | AnonymousUser


def may_write_polls(person: Person) -> bool:
    return may_organise(person)


def may_manage_poll(person: Person, poll: Poll) -> bool:
    """Whoever organises polls for the town manages each of them, so that nobody is a bottleneck."""
    return may_organise(person)


def may_see_poll(person: Person, poll: Poll) -> bool:
    """A draft is seen by those who write polls; from announcement on, by all."""
    return poll.state not in BEFORE_THE_LOG or may_manage_poll(person, poll)


def may_collect_pass(poll: Poll, *, resident: uuid.UUID | None, has_account: bool) -> bool:
    """Whether this person belongs to those the poll asks (its times are another question)."""
    if resident is None:
        return False
    if poll.who == Poll.Who.EVERYONE:
        return True
    if not has_account:
        return False
    if poll.who == Poll.Who.ACCOUNT:
        return True
    return RollEntry.objects.filter(poll=poll, resident=resident).exists()

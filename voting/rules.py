"""Who may do what with a poll; cheap questions first."""

from datetime import datetime

from django.utils.timezone import localdate

from engage.identity.domain.eligibility import Rule, missing
from engage.identity.participants import Participant
from engage.identity.rules import Person, may_check_people, may_organise, may_organise_anywhere
from voting.domain.manifest import Manifest
from voting.domain.phases import BEFORE_THE_LOG
from voting.models import Poll, RollEntry


def may_write_polls(person: Person) -> bool:
    return may_organise_anywhere(person)


def may_manage_poll(person: Person, poll: Poll) -> bool:
    """Whoever organises in the poll's area manages it, so that nobody is a bottleneck."""
    return may_organise(person, poll.area_id or "")


def may_see_poll(person: Person, poll: Poll) -> bool:
    """A draft is seen by those who manage it; from announcement on, by all."""
    return poll.state not in BEFORE_THE_LOG or may_manage_poll(person, poll)


def may_assist(person: Person, poll: Poll) -> bool:
    """The electoral officer of the poll's area, if the poll said at its announcement that it may.

    Before the announcement nobody: what counts is the manifest, not the draft.
    """
    if poll.manifest is None or not may_check_people(person, poll.area_id or ""):
        return False
    return bool(Manifest.parse(bytes(poll.manifest)).value["assisted"])


def missing_for_pass(
    poll: Poll, person: Participant, now: datetime, *, on_roll: bool | None = None
) -> tuple[str, ...]:
    """What keeps this person from those the poll asks; its times are another question.

    Codes of ``engage.identity.domain.eligibility.missing``, or "stranger". ``on_roll`` saves a
    query where it is known.
    """
    if person.key is None:
        return ("stranger",)
    if not person.has_account and poll.who != Poll.Who.EVERYONE:
        return ("level",)
    if poll.who == Poll.Who.ROLL:  # fixed at the announcement, whatever is known by now
        if on_roll is None:
            on_roll = RollEntry.objects.filter(poll=poll, resident=person.key).exists()
        return missing(Rule(roll=True), (), now, today=localdate(now), on_roll=on_roll)
    return missing(poll.asked, person.claims, now, today=localdate(now))

"""Fill a sample town: people of every role, polls in every state, ballots through the protocol.

Idempotent: what is there already, by its title or address, is left as it is.
"""

import secrets
import uuid
from datetime import timedelta
from itertools import cycle
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand
from django.db import transaction

from engage.identity.domain.levels import Level
from engage.identity.models import Claim, User
from engage.identity.participants import Participant
from engage.management.forum import fill_forum
from engage.management.residents import PEOPLE, WITHOUT_EMAIL, confirm, fill_people
from engage.management.texts import fill_texts
from engage.management.town import POLLS, SamplePoll
from voting.client import Voter
from voting.clock import database_now
from voting.domain.manifest import Manifest
from voting.models import Option, Poll
from voting.services.announcing import announce_poll
from voting.services.casting import cast_ballot
from voting.services.closing import annul_poll, close_poll
from voting.services.grouping import show_groups
from voting.services.merging import merge_intake
from voting.services.passing import issue_pass
from voting.tick import Worker


class Command(BaseCommand):
    help = "Fill a sample town; what is there already stays."

    def handle(self, *args: Any, **options: Any) -> None:
        organiser = fill_people()
        fill_texts(organiser)
        for number, sample in enumerate(POLLS, 1):
            self.stdout.write(f"\rSample town: poll {number} of {len(POLLS)}", ending="")
            self.stdout.flush()
            if not Poll.objects.filter(title=sample.title).exists():
                fill_poll(sample, organiser)
        fill_forum()
        self.stdout.write("\nSign in with one of these; the code is printed in this window:")
        for person in PEOPLE:
            self.stdout.write(f"  {person.email:34} {person.name}, {person.role}")
        name, born, _area = WITHOUT_EMAIL
        self.stdout.write(f"The officer finds {name}, born {born}, without an e-mail address.")
        if not settings.STAFF_SECOND_FACTOR:
            self.stdout.write("Here the code is enough for staff too (STAFF_SECOND_FACTOR is off).")
        self.stdout.write(f"Open {settings.SITE_ORIGIN}/")


def fill_poll(sample: SamplePoll, organiser: User) -> Poll:
    """Bring one poll to its state by the same services as an organiser and residents do."""
    poll = draft(sample, organiser)
    if sample.ends == "draft":
        return poll
    announce_poll(poll=poll, by=organiser)
    worker = Worker()
    advance(worker, poll, times=2)
    _told_already(poll)
    cast_all(poll, sample)
    if sample.ends == "decided":
        close_poll(poll=poll, by=organiser)
        _pretend_past(poll, sample)
        advance(worker, poll, times=4)
    elif sample.ends == "annulled":
        annul_poll(poll=poll, by=organiser, reason="The caretaker's hours were given wrongly.")
    return poll


@transaction.atomic
def draft(sample: SamplePoll, organiser: User) -> Poll:
    today = database_now().replace(hour=18, minute=0, second=0, microsecond=0)
    opens, closes = (today + timedelta(days=days) for days in sample.days)
    if sample.ends in ("decided", "annulled", "open"):
        closes = max(closes, database_now() + timedelta(hours=1)).replace(second=0, microsecond=0)
    poll = Poll.objects.create(
        title=sample.title, description=sample.description, method=sample.method,
        rule=sample.rule, who=sample.who, opens_at=opens, closes_at=closes, organiser=organiser,
        budget=sample.budget, seats=sample.seats, batch_max_delay_s=sample.max_delay_s,
        batch_min=2, batch_every_s=2, area_id=sample.area, level=sample.level,
        age_from=sample.ages[0], age_to=sample.ages[1],
    )  # fmt: skip
    for place, (key, title, description, cost) in enumerate(sample.options):
        Option.objects.create(
            poll=poll, key=key, title=title, description=description, cost=cost, position=place
        )
    return poll


def _told_already(poll: Poll) -> None:
    """No sample person waits for a mail, and the window with the codes stays readable."""
    Poll.objects.filter(pk=poll.pk).update(told_to=uuid.UUID(int=2**128 - 1))


def advance(worker: Worker, poll: Poll, times: int) -> None:
    for _round in range(times):
        poll.refresh_from_db()
        worker.advance(poll)
    poll.refresh_from_db()


def cast_all(poll: Poll, sample: SamplePoll) -> None:
    """Each sample ballot by a voter of its own, pass and all."""
    manifest = Manifest.parse(bytes(poll.manifest))
    channels = (channel for channel, number in sample.helped for _voter in range(number))
    levels = cycle([*LEVELS, Level.ADDRESS])
    for choice, number in sample.ballots:
        for _voter in range(number):
            channel = next(channels, None)
            cast_one(poll, manifest, choice, level=next(levels), channel=channel)
    merge_intake(poll=poll.pk)
    show_groups(poll=poll)


LEVELS = (Level.EMAIL, Level.ADDRESS, Level.ADDRESS, Level.IN_PERSON)


def cast_one(
    poll: Poll,
    manifest: Manifest,
    choice: Any,
    *,
    level: Level = Level.NATIONAL,
    channel: str | None = None,
) -> None:
    voter = Voter(manifest, secrets.token_bytes(32))
    with transaction.atomic():
        account = somebody(poll, level)
        person = Participant.of_account(account)
        voter.finish(issue_pass(poll=poll, person=person, blinded=voter.blinded, channel=channel))
        account.delete()
    cast_ballot(poll=poll.pk, raw=voter.ballot(in_manifest_order(manifest, choice)))


def somebody(poll: Poll, level: Level) -> User:
    """One more of those whom the poll asks; an account that goes once it has its pass."""
    rule, now = poll.asked, database_now()
    years = rule.age_from if rule.age_from is not None else rule.age_to or 40
    born = now.date() - timedelta(days=366 * years + 1)
    account = User.objects.create_user(f"{uuid.uuid4()}@nobody.invalid")
    confirm(account)
    known = max(level, rule.level)
    if known > Level.EMAIL:
        Claim.objects.create(
            person=account, level=known, area_id=rule.area or None, born_on=born,
            source="sample", made_at=now - timedelta(days=1),
        )  # fmt: skip
    return account


def in_manifest_order(manifest: Manifest, choice: Any) -> Any:
    if manifest.method != "ranked" and isinstance(choice, list):
        return [option for option in manifest.option_ids if option in choice]
    return choice


def _pretend_past(poll: Poll, sample: SamplePoll) -> None:
    """The grace time after closing is over at once: a sample town does not wait for it."""
    Poll.objects.filter(pk=poll.pk).update(
        closing_since=database_now() - timedelta(seconds=2 * sample.max_delay_s)
    )

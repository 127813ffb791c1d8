"""What voting holds of a person: that they collected passes and stood on rolls. Never a choice.

Registered when the app is ready; see ``engage.identity.holdings``.
"""

import secrets
import uuid

from django.utils.translation import gettext_lazy as _

from engage.identity.holdings import Holding, Moved, Row
from engage.identity.models import User
from engage.identity.services.erasing import former_staff
from voting.domain import base64url
from voting.models import Levels, Pass, Poll, RollEntry
from voting.services.assisting import give_up_under_way
from voting.services.spending import keep_spent


def export(person: User) -> list[Row]:
    """Every pass and every place on a roll, in two queries; nobody knows more."""
    passes = Pass.objects.filter(resident=person.pk).select_related("poll").order_by("poll")
    roll = RollEntry.objects.filter(resident=person.pk).select_related("poll").order_by("poll")
    return [*map(_pass_row, passes), *map(_roll_row, roll)]


def _pass_row(row: Pass) -> Row:
    level = None if row.level is None else str(Levels(row.level).label)
    return {"table": "voting.pass", "poll": row.poll.title, "level": level, "channel": row.channel}


def _roll_row(row: RollEntry) -> Row:
    return {
        "table": "voting.rollentry",
        "poll": row.poll.title,
        "salt": base64url.encode(bytes(row.salt)),
        "commitment": base64url.encode(bytes(row.commitment)),
    }


def erase(person: User, keep_texts: bool) -> None:
    """Counts stay, without anything that leads to the person: another key in every row.

    The commitments are in public logs for good; without key and salt nobody can tell whose one is.
    """
    keep_spent(person.pk)
    give_up_under_way(person.pk)
    for poll in [*Pass.objects.filter(resident=person.pk).values_list("poll", flat=True)]:
        Pass.objects.filter(poll=poll, resident=person.pk).update(resident=uuid.uuid4())
    for poll in [*RollEntry.objects.filter(resident=person.pk).values_list("poll", flat=True)]:
        RollEntry.objects.filter(poll=poll, resident=person.pk).update(
            resident=uuid.uuid4(), salt=secrets.token_bytes(32)
        )
    if Poll.objects.filter(organiser=person).exists():
        Poll.objects.filter(organiser=person).update(organiser=former_staff())


def move(old_key: uuid.UUID, person: User) -> Moved | None:
    """Passes and places on rolls under ``old_key`` become ``person``'s, but for polls with one.

    There both stay, as both were given out. The ballots themselves belong to nobody.
    """
    give_up_under_way(old_key)
    passes, roll = _moved(Pass, old_key, person), _moved(RollEntry, old_key, person)
    return passes + roll if passes + roll != Moved() else None


def _moved(table: type[Pass | RollEntry], old_key: uuid.UUID, person: User) -> Moved:
    left = table.objects.filter(resident=old_key)
    number = left.count()
    if not number:
        return Moved()
    own = table.objects.filter(resident=person.pk).values("poll")
    moved = left.exclude(poll__in=own).update(resident=person.pk)
    return Moved(moved, number - moved)


VOTING = Holding("voting", _("Voting passes"), export, erase, move, keep_spent)

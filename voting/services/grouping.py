"""Keeping what is shown of who took part: by what was known of them, and by who helped.

Only counts, and only such that nobody can be picked out: see ``voting.domain.groups``.
"""

from collections.abc import Iterable, Mapping

from django.db import transaction
from django.db.models import Count

from engage.identity.domain.levels import Level
from engage.identity.models import Assistance
from voting.domain.groups import Group, shown
from voting.models import Pass, Poll

BY_THEMSELVES = "self"


def counted(poll: Poll) -> dict[str, dict[str, int]]:
    """Everybody with a pass, by level and by channel, in one query; cells with nobody too."""
    least = poll.asked.level
    levels = {str(int(level)): 0 for level in Level if level >= least}
    channels = {BY_THEMSELVES: 0} | dict.fromkeys(Assistance.Channel.values, 0)
    rows = Pass.objects.filter(poll=poll).values("level", "channel")
    for row in rows.annotate(people=Count("*")).order_by():
        levels[str(max(row["level"] or 0, least))] += row["people"]
        channels[row["channel"] or BY_THEMSELVES] += row["people"]
    return {"level": levels, "channel": channels}


@transaction.atomic
def show_groups(*, poll: Poll) -> None:
    """Bring the tables that are shown up to date, as far as that shows nobody.

    Locks the poll, so that two tables never follow the same one. Idempotent because a recount of
    the same people gives the same tables. Publishes nothing: they go with the tally.
    """
    fresh = Poll.objects.select_for_update().get(pk=poll.pk)
    tables = {
        kind: _stored(
            shown(_read(fresh.groups.get(kind, {}), cells), cells, nested=kind == "channel")
        )
        for kind, cells in counted(fresh).items()
    }
    if tables != fresh.groups:
        fresh.groups = tables
        fresh.save(update_fields=["groups"])


def _read(table: Mapping[str, int], order: Iterable[str]) -> list[Group]:
    """Groups in the order of their cells: a database may keep a table's keys in any order."""
    place = {name: number for number, name in enumerate(order)}
    groups = [Group(tuple(key.split("_")), count) for key, count in table.items()]
    return sorted(groups, key=lambda group: place[group.cells[0]])


def _stored(table: Iterable[Group]) -> dict[str, int]:
    return {"_".join(group.cells): group.count for group in table}

"""Whom a poll asks, as one sentence in the language in force; the manifest keeps the town's.

The rule itself is ``Poll.asked``; nothing is decided here.
"""

from django.utils.translation import gettext as _

from engage.identity.domain.eligibility import Rule
from engage.identity.domain.levels import Level
from voting.models import Poll


def eligibility(poll: Poll) -> str:
    """Such as "Residents of Millbank, address confirmed by letter, aged 16 or over"."""
    if poll.who not in (Poll.Who.RESIDENTS, Poll.Who.ROLL):
        return str(poll.get_who_display())
    rule = poll.asked
    parts = [_people(poll), _level(rule.level), ages(rule)]
    return ", ".join(part for part in parts if part)


def _people(poll: Poll) -> str:
    area = {"area": poll.area.name} if poll.area else None
    if poll.who == Poll.Who.ROLL:
        if area is None:
            return _("Residents known on the day of announcement")
        return _("Residents of %(area)s known on the day of announcement") % area
    return _("Residents of %(area)s") % area if area else _("Residents")


def _level(level: Level) -> str:
    return {
        Level.ADDRESS: _("address confirmed by letter"),
        Level.IN_PERSON: _("checked in person"),
        Level.NATIONAL: _("confirmed by national identity"),
    }.get(level, "")


def ages(rule: Rule) -> str:
    """Such as "aged 16 to 25"; empty if every age is asked."""
    least, most = rule.age_from, rule.age_to
    if least is not None and most is not None:
        return _("aged %(least)s to %(most)s") % {"least": least, "most": most}
    if least is not None:
        return _("aged %(least)s or over") % {"least": least}
    return "" if most is None else _("aged %(most)s or under") % {"most": most}

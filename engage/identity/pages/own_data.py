"""What is held of a person, as their page shows it: by purpose, in words, with a way to change it.

Deliberately absent: whole files; ``services.exporting`` makes those.
"""

from dataclasses import dataclass
from datetime import date, datetime

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.text import capfirst
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from engage.domain.processing import Table
from engage.identity.holdings import Row
from engage.identity.mail import TOPICS
from engage.identity.models import Consent, User
from engage.identity.processing import stored
from engage.identity.services.checking import DESK
from engage.identity.services.exporting import SEEN, Seen, held_of
from engage.web.models import Text
from engage.web.town import present_town

Words = str | Promise

WAYS: dict[str, Words] = {
    "you-name": gettext_lazy("Correct"),
    "account_email": gettext_lazy("Correct"),
    "you-claims": gettext_lazy("Erase"),
    "you-consents": gettext_lazy("Take back"),
    "you-mail": gettext_lazy("Correct"),
    "mfa_index": gettext_lazy("Erase"),
    "usersessions_list": gettext_lazy("Erase"),
    "socialaccount_connections": gettext_lazy("Erase"),
}
LABELS: dict[str, Words] = {
    "identity.letter.asked_at": gettext_lazy("asked for"),
    "identity.letter.printed_at": gettext_lazy("printed"),
    "identity.letter.expires_at": gettext_lazy("until"),
    "account.emailaddress.email": gettext_lazy("e-mail address"),
    "account.emailaddress.verified": gettext_lazy("confirmed"),
    "account.emailaddress.primary": gettext_lazy("in use"),
    "identity.user.last_login": gettext_lazy("last signed in"),
    "mfa.authenticator.type": gettext_lazy("kind"),
    "mfa.authenticator.created_at": gettext_lazy("since"),
    "mfa.authenticator.last_used_at": gettext_lazy("last used"),
    "usersessions.usersession.user_agent": gettext_lazy("browser"),
    "usersessions.usersession.created_at": gettext_lazy("since"),
    "voting.pass.poll": gettext_lazy("poll"),
    "voting.pass.level": gettext_lazy("level"),
    "voting.pass.channel": gettext_lazy("channel"),
    "voting.rollentry.poll": gettext_lazy("poll"),
}
"""What the models themselves do not say in words for people."""


NAMED: dict[str, dict[str, Words]] = {
    "identity.consent.text": dict(Text.Slug.choices),
    "identity.optout.about": TOPICS,
    "identity.claim.source": {
        "letter": gettext_lazy("A code in a letter"),
        DESK: gettext_lazy("Papers at the town's office"),
    },
}  # fmt: skip
"""Codes that are kept, in words."""
FILES_ONLY = {
    "voting.rollentry.salt", "voting.rollentry.commitment", "identity.user.is_staff",
    "identity.assistance.topic",
}  # fmt: skip
"""Of use to programs; the page leaves them to the files."""


@dataclass(frozen=True, slots=True)
class Thing:
    """One thing that is held: its parts in words, and until when."""

    parts: list[tuple[str, str]]
    until: str


@dataclass(frozen=True, slots=True)
class Purpose:
    """Everything that is held for one purpose; ``way`` is the word on the link to ``change`` it."""

    table: Table
    things: list[Thing]
    way: Words


@dataclass(frozen=True, slots=True)
class OwnData:
    """A person's page: what is held, and who saw it."""

    purposes: list[Purpose]
    seen: list[Seen]


def own_data(person: User) -> OwnData:
    """What is held of ``person`` and who saw it; a fixed number of queries."""
    purposes, seen = [], []
    for each in held_of(person):
        if each.table.table == SEEN:
            seen = [Seen.of(row) for row in each.rows]
            continue
        things = [_thing(each.table, row) for row in each.rows]
        purposes.append(Purpose(each.table, things, WAYS.get(each.table.change, "")))
    return OwnData(purposes, seen)


@dataclass(frozen=True, slots=True)
class Agreed:
    """A line of the consent log; ``page`` is where its words stand, if they are published."""

    consent: Consent
    title: str
    page: str


def agreements(person: User) -> list[Agreed]:
    """The consent log, the newest first. One query."""
    published, titles = present_town().texts, dict(Text.Slug.choices)
    return [
        Agreed(
            each,
            published.get(each.text, {}).get(get_language() or "")
            or str(titles.get(each.text, each.text)),
            each.text if each.text in published else "",
        )
        for each in Consent.objects.filter(person=person).order_by("-given_at", "-pk")
    ]


def _thing(table: Table, row: Row) -> Thing:
    names = {name: f"{table.table}.{name}" for name in row if name != "table"}
    parts = [
        (_label(table.table, name), words)
        for name, whole in names.items()
        if whole not in FILES_ONLY and (words := in_words(_named(whole, row[name])))
    ]
    ends = row.get("expires_at")
    return Thing(parts, in_words(ends) if ends else str(table.until))


def _label(table: str, name: str) -> str:
    field = stored().get(table, {}).get(name)
    words = LABELS.get(f"{table}.{name}") or (field.verbose_name if field else name)
    return str(capfirst(str(words)))


def _named(whole: str, value: object) -> object:
    return NAMED.get(whole, {}).get(str(value), value)


def in_words(value: object) -> str:
    """A value for people: days without minutes, yes and no; empty for what there is not."""
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, datetime):
        return date_format(timezone.localtime(value), "DATE_FORMAT")
    if isinstance(value, date):
        return date_format(value, "DATE_FORMAT")
    if isinstance(value, dict):
        return ", ".join(f"{name}: {each}" for name, each in value.items())
    return "" if value is None else str(value)

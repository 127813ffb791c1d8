"""Everything that is held of a person, as they can read it and take it along.

Nothing is stored: a file is made while it is fetched. Deliberately absent: what others wrote, and
the names of clerks; their office is told.
"""

import io
import json
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from allauth.usersessions.models import UserSession
from django.core.serializers.json import DjangoJSONEncoder
from django.db.models import Prefetch
from django.utils import timezone

from engage.domain.processing import Table
from engage.domain.sheets import BYTE_ORDER_MARK, sheet
from engage.identity.domain.roles import Role
from engage.identity.holdings import Row, holdings, rows_of
from engage.identity.models import Disclosure, Letter, RoleGrant, User
from engage.identity.processing import register
from engage.web.town import present_town


@dataclass(frozen=True, slots=True)
class Held:
    """All rows about a person that serve one purpose."""

    table: Table
    rows: list[Row]


SEEN = "identity.disclosure"


@dataclass(frozen=True, slots=True)
class Seen:
    """That an office saw data of the person, on which day and why."""

    at: date
    by: str
    why: str

    @classmethod
    def of(cls, row: Row) -> "Seen":
        return cls(row["at"], row["by"], row["why"])  # type: ignore[arg-type]

    @property
    def row(self) -> Row:
        return {"table": SEEN, "at": self.at, "by": self.by, "why": self.why}


def held_of(person: User) -> list[Held]:
    """Everything that every app holds of ``person``, in the order of the register."""
    by_table: dict[str, list[Row]] = {}
    for holding in holdings():
        for row in holding.export(person):
            by_table.setdefault(str(row["table"]), []).append(row)
    known = register()
    return [Held(known[name], by_table[name]) for name in known if name in by_table]


def export_identity(person: User) -> list[Row]:
    """What this app holds of ``person``; secrets that only the server reads are not among it."""
    grants = person.grants.select_related("area")
    return [
        *rows_of([person], "email", "display_name", "joined_on", "last_login", "is_staff"),
        *rows_of(EmailAddress.objects.filter(user=person), "email", "verified", "primary"),
        *rows_of(
            person.claims.select_related("area"),
            "level", "area", "born_on", "source", "made_at", "expires_at",
        ),
        *_letter(person),
        *rows_of(grants, "role", "area", "since", "until"),
        *rows_of(person.consents.all(), "text", "version", "given_at", "withdrawn_at"),
        *rows_of(person.opt_outs.all(), "about"),
        *rows_of(person.assisted.all(), "channel", "topic", "on"),
        *(each.row for each in seen_by(person)),
        *_ways_in(person),
    ]  # fmt: skip


def _letter(person: User) -> list[Row]:
    return rows_of(
        Letter.objects.filter(person=person).select_related("area"),
        "name", "street", "postcode", "area", "asked_at", "printed_at", "expires_at",
    )  # fmt: skip


def _ways_in(person: User) -> list[Row]:
    factors = Authenticator.objects.filter(user=person)
    outside = SocialAccount.objects.filter(user=person)
    browsers = UserSession.objects.filter(user=person)
    return [
        *rows_of(factors, "type", "created_at", "last_used_at"),
        *rows_of(outside, "provider", "uid", "extra_data", "date_joined", "last_login"),
        *rows_of(browsers, "user_agent", "created_at"),
    ]


def seen_by(person: User) -> list[Seen]:
    """Who saw data of ``person``: the office, never the clerk's name. Three queries."""
    grants = RoleGrant.objects.select_related("area").order_by("since")
    found = Disclosure.objects.filter(person=person).prefetch_related(
        Prefetch("by__grants", grants)
    )
    return [
        Seen(timezone.localdate(each.at), _office(each), each.get_why_display()) for each in found
    ]


def _office(disclosure: Disclosure) -> str:
    """The role in which it was seen, as far as it can still be told; else the town."""
    town = present_town().office
    if disclosure.by is None:
        return town
    held = [grant for grant in disclosure.by.grants.all() if _held_on(grant, disclosure.at)]
    wanted = Role.ADMINISTRATOR if disclosure.why == Disclosure.Why.ROLES else Role.OFFICER
    fitting = [grant for grant in held if grant.role == wanted] or held
    if not fitting:
        return town
    role, area = fitting[0].get_role_display(), fitting[0].area
    return f"{role}, {area.name}" if area else f"{role}, {town}"


def _held_on(grant: RoleGrant, at: datetime) -> bool:
    """At that moment or later that day: some things are kept by the day."""
    return grant.since < at + timedelta(days=1) and (grant.until is None or at < grant.until)


def as_json(person: User, now: datetime) -> str:
    """Everything as one document for programs and for people who read programs' files."""
    told = {
        "town": present_town().name,
        "made_at": now,
        "tables": [
            {
                "table": held.table.table,
                "purpose": str(held.table.purpose),
                "kept_until": str(held.table.until),
                "seen_by": str(held.table.seen_by),
                "rows": [_without_table(row) for row in held.rows],
            }
            for held in held_of(person)
        ],
    }
    return json.dumps(told, cls=DjangoJSONEncoder, ensure_ascii=False, indent=1)


def as_zip(person: User, now: datetime) -> bytes:
    """Everything as sheets, one a table, in which no cell is a formula."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, text in _sheets(person):
            info = zipfile.ZipInfo(name, now.timetuple()[:6])
            info.compress_type = zipfile.ZIP_DEFLATED
            packed.writestr(info, BYTE_ORDER_MARK + text)
    return file.getvalue()


def _sheets(person: User) -> Iterator[tuple[str, str]]:
    for held in held_of(person):
        columns = list(_without_table(held.rows[0]))
        rows = [[_cell(row.get(name)) for name in columns] for row in held.rows]
        yield f"{held.table.table}.csv", sheet(columns, rows)


def _without_table(row: Row) -> Row:
    return {name: value for name, value in row.items() if name != "table"}


def _cell(value: object) -> object:
    if isinstance(value, dict | list):
        return json.dumps(value, cls=DjangoJSONEncoder, ensure_ascii=False)
    return value.isoformat() if isinstance(value, date | datetime) else value

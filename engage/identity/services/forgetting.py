"""What goes by itself when its time is over: one idempotent round a day, with a dry run.

Nothing is scheduled: what is due follows from the rows and the time, so that a killed round's rest
is found by the next one. How long things are kept says ``domain.retention``.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime

from allauth.account.models import EmailAddress
from allauth.usersessions.models import UserSession
from django.contrib.admin.models import LogEntry
from django.contrib.sessions.models import Session
from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _

from engage.identity.domain.retention import Kept, cutoff, cutoff_day
from engage.identity.holdings import keep_what_is_spent
from engage.identity.models import (
    Assistance,
    Claim,
    Consent,
    Disclosure,
    Import,
    Letter,
    RoleGrant,
    User,
)
from engage.identity.services.ending import end_sessions, sessions_of_nobody
from engage.identity.services.erasing import erase_account

log = logging.getLogger("engage.forget")
BATCH = 500


@dataclass(frozen=True, slots=True)
class Job:
    """What is due by ``kept`` (rows, or keys for a ``forget`` of its own) and why it goes."""

    kept: Kept
    why: str | Promise
    due: Callable[[datetime], QuerySet | list]
    forget: Callable[[list, datetime], int] | None = None


@dataclass(frozen=True, slots=True)
class Forgotten:
    """What one job did, or would do: how many, and the reason."""

    what: str
    why: str
    count: int


def _after(kept: Kept, field: str, things: QuerySet, why: str | Promise) -> Job:
    """Rows whose ``field`` lies so many days back."""
    return Job(kept, why, lambda now: things.filter(**{f"{field}__lte": cutoff(kept, now)}))


def _unconfirmed(now: datetime) -> QuerySet:
    """Accounts with an address that nobody ever confirmed, and nothing else known of them."""
    confirmed = EmailAddress.objects.filter(user=OuterRef("pk"), verified=True)
    nothing = Q(claims=None, grants=None, socialaccount=None, authenticator=None, assisted=None)
    since = Q(joined_on__lte=cutoff_day(Kept.UNCONFIRMED, localdate(now)))
    strangers = User.objects.filter(nothing, since, ~Exists(confirmed), email__isnull=False)
    return strangers.filter(is_staff=False, is_superuser=False)


def _erase_all(keys: list, now: datetime) -> int:
    """Each account in a transaction of its own; one confirmed or trusted meanwhile stays."""
    found = list(_unconfirmed(now).filter(pk__in=keys))
    for person in found:
        erase_account(person=person, keep_texts=True)
    return len(found)


def _old_claims(now: datetime) -> QuerySet:
    return Claim.objects.filter(expires_at__lte=cutoff(Kept.CLAIMS, now))


@transaction.atomic
def _forget_claims(keys: list, now: datetime) -> int:
    """A vote that was cast by one of them stays the person's only one. A renewed one stays."""
    due = _old_claims(now)
    list(User.objects.select_for_update().filter(claims__in=keys).order_by("pk"))
    for claim in due.filter(pk__in=keys).exclude(subject="").select_for_update():
        keep_what_is_spent(claim.person_id)
    return _let_go(due, keys)


def _old_acts(now: datetime) -> QuerySet:
    return Assistance.objects.filter(on__lte=cutoff_day(Kept.ASSISTANCES, localdate(now)))


def _old_consents(now: datetime) -> QuerySet:
    """Not while an act for the person refers to it: that row proves the act."""
    used = Assistance.objects.filter(consent=OuterRef("pk"))
    return Consent.objects.filter(~Exists(used), withdrawn_at__lte=cutoff(Kept.CONSENTS, now))


def _left_over(now: datetime) -> list:
    return sessions_of_nobody()


def _end_all(keys: list, now: datetime) -> int:
    return end_sessions(keys)


def _entries_left_over(now: datetime) -> QuerySet:
    alive = Session.objects.filter(pk=OuterRef("session_key"))
    return UserSession.objects.filter(~Exists(alive))


JOBS = (
    _after(Kept.LETTERS, "expires_at", Letter.objects.all(), _("letters whose code ran out")),
    Job(Kept.CLAIMS, _("claims that ran out"), _old_claims, _forget_claims),
    _after(Kept.DISCLOSURES, "at", Disclosure.objects.all(), _("who saw what, a year ago")),
    _after(Kept.SESSIONS, "expire_date", Session.objects.all(), _("sessions that ended")),
    Job(Kept.LEFT_SESSIONS, _("sessions of nobody"), _left_over, _end_all),
    Job(Kept.LEFT_SESSIONS, _("entries of sessions that ended"), _entries_left_over),
    Job(
        Kept.UNCONFIRMED, _("accounts that nobody confirmed for 30 days"), _unconfirmed, _erase_all
    ),
    _after(Kept.IMPORTS, "at", Import.objects.all(), _("files brought in 30 days ago")),
    _after(Kept.ROLES, "until", RoleGrant.objects.all(), _("roles that ended two years ago")),
    _after(Kept.OPERATORS, "action_time", LogEntry.objects.all(), _("what operators did")),
    Job(Kept.ASSISTANCES, _("acts for somebody three years ago"), _old_acts),
    Job(Kept.CONSENTS, _("consents taken back three years ago"), _old_consents),
)
"""In this order: an act lets go of the consent that it refers to."""


_of_others: dict[Kept, Job] = {}


def forget_too(job: Job) -> None:
    """Do ``job``, of an app above this one, in every round. Idempotent: a kind counts once."""
    _of_others[job.kept] = job


def jobs() -> tuple[Job, ...]:
    """All that goes by itself, this app's own first."""
    return (*JOBS, *_of_others.values())


def forget(now: datetime, *, dry_run: bool = False) -> list[Forgotten]:
    """Let everything go that is due at ``now``, each kind with its count; ``dry_run`` only counts.

    Idempotent because what is gone is not found again. Each batch is a transaction of its own: a
    killed round has done whole batches, and the next one does the rest.
    """
    return [_forgotten(job, now, dry_run) for job in jobs()]


def _forgotten(job: Job, now: datetime, dry_run: bool = False) -> Forgotten:
    return Forgotten(job.kept.title, str(job.why), _do(job, now, dry_run))


def _do(job: Job, now: datetime, dry_run: bool) -> int:
    due = job.due(now)
    keys = due if isinstance(due, list) else list(due.values_list("pk", flat=True))
    if dry_run:
        return len(keys)
    parts = [keys[i : i + BATCH] for i in range(0, len(keys), BATCH)]
    if job.forget:
        return sum(job.forget(part, now) for part in parts)
    return sum(_let_go(job.due(now), part) for part in parts)


@transaction.atomic
def _let_go(due: QuerySet, keys: list) -> int:
    """Delete what of these is still due: a claim renewed in this moment stays."""
    gone, by_kind = due.filter(pk__in=keys).delete()
    return by_kind.get(due.model._meta.label, gone)


class _Round:
    """On which day this process has last let things go."""

    on: date | None = None


def forget_daily() -> None:
    """The worker's line: once a day, and after every start. Logs how many, never whose.

    What cannot go today keeps nothing else from going.
    """
    now = timezone.now()
    if _Round.on == localdate(now):
        return
    _Round.on = localdate(now)
    for job in jobs():
        try:
            done = _forgotten(job, now)
        except Exception:
            log.exception("could not forget: %s", job.kept.title)
            continue
        if done.count:
            log.info("forgot %d: %s", done.count, done.why)

"""What the electoral officer does with somebody in front of them: look up, check papers, take back.

Every look at a person is written down for that person. Deliberately absent: searching by a part of
a name or an address, and the name in the papers, of which only a keyed digest is kept.
"""

from datetime import date, timedelta

from allauth.account.models import EmailAddress
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from engage.domain.errors import DomainError
from engage.identity import subjects
from engage.identity.domain.levels import Level
from engage.identity.models import Area, Claim, Disclosure, User
from engage.identity.models.consents import this_day
from engage.identity.rules import may_check_people, may_check_people_anywhere
from engage.identity.services.claiming import record_claim, withdraw_claim

COUNTS_FOR = timedelta(days=5 * 365)
DESK = "desk"
REASONS = (
    Disclosure.Why.MOVED,
    Disclosure.Why.MISTAKE,
    Disclosure.Why.TWICE,
    Disclosure.Why.ASKED,
)


@transaction.atomic
def find_by_email(*, email: str, by: User) -> User:
    """Whose confirmed address this is, exactly.

    Raises DomainError("desk.forbidden" | "desk.nobody").
    """
    _refuse_strangers(by)
    known = EmailAddress.objects.filter(email__iexact=email.strip(), verified=True)
    address = known.select_related("user").filter(user__is_active=True).first()
    return _seen(address.user if address else None, by)


@transaction.atomic
def find_by_papers(*, name: str, born_on: date, by: User) -> User:
    """Who was checked here before with this name and date of birth, e-mail address or none.

    Raises DomainError("desk.forbidden" | "desk.nobody").
    """
    _refuse_strangers(by)
    digest = subjects.of_papers(name, born_on)
    known = Claim.objects.filter(level=Level.IN_PERSON, subject=digest, person__is_active=True)
    claim = known.select_related("person").first()
    return _seen(claim.person if claim else None, by)


@transaction.atomic
def check_papers(*, person: User, name: str, born_on: date, area: Area, by: User) -> Claim:
    """Keep that ``person`` showed papers with this name and date of birth, and lives in ``area``.

    Counts for five years. Raises DomainError("desk.forbidden" | "desk.own-papers" |
    "claim.subject-taken").
    """
    _refuse_beyond_own(by, area)
    if person.pk == by.pk:
        sentence = _("Nobody checks their own papers. Ask a colleague.")
        raise DomainError("desk.own-papers", sentence, next="/office/people/")
    claim = record_claim(
        person=person, level=Level.IN_PERSON, source=DESK, area=area, born_on=born_on, by=by,
        subject=subjects.of_papers(name, born_on), until=timezone.now() + COUNTS_FOR,
    )  # fmt: skip
    Disclosure.objects.create(person=person, by=by, why=Disclosure.Why.CHECK, at=this_day())
    return claim


@transaction.atomic
def add_person(*, name: str, born_on: date, area: Area, by: User) -> User:
    """An account for somebody without e-mail whose papers were checked; only clerks act for it.

    Raises DomainError("desk.forbidden" | "claim.subject-taken").
    """
    _refuse_beyond_own(by, area)
    person = User.objects.create_user(None)
    check_papers(person=person, name=name, born_on=born_on, area=area, by=by)
    return person


@transaction.atomic
def take_back(*, person: User, level: Level, reason: str, by: User) -> None:
    """Withdraw what is known at ``level``, with a reason that the person sees.

    Idempotent because what is gone stays gone. Raises DomainError("desk.forbidden"), ValueError for
    a reason that is none.
    """
    if reason not in REASONS:
        raise ValueError(reason)
    claim = Claim.objects.filter(person=person, level=level).select_related("area").first()
    if claim is None:
        return
    _refuse_beyond_own(by, claim.area)
    withdraw_claim(person=person, level=level, was_theirs=reason != Disclosure.Why.MISTAKE)
    Disclosure.objects.create(person=person, by=by, why=reason)


def _seen(person: User | None, by: User) -> User:
    if person is None:
        sentence = _("Nobody is found. Check every letter, or add the person with their papers.")
        raise DomainError("desk.nobody", sentence, next="/office/people/")
    Disclosure.objects.create(person=person, by=by, why=Disclosure.Why.SEARCH, at=this_day())
    return person


def _refuse_strangers(by: User) -> None:
    if not may_check_people_anywhere(by):
        raise _forbidden()


def _refuse_beyond_own(by: User, area: Area | None) -> None:
    if not may_check_people(by, area.path if area else ""):
        raise _forbidden()


def _forbidden() -> DomainError:
    sentence = _("Only the electoral officers of this area may do that.")
    return DomainError("desk.forbidden", sentence, next="/office/")

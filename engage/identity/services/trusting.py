"""Giving and ending roles. Nobody gives more than they have, nor to themselves; who gave is kept.

Deliberately absent: removing or changing a grant. One that ended stays, so that it can be said who
could do what.
"""

from allauth.usersessions.models import UserSession
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from engage.domain.errors import DomainError
from engage.identity import notices
from engage.identity.domain.areas import covers
from engage.identity.domain.roles import Role
from engage.identity.models import Area, Disclosure, RoleGrant, User
from engage.identity.rules import may_end_role, may_give_role
from engage.identity.services.ending import end_sessions
from engage.web import departures


@transaction.atomic
def give_role(*, person: User, role: str, area: Area | None, by: User) -> RoleGrant:
    """Trust ``person`` with ``role`` in ``area`` (None is the whole town).

    Whoever is given more signs in anew: no session from before has the new rights. Locks the
    administrators, so that one whose own role ends in this moment gives none. Idempotent because
    a role is held once in an area. Raises DomainError("role.forbidden").
    """
    by, _held = _with_administrators_held(by)
    if not may_give_role(by, person, area.path if area else ""):
        raise _not_yours()
    same = RoleGrant.objects.filter(person=person, role=role, area=area, until=None)
    if held := same.first():
        return held
    try:
        with transaction.atomic():
            grant = _new_grant(person, role, area, by)
    except IntegrityError:  # given by somebody else in this moment
        return same.get()
    _note(grant, by)
    return grant


def _new_grant(person: User, role: str, area: Area | None, by: User) -> RoleGrant:
    grant = RoleGrant.objects.create(person=person, role=role, area=area, by=by)
    known = UserSession.objects.filter(user=person).values_list("session_key", flat=True)
    end_sessions([*known])
    return grant


@transaction.atomic
def end_role(*, grant: RoleGrant, by: User) -> None:
    """Take a role back from now on; what is open by it closes.

    Locks the administrators, so that two of them cannot end each other and leave nobody.
    Idempotent. Raises DomainError("role.forbidden"), DomainError("role.last.conflict").
    """
    by, administrators = _with_administrators_held(by)
    grant = RoleGrant.objects.select_for_update().get(pk=grant.pk)
    if not may_end_role(by, grant):
        raise _not_yours()
    if not grant.given.holds(timezone.now()):
        return
    if not by.is_superuser:
        _refuse_to_leave_nobody(grant, administrators)
    grant.until = timezone.now()
    grant.save(update_fields=["until"])
    departures.tell()
    _note(grant, by)


def _with_administrators_held(by: User) -> tuple[User, list[RoleGrant]]:
    """Who acts, with the roles they have now, and every administrator's grant, locked."""
    held = RoleGrant.objects.select_for_update(of=("self",)).filter(
        Q(until=None) | Q(until__gt=timezone.now()),
        role=Role.ADMINISTRATOR,
        person__is_active=True,
    )
    administrators = list(held.order_by("pk"))
    return User.objects.get(pk=by.pk), administrators


def _refuse_to_leave_nobody(grant: RoleGrant, administrators: list[RoleGrant]) -> None:
    """An area's last administrator stays: nobody but an operator could name the next one."""
    area = grant.area_id or ""
    if grant.role != Role.ADMINISTRATOR or any(
        covers(other.area_id or "", area) for other in administrators if other.pk != grant.pk
    ):
        return
    sentence = _("Somebody must be left to give roles. Name another administrator first.")
    raise DomainError("role.last.conflict", sentence)


def _not_yours() -> DomainError:
    sentence = _("Roles are given by an area's administrators, and to others than themselves.")
    return DomainError("role.forbidden", sentence)


def _note(grant: RoleGrant, by: User) -> None:
    Disclosure.objects.create(person=grant.person, by=by, why=Disclosure.Why.ROLES)
    notices.role_changed(grant)

"""Giving and ending roles. Nobody gives more than they have, and every grant says by whom."""

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from engage.domain.errors import DomainError
from engage.identity.models import Area, Disclosure, RoleGrant, User
from engage.identity.rules import may_administer


@transaction.atomic
def give_role(*, person: User, role: str, area: Area | None, by: User) -> RoleGrant:
    """Trust ``person`` with ``role`` in ``area`` (None is the whole town).

    Idempotent because a role is held once in an area. Raises DomainError("role.forbidden").
    """
    _refuse_beyond_own(by, area)
    held = RoleGrant.objects.filter(person=person, role=role, area=area, until=None)
    try:
        with transaction.atomic():
            grant = held.first() or held.create(person=person, role=role, area=area, by=by)
    except IntegrityError:  # given by somebody else in this moment
        grant = held.get()
    Disclosure.objects.create(person=person, by=by, why=Disclosure.Why.ROLES)
    return grant


@transaction.atomic
def end_role(*, grant: RoleGrant, by: User) -> None:
    """Take a role back from now on. Idempotent. Raises DomainError("role.forbidden")."""
    grant = RoleGrant.objects.select_for_update().get(pk=grant.pk)
    _refuse_beyond_own(by, grant.area)
    if grant.until is None:
        grant.until = timezone.now()
        grant.save(update_fields=["until"])
        Disclosure.objects.create(person=grant.person, by=by, why=Disclosure.Why.ROLES)


def _refuse_beyond_own(by: User, area: Area | None) -> None:
    if not may_administer(by, area.path if area else ""):
        raise DomainError("role.forbidden", _("Only this area's administrators give its roles."))

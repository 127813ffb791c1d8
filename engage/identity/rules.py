"""What someone may do by their roles; cheap questions first, one query a request at most."""

from django.contrib.auth.models import AnonymousUser
from django.utils import timezone

from engage.identity.domain.roles import Role, has_role
from engage.identity.models import User

Person = User | AnonymousUser


def is_trusted_as(person: Person, role: Role, area: str = "") -> bool:
    """Whether ``person`` has ``role`` in ``area`` ("" is the whole town). Operators have all."""
    if not person.is_authenticated:
        return False
    return person.is_superuser or has_role(person.roles, role, area, timezone.now())


def is_staff_of_any_kind(person: Person) -> bool:
    """Whether somebody works for the town here, with any role anywhere."""
    return person.is_authenticated and (person.is_superuser or bool(person.roles))


def may_organise(person: Person, area: str = "") -> bool:
    """Write, announce and close polls, consultations and petitions."""
    return is_trusted_as(person, Role.ORGANISER, area)


def may_organise_anywhere(person: Person) -> bool:
    return person.is_authenticated and (
        person.is_superuser or any(grant.role == Role.ORGANISER for grant in person.roles)
    )


def may_moderate(person: Person, area: str = "") -> bool:
    """Decide on what people write."""
    return is_trusted_as(person, Role.MODERATOR, area)


def may_check_people(person: Person, area: str = "") -> bool:
    """Check papers, print letters, keep rolls, act for somebody: the electoral officer."""
    return is_trusted_as(person, Role.OFFICER, area)


def may_audit(person: Person, area: str = "") -> bool:
    """See what was done, by whom; change nothing."""
    return is_trusted_as(person, Role.AUDITOR, area)


def may_administer(person: Person, area: str = "") -> bool:
    """The town's settings, areas and texts; who has which role."""
    return is_trusted_as(person, Role.ADMINISTRATOR, area)

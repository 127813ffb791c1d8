"""What someone may do by their roles; cheap questions first, one query a request at most."""

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.utils import timezone

from engage.identity.domain.roles import Role, has_role, in_force
from engage.identity.models import RoleGrant, User

Person = User | AnonymousUser


def is_trusted_as(person: Person, role: Role, area: str = "") -> bool:
    """Whether ``person`` has ``role`` in ``area`` ("" is the whole town). Operators have all."""
    if not person.is_authenticated:
        return False
    held = person.is_superuser or has_role(person.roles, role, area, timezone.now())
    return held and not _rests(person)


def is_trusted_anywhere(person: Person, role: Role | None = None) -> bool:
    """Whether ``person`` has ``role`` (None is any) in some area; one that ended is none."""
    if not person.is_authenticated:
        return False
    held = person.is_superuser or bool(in_force(person.roles, role, timezone.now()))
    return held and not _rests(person)


def trusted_areas(person: Person, *roles: Role) -> list[str]:
    """The areas for which ``person`` has one of ``roles``; "" is the whole town."""
    if not person.is_authenticated or _rests(person):
        return []
    if person.is_superuser:
        return [""]
    now = timezone.now()
    return sorted({grant.area for role in roles for grant in in_force(person.roles, role, now)})


def _rests(person: User) -> bool:
    """Whether the person's rights rest until they have set up a second factor."""
    return settings.STAFF_SECOND_FACTOR and not person.has_second_factor


def is_staff_of_any_kind(person: Person) -> bool:
    """Whether somebody works for the town here, with any role anywhere."""
    return is_trusted_anywhere(person)


def may_organise(person: Person, area: str = "") -> bool:
    """Write, announce and close polls, consultations and petitions."""
    return is_trusted_as(person, Role.ORGANISER, area)


def may_organise_anywhere(person: Person) -> bool:
    return is_trusted_anywhere(person, Role.ORGANISER)


def may_moderate(person: Person, area: str = "") -> bool:
    """Decide on what people write."""
    return is_trusted_as(person, Role.MODERATOR, area)


def may_moderate_anywhere(person: Person) -> bool:
    return is_trusted_anywhere(person, Role.MODERATOR)


def may_check_people(person: Person, area: str = "") -> bool:
    """Check papers, print letters, keep rolls, act for somebody: the electoral officer."""
    return is_trusted_as(person, Role.OFFICER, area)


def may_check_people_anywhere(person: Person) -> bool:
    return is_trusted_anywhere(person, Role.OFFICER)


def may_audit(person: Person, area: str = "") -> bool:
    """See what was done, by whom; change nothing."""
    return is_trusted_as(person, Role.AUDITOR, area)


def may_administer(person: Person, area: str = "") -> bool:
    """The town's settings, areas and texts; who has which role."""
    return is_trusted_as(person, Role.ADMINISTRATOR, area)


def may_see_roles(person: Person) -> bool:
    """See who is trusted with what, in one's own areas: who gives roles, and who controls it."""
    return bool(trusted_areas(person, Role.ADMINISTRATOR, Role.AUDITOR))


def may_give_roles(person: Person) -> bool:
    """Give roles somewhere; where, is ``may_give_role``'s to say."""
    return is_trusted_anywhere(person, Role.ADMINISTRATOR)


def may_give_role(person: Person, receiver: User, area: str) -> bool:
    """Never to oneself: whoever gives a role has somebody else who knows of it."""
    return person.pk != receiver.pk and may_administer(person, area)


def may_end_role(person: Person, grant: RoleGrant) -> bool:
    return may_administer(person, grant.area_id or "")

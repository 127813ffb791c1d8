"""What someone may do by who they are; cheap questions first, no database."""

from django.contrib.auth.models import AnonymousUser

from engage.identity.models import User


def may_organise(user: User | AnonymousUser) -> bool:
    """Whether ``user`` writes, announces and closes polls for the town."""
    return user.is_authenticated and (user.is_superuser or user.role == User.Role.ORGANISER)

"""Correcting what people are called by others.

Deliberately absent: the address of the mailbox, which changes by a code sent to the new one.
"""

from django.db import transaction
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from engage.domain.errors import DomainError
from engage.identity.domain.names import LONGEST, refusal, tidy
from engage.identity.holdings import holdings
from engage.identity.models import RoleGrant, User
from engage.web.town import present_town

SENTENCES: dict[str, str | Promise] = {
    "long": _("Choose a name of at most 60 letters."),
    "signs": _(
        "Use letters, numbers, spaces, hyphens, apostrophes and dots only, so that nobody takes "
        "the name for something else."
    ),
    "marks": _("Take some of the marks off the letters: too many cannot be read."),
    "letters": _("Write the whole name in one alphabet: its letters look alike in two."),
    "address": _("Put a space after the dot. A name cannot be an internet address."),
    "nameless": _("Use at least one letter."),
    "reserved": _("This name looks like one of the town's. Choose a name that is yours."),
}
OFFICES = ("admin", "administrator", "moderator", "operator", "root", "system", "support",
           "official", "council", "town council", "city council", "mayor", "staff",
           "stadt", "stadtverwaltung", "rathaus", "bürgermeister", "bürgermeisterin",
           "verwaltung", "moderation", "engage")  # fmt: skip


def correct_name(*, person: User, name: str) -> str:
    """Call ``person`` this from now on, tidied; an empty name shows them as a resident.

    Raises DomainError("name.…") with what to do.
    """
    tidied = tidy(name)
    reason = refusal(tidied, reserved_names())
    if reason:
        raise DomainError(f"name.{reason}", str(SENTENCES[reason]))
    assert len(tidied) <= LONGEST
    person.display_name = tidied
    with transaction.atomic():
        person.save(update_fields=["display_name"])
        for holding in holdings():
            holding.rename(person)
    return tidied


def reserved_names() -> list[str]:
    """What only the town may be called."""
    town = present_town()
    roles = [str(label) for label in RoleGrant.Role.labels]
    return [town.name, town.office, *roles, *OFFICES]

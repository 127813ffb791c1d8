"""The person in front of a request: an account, or a participant in this browser session.

A participant without an account is a random key in the session and nothing else: no row, no name,
no address.
"""

import uuid
from dataclasses import dataclass
from datetime import datetime

from django.http import HttpRequest

from engage.identity.domain.eligibility import Claim, level_of
from engage.identity.domain.levels import Level
from engage.identity.models import User
from engage.identity.selectors.people import claims_of

SESSION_KEY = "participant"
ASKING_KEY = "participant-asked"


@dataclass(frozen=True, slots=True)
class Participant:
    """Who takes part: the key of an account or a session, and what is known of the person.

    Without a key it is a stranger. Claims are read only by ``of_account``.
    """

    key: uuid.UUID | None = None
    claims: tuple[Claim, ...] = ()
    has_account: bool = False

    @classmethod
    def of_account(cls, user: User) -> "Participant":
        """With everything that is known of ``user``, in two queries."""
        return cls(user.pk, claims_of(user), has_account=True)

    def level(self, now: datetime) -> Level:
        """How much is known at ``now``."""
        return level_of(self.claims, now)


STRANGER = Participant()


def participant_of(request: HttpRequest) -> Participant:
    """The person of this request; a stranger if nothing here knows them."""
    if request.user.is_authenticated:
        return Participant.of_account(request.user)
    known = request.session.get(SESSION_KEY)
    return Participant(uuid.UUID(known)) if known else STRANGER


def begin_participation(request: HttpRequest) -> Participant:
    """The person; a stranger becomes a participant of this browser session.

    Idempotent: the same session keeps the same participant.
    """
    person = participant_of(request)
    if person.key is None:
        person = Participant(uuid.uuid4())
        request.session[SESSION_KEY] = str(person.key)
    return person


def earlier_key(request: HttpRequest) -> uuid.UUID | None:
    """The participant that this browser was before somebody signed in, until that is settled."""
    known = request.session.get(SESSION_KEY) if request.user.is_authenticated else None
    return uuid.UUID(known) if known else None


def forget_participation(request: HttpRequest) -> None:
    """This browser was nobody before; what was done stays without it. Idempotent."""
    for key in (SESSION_KEY, ASKING_KEY):
        request.session.pop(key, None)

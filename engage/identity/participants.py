"""The person in front of a request: an account, or a participant in this browser session.

A participant is a random key in the session and nothing else: no row, no name, no address.
"""

import uuid

from django.http import HttpRequest

SESSION_KEY = "participant"


def resident_of(request: HttpRequest) -> uuid.UUID | None:
    """The key under which this person takes part, or None for a stranger."""
    if request.user.is_authenticated:
        return request.user.pk
    known = request.session.get(SESSION_KEY)
    return uuid.UUID(known) if known else None


def begin_participation(request: HttpRequest) -> uuid.UUID:
    """The person's key; a stranger becomes a participant of this browser session.

    Idempotent: the same session keeps the same participant.
    """
    resident = resident_of(request)
    if resident is None:
        resident = uuid.uuid4()
        request.session[SESSION_KEY] = str(resident)
    return resident

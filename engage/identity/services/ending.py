"""Finding and ending the sessions of somebody, or of nobody any more.

A session says whose it is only inside, so finding it means reading all: slow in a large town, and
done before anything is locked.
"""

import uuid
from collections.abc import Iterator

from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.models import Session

from engage.identity.models import User
from engage.identity.participants import SESSION_KEY as PARTICIPANT
from engage.web import departures

BATCH = 500


def sessions_of(key: uuid.UUID) -> list[str]:
    """The keys of all sessions signed in as ``key``, or of the participant ``key``."""
    return [session for session, *owners in _whose() if str(key) in owners]


def sessions_of_nobody() -> list[str]:
    """The keys of all sessions whose account is gone, such as one begun while it was erased."""
    found = {session: account for session, account, _other in _whose() if account}
    alive = {str(key) for key in User.objects.values_list("pk", flat=True).iterator()}
    return [session for session, account in found.items() if account not in alive]


def end_sessions(keys: list[str]) -> int:
    """Delete these sessions; how many there were. Idempotent. Open sockets hear of it."""
    parts = [keys[i : i + BATCH] for i in range(0, len(keys), BATCH)]
    gone = sum(Session.objects.filter(pk__in=part).delete()[0] for part in parts)
    departures.tell()
    return gone


def _whose() -> Iterator[tuple[str, str | None, str | None]]:
    """Every session: its key, whose account it is signed in with, which participant it is."""
    for session in Session.objects.iterator(BATCH):
        held = session.get_decoded()
        yield session.pk, held.get(SESSION_KEY), held.get(PARTICIPANT)

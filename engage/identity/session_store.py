"""Browser sessions in the database, as Django keeps them; that one ends is told.

Deliberately absent: sessions that are deleted by the hundred. Whoever does that tells it.
"""

from django.contrib.sessions.backends.db import SessionStore as DatabaseStore

from engage.web import departures


class SessionStore(DatabaseStore):
    """Signing out, ending another browser's session and a new key all come by ``delete``."""

    def delete(self, session_key: str | None = None) -> None:
        super().delete(session_key)
        departures.tell()

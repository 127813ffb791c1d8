"""Who is in front of a clerk: only somebody looked up in this sitting, for a quarter of an hour.

A look-up is written down for the person to see, so no page of theirs opens without one.
Deliberately absent: any list of people.
"""

import uuid
from datetime import datetime, timedelta

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _

from engage.domain.errors import DomainError
from engage.identity.models import User

SESSION_KEY = "desk"
LASTS = timedelta(minutes=15)
MOST = 20


def receive(request: HttpRequest, person: User) -> None:
    """Remember that ``person`` was looked up by this clerk just now."""
    here = _here(request)
    here[str(person.pk)] = (timezone.now() + LASTS).isoformat()
    request.session[SESSION_KEY] = dict(list(here.items())[-MOST:])


def person_here(request: HttpRequest, key: uuid.UUID) -> User:
    """Who was looked up. Raises DomainError("desk.not-found"), whether or not there is anybody."""
    person = User.objects.filter(pk=key).first() if str(key) in _here(request) else None
    if person is None:
        sentence = _("Look the person up first. A look-up counts for a quarter of an hour.")
        raise DomainError("desk.not-found", sentence, next="/office/people/")
    return person


def _here(request: HttpRequest) -> dict[str, str]:
    now, known = timezone.now(), request.session.get(SESSION_KEY, {})
    return {key: until for key, until in known.items() if datetime.fromisoformat(until) > now}

"""Where somebody is signed in: a short list they can end, with no address and no last visit.

A session ends for good with the secret its cookie was made from, so that none is forgotten.
"""

from dataclasses import dataclass
from datetime import datetime

from allauth.account import signals as account_signals
from allauth.mfa import signals as factor_signals
from allauth.socialaccount import signals as outside_signals
from allauth.usersessions.models import UserSession
from django.contrib.auth import HASH_SESSION_KEY, update_session_auth_hash
from django.contrib.sessions.models import Session
from django.db import transaction
from django.db.models.signals import pre_save
from django.http import HttpRequest
from django.utils import timezone

from engage.identity.domain.devices import device
from engage.identity.models import User

NO_ADDRESS = "::"


@dataclass(frozen=True, slots=True)
class SignIn:
    """One browser in which somebody is signed in; ``number`` ends it."""

    number: int
    device: str
    since: datetime
    is_here: bool


def sign_ins(request: HttpRequest) -> list[SignIn]:
    """Where the person is signed in now, this browser first. Two queries."""
    rows = {row.session_key: row for row in UserSession.objects.filter(user=request.user)}
    alive = Session.objects.filter(pk__in=rows, expire_date__gt=timezone.now())
    mine = request.user.get_session_auth_hash()
    kept = [rows[s.pk] for s in alive if s.get_decoded().get(HASH_SESSION_KEY) == mine]
    here = request.session.session_key
    found = [SignIn(r.pk, r.user_agent, r.created_at, r.session_key == here) for r in kept]
    return sorted(found, key=lambda one: (not one.is_here, one.since))


@transaction.atomic
def end_sign_in(*, person: User, number: int) -> None:
    """Sign ``person`` out in one of their browsers. Idempotent; another's number ends nothing."""
    for row in UserSession.objects.filter(user=person, pk=number):
        row.end()


@transaction.atomic
def end_other_sign_ins(request: HttpRequest) -> None:
    """Sign the person out everywhere but here, also where no list knows of it.

    The secret behind all their sessions changes, and this browser gets a new one with a new key.
    """
    person = User.objects.select_for_update().get(pk=request.user.pk)
    person.set_unusable_password()
    person.save(update_fields=["password"])
    known = UserSession.objects.filter(user=person)
    Session.objects.filter(pk__in=known.values_list("session_key", flat=True)).exclude(
        pk=request.session.session_key
    ).delete()
    known.delete()
    update_session_auth_hash(request, person)
    request.user = person
    UserSession.objects.create_from_request(request)


def watch() -> None:
    """Hear from the accounts library what it tells in no other way: signals."""
    pre_save.connect(_keep_little, sender=UserSession)
    account_signals.email_changed.connect(_end_others)
    factor_signals.authenticator_removed.connect(_end_others)
    factor_signals.authenticator_reset.connect(_end_others)
    outside_signals.social_account_removed.connect(_end_others)


def _keep_little(sender: type[UserSession], instance: UserSession, **kwargs: object) -> None:
    instance.ip = NO_ADDRESS
    instance.user_agent = device(instance.user_agent)


def _end_others(sender: object, request: HttpRequest, **kwargs: object) -> None:
    if request.user.is_authenticated:
        end_other_sign_ins(request)

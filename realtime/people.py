"""Who sits behind session cookies, asked for many at once: two queries for every 500.

Deliberately absent: Django's own way of asking. It takes two queries for each, and may change the
session that it only looks at.
"""

from collections.abc import Collection, Iterator
from functools import lru_cache
from importlib import import_module
from typing import Any, NamedTuple

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.crypto import constant_time_compare, salted_hmac

from engage.identity.models import User

Person = User | AnonymousUser

AT_ONCE = 500
REMEMBERED = 20_000


class Claim(NamedTuple):
    """What a session says of its person, and by which secret of theirs it was made."""

    account: Any
    made_by: str


def mark_of(session: str) -> str:
    """What a page says of the signed-in session it was made for, in 16 hex digits.

    It tells nothing of the session, and another session has another one.
    """
    return salted_hmac("realtime.people", session, algorithm="sha256").hexdigest()[:16]


def is_marked(session: str, mark: str) -> bool:
    """Whether a page with ``mark`` was made for ``session``."""
    return bool(session) and constant_time_compare(mark, mark_of(session))


def people(sessions: Collection[str]) -> dict[str, Person]:
    """Whose session each is; an ended session, or one of a barred account, is a stranger's."""
    claims = _claims(sessions)
    found: dict[Any, User] = {}
    for keys in _portions({claim.account for claim in claims.values()}):
        found |= User.objects.filter(is_active=True).prefetch_related("grants").in_bulk(keys)
    whose: dict[str, Person] = dict.fromkeys(sessions, AnonymousUser())
    for session, claim in claims.items():
        user = found.get(claim.account)
        if user is not None and claim.made_by in _hashes(user.password):
            whose[session] = user
    return whose


def ended(sessions: Collection[str]) -> set[str]:
    """Those of the sessions in which nobody is signed in any more."""
    claims = _claims(sessions)
    secrets: dict[Any, str] = {}
    for keys in _portions({claim.account for claim in claims.values()}):
        active = User.objects.filter(is_active=True, pk__in=keys)
        secrets |= dict(active.values_list("pk", "password"))
    return {
        session
        for session in sessions
        if (claim := claims.get(session)) is None
        or claim.account not in secrets
        or claim.made_by not in _hashes(secrets[claim.account])
    }


def _claims(sessions: Collection[str]) -> dict[str, Claim]:
    store = import_module(settings.SESSION_ENGINE).SessionStore
    rows = store.get_model_class().objects.filter(expire_date__gt=timezone.now())
    found = {}
    for keys in _portions({session for session in sessions if session}):
        for key, packed in rows.filter(pk__in=keys).values_list("pk", "session_data"):
            if (claim := _claim(packed)) is not None:
                found[key] = claim
    return found


@lru_cache(REMEMBERED)
def _claim(packed: str) -> Claim | None:
    """Unpacked once for as long as the session says the same: that is most of the work."""
    said = import_module(settings.SESSION_ENGINE).SessionStore().decode(packed)
    if said.get(BACKEND_SESSION_KEY) not in settings.AUTHENTICATION_BACKENDS:
        return None
    try:
        account = User._meta.pk.to_python(said[SESSION_KEY])
    except (KeyError, ValidationError):
        return None
    return Claim(account, said.get(HASH_SESSION_KEY, ""))


@lru_cache(REMEMBERED)
def _hashes(secret: str) -> frozenset[str]:
    """What sessions made by an account's ``secret`` say, also under our own former keys."""
    user = User(password=secret)
    return frozenset({user.get_session_auth_hash(), *user.get_session_auth_fallback_hash()})


def _portions(keys: Collection[Any]) -> Iterator[list[Any]]:
    """In lists that a database takes as the parameters of one query."""
    every = list(keys)
    for start in range(0, len(every), AT_ONCE):
        yield every[start : start + AT_ONCE]

"""Who sits behind a cookie is who Django says it is; asking for many costs as little as for one."""

from datetime import timedelta
from importlib import import_module
from types import SimpleNamespace

import pytest
from django.conf import settings
from django.contrib.auth import SESSION_KEY, get_user, get_user_model
from django.contrib.auth.models import AnonymousUser
from django.contrib.sessions.models import Session
from django.test import Client
from django.utils import timezone

from realtime.people import ended, is_marked, mark_of, people

pytestmark = pytest.mark.django_db
User = get_user_model()


def account(name="ann"):
    return User.objects.create_user(f"{name}@example.org")


def sign_in(user) -> str:
    client = Client()
    client.force_login(user, backend=settings.AUTHENTICATION_BACKENDS[0])
    return client.cookies[settings.SESSION_COOKIE_NAME].value


def store(key=None):
    return import_module(settings.SESSION_ENGINE).SessionStore(key)


def said(**values) -> str:
    made = store()
    made.update(values)
    made.create()
    made.update(values)
    made.save()
    return made.session_key


def barred(user):
    key = sign_in(user)
    User.objects.filter(pk=user.pk).update(is_active=False)
    return key


def erased(user):
    key = sign_in(user)
    user.delete()
    return key


def expired(user):
    key = sign_in(user)
    Session.objects.filter(pk=key).update(expire_date=timezone.now() - timedelta(seconds=1))
    return key


def changed(user):
    key = sign_in(user)
    user.set_password("new")
    user.save()
    return key


def spoilt(user):
    key = sign_in(user)
    Session.objects.filter(pk=key).update(session_data="not:what:we:wrote")
    return key


def of_another_backend(user):
    session = store(sign_in(user))
    session["_auth_user_backend"] = "django.contrib.auth.backends.RemoteUserBackend"
    session.save()
    return session.session_key


def of_nobody(user):
    return said(participant="x")


def of_an_odd_key(user):
    session = store(sign_in(user))
    session[SESSION_KEY] = "7"
    session.save()
    return session.session_key


def unknown(user):
    return "a" * 32


def empty(user):
    return ""


SESSIONS = [
    sign_in, barred, erased, expired, changed, spoilt, of_another_backend, of_nobody, unknown,
    empty,
]  # fmt: skip


def as_django_says(key):
    return get_user(SimpleNamespace(session=store(key or None)))


@pytest.mark.parametrize("make", SESSIONS)
def test_it_is_who_django_says(make):
    user = account()
    key = make(user)
    found = people([key])
    assert list(found) == [key]
    signed_in = found[key].is_authenticated
    assert ended([key]) == (set() if signed_in else {key})
    assert as_django_says(key) == found[key]
    assert signed_in == (make is sign_in)
    assert not signed_in or found[key] == user


def test_an_odd_key_is_nobody():
    assert people([key := of_an_odd_key(account())]) == {key: AnonymousUser()}


def test_a_sign_in_under_our_former_key_still_holds(settings):
    key = sign_in(account())
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "a new one, long enough to be taken for a key of our own"
    from realtime import people as module

    module._claim.cache_clear()
    module._hashes.cache_clear()
    try:
        assert ended([key]) == set()
        assert Session.objects.filter(pk=key).exists(), "looking changes nothing"
    finally:
        module._claim.cache_clear()
        module._hashes.cache_clear()


@pytest.mark.parametrize("many", [1, 3, 400])
def test_asking_for_many_takes_two_queries(django_assert_num_queries, many):
    user = account()
    keys = [sign_in(user) for _ in range(min(many, 3))] + ["a" * 32] * (many > 3)
    keys += [f"{number:032}" for number in range(many - len(keys))]
    with django_assert_num_queries(2):
        assert len(ended(keys)) == many - min(many, 3)
    with django_assert_num_queries(3):  # and their roles
        assert sum(person.is_authenticated for person in people(keys).values()) == min(many, 3)


def test_more_than_a_query_takes_are_asked_in_portions():
    key = sign_in(account())
    keys = {key, *(f"{number:032}" for number in range(1_200))}
    assert keys - ended(keys) == {key}


def test_a_mark_tells_sessions_apart_and_nothing_of_them():
    one, other = mark_of("a" * 32), mark_of("b" * 32)
    assert (len(one), len({one, other}), int(one, 16) >= 0) == (16, 2, True)
    assert is_marked("a" * 32, one)
    assert not is_marked("b" * 32, one)
    assert not is_marked("", mark_of(""))

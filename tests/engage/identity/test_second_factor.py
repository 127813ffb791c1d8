"""Who works for the town needs a second factor first; residents never do."""

import re
import time

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.core import mail
from django.core.cache import cache
from django.test import Client

from engage.identity import rules
from engage.identity.domain.roles import Role
from engage.identity.models import RoleGrant, User
from tests.signing import CONFIRM, HOW, LOGIN, code, resident, sign_in_afresh
from tests.voting import polls

pytestmark = pytest.mark.django_db
committed = pytest.mark.django_db(transaction=True)  # the library tells of an app after the commit
ACTIVATE = "/accounts/2fa/totp/activate/"
STAFF_PAGES = ["/office/", "/admin/", "/polls/new/"]


@pytest.fixture
def compelled(settings):
    settings.STAFF_SECOND_FACTOR = True


def person(role=None, address="ann@town.example", **more):
    user = resident(address, **more)
    if role:
        RoleGrant.objects.create(person=user, role=role, area=None)
    return user


def signed(user):
    client = Client()
    sign_in_afresh(client, user)
    return client


def shown(secret, steps=0):
    """What the app shows now, or so many half minutes from now; one off still counts."""
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30 + steps))


def set_up_app(client):
    """The person's own way: the page's secret into the app, the app's code into the page."""
    page = client.get(ACTIVATE).content.decode()
    secret = "".join(re.search(r'class="code">([A-Z2-7 ]+)<', page)[1].split())
    answer = client.post(ACTIVATE, {"code": shown(secret)}, follow=True)
    assert answer.redirect_chain, answer.content.decode()
    return secret, answer


@committed
@pytest.mark.parametrize("page", STAFF_PAGES)
def test_staff_are_led_to_a_second_factor_before_any_staff_page(compelled, page):
    admin = {"is_staff": True, "is_superuser": True} if page == "/admin/" else {}
    client = signed(person(Role.ORGANISER, **admin))
    assert client.get(page)["Location"] == HOW
    assert "You work for the town" in client.get(HOW).content.decode()
    set_up_app(client)
    assert client.get(page).status_code == 200


def test_a_staff_deed_is_not_done_without_it(settings):
    poll, client = polls.opened(), signed(person(Role.ORGANISER))
    settings.STAFF_SECOND_FACTOR = True
    answer = client.post(f"/polls/{poll.pk}/close/")
    assert answer["Location"] == HOW
    poll.refresh_from_db()
    assert poll.closing_since is None


@pytest.mark.parametrize("role", list(Role))
def test_every_role_rests_until_it_is_there(compelled, role):
    user = person(role)
    assert not rules.is_trusted_as(user, role)
    assert not rules.is_staff_of_any_kind(user)
    assert rules.trusted_areas(user, role) == []
    Authenticator.objects.create(user=user, type="totp", data={})
    user = User.objects.get(pk=user.pk)
    assert rules.is_trusted_as(user, role)
    assert rules.trusted_areas(user, role) == [""]


def test_recovery_codes_alone_are_no_second_factor(compelled):
    user = person(Role.AUDITOR)
    Authenticator.objects.create(user=user, type="recovery_codes", data={})
    assert not rules.is_staff_of_any_kind(user)


def test_an_operator_rests_as_well(compelled):
    assert not rules.may_administer(person(is_superuser=True, is_staff=True))


@pytest.mark.parametrize("page", ["/", "/polls/", "/you/", "/verify/"])
def test_pages_for_residents_stay_open_to_staff(compelled, page):
    assert signed(person(Role.ORGANISER)).get(page).status_code == 200


def test_what_staff_do_as_residents_is_refused_as_to_everybody(compelled, settings):
    user = person(Role.ORGANISER)
    html = {"accept": "text/html"}
    told = signed(user).post("/you/data/erase/", {"texts": "keep", "sure": "on"}, headers=html)
    assert "ask an administrator to end your roles" in told.content.decode().lower()
    settings.RATELIMIT_ENABLE = True
    cache.clear()
    client = signed(user)
    statuses = {client.post("/you/data/name/", headers=html).status_code for _ in range(125)}
    cache.clear()
    assert statuses == {200, 429}


def test_residents_are_never_asked(compelled):
    client = signed(person())
    assert client.get("/office/").status_code == 403
    assert "You work for the town" not in client.get(HOW).content.decode()


def test_signing_in_leads_staff_there_and_residents_home(compelled):
    for role, place in ((Role.OFFICER, HOW), (None, "/")):
        user, client = person(role, f"{role or 'nobody'}@town.example"), Client()
        client.post(LOGIN, {"email": user.email})
        answer = client.post(CONFIRM, {"code": code()})
        assert answer["Location"] == place


@pytest.mark.parametrize("page", ["/office/", "/polls/new/"])
def test_a_sample_town_needs_none(settings, page):
    assert settings.STAFF_SECOND_FACTOR is False, "development's own default"
    assert signed(person(Role.ORGANISER)).get(page).status_code == 200


@committed
def test_an_app_is_set_up_and_asked_for_after_the_code_by_mail():
    user = person()
    secret, page = set_up_app(signed(user))
    assert page.redirect_chain[-1][0] == "/accounts/2fa/recovery-codes/"
    client = Client()
    client.post(LOGIN, {"email": user.email})
    asked = client.post(CONFIRM, {"code": code()}, follow=True)
    assert "Use your passkey" not in asked.content.decode(), "there is none"
    now = shown(secret, 1)
    client.post("/accounts/2fa/authenticate/", {"code": f" {now[:3]} {now[3:]}"})
    assert client.session["_auth_user_id"] == str(user.pk)


@committed
@pytest.mark.adversary("C4")
def test_an_apps_code_works_once(settings):
    user = person()
    secret, _page = set_up_app(signed(user))
    now = shown(secret, 1)
    opened = []
    for _ in range(2):
        client = signed(user)
        answer = client.post("/accounts/2fa/reauthenticate/", {"code": now})
        opened.append(answer.status_code == 302)
    assert opened == [True, False]


@committed
def test_the_secret_is_not_in_a_dump():
    secret, _page = set_up_app(signed(person()))
    stored = Authenticator.objects.get(type="totp").data["secret"]
    codes = Authenticator.objects.get(type="recovery_codes").data["seed"]
    assert secret not in stored
    assert stored.startswith("gAAAA"), "Fernet"
    assert codes.startswith("gAAAA")


@committed
def test_an_older_key_of_the_town_still_opens_it(settings):
    user = person()
    secret, _page = set_up_app(signed(user))
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "a new one, so that all sessions are new as well"
    client = signed(User.objects.get(pk=user.pk))
    now = shown(secret, 1)
    assert client.post("/accounts/2fa/reauthenticate/", {"code": now}).status_code == 302


@committed
@pytest.mark.adversary("C8")
def test_taking_the_app_off_ends_all_other_sign_ins():
    user = person()
    client, listed, forced = signed(user), Client(), Client()
    set_up_app(client)
    forced.force_login(User.objects.get(pk=user.pk))
    listed.force_login(User.objects.get(pk=user.pk))
    client.post("/accounts/2fa/totp/deactivate/")
    assert client.get("/you/").status_code == 200
    for other in (listed, forced):
        assert other.get("/you/").status_code == 302
    assert "was taken off" in mail.outbox[-1].body
    assert "127.0.0.1" not in mail.outbox[-1].body

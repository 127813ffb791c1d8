"""Signing in with the town's identity service: who is made, who is recognised, what is kept."""

from urllib.parse import parse_qs, urlsplit

import jwt
import pytest
from allauth.account.models import EmailAddress
from allauth.socialaccount.models import SocialAccount, SocialToken
from django.test import Client

from engage.identity.models import Claim, User
from tests.oidc_provider import EC_KEY, OTHER_RSA_KEY, identity_service
from tests.oidc_visitor import CALLBACK, LOGIN, come_back, go, leave, sign_in, signed_in

pytestmark = pytest.mark.django_db


def test_there_is_nothing_where_no_service_is_configured(client):
    assert client.get(LOGIN).status_code == 404
    assert client.post(LOGIN).status_code == 404
    assert client.get(CALLBACK).status_code == 404


def test_it_makes_an_account_without_an_address(client, service):
    answer = sign_in(client, next="/polls/")
    assert (answer.status_code, answer["Location"]) == (302, "/polls/")
    user = User.objects.get()
    assert client.session["_auth_user_id"] == str(user.pk)
    assert user.email is None and user.display_name == ""
    assert not user.has_usable_password()
    assert not EmailAddress.objects.exists()
    assert not Claim.objects.exists()


def test_the_way_there_says_what_it_must(client, service):
    there = urlsplit(leave(client))
    asked = {name: values[0] for name, values in parse_qs(there.query).items()}
    assert f"{there.scheme}://{there.netloc}{there.path}" == f"{service.issuer}/authorize"
    assert asked["redirect_uri"].endswith(CALLBACK)
    assert asked["response_type"] == "code"
    assert asked["code_challenge_method"] == "S256"
    assert asked["scope"] == "openid email"
    assert len(asked["nonce"]) >= 32 and len(asked["state"]) >= 16
    assert "claims" not in asked


def test_a_get_alone_sends_nobody_there(client, service):
    page = client.get(f"{LOGIN}?next=/polls/")
    assert page.status_code == 200
    assert service.asked == []
    assert 'name="next" value="/polls/"' in page.content.decode()


def test_who_comes_again_is_the_same_whatever_they_are_called_now(client, service):
    sign_in(client)
    first = User.objects.get()
    service.person |= {"name": "Somebody Else", "preferred_username": "admin",
                       "email": "new@town.example", "email_verified": True}  # fmt: skip
    other = Client()
    sign_in(other)
    assert other.session["_auth_user_id"] == str(first.pk)
    assert User.objects.get().email is None


@pytest.mark.adversary("C7")
@pytest.mark.parametrize("twin", ["Ann-0001", "ann-0001 ", "ann-00010", "ann_0001"])
def test_a_subject_that_looks_alike_is_somebody_else(client, service, twin):
    sign_in(client)
    service.person["sub"] = twin
    sign_in(Client())
    assert User.objects.count() == 2


@pytest.mark.adversary("C13")
def test_the_same_subject_of_another_issuer_is_somebody_else(client, service, settings):
    sign_in(client)
    with identity_service() as other:
        settings.OIDC = other.settings()
        sign_in(Client())
    assert User.objects.count() == 2
    assert SocialAccount.objects.values("provider").distinct().count() == 2


def test_nothing_is_kept_but_the_issuer_and_a_digest(client, service):
    service.person |= {"name": "Ann Archer", "picture": "https://x.example/ann.png"}
    sign_in(client)
    account = SocialAccount.objects.get()
    assert account.provider == service.issuer
    assert service.person["sub"] not in account.uid and len(account.uid) == 64
    assert account.extra_data == {}
    assert not SocialToken.objects.exists()


@pytest.mark.parametrize("spelt", ["ann@town.example", "Ann@TOWN.example"])
def test_a_confirmed_address_comes_along(client, service, spelt):
    service.person |= {"email": spelt, "email_verified": True}
    sign_in(client)
    assert User.objects.get().email == "ann@town.example"
    known = EmailAddress.objects.get()
    assert (known.email, known.verified, known.primary) == ("ann@town.example", True, True)


@pytest.mark.adversary("C7")
@pytest.mark.parametrize(
    "said",
    ["ann", "ann@", "a@b@c", "x" * 300 + "@b.example", "a@b\0.example", "an\u200bn@b.example"],
)
def test_an_address_that_is_none_is_left_out(client, service, said):
    service.person |= {"email": said, "email_verified": True}
    sign_in(client)
    assert signed_in(client)
    assert User.objects.get().email is None


@pytest.mark.adversary("C13")
@pytest.mark.parametrize("said", [False, None, "true", 1, "absent"])
def test_an_address_that_is_not_confirmed_does_not(client, service, said):
    service.person |= {"email": "ann@town.example", "email_verified": said}
    if said == "absent":
        del service.person["email_verified"]
    sign_in(client)
    assert signed_in(client)
    assert User.objects.get().email is None
    assert not EmailAddress.objects.exists()


@pytest.mark.adversary("C13")
@pytest.mark.parametrize("spelt", ["ann@town.example", "ANN@Town.Example"])
@pytest.mark.parametrize("confirmed", [True, False])
def test_an_address_that_is_known_here_joins_nobody_and_nothing_is_told(
    client, service, spelt, confirmed, mailoutbox
):
    known = User.objects.create_user("ann@town.example")
    if confirmed:
        EmailAddress.objects.create(user=known, email=known.email, verified=True, primary=True)
    service.person |= {"email": spelt, "email_verified": True}
    answer = sign_in(client)
    assert (answer.status_code, answer["Location"]) == (302, "/")
    new = User.objects.exclude(pk=known.pk).get()
    assert client.session["_auth_user_id"] == str(new.pk)
    assert new.email is None
    assert mailoutbox == []
    page = client.get("/you/").content.decode()
    assert "town.example" not in page


@pytest.mark.parametrize("way", ["body", "es256", "no-kid", "no-userinfo"])
def test_the_other_ways_of_the_standard_work_too(client, service, way):
    if way == "body":
        service.faults.metadata = lambda told: (
            told | {"token_endpoint_auth_methods_supported": ["client_secret_post"]}
        )
    if way == "es256":
        service.key = EC_KEY
    if way == "no-kid":
        service.faults.published = lambda told: {"keys": [_without(told["keys"][0], "kid", "alg")]}
        service.faults.sign = _without_kid
    if way == "no-userinfo":
        service.faults.metadata = lambda told: _without(told, "userinfo_endpoint")
    sign_in(client)
    assert signed_in(client)


def test_a_changed_key_is_found(client, service):
    sign_in(client)
    service.key, service.kid = OTHER_RSA_KEY, "second"
    again = Client()
    sign_in(again)
    assert signed_in(again)
    assert service.asked.count("/keys") == 2


def test_what_is_published_is_asked_for_once_an_hour(client, service):
    for _ in range(3):
        sign_in(Client())
    assert service.asked.count("/keys") == 1
    assert service.asked.count("/.well-known/openid-configuration") == 1


@pytest.mark.adversary("C8")
def test_an_account_that_is_switched_off_stays_out(client, service):
    sign_in(client)
    User.objects.update(is_active=False)
    again = Client()
    sign_in(again)
    assert not signed_in(again)


@pytest.mark.adversary("C1")
def test_the_session_is_a_new_one_afterwards(client, service):
    there = leave(client)
    before = client.session.session_key
    come_back(client, go(there))
    assert signed_in(client)
    assert client.session.session_key != before


@pytest.mark.adversary("C14")
@pytest.mark.parametrize(
    "target", ["https://evil.example/", "//evil.example/", "/\\evil.example", "javascript:alert(1)"]
)
def test_coming_back_leads_nowhere_else(client, service, target):
    answer = sign_in(client, next=target)
    assert signed_in(client)
    assert answer["Location"] == "/"


def _without(told, *names):
    return {name: value for name, value in told.items() if name not in names}


def _without_kid(service, claims):
    return jwt.encode(claims, service.key, "RS256")

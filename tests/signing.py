"""People at the entrance: somebody with an account, their code, a browser they are signed in with.

Deliberately absent: a way round the sign-in pages for tests of those pages themselves.
"""

import re
import time

from allauth.account.models import EmailAddress
from django.core import mail
from django.test import Client

from engage.identity.models import User

LOGIN, CONFIRM = "/accounts/login/code/", "/accounts/login/code/confirm/"
ENTRANCE, SIGNUP, VERIFY = "/accounts/login/", "/accounts/signup/", "/accounts/confirm-email/"
FRESH, HOW = "/accounts/reauthenticate/code/", "/accounts/2fa/"


def sign_in_afresh(client: Client, user: User, method: str = "code", ago: float = 0) -> None:
    """Sign ``user`` in, ``ago`` seconds before now, by ``method``: code, mfa or socialaccount."""
    client.force_login(user)
    session = client.session
    session["account_authentication_methods"] = [{"method": method, "at": time.time() - ago}]
    session["account_authentication_methods_user"] = str(user.pk)
    session.save()


def resident(address: str = "ann@town.example", **more: object) -> User:
    """Somebody with an account and a confirmed address."""
    user = User.objects.create_user(address, **more)
    EmailAddress.objects.create(user=user, email=address, verified=True, primary=True)
    return user


def code() -> str:
    """The six digits of the newest mail."""
    return re.search(r"\b(\d{6})\b", mail.outbox[-1].body)[1]


def signed_in(client: Client) -> str | None:
    """The key of whoever is signed in in this browser."""
    return client.session.get("_auth_user_id")


def ask(client: Client, address: str = "ann@town.example") -> str:
    """Have a code sent to ``address``, and read it."""
    client.post(LOGIN, {"email": address})
    return code()


def entered(address: str = "ann@town.example") -> Client:
    """A browser that is signed in by a code."""
    client = Client()
    client.post(CONFIRM, {"code": ask(client, address)})
    assert signed_in(client)
    return client

"""A visitor without a browser who signs in with an identity service of ``tests.oidc_provider``."""

from urllib.parse import urlsplit

import httpx
from django.http import HttpResponse
from django.test import Client

LOGIN, CALLBACK = "/accounts/oidc/login/", "/accounts/oidc/callback/"


def leave(client: Client, **form: str) -> str:
    """Where the page leads that goes to the service."""
    page = client.post(LOGIN, form)
    assert page.status_code == 200, page.content.decode()
    return page.context["there"]


def go(there: str) -> str:
    """What the service sends the browser back with."""
    answer = httpx.get(there)
    assert answer.status_code == 302
    return answer.headers["Location"]


def come_back(client: Client, back: str) -> HttpResponse:
    address = urlsplit(back)
    assert address.path == CALLBACK
    return client.get(f"{address.path}?{address.query}")


def sign_in(client: Client, **form: str) -> HttpResponse:
    return come_back(client, go(leave(client, **form)))


def signed_in(client: Client) -> bool:
    return "_auth_user_id" in client.session

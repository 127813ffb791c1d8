"""How often anybody may do something: one table of policies on django-ratelimit.

A limit answers 429 with Retry-After and keeps what was typed. The store being down never stops
anybody (reading fails open). The ballot box is not in this table: it may not know who asks.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.translation import ngettext
from django_ratelimit.core import get_usage

from engage.domain.addresses import client_address, counted_as
from engage.web.errors import error_page


@dataclass(frozen=True)
class Policy:
    """``rate`` as django-ratelimit writes it (60/m), ``methods`` it counts, ``key`` who counts."""

    rate: str
    key: Callable[[str, HttpRequest], str]
    methods: tuple[str, ...] = ("POST",)


def by_person(group: str, request: HttpRequest) -> str:
    """The account, else the browser session; a stranger counts by address."""
    if request.user.is_authenticated:
        return str(request.user.pk)
    return request.session.session_key or by_address(group, request)


def by_address(group: str, request: HttpRequest) -> str:
    """The address the connection came from, behind proxies of ours only; a household is one."""
    forwarded = [request.META.get("HTTP_X_FORWARDED_FOR", "")]
    peer = request.META.get("REMOTE_ADDR", "")
    return counted_as(client_address(peer, forwarded, settings.TRUSTED_PROXIES)) or peer


POLICIES = {
    "pass": Policy("30/m", by_person),
    "write": Policy("60/m", by_person),
    "preview": Policy("120/m", by_person),
    "sign-in": Policy("60/m", by_address),
}


def limited(name: str) -> Callable:
    """Count requests to a view under the policy ``name``; too many get the 429 page."""
    policy = POLICIES[name]

    def decorate(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
        @wraps(view)
        def counted(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            usage = get_usage(
                request, group=name, key=policy.key, rate=policy.rate,
                method=policy.methods, increment=True,
            )  # fmt: skip
            if usage and usage["should_limit"]:
                return too_many(request, usage["time_left"])
            return view(request, *args, **kwargs)

        return counted

    return decorate


def too_many(request: HttpRequest, seconds: int) -> HttpResponse:
    sentence = ngettext(
        "That was a lot at once. Try again in %(seconds)d second; nothing you typed is lost.",
        "That was a lot at once. Try again in %(seconds)d seconds; nothing you typed is lost.",
        seconds,
    ) % {"seconds": seconds}
    response = error_page(request, 429, sentence=sentence, code="too-many")
    response["Retry-After"] = str(max(seconds, 1))
    return response

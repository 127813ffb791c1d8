"""How often anybody may do something: one table of policies on django-ratelimit.

Too often is answered 429 with Retry-After, on a page that keeps what was typed; the store being
away stops nobody. Deliberately absent: the ballot box, which may not know who asks, and sockets,
which ``realtime.door`` counts while they are open.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import wraps
from typing import Any

from django.conf import settings
from django.core.cache import caches
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils.crypto import salted_hmac
from django.utils.translation import ngettext
from django_ratelimit.core import get_usage

from engage.domain.addresses import client_address, counted_as
from engage.domain.errors import DomainError
from engage.domain.lookalikes import mailbox
from engage.web.errors import wants_data
from engage.web.problem import problem
from engage.web.typed import typed_in


class By(StrEnum):
    """Whose tries are counted together."""

    PERSON = "account or session"
    STRANGERS = "address, of strangers"
    ADDRESS = "address"
    TARGET = "target"


class Away(StrEnum):
    """What happens while the store of counts is away."""

    OPEN = "not limited"
    OWN = "each process counts"


@dataclass(frozen=True)
class Policy:
    """``rates`` as django-ratelimit writes them (60/m); the first that is used up refuses.

    What is refused uses up nothing of the rates after it: who floods a mailbox from one address is
    stopped there, and its owner is not.
    """

    what: str
    rates: Mapping[By, str]
    away: Away = Away.OWN
    methods: tuple[str, ...] = ("POST",)


_A_PERSON = {By.PERSON: "60/m", By.STRANGERS: "600/m"}
# A hall full of people is one address: it has room for two hundred who sign in within ten minutes.
POLICIES: dict[str, Policy] = {
    "pass": Policy("asking for a pass", {By.PERSON: "30/m", By.STRANGERS: "1200/m"}),
    "write": Policy("writing, changing, publishing", _A_PERSON),
    "preview": Policy("previews of a text", {By.PERSON: "120/m"}, Away.OPEN),
    "picture": Policy("sending pictures", {By.PERSON: "60/10m"}),
    "writing": Policy("saying that one is writing", {By.PERSON: "30/m"}, Away.OPEN),
    "figures": Policy(
        "the log of moderation and its figures", _A_PERSON, Away.OPEN, methods=("GET", "HEAD")
    ),
    "search": Policy(
        "searching the forums", {By.PERSON: "30/m", By.STRANGERS: "300/m"}, methods=("GET", "HEAD")
    ),
    "feed": Policy("feeds", {By.PERSON: "120/m"}, Away.OPEN, methods=("GET", "HEAD")),
    "around": Policy(
        "the place read up to, names in a thread",
        {By.PERSON: "240/m"},
        Away.OPEN,
        methods=("GET", "HEAD", "POST"),
    ),
    "sign-in": Policy("steps of signing in", {By.ADDRESS: "600/m"}),
    "sign-in-mail": Policy(
        "mails with a code or a link to one mailbox", {By.ADDRESS: "200/10m", By.TARGET: "6/10m"}
    ),
    "sign-in-code": Policy(
        "tries of a code for one account", {By.ADDRESS: "300/10m", By.TARGET: "10/10m"}
    ),
}


@dataclass(eq=False)
class TooMany(DomainError):
    """Refused for ``seconds``; answered 429 with Retry-After wherever it is raised."""

    seconds: int = 1


def limited(name: str) -> Callable:
    """Count requests to a view under the policy ``name``; too many get the 429 page."""
    methods = POLICIES[name].methods

    def decorate(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
        @wraps(view)
        def counted(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if request.method in methods:
                spend(name, request)
            return view(request, *args, **kwargs)

        return counted

    return decorate


def spend(name: str, request: HttpRequest, target: str = "") -> None:
    """Count one try under the policy ``name``.

    ``target`` is what is tried at: an e-mail address counts with its look-alikes, anything else as
    it is written. Counts before it answers, so that of tries at once no more get through than of
    tries in turn. Raises TooMany.
    """
    policy = POLICIES[name]
    for by, rate in policy.rates.items():
        key = _KEYS[by](request, target)
        if key and (seconds := _wait(f"{name} by {by.name}", key, rate, policy.away, request)):
            raise TooMany("limit.too-many", _sentence(seconds), seconds=seconds)


def too_many(request: HttpRequest, refusal: TooMany) -> HttpResponse:
    """The answer: for people a page with what they typed, for programs problem details."""
    if wants_data(request):
        response: HttpResponse = problem(429, "too-many", refusal.sentence, seconds=refusal.seconds)
    else:
        told = {"status": 429, "code": "too-many", "sentence": refusal.sentence}
        typed = typed_in(request)
        context = told | {"typed": typed, "words": any(field.label for field in typed)}
        response = HttpResponse(render_to_string("errors/429.html", context, request), status=429)
    response["Retry-After"] = str(refusal.seconds)
    response["Cache-Control"] = "no-store"
    return response


def by_address(group: str, request: HttpRequest) -> str:
    """The address the connection came from, behind proxies of ours only; a household is one."""
    forwarded = [request.META.get("HTTP_X_FORWARDED_FOR", "")]
    peer = request.META.get("REMOTE_ADDR", "")
    return counted_as(client_address(peer, forwarded, settings.TRUSTED_PROXIES)) or peer


def _person(request: HttpRequest) -> str:
    """A session that is only claimed is nobody: whoever makes cookies up has an address still."""
    if request.user.is_authenticated:
        return str(request.user.pk)
    return "" if request.session.is_empty() else str(request.session.session_key)


_KEYS: dict[By, Callable[[HttpRequest, str], str]] = {
    By.PERSON: lambda request, _target: _person(request) or by_address("", request),
    By.STRANGERS: lambda request, _target: (
        "" if request.user.is_authenticated else by_address("", request)
    ),
    By.ADDRESS: lambda request, _target: by_address("", request),
    By.TARGET: lambda _request, target: mailbox(target) if "@" in target else target,
}


def _wait(group: str, key: str, rate: str, away: Away, request: HttpRequest) -> int:
    """Count one more of ``key``; how many seconds it has to wait, 0 if there is room.

    The store is given a keyed hash: it never learns an address.
    """
    sealed = salted_hmac("engage.limits", key, algorithm="sha256").hexdigest()

    def count() -> dict[str, Any] | None:
        return get_usage(request, group=group, key=lambda *_: sealed, rate=rate, increment=True)

    usage = count() or count()  # the store may have gone, or come back, between its two steps
    if usage is None or not usage["should_limit"]:
        return 0
    if away is Away.OPEN and getattr(caches["default"], "away", False):
        return 0
    return max(usage["time_left"], 1)


def _sentence(seconds: int) -> str:
    if seconds <= 90:
        said = ngettext(
            "That was a lot at once. Try again in %(n)d second; nothing you typed is lost.",
            "That was a lot at once. Try again in %(n)d seconds; nothing you typed is lost.",
            seconds,
        )
        return said % {"n": seconds}
    minutes = -(-seconds // 60)
    said = ngettext(
        "That was a lot at once. Try again in %(n)d minute; nothing you typed is lost.",
        "That was a lot at once. Try again in %(n)d minutes; nothing you typed is lost.",
        minutes,
    )
    return said % {"n": minutes}

"""Two origins: pages that know who you are, and a ballot box that must never know.

The ballot box sees no cookie and sets none: they are taken away at the door, so no later
middleware, view or library can leak one. Deliberately absent: any log of addresses.
"""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect

BOOTH_PATH = "/booth/"


class _MovedKeepingMethod(HttpResponseRedirect):
    status_code = 307


def two_origins(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable:
    """Strip cookies around the booth; send people who opened a page on the booth's host home."""
    booth_host = settings.BOOTH_ORIGIN.split("://")[1]
    apart = settings.BOOTH_ORIGIN != settings.SITE_ORIGIN

    def middleware(request: HttpRequest) -> HttpResponse:
        on_booth_host = apart and request.META.get("HTTP_HOST") == booth_host
        if request.path.startswith(BOOTH_PATH):
            return _without_cookies(request, get_response)
        if on_booth_host and not _public(request):
            return _MovedKeepingMethod(settings.SITE_ORIGIN + request.get_full_path())
        if on_booth_host:
            return _without_cookies(request, get_response)
        _drop_unreadable_cookies(request)
        return get_response(request)

    return middleware


def _public(request: HttpRequest) -> bool:
    return request.path.startswith(("/static/", "/town.css")) or request.path.endswith(
        "/manifest.json"
    )


def _drop_unreadable_cookies(request: HttpRequest) -> None:
    """A quoted cookie may spell any byte; a session key with a NUL makes PostgreSQL raise."""
    request.COOKIES = {k: v for k, v in request.COOKIES.items() if v.isprintable()}


def _without_cookies(request: HttpRequest, get_response: Callable) -> HttpResponse:
    request.META.pop("HTTP_COOKIE", None)
    request._dont_enforce_csrf_checks = True  # nothing here acts in anybody's name
    response = get_response(request)
    response.cookies.clear()
    if response.has_header("Vary"):
        kept = [v for v in response["Vary"].split(", ") if v.lower() != "cookie"]
        response["Vary"] = ", ".join(kept)
    return response

"""Error pages: what happened, that nothing was lost, and the way on."""

import sys

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from engage.web.problem import problem
from engage.web.town import remembered_town


def wants_data(request: HttpRequest) -> bool:
    """Whether the answer is read by a program rather than a person."""
    accept = request.headers.get("Accept", "")
    if "text/html" in accept:
        return False
    return request.path.startswith("/booth/") or "json" in accept or accept in ("", "*/*")


def error_page(
    request: HttpRequest, status: int, *, sentence: str = "", code: str = "", next: str = ""
) -> HttpResponse:
    """The page (or the problem details) for ``status``; ``sentence`` replaces the usual words."""
    if wants_data(request):
        said = sentence or _SENTENCES.get(status, "")
        return problem(status, code or _CODES.get(status, "error"), said, next=next)
    context = {"status": status, "sentence": sentence, "code": code, "next": next}
    context["town"] = remembered_town()
    html = render_to_string(f"errors/{status}.html", context, request)
    return HttpResponse(html, status=status)


_CODES = {400: "bad-request", 403: "forbidden", 404: "not-found", 405: "method-not-allowed"}
_CODES |= {410: "gone", 429: "too-many", 500: "server-error", 503: "busy"}
_SENTENCES = {
    400: gettext_lazy("This request could not be read."),
    403: gettext_lazy("This is not for you to see or do."),
    404: gettext_lazy("There is nothing at this address."),
    405: gettext_lazy("This address does not take requests of this kind."),
    410: gettext_lazy("This is over."),
    500: gettext_lazy("Something broke here. Try again: nothing was half done."),
    503: gettext_lazy("We are restarting, or many people are here at once. Nothing was lost."),
}


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    return error_page(request, 400)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    return error_page(request, 403)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return error_page(request, 404)


def server_error(request: HttpRequest) -> HttpResponse:
    """500; while a database is away or too busy, 503 with a time to come back."""
    if not isinstance(sys.exc_info()[1], OperationalError | InterfaceError):
        return error_page(request, 500)
    response = error_page(request, 503)
    response["Retry-After"] = "2"
    return response


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form whose secret did not come along: a stale page, or cookies switched off."""
    sentence = _(
        "Your browser did not send the secret that protects this form. Go back, reload the page "
        "and try again. If it keeps happening, allow cookies for this site."
    )
    return error_page(request, 403, code="csrf", sentence=sentence)

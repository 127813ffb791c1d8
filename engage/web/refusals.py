"""A service's refusal becomes an answer: the code chooses the status, the sentence is shown."""

import logging
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed

from engage.domain.errors import DomainError
from engage.web.errors import error_page
from engage.web.limits import TooMany, too_many

STATUS = {
    "not-found": 404, "closed": 410, "conflict": 409, "incomplete": 409, "sign-in": 403,
    "too-many": 429, "away": 503,
}  # fmt: skip


log = logging.getLogger("engage.refusals")


class RefusalMiddleware:
    """Views let ``DomainError`` through; this is the one place that turns it into a page.

    Django's own refusal of a method, which is an empty page, becomes one too.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if response.status_code == 403 and request.method == "POST":
            _note(request)
        if not isinstance(response, HttpResponseNotAllowed):
            return response
        refusal = error_page(request, 405)
        refusal["Allow"] = response["Allow"]
        return refusal

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if not isinstance(error, DomainError):
            return None
        if isinstance(error, TooMany):
            return too_many(request, error)
        status = STATUS.get(error.code.rpartition(".")[2], 403)
        return error_page(
            request, status, code=error.code, sentence=error.sentence, next=error.next
        )


def _note(request: HttpRequest) -> None:
    """That somebody who works for the town tried what they have no right to; not on what."""
    if request.user.is_authenticated and (request.user.roles or request.user.is_staff):
        match = request.resolver_match
        log.warning("%s had no right to %s", request.user.pk, match and match.view_name)

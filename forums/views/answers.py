"""What every page of the forums has in common: what is somebody's own is kept by no cache.

Deliberately absent: whether anybody may see it; each view asks that first.
"""

from typing import Any

from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render


def shown(
    request: HttpRequest, template: str, context: dict[str, Any], status: int = 200
) -> HttpResponse:
    """The page; nobody but the reader keeps one that was made for somebody signed in."""
    return kept_by_nobody(request, render(request, template, context, status=status))


def kept_by_nobody(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    if request.user.is_authenticated:
        response["Cache-Control"] = "no-store"
    return response


def number_in(request: HttpRequest, name: str) -> int | None:
    """A number of the address' own part, None without one. Raises BadRequest for anything else."""
    typed = request.GET.get(name, "")
    if not typed:
        return None
    if not (typed.isascii() and typed.isdecimal()) or len(typed) > 18:
        raise BadRequest
    return int(typed)


def typed_in(request: HttpRequest) -> QueryDict | None:
    """What was sent, also if that is nothing; None for a form that only opens."""
    return request.POST if request.method == "POST" else None

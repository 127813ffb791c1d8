"""Pages that concern one person only: no browser keeps them, no other site learns their address."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.cache import add_never_cache_headers


def discreet(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Say so in the headers of every answer of ``view``, refusals that it returns included."""

    @wraps(view)
    def answered(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response = view(request, *args, **kwargs)
        add_never_cache_headers(response)
        response["Referrer-Policy"] = "no-referrer"
        return response

    return answered

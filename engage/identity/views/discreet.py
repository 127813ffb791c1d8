"""Pages that concern one person only: no browser keeps them, no other page learns their address."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.cache import add_never_cache_headers

View = Callable[..., HttpResponse]


def discreet(view: View) -> View:
    """No browser keeps an answer of ``view``, refusals that it returns included."""

    @wraps(view)
    def answered(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response = view(request, *args, **kwargs)
        add_never_cache_headers(response)
        return response

    return answered


def untraced(view: View) -> View:
    """The same for an address that holds a secret: it is told to no page, not even to ours.

    Not for pages with a form of ours: browsers then send it as if from nowhere (Origin: null), and
    it is refused as a forgery.
    """

    @wraps(view)
    def answered(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response = discreet(view)(request, *args, **kwargs)
        response["Referrer-Policy"] = "no-referrer"
        return response

    return answered

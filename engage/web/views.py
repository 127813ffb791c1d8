"""The shell's plain pages; nothing of polls or people."""

import re

from django.conf import settings
from django.db import connections
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import get_language
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_http_methods, require_safe

from engage.web.markdown import to_html
from engage.web.palette import stylesheet
from engage.web.readiness import reports
from engage.web.selectors import reading
from engage.web.town import present_town

APPEARANCES = ("", "light", "dark")
VERSION = re.compile(r"[1-9][0-9]{0,5}")


def _own_path(request: HttpRequest, target: str) -> str:
    if url_has_allowed_host_and_scheme(target, {request.get_host()}, request.is_secure()):
        return target
    return "/"


@require_safe
def language_choice(request: HttpRequest) -> HttpResponse:
    return render(request, "shell/language.html", {"back": _own_path(request, _next(request))})


@require_http_methods(["GET", "POST"])
def appearance_choice(request: HttpRequest) -> HttpResponse:
    back = _own_path(request, _next(request))
    if request.method == "GET":
        return render(request, "shell/appearance.html", {"back": back})
    response = redirect(back)
    chosen = request.POST.get("appearance", "")
    if chosen in APPEARANCES:
        response.set_cookie(
            "appearance", chosen, max_age=31_536_000, samesite="Lax",
            secure=settings.SESSION_COOKIE_SECURE,
        )  # fmt: skip
    return response


def _next(request: HttpRequest) -> str:
    return request.POST.get("next") or request.GET.get("next") or "/"


@require_safe
@cache_control(public=True, max_age=300)
def town_stylesheet(request: HttpRequest) -> HttpResponse:
    try:
        rules = stylesheet(present_town().colour)
    except ValueError:  # this release asks more of a colour than the one that took it
        rules = ""  # our own, which everybody can read, until the office sets another
    return HttpResponse(rules, content_type="text/css")


@require_safe
def voting_help(request: HttpRequest) -> HttpResponse:
    return render(request, "shell/voting_help.html")


@require_safe
def page_show(request: HttpRequest, slug: str) -> HttpResponse:
    version = request.GET.get("version", "")
    if version and not VERSION.fullmatch(version):
        raise Http404
    found = reading(slug, get_language(), int(version) if version else None)
    if found is None:
        raise Http404
    context = {"reading": found, "text": found.text, "html": to_html(found.text.body, top=2)}
    return render(request, "pages/text.html", context)


@require_safe
def text_versions(request: HttpRequest, slug: str) -> HttpResponse:
    found = reading(slug, get_language())
    if found is None:
        raise Http404
    return render(request, "pages/versions.html", {"reading": found, "text": found.text})


@require_safe
def ready(request: HttpRequest) -> JsonResponse:
    for name in connections:
        connections[name].ensure_connection()
    return JsonResponse({"ready": True, **reports()})

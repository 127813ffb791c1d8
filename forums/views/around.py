"""Following threads, the place read up to, names to mention, and one's own page of all that."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from engage.web.limits import limited
from forums.domain.cursors import Place
from forums.models import Follow, Thread
from forums.selectors.followed import followed_threads
from forums.selectors.mentioned import mentions_of, names_beginning
from forums.selectors.readable import readable_threads
from forums.selectors.unread import seen_with
from forums.services.following import follow_thread, unfollow_thread
from forums.services.reading import read_up_to

LONGEST_NAME = 60
MOST_DIGITS = 18


def _thread(request: HttpRequest, thread: int) -> Thread:
    found = readable_threads(request.user).select_related("category")
    return get_object_or_404(found, pk=thread)


@require_safe
@login_required
@never_cache
def your_forum(request: HttpRequest) -> HttpResponse:
    after = request.GET.get("after", "")
    page = followed_threads(request.user, _number(after) if after else 0)
    context = {
        "page": page, "earlier": after, "paces": Follow.Pace.choices,
        "mentions": [] if after else mentions_of(request.user),
    }  # fmt: skip
    return render(request, "forums/your_forum.html", context)


@require_POST
@login_required
@limited("write")
def thread_follow(request: HttpRequest, thread: int) -> HttpResponse:
    found = _thread(request, thread)
    if pace := request.POST.get("pace", ""):
        follow = follow_thread(thread=found, person=request.user, pace=pace)
        messages.success(request, _("Kept: %(pace)s.") % {"pace": follow.get_pace_display()})
    else:
        unfollow_thread(thread=found, person=request.user)
        messages.success(request, _("You do not follow this thread any more."))
    return redirect(_own_path(request) or found.get_absolute_url())


def _own_path(request: HttpRequest) -> str:
    asked = request.POST.get("next", "")
    own = url_has_allowed_host_and_scheme(asked, {request.get_host()}, request.is_secure())
    return asked if own else ""


@require_POST
@login_required
@limited("around")
def thread_read(request: HttpRequest, thread: int) -> HttpResponse:
    """Up to ``number``, as far as the page between its two places shows all that is new."""
    found, number = _thread(request, thread), _number(request.POST.get("number", ""))
    after, until = _place(request, "after"), _place(request, "until")
    seen = seen_with(request.user, found, after or Place(), until)
    read_up_to(thread=found, person=request.user, number=min(number, seen))
    return HttpResponse(status=204)


@require_safe
@login_required
@limited("around")
@never_cache
def thread_names(request: HttpRequest, thread: int) -> HttpResponse:
    typed = request.GET.get("q", "")
    if len(typed) > LONGEST_NAME:
        raise BadRequest
    found = names_beginning(_thread(request, thread), typed, request.user)
    return JsonResponse({"names": found})


def _place(request: HttpRequest, name: str) -> Place | None:
    """A place as a page tells scripts, None without one. Raises BadRequest for what is none."""
    order = request.POST.get(name, "")
    try:
        return Place.of(order) if order else None
    except ValueError as refused:
        raise BadRequest from refused


def _number(text: str) -> int:
    """Raises BadRequest for what is no number of ours."""
    if not (text.isascii() and text.isdecimal() and len(text) <= MOST_DIGITS):
        raise BadRequest
    return int(text)

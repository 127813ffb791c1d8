"""Somebody's own drafts: kept while they type, shown in a list, thrown away."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from engage.web.limits import limited
from forums.selectors.drafts import drafts_of
from forums.services.drafting import keep_draft, throw_away_draft
from forums.views.answers import kept_by_nobody, shown


@require_safe
@login_required
def drafts(request: HttpRequest) -> HttpResponse:
    return shown(request, "forums/drafts.html", {"drafts": drafts_of(request.user)})


@require_POST
@login_required
@limited("preview")
def draft(request: HttpRequest) -> HttpResponse:
    """Keep what was typed, or throw it away; a page that did it without a script is shown next."""
    place = request.POST.get("place", "")
    if request.POST.get("act") == "throw-away":
        throw_away_draft(person=request.user, place=place)
        messages.success(request, _("Thrown away."))
        return redirect("drafts")
    typed = {"title": request.POST.get("title", ""), "text": request.POST.get("text", "")}
    keep_draft(person=request.user, place=place, **typed)
    return kept_by_nobody(request, HttpResponse(status=204))

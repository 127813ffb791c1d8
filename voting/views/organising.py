"""The organiser's pages: write, look at what is missing, announce, open, close, annul."""

import uuid

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from engage.domain.errors import DomainError
from engage.identity.participants import STRANGER
from engage.journal.selectors import head
from engage.web.limits import limited
from engage.web.markdown import to_html
from voting import pages, selectors
from voting.clock import database_now
from voting.domain.missing import missing
from voting.forms import OptionFormset, PollForm
from voting.models import Poll
from voting.rules import may_manage_poll, may_write_polls
from voting.services.announcing import announce_poll
from voting.services.closing import annul_poll, close_poll, open_poll
from voting.services.drafting import save_draft
from voting.wording import MISSING

DEEDS = {
    "announce": _("From here on nothing can be changed. Residents can collect their passes."),
    "open": _("The poll opens now, before its time. The public log will say so."),
    "close": _("No more passes are given out, and after a short wait the ballots are counted."),
    "annul": _("The poll ends without a result. The public log keeps everything and says why."),
}


def _organiser_only(request: HttpRequest) -> HttpResponse | None:
    if not request.user.is_authenticated:
        return redirect(f"/accounts/login/?next={request.path}")
    if not may_write_polls(request.user):
        raise DomainError("forbidden", str(_("This page is for the people who organise polls.")))
    return None


def managed_poll(request: HttpRequest, poll: uuid.UUID) -> Poll:
    found = selectors.visible_poll(poll, request.user)
    if not may_manage_poll(request.user, found):
        raise DomainError("forbidden", str(_("This page is for the people who organise polls.")))
    return found


@require_http_methods(["GET", "POST"])
@limited("write")
def poll_new(request: HttpRequest) -> HttpResponse:
    if away := _organiser_only(request):
        return away
    return _edit(request, Poll(organiser=request.user))


@require_http_methods(["GET", "POST"])
@limited("write")
def poll_edit(request: HttpRequest, poll: uuid.UUID) -> HttpResponse:
    if away := _organiser_only(request):
        return away
    found = managed_poll(request, poll)
    if found.state != Poll.State.DRAFT:
        raise DomainError(
            "conflict", str(_("An announced poll is fixed. Annul it and write a new one."))
        )
    return _edit(request, found)


def _edit(request: HttpRequest, poll: Poll) -> HttpResponse:
    form = PollForm(request.POST or None, instance=poll, by=request.user)
    options = OptionFormset(request.POST or None, instance=poll, prefix="options")
    if request.method == "POST" and form.is_valid() and options.is_valid():
        saved = save_draft(form=form, options=options, by=request.user)
        return redirect("poll-manage", saved.pk)
    known = poll if not poll._state.adding else None
    context = {"form": form, "options": options, "poll": known}
    return render(request, "voting/poll_form.html", context)


@require_safe
def poll_manage(request: HttpRequest, poll: uuid.UUID) -> HttpResponse:
    if away := _organiser_only(request):
        return away
    since = head(f"poll.{poll}")
    found = managed_poll(request, poll)
    phase = selectors.present_phase(found)
    lacking = missing(selectors.draft_facts(found), database_now()) if phase == "draft" else []
    context = pages.poll_page(found, phase, STRANGER)
    context["since"] = since
    context["missing"] = [{"sentence": MISSING[m.code], "field": m.field} for m in lacking]
    context["deeds"] = deeds_now(found, phase, lacking)
    return render(request, "voting/poll_manage.html", context)


def deeds_now(poll: Poll, phase: str, lacking: list) -> list[str]:
    """Which buttons make sense at this moment."""
    return {
        "draft": [] if lacking else ["announce"],
        "announced": ["open", "annul"],
        "open": ["close", "annul"],
        "closing": ["annul"],
        "closed": ["annul"],
        "decided": ["annul"],
    }.get(phase, [])


@require_http_methods(["GET", "POST"])
@limited("write")
def poll_deed(request: HttpRequest, poll: uuid.UUID, deed: str) -> HttpResponse:
    if away := _organiser_only(request):
        return away
    found = managed_poll(request, poll)
    if request.method == "GET" or (deed == "annul" and not request.POST.get("reason", "").strip()):
        context = {
            "poll": found, "verb": deed, "sentence": DEEDS[deed],
            "reason_missing": request.method == "POST",
        }  # fmt: skip
        return render(request, "voting/poll_confirm.html", context)
    if deed == "announce":
        announce_poll(poll=found, by=request.user)
    elif deed == "open":
        open_poll(poll=found, by=request.user)
    elif deed == "close":
        close_poll(poll=found, by=request.user)
    else:
        annul_poll(poll=found, by=request.user, reason=request.POST["reason"].strip()[:500])
    return redirect("poll-manage", found.pk)


@require_POST
@limited("preview")
def markdown_preview(request: HttpRequest) -> HttpResponse:
    if away := _organiser_only(request):
        return away
    html = to_html(request.POST.get("description", ""))
    return render(request, "voting/_preview.html", {"html": html})

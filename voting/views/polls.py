"""A poll's public pages and data."""

import uuid

from csp.decorators import csp_update
from django.conf import settings
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotModified, JsonResponse
from django.shortcuts import render
from django.views.decorators.csrf import ensure_csrf_cookie
from django.views.decorators.http import require_http_methods, require_safe

from engage.domain.errors import DomainError
from engage.identity.participants import Participant, begin_participation, participant_of
from engage.journal.selectors import head
from engage.web.limits import limited
from engage.web.problem import problem_from
from voting import pages, selectors
from voting.clock import database_now
from voting.domain.phases import BEFORE_THE_LOG, COLLECTING
from voting.domain.refusal import Refusal
from voting.models import Poll
from voting.rules import may_manage_poll, may_write_polls
from voting.services.passing import issue_pass
from voting.services.recording import present_record
from voting.views.booth import BRIEFLY, FOR_EVER, public, refused

PER_PAGE = 20
PASS_STATUS = {"sign-in": 403, "not-eligible": 403, "closed": 410, "pass-taken": 409}


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    return render(request, "home.html", selectors.home_lists())


@require_safe
def poll_list(request: HttpRequest) -> HttpResponse:
    page = Paginator(selectors.public_polls(), PER_PAGE).get_page(request.GET.get("page"))
    context = {"page_obj": page, "cards": selectors.cards(list(page), database_now())}
    if may_write_polls(request.user):
        context["drafts"] = selectors.own_drafts(request.user)
    return render(request, "voting/poll_list.html", context)


@require_safe
@ensure_csrf_cookie
@csp_update({"frame-src": [settings.BOOTH_ORIGIN]})
def poll_show(request: HttpRequest, poll: uuid.UUID) -> HttpResponse:
    since = head(f"poll.{poll}")  # first: what happens while the page is put together is told live
    found = selectors.visible_poll(poll, request.user)
    phase = selectors.present_phase(found)
    person = _taking_part(request, found, phase)
    context = pages.poll_page(found, phase, person)
    context |= {"since": since, "manages": may_manage_poll(request.user, found)}
    return render(request, "voting/poll.html", context)


def _taking_part(request: HttpRequest, poll: Poll, phase: str) -> Participant:
    """The reader; a poll for everyone makes a stranger a participant of this browser."""
    if poll.who == Poll.Who.EVERYONE and phase in COLLECTING:
        return begin_participation(request)
    return participant_of(request)


@require_safe
def tally_show(request: HttpRequest, poll: uuid.UUID) -> HttpResponse:
    """The gauge as data, for programs (pages ask ``/live/``): cacheable, 304 while unmoved."""
    found = Poll.objects.exclude(state__in=BEFORE_THE_LOG).filter(pk=poll).first()
    if found is None:
        return refused("not-found")
    tally, phase = selectors.poll_tally(found.pk), selectors.present_phase(found)
    etag = f'"{tally["version"]}-{tally["passes"]}-{phase}"'
    if request.headers.get("If-None-Match") == etag:
        return public(HttpResponseNotModified(headers={"ETag": etag}), BRIEFLY)
    body = {"state": phase, **tally}
    return public(JsonResponse(body, headers={"ETag": etag}), BRIEFLY)


@require_safe
def manifest_show(request: HttpRequest, poll: uuid.UUID) -> HttpResponse:
    found = Poll.objects.exclude(state__in=BEFORE_THE_LOG).filter(pk=poll).first()
    if found is None:
        return refused("not-found")
    body = bytes(found.manifest)
    return public(HttpResponse(body, content_type="application/json"), FOR_EVER)


@require_safe
def record_show(request: HttpRequest, poll: uuid.UUID) -> HttpResponse:
    found = Poll.objects.exclude(state__in=BEFORE_THE_LOG).filter(pk=poll).first()
    if found is None:
        return refused("not-found")
    if found.state not in (Poll.State.DECIDED, Poll.State.ANNULLED):
        return refused("not-yet", poll=poll)
    body = present_record(poll=poll).read_bytes()
    answer = HttpResponse(body, content_type="application/zip")
    answer["Content-Disposition"] = f'attachment; filename="record-{poll}.zip"'
    return public(answer, "no-cache")


@require_http_methods(["GET", "POST"])
@ensure_csrf_cookie
@limited("pass")
def pass_collect(request: HttpRequest, poll: uuid.UUID) -> HttpResponse:
    """GET says where this person stands; POST exchanges a blinded message for its signature."""
    try:
        found = selectors.visible_poll(poll, request.user)
    except Http404:
        return refused("not-found")
    person = _taking_part(request, found, selectors.present_phase(found))
    if request.method == "GET":
        return _private(JsonResponse(pages.pass_state(found, person)))
    if request.content_type != "application/octet-stream":
        return refused("octet-stream", poll=poll)
    return _private(_sign(found, person, request))


def _sign(poll: Poll, person: Participant, request: HttpRequest) -> HttpResponse:
    try:
        signature = issue_pass(poll=poll, person=person, blinded=request.read(1_025))
    except DomainError as error:
        return problem_from(error, PASS_STATUS[error.code])
    except Refusal as refusal:
        return refused(refusal.code, refusal.sentence, poll=poll.pk)
    return HttpResponse(signature, content_type="application/octet-stream")


def _private(response: HttpResponse) -> HttpResponse:
    response["Cache-Control"] = "no-store"
    return response


@require_safe
def verify_show(request: HttpRequest) -> HttpResponse:
    return render(request, "voting/verify.html")


@require_safe
def protocol_show(request: HttpRequest) -> HttpResponse:
    """The protocol's exact text, so that an outsider can write a client and a verifier."""
    body = (settings.BASE_DIR / "voting" / "protocol.md").read_text()
    return public(HttpResponse(body, content_type="text/plain; charset=utf-8"), BRIEFLY)

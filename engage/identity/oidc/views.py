"""The way to the identity service and back; every fault ends on our own page, in our own words.

A form may only send to this origin, and browsers hold redirects to that as well. Leaving is
therefore a page that goes on by itself, so that no page has to allow another origin.
"""

import logging

from allauth.account.internal.decorators import login_not_required
from allauth.account.utils import get_next_redirect_url
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import get_adapter
from allauth.socialaccount.helpers import complete_social_login
from allauth.utils import get_request_param
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from engage.identity.freshness import refresh
from engage.identity.oidc.checks import Trouble
from engage.identity.oidc.configuration import Configured, configured
from engage.identity.oidc.exchange import Secrets, proof_of, way_there
from engage.identity.oidc.proving import keep_proof, waiting_proof
from engage.identity.oidc.words import words_for

log = logging.getLogger(__name__)
PROCESSES = ("login", "connect")


@never_cache
@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def leave(request: HttpRequest) -> HttpResponse:
    """Ask whether to go, then go: a link from elsewhere alone sends nobody to the service."""
    town, process = _town(), get_request_param(request, "process", "login")
    process = process if process in PROCESSES else "login"
    if process == "connect" and (first := refresh(request)):
        return first
    told = {"town_service": town.name, "process": process, "next": get_next_redirect_url(request)}
    if request.method != "POST":
        return render(request, "oidc/begin.html", told)
    known = Secrets.fresh()
    state = get_adapter().get_provider(request, "oidc").stash(
        request, process, told["next"], nonce=known.nonce, verifier=known.verifier,
        by=_key(request),
    )  # fmt: skip
    try:
        told["there"] = way_there(town, state, known)
    except Trouble as trouble:
        return refused(request, town, trouble, told)
    return render(request, "oidc/leave.html", told)


@never_cache
@login_not_required
@require_safe
def come_back(request: HttpRequest) -> HttpResponse:
    """Whoever comes back with what this very session was sent for is signed in, or connected."""
    town, state = _town(), {}
    try:
        state.update(_state(request))
        return _completed(request, town, state)
    except Trouble as trouble:
        return refused(request, town, trouble, state)
    except ImmediateHttpResponse as answer:
        return answer.response


def refused(request: HttpRequest, town: Configured, trouble: Trouble, told: dict) -> HttpResponse:
    """What happened, that nothing was lost, and the way on. The service's own words never show."""
    log.warning("identity service: %s, %s", trouble.kind, trouble.reason)
    words = words_for(trouble.kind, town.name)
    usual = "connect" if request.user.is_authenticated else "login"
    process = told.get("process") or usual
    context = {"trouble": words, "process": process, "next": told.get("next")}
    return render(request, "oidc/refused.html", context, status=words.status)


def _completed(request: HttpRequest, town: Configured, state: dict) -> HttpResponse:
    now = timezone.now()
    known = Secrets(state.pop("nonce"), state.pop("verifier"))
    parameters = dict(request.GET.lists())
    proof = proof_of(town, parameters, known, now.timestamp(), timezone.localdate(now))
    login = get_adapter().get_provider(request, "oidc").sociallogin_from_response(request, proof)
    login.state = state | waiting_proof(town, proof)
    answer = complete_social_login(request, login)
    if state["process"] == "connect" and login.account.user_id == request.user.pk:
        keep_proof(request, request.user, login.state)
    return answer


def _state(request: HttpRequest) -> dict:
    """What was kept when this session left for the service, by the same person as now."""
    if len(request.GET.getlist("state")) != 1:
        raise Trouble("stale", "state")
    state = get_adapter().get_provider(request, "oidc").unstash(request, request.GET["state"])
    if state is None:
        raise Trouble("stale", "state")
    if state.pop("by") != _key(request):
        raise Trouble("stale", "somebody-else")
    return state


def _key(request: HttpRequest) -> str:
    return str(request.user.pk) if request.user.is_authenticated else ""


def _town() -> Configured:
    town = configured()
    if town is None:
        raise Http404
    return town

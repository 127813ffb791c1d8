"""The way to the identity service and back; every fault ends on our own page, in our own words.

A form may only send to this origin, and browsers hold redirects to that as well. Leaving is
therefore a page that goes on by itself, so that no page has to allow another origin.
"""

import logging
import time
from dataclasses import asdict

from allauth.account.internal.decorators import login_not_required
from allauth.account.internal.flows.login import record_authentication
from allauth.account.internal.flows.reauthentication import resume_request
from allauth.account.utils import get_next_redirect_url
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import get_adapter
from allauth.socialaccount.helpers import complete_social_login
from allauth.socialaccount.models import SocialLogin
from allauth.utils import get_request_param
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from engage.identity.freshness import fresh_sign_in, is_fresh, refresh
from engage.identity.oidc import joining
from engage.identity.oidc.checks import Trouble
from engage.identity.oidc.configuration import Configured, configured
from engage.identity.oidc.exchange import Journey, Proof, proof_of, way_there
from engage.identity.oidc.proving import keep_proof, waiting_proof
from engage.identity.oidc.ways_in import outside_accounts_of
from engage.identity.oidc.words import words_for
from engage.identity.provider import IdentityService
from engage.identity.services.joining import join_accounts

log = logging.getLogger(__name__)
LOGIN, CONNECT, AGAIN = "login", "connect", "again"


@never_cache
@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def leave(request: HttpRequest) -> HttpResponse:
    """Ask whether to go, then go: a link from elsewhere alone sends nobody to the service."""
    process = get_request_param(request, "process", LOGIN)
    process = process if process in (LOGIN, CONNECT) else LOGIN
    if process == CONNECT and (first := refresh(request)):
        return first
    return _leave(request, process)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def show_again(request: HttpRequest) -> HttpResponse:
    """Show once more who one is, for what asks for a fresh sign-in; then on to that."""
    if is_fresh(request):
        return resume_request(request) or redirect("you")
    if not outside_accounts_of(request.user).exists():
        raise Http404
    return _leave(request, AGAIN)


def _leave(request: HttpRequest, process: str) -> HttpResponse:
    town = _town()
    told = {"town_service": town.name, "process": process, "next": get_next_redirect_url(request)}
    if request.method != "POST":
        return render(request, "oidc/begin.html", told)
    journey = Journey.begin(time.time(), afresh=process in (CONNECT, AGAIN))
    kept = {"journey": asdict(journey), "by": _key(request)}
    state = _provider(request).stash(request, process, told["next"], **kept)
    try:
        told["there"] = way_there(town, state, journey)
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
        state |= _state(request)
        journey, now = Journey(**state.pop("journey")), timezone.now()
        parameters, today = dict(request.GET.lists()), timezone.localdate(now)
        proof = proof_of(town, parameters, journey, now.timestamp(), today)
        return _completed(request, town, state, proof)
    except Trouble as trouble:
        return refused(request, town, trouble, state)
    except ImmediateHttpResponse as answer:
        return answer.response


@require_POST
@fresh_sign_in
def join(request: HttpRequest) -> HttpResponse:
    """Put the two accounts together that were both proved just now."""
    other = joining.taken_up(request)
    if other is None:
        return refused(request, _town(), Trouble("stale", "join"), {"process": CONNECT})
    join_accounts(old=other, into=request.user)
    messages.success(request, _("Your two accounts are one now."))
    return redirect("socialaccount_connections")


def refused(request: HttpRequest, town: Configured, trouble: Trouble, told: dict) -> HttpResponse:
    """What happened, that nothing was lost, and the way on. The service's own words never show."""
    log.warning("identity service: %s, %s", trouble.kind, trouble.reason)
    words = words_for(trouble.kind, town.name)
    usual = CONNECT if request.user.is_authenticated else LOGIN
    process = told.get("process") or usual
    context = {"trouble": words, "process": process, "next": told.get("next")}
    return render(request, "oidc/refused.html", context, status=words.status)


def _completed(request: HttpRequest, town: Configured, state: dict, proof: Proof) -> HttpResponse:
    login = _provider(request).sociallogin_from_response(request, proof)
    login.state = state | waiting_proof(town, proof)
    if state["process"] == AGAIN:
        return _shown_again(request, login, proof)
    if state["process"] == CONNECT:
        return _connected(request, login, proof)
    return complete_social_login(request, login)


def _connected(request: HttpRequest, login: SocialLogin, proof: Proof) -> HttpResponse:
    """Theirs from now on; if it opens another account here, they may put both together."""
    other = joining.other_account(request, login.account)
    if other and proof.shown_again:
        joining.offer(request, other, login.account)
        return render(request, "oidc/join.html", {"town_service": login.provider.name})
    answer = complete_social_login(request, login)
    if login.account.user_id == request.user.pk:
        keep_proof(request, request.user, login.state)
    return answer


def _shown_again(request: HttpRequest, login: SocialLogin, proof: Proof) -> HttpResponse:
    """Fresh from now on, if it was their own account at the service."""
    if not proof.shown_again:
        raise Trouble("untrusted", "auth_time")
    if not outside_accounts_of(request.user).filter(uid=login.account.uid).exists():
        raise Trouble("refused", "another-person")
    record_authentication(request, request.user, "socialaccount", reauthenticated=True)
    to = login.state.get("next")
    return redirect(f"{reverse('oidc_fresh')}?{urlencode({'next': to} if to else {})}")


def _state(request: HttpRequest) -> dict:
    """What was kept when this session left for the service, by the same person as now."""
    if len(request.GET.getlist("state")) != 1:
        raise Trouble("stale", "state")
    state = _provider(request).unstash(request, request.GET["state"])
    if state is None:
        raise Trouble("stale", "state")
    if state.pop("by") != _key(request):
        raise Trouble("stale", "somebody-else")
    return state


def _provider(request: HttpRequest) -> IdentityService:
    return get_adapter(request).get_provider(request, "oidc")


def _key(request: HttpRequest) -> str:
    return str(request.user.pk) if request.user.is_authenticated else ""


def _town() -> Configured:
    town = configured()
    if town is None:
        raise Http404
    return town

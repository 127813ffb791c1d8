"""Pages of signing in that the accounts library does not have; they decide nothing."""

from allauth.account.internal.flows.reauthentication import resume_request
from allauth.account.stages import LoginStageController
from allauth.account.utils import get_next_redirect_url
from allauth.mfa.webauthn.stages import PasskeySignupStage
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from engage.domain.errors import DomainError
from engage.identity.fresh_codes import FreshCode
from engage.identity.sessions import end_other_sign_ins, end_sign_in, sign_ins


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def fresh_code(request: HttpRequest) -> HttpResponse:
    """Sign in afresh by a code that is mailed when asked for; whoever has more shows that."""
    if request.user.has_second_factor:
        return redirect("account_reauthenticate")
    waiting, typed = FreshCode(request), "code" in request.POST
    if request.method == "POST" and not typed:
        waiting.send()
    form = waiting.form(request.POST if typed else None)
    if form.is_valid():
        waiting.accept()
        return resume_request(request) or redirect("you")
    context = {"form": form, "waiting": waiting, "next_url": get_next_redirect_url(request)}
    return render(request, "account/fresh_code.html", context)


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def session_list(request: HttpRequest) -> HttpResponse:
    """Where one is signed in; ends one of them, or all but this one."""
    if request.method == "POST":
        if "session" in request.POST:
            number = request.POST["session"]
            known = number.isdecimal() and len(number) < 19
            end_sign_in(person=request.user, number=int(number) if known else 0)
            messages.success(request, _("Signed out there."))
        else:
            end_other_sign_ins(request)
            messages.success(request, _("Signed out everywhere but here."))
        return redirect("usersessions_list")
    return render(request, "usersessions/usersession_list.html", {"sessions": sign_ins(request)})


@require_POST
def passkey_skip(request: HttpRequest) -> HttpResponse:
    """Go on without a passkey: the address is confirmed, which is enough to be signed in."""
    stage = LoginStageController.enter(request, PasskeySignupStage.key)
    return stage.exit() if stage else redirect("account_login")


def no_passwords(request: HttpRequest, rest: str) -> HttpResponse:
    """There are none to change, set or forget."""
    sentence = _("There are no passwords here. You sign in with a code by e-mail or a passkey.")
    raise DomainError("password.not-found", sentence, next="/accounts/login/")

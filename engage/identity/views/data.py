"""One's own data: read it, correct it, take it along, let it go; no browser keeps these pages."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.signing import BadSignature, SignatureExpired, TimestampSigner
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from engage.domain.errors import DomainError
from engage.identity.forms.own_data import EraseForm, NameForm
from engage.identity.freshness import fresh_sign_in
from engage.identity.models import Claim, Letter
from engage.identity.pages.own_data import agreements, own_data
from engage.identity.services.claiming import withdraw_claim
from engage.identity.services.consenting import withdraw_consent
from engage.identity.services.correcting import correct_name
from engage.identity.services.erasing import erase_account, refuse_in_office
from engage.identity.services.exporting import as_json, as_zip
from engage.identity.services.letters import give_up_letter
from engage.identity.views.discreet import discreet, untraced
from engage.web.limits import limited

LINKS_LAST_S = 300
FILES = {"json": (as_json, "application/json"), "zip": (as_zip, "application/zip")}


@require_safe
@discreet
@login_required
def data(request: HttpRequest) -> HttpResponse:
    return render(request, "you/data.html", {"own": own_data(request.user)})


@require_http_methods(["GET", "HEAD", "POST"])
@discreet
@login_required
@limited("write")
def name(request: HttpRequest) -> HttpResponse:
    form = NameForm(request.POST or None, initial={"name": request.user.display_name})
    if request.method == "POST" and form.is_valid():
        try:
            correct_name(person=request.user, name=form.cleaned_data["name"])
        except DomainError as refusal:
            form.add_error("name", refusal.sentence)
        else:
            messages.success(request, _("Your name is corrected everywhere."))
            return redirect("you-data")
    return render(request, "you/data_name.html", {"form": form})


@require_http_methods(["GET", "HEAD", "POST"])
@discreet
@login_required
@limited("write")
def claims(request: HttpRequest) -> HttpResponse:
    """What is known of where one lives; ``level`` or ``letter`` in a POST says what to erase."""
    if request.method == "POST":
        if "letter" in request.POST:
            give_up_letter(person=request.user)
        elif request.POST.get("level") in map(str, Claim.Levels.values):
            withdraw_claim(person=request.user, level=int(request.POST["level"]))
        messages.success(request, _("It is erased."))
        return redirect("you-data")
    known = Claim.objects.filter(person=request.user).select_related("area")
    letter = Letter.objects.filter(person=request.user).first()
    return render(request, "you/data_claims.html", {"claims": known, "letter": letter})


@require_http_methods(["GET", "HEAD", "POST"])
@discreet
@login_required
@limited("write")
def consents(request: HttpRequest) -> HttpResponse:
    if request.method == "POST":
        asked = request.POST.get("consent", "")
        if not (asked.isascii() and asked.isdigit() and len(asked) < 19):
            raise Http404
        if not withdraw_consent(person=request.user, consent=int(asked)):
            raise Http404
        messages.success(request, _("You took it back. What was done until now stays lawful."))
        return redirect("you-consents")
    return render(request, "you/data_consents.html", {"agreements": agreements(request.user)})


@require_safe
@untraced
@fresh_sign_in
def download(request: HttpRequest) -> HttpResponse:
    """Links to one's files, made for this account and the next five minutes."""
    links = {kind: _signer(request).sign(kind) for kind in FILES}
    return render(request, "you/data_download.html", {"links": links})


@require_safe
@untraced
@fresh_sign_in
def download_file(request: HttpRequest, token: str) -> HttpResponse:
    try:
        kind = _signer(request).unsign(token, max_age=LINKS_LAST_S)
        make, content_type = FILES[kind]
    except SignatureExpired as error:
        raise _ran_out() from error
    except (BadSignature, KeyError) as error:
        raise Http404 from error
    response = HttpResponse(make(request.user, timezone.now()), content_type=content_type)
    response["Content-Disposition"] = f'attachment; filename="your-data.{kind}"'
    return response


@require_http_methods(["GET", "HEAD", "POST"])
@discreet
@fresh_sign_in
@limited("write")
def erase(request: HttpRequest) -> HttpResponse:
    refuse_in_office(request.user)
    form = EraseForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        erase_account(person=request.user, keep_texts=form.cleaned_data["texts"] == "keep")
        request.session.flush()
        return redirect("you-erased")
    return render(request, "you/erase.html", {"form": form})


@require_safe
def erased(request: HttpRequest) -> HttpResponse:
    """Where an erased person lands; the same for everybody who opens it."""
    return render(request, "you/erased.html")


def _signer(request: HttpRequest) -> TimestampSigner:
    """Another one for every account: a link opens its owner's data or nothing."""
    return TimestampSigner(salt=f"engage.identity.export.{request.user.pk}")


def _ran_out() -> DomainError:
    sentence = _("This link ran out: it lasts five minutes. Make a new one.")
    return DomainError("export.closed", sentence, next=reverse("you-download"))

"""One's place and how sure the town is of it: the ladder, the letter, the code."""

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from engage.domain.errors import DomainError
from engage.identity.forms.letters import CodeForm, LetterForm
from engage.identity.selectors.residence import place_of
from engage.identity.services.letters import ask_letter, enter_code, give_up_letter
from engage.web.limits import limited

FIELDS = {
    "letter.postcode-unknown": "postcode", "letter.street-unknown": "street",
    "letter.wrong": "code", "letter.misspelt": "code",
}  # fmt: skip


@require_safe
@never_cache
@login_required
def place(request: HttpRequest) -> HttpResponse:
    return render(request, "you/place.html", {"place": place_of(request.user, timezone.now())})


@require_http_methods(["GET", "POST"])
@never_cache
@login_required
@limited("write")
def letter_ask(request: HttpRequest) -> HttpResponse:
    form = LetterForm(request.POST or None)
    if request.method == "POST" and form.is_valid() and _done(form, ask_letter, request):
        messages.success(
            request, _("Your letter is on the pile. We print it within a working day.")
        )
        return redirect("place")
    return render(request, "you/place_letter.html", {"form": form})


@require_http_methods(["GET", "POST"])
@never_cache
@login_required
@limited("write")
def code_enter(request: HttpRequest) -> HttpResponse:
    form = CodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid() and _done(form, _enter, request):
        messages.success(
            request, _("Your address is confirmed for two years. We have forgotten the letter.")
        )
        return redirect("place")
    known = place_of(request.user, timezone.now())
    return render(request, "you/place_code.html", {"form": form, "place": known})


@require_POST
@never_cache
@login_required
@limited("write")
def letter_give_up(request: HttpRequest) -> HttpResponse:
    give_up_letter(person=request.user)
    messages.success(request, _("The letter is given up and the address forgotten."))
    return redirect("place")


def _enter(*, person, code):
    return enter_code(person=person, typed=code)


def _done(form: forms.Form, act, request: HttpRequest) -> bool:
    """A refusal that belongs to a field is said there, and what was typed stays."""
    try:
        act(person=request.user, **form.cleaned_data)
    except DomainError as refusal:
        if refusal.code not in FIELDS:
            raise
        form.add_error(FIELDS[refusal.code], refusal.sentence)
        return False
    return True

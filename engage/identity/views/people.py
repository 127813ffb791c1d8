"""The electoral officer's desk: find one person, check their papers, take a confirmation back."""

import uuid

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from engage.domain.errors import DomainError
from engage.identity import desk
from engage.identity.domain.levels import Level
from engage.identity.forms.people import CheckForm, EmailForm, PapersForm, ReasonForm
from engage.identity.models import Claim
from engage.identity.rules import may_check_people_anywhere
from engage.identity.selectors.residence import place_of
from engage.identity.services.checking import (
    add_person,
    check_papers,
    find_by_email,
    find_by_papers,
    take_back,
)
from engage.web.limits import limited


def refuse_all_but_officers(request: HttpRequest) -> None:
    if not may_check_people_anywhere(request.user):
        raise DomainError("forbidden", _("This page is for the electoral officers."))


@require_http_methods(["GET", "POST"])
@never_cache
@login_required
@limited("write")
def people(request: HttpRequest) -> HttpResponse:
    refuse_all_but_officers(request)
    by_papers = request.POST.get("by") == "papers"
    email = EmailForm(request.POST if request.POST and not by_papers else None, prefix="mail")
    papers = PapersForm(request.POST if by_papers else None, prefix="papers")
    asked, find = (papers, find_by_papers) if by_papers else (email, find_by_email)
    if request.method == "POST" and asked.is_valid():
        try:
            person = find(**asked.cleaned_data, by=request.user)
        except DomainError as refusal:
            if refusal.code != "desk.nobody":
                raise
            asked.add_error(None, refusal.sentence)
        else:
            desk.receive(request, person)
            return redirect("person", person.pk)
    return render(request, "office/people.html", {"form": asked, "email": email, "papers": papers})


@require_http_methods(["GET", "POST"])
@never_cache
@login_required
@limited("write")
def person_new(request: HttpRequest) -> HttpResponse:
    refuse_all_but_officers(request)
    form = CheckForm(request.POST or None, clerk=request.user)
    valid = request.method == "POST" and form.is_valid()
    if valid and (added := _asked(form, add_person, request)):
        desk.receive(request, added)
        messages.success(request, _("Added. You can now act for this person."))
        return redirect("person", added.pk)
    return render(request, "office/people_check.html", {"form": form})


@require_safe
@never_cache
@login_required
def person(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    refuse_all_but_officers(request)
    found = desk.person_here(request, key)
    place = place_of(found, timezone.now())
    return render(request, "office/people_one.html", {"resident": found, "place": place})


@require_http_methods(["GET", "POST"])
@never_cache
@login_required
@limited("write")
def person_check(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    refuse_all_but_officers(request)
    found = desk.person_here(request, key)
    form = CheckForm(request.POST or None, clerk=request.user)
    valid = request.method == "POST" and form.is_valid()
    if valid and _asked(form, check_papers, request, person=found):
        messages.success(request, _("Checked. It counts for five years."))
        return redirect("person", found.pk)
    return render(request, "office/people_check.html", {"form": form, "resident": found})


@require_http_methods(["GET", "POST"])
@never_cache
@login_required
@limited("write")
def claim_take_back(request: HttpRequest, key: uuid.UUID, level: int) -> HttpResponse:
    refuse_all_but_officers(request)
    found = desk.person_here(request, key)
    claim = Claim.objects.filter(person=found, level=level).select_related("area").first()
    if claim is None:
        raise DomainError("claim.not-found", _("There is nothing to take back."))
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        take_back(
            person=found, level=Level(level), reason=form.cleaned_data["reason"], by=request.user
        )
        messages.success(request, _("Taken back. The person sees the reason."))
        return redirect("person", found.pk)
    context = {"form": form, "resident": found, "claim": claim}
    return render(request, "office/people_take_back.html", context)


def _asked(form: CheckForm, act, request: HttpRequest, **known):
    """What the service made; a refusal about these papers is said above the form."""
    try:
        return act(**known, **form.cleaned_data, by=request.user)
    except DomainError as refusal:
        if refusal.code not in ("claim.subject-taken", "desk.own-papers"):
            raise
        form.add_error(None, refusal.sentence)
        return None

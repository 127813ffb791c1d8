"""The office's pages where a clerk votes for somebody who was looked up a moment ago.

What is chosen goes from page to page in the forms alone: it is in no session, address or log.
"""

import uuid

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from engage.domain.errors import DomainError
from engage.identity.desk import person_here
from engage.identity.models import Assistance, User
from engage.identity.participants import Participant
from engage.identity.rules import may_check_people_anywhere
from engage.web.limits import limited
from engage.web.markdown import to_html
from engage.web.selectors import reading
from voting import selectors
from voting.domain.refusal import Refusal
from voting.domain.times import parse_minute
from voting.eligibility import eligibility
from voting.forms import HelpForm
from voting.models import Poll
from voting.papers import Paper
from voting.sentences import SENTENCES
from voting.services.assisting import CONSENT, begin_assistance, cast_for, refuse_unless_helped
from voting.services.casting import parsed_manifest
from voting.services.refusing import steps

BUILT_IN = 1
"""The version of the words in the template, which are read as long as the town has none."""


def _officers_only(request: HttpRequest) -> None:
    if not may_check_people_anywhere(request.user):
        raise DomainError("forbidden", str(_("This page is for the electoral officers.")))


def _here(request: HttpRequest, person: uuid.UUID, poll: uuid.UUID) -> tuple[User, Poll]:
    """Who was looked up, and a poll in which this clerk helps. Nobody learns of any other."""
    _officers_only(request)
    somebody = person_here(request, person)
    found = selectors.visible_poll(poll, request.user)
    refuse_unless_helped(poll=found, person=somebody, by=request.user)
    return somebody, found


@require_safe
@never_cache
@login_required
def assist_start(request: HttpRequest) -> HttpResponse:
    _officers_only(request)
    polls = [(poll, eligibility(poll)) for poll in selectors.polls_with_help(request.user)]
    return render(request, "office/assist.html", {"polls": polls})


@require_safe
@never_cache
@login_required
def assist_person(request: HttpRequest, person: uuid.UUID) -> HttpResponse:
    _officers_only(request)
    somebody = person_here(request, person)
    known = Participant.of_account(somebody)
    offered = [
        (errand, eligibility(errand.poll), steps(errand.poll, known, errand.missing))
        for errand in selectors.errands(request.user, known)
    ]
    return render(request, "office/assist_person.html", {"resident": somebody, "offered": offered})


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@login_required
@limited("write")
def assist_begin(request: HttpRequest, person: uuid.UUID, poll: uuid.UUID) -> HttpResponse:
    somebody, found = _here(request, person, poll)
    form = HelpForm(request.POST if request.method == "POST" else None)
    text = reading(CONSENT, get_language() or "")
    if form.is_valid():
        begin_assistance(
            poll=found, person=somebody, channel=form.cleaned_data["channel"], by=request.user,
            version=text.text.version if text else BUILT_IN,
        )  # fmt: skip
        return redirect("assist-ballot", person, poll)
    context = {"resident": somebody, "poll": found, "form": form, "text": text and text.text}
    context["words"] = to_html(text.text.body) if text else ""
    return render(request, "office/assist_begin.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_post_parameters()
@never_cache
@login_required
@limited("write")
def assist_ballot(request: HttpRequest, person: uuid.UUID, poll: uuid.UUID) -> HttpResponse:
    somebody, found = _here(request, person, poll)
    begun = Assistance.objects.filter(person=somebody, topic=found.topic, clerk=request.user)
    if not begun.exists():
        return redirect("assist-begin", person, poll)
    assistance = get_object_or_404(begun.select_related("person"))
    paper = Paper(parsed_manifest(bytes(found.manifest)), request.POST or None)
    context = {
        "resident": somebody, "poll": found, "form": paper, "assistance": assistance,
        "params": paper.manifest.params,
    }  # fmt: skip
    act = request.POST.get("act", "")
    if act == "change" or not paper.is_valid():
        return render(request, "office/assist_ballot.html", context)
    if act != "cast":
        return render(request, "office/assist_check.html", context)
    return _cast(request, context)


def _cast(request: HttpRequest, context: dict) -> HttpResponse:
    try:
        receipt = cast_for(
            assistance=context["assistance"], poll=context["poll"],
            choice=context["form"].choice, by=request.user,
        )  # fmt: skip
    except Refusal as refusal:
        sentence = str(SENTENCES.get(refusal.code, refusal.sentence))
        if refusal.code == "choice":
            context["form"].add_error(None, sentence)
            return render(request, "office/assist_ballot.html", context)
        if refusal.code == "not-found":
            raise Http404 from refusal
        raise DomainError(refusal.code, sentence) from refusal
    context |= {"receipt": receipt, "by": parse_minute(receipt.by)}
    return render(request, "office/assist_receipt.html", context)

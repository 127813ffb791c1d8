"""An author's side: decisions on one's own texts, and what one may say against them."""

import re

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import BadRequest
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from engage.domain.errors import DomainError
from engage.identity.views.discreet import discreet
from engage.moderation.domain.trust import LIMITS
from engage.moderation.forms.appeals import AppealForm
from engage.moderation.pages.wording import to_the_author
from engage.moderation.selectors.lists import promised_hours
from engage.moderation.selectors.yours import your_decision, your_decisions, your_trust
from engage.moderation.services.appealing import appeal
from engage.web.limits import limited

NUMBER = re.compile(r"[1-9][0-9]{0,17}", re.ASCII)


@require_safe
@discreet
@login_required
def decision_list(request: HttpRequest) -> HttpResponse:
    before = request.GET.get("before", "")
    if before and not NUMBER.fullmatch(before):
        raise BadRequest
    yours, following = your_decisions(request.user, int(before) if before else None)
    trust = your_trust(request.user)
    context = {
        "rows": [(each, to_the_author(each.decision.verb)) for each in yours],
        "following": following, "is_first": not before,
        "trust": trust, "limits": LIMITS[trust.level],
    }  # fmt: skip
    return render(request, "desk/yours.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@discreet
@login_required
@limited("write")
def decision_one(request: HttpRequest, pk: int) -> HttpResponse:
    found = your_decision(request.user, pk)
    if found is None:
        raise Http404
    form = AppealForm(request.POST if request.method == "POST" else None)
    status = 200
    if form.is_valid():
        try:
            appeal(decision=found.decision, author=request.user, words=form.cleaned_data["words"])
        except DomainError as refusal:
            form.add_error(None, refusal.sentence)
            status, found = 409, your_decision(request.user, pk) or found
        else:
            messages.success(request, _("Said. Another moderator looks at it again."))
            return redirect("your-decision", pk)
    context = {
        "yours": found, "headline": to_the_author(found.decision.verb), "form": form,
        "hours": promised_hours(),
    }  # fmt: skip
    return render(request, "desk/yours_one.html", context, status=status)

"""Appeals, answered by another moderator than the one who decided."""

from django.contrib import messages
from django.core.exceptions import BadRequest
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from engage.domain.errors import DomainError
from engage.moderation.forms.desk import AnswerForm
from engage.moderation.models import Appeal
from engage.moderation.rules import may_answer_appeal, may_see_item
from engage.moderation.selectors.desk import Filters, desk_page
from engage.moderation.selectors.yours import shown_texts
from engage.moderation.services.appealing import answer_appeal
from engage.moderation.views.entrance import for_moderators
from engage.web.limits import TooMany, limited


@require_safe
@for_moderators
def appeal_list(request: HttpRequest) -> HttpResponse:
    try:
        page = desk_page(request.user, Filters(appeals=True), request.GET.get("after", ""))
    except DomainError as refusal:
        raise BadRequest from refusal
    return render(request, "desk/appeals.html", {"page": page})


@require_http_methods(["GET", "HEAD", "POST"])
@for_moderators
@limited("write")
def appeal_one(request: HttpRequest, pk: int) -> HttpResponse:
    appeal = _found(request, pk)
    form = AnswerForm(request.POST if request.method == "POST" else None)
    if form.is_valid() and _answered(request, form, appeal):
        messages.success(request, _("Answered. The author is written to."))
        return redirect("desk-appeal", pk)
    if form.non_field_errors():
        appeal = _found(request, pk)
    item = appeal.decision.item
    waits = appeal.outcome == Appeal.Outcome.OPEN
    context = {
        "appeal": appeal, "shown": shown_texts([item]).get((item.kind, item.key)), "form": form,
        "may_answer": waits and may_answer_appeal(request.user, appeal),
    }  # fmt: skip
    return render(
        request, "desk/appeal.html", context, status=409 if form.non_field_errors() else 200
    )


def _found(request: HttpRequest, pk: int) -> Appeal:
    decision = ("decision__by", "decision__item__area", "decision__sanction")
    rows = Appeal.objects.select_related("by", *decision)
    found = rows.filter(pk=pk).first()
    if found is None or not may_see_item(request.user, found.decision.item):
        raise Http404
    return found


def _answered(request: HttpRequest, form: AnswerForm, appeal: Appeal) -> bool:
    try:
        answer_appeal(appeal=appeal, by=request.user, **form.cleaned_data)
    except TooMany:
        raise
    except DomainError as refusal:
        form.add_error(None, refusal.sentence)
        return False
    return True

"""The lists of the desk: reasons, words to look out for, the promised time."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from engage.domain.errors import DomainError
from engage.moderation.forms.lists import (
    NewReasonForm,
    PromiseForm,
    ReasonForm,
    TryForm,
    WordForm,
)
from engage.moderation.models import Reason, Word
from engage.moderation.pages.wording import would_happen
from engage.moderation.rules import may_edit_lists
from engage.moderation.selectors.lists import (
    promised_hours,
    reasons_by_code,
    try_text,
    words_listed,
)
from engage.moderation.services import listing
from engage.web.limits import limited

PER_PAGE = 100


def _for_list_keepers(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Led to sign in; refused who neither moderates nor runs the whole town."""

    @login_required
    @wraps(view)
    def asked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not may_edit_lists(request.user):
            sentence = _("This is for moderators of the whole town and for administrators.")
            raise DomainError("forbidden", sentence)
        return view(request, *args, **kwargs)

    return asked


@require_safe
@_for_list_keepers
def reason_list(request: HttpRequest) -> HttpResponse:
    return render(request, "desk/lists_reasons.html", {"reasons": reasons_by_code()})


@require_http_methods(["GET", "POST"])
@_for_list_keepers
@limited("write")
def reason_new(request: HttpRequest) -> HttpResponse:
    asked = {"code": request.GET.get("code", "")[:40], "language": get_language()}
    initial = asked | {"language": request.GET.get("language", get_language())}
    form = NewReasonForm(request.POST or None, initial=initial)
    if form.is_valid():
        words = listing.ReasonWords(**form.cleaned_data)
        if _done(form, lambda: listing.add_reason(by=request.user, words=words)):
            messages.success(request, _("Added. Moderators can choose it from now on."))
            return redirect("desk-reasons")
    return render(request, "desk/lists_reason.html", {"form": form})


@require_http_methods(["GET", "POST"])
@_for_list_keepers
@limited("write")
def reason_change(request: HttpRequest, pk: int) -> HttpResponse:
    reason = get_object_or_404(Reason, pk=pk)
    words = {name: getattr(reason, name) for name in ReasonForm.base_fields}
    form = ReasonForm(request.POST or None, initial=words)
    if form.is_valid():
        listing.change_reason(reason=reason, by=request.user, **form.cleaned_data)
        messages.success(request, _("Changed. Decisions until now keep the words they had."))
        return redirect("desk-reasons")
    return render(request, "desk/lists_reason.html", {"form": form, "reason": reason})


@require_POST
@_for_list_keepers
@limited("write")
def reason_use(request: HttpRequest, code: str) -> HttpResponse:
    in_use = request.POST.get("in_use") == "1"
    listing.use_reason(code=code, by=request.user, in_use=in_use)
    told = _("In use again.") if in_use else _("Out of use. Decisions by it stay as they are.")
    messages.success(request, told)
    return redirect("desk-reasons")


@require_POST
@_for_list_keepers
@limited("write")
def reason_move(request: HttpRequest, code: str) -> HttpResponse:
    listing.move_reason(code=code, by=request.user, up=request.POST.get("up") == "1")
    return redirect("desk-reasons")


@require_http_methods(["GET", "POST"])
@_for_list_keepers
@limited("write")
def word_list(request: HttpRequest) -> HttpResponse:
    form = WordForm(request.POST or None)
    if form.is_valid() and _done(
        form, lambda: listing.add_word(by=request.user, **form.cleaned_data)
    ):
        messages.success(request, _("Added. It holds for texts written from now on."))
        return redirect("desk-words")
    return _words_page(request, form=form)


@require_POST
@_for_list_keepers
@limited("write")
def word_remove(request: HttpRequest, pk: int) -> HttpResponse:
    listing.remove_word(word=get_object_or_404(Word, pk=pk), by=request.user)
    messages.success(request, _("Removed. Nobody looks out for it any more."))
    return redirect("desk-words")


@require_POST
@_for_list_keepers
@limited("preview")
def word_try(request: HttpRequest) -> HttpResponse:
    trial = TryForm(request.POST)
    tried = try_text(**trial.cleaned_data) if trial.is_valid() else None
    says = would_happen(tried.action) if tried else ""
    return _words_page(request, trial=trial, tried=tried, says=says)


@require_http_methods(["GET", "POST"])
@_for_list_keepers
@limited("write")
def promise(request: HttpRequest) -> HttpResponse:
    form = PromiseForm(request.POST or None, initial={"hours": promised_hours()})
    if form.is_valid():
        listing.promise_time(by=request.user, **form.cleaned_data)
        messages.success(request, _("Promised. Everybody sees it on the page of moderation."))
        return redirect("desk-promise")
    return render(request, "desk/lists_promise.html", {"form": form})


def _words_page(request: HttpRequest, **context: Any) -> HttpResponse:
    page = Paginator(words_listed(), PER_PAGE).get_page(request.GET.get("page"))
    shown = {"page_obj": page, "form": WordForm(), "trial": TryForm()} | context
    return render(request, "desk/lists_words.html", shown)


def _done(form: Form, act: Callable[[], object]) -> bool:
    """Whether ``act`` was done; a refusal is said at the form, which keeps what was typed."""
    try:
        act()
    except DomainError as refusal:
        if not refusal.code.endswith(".conflict"):
            raise
        form.add_error(None, refusal.sentence)
        return False
    return True

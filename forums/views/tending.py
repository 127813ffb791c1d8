"""Looking after a thread, and turning it into something more."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from engage.domain.errors import DomainError
from engage.web.limits import limited
from forums.forms.tending import TendForm, TurnForm
from forums.models import Thread
from forums.pages.reading import way_on
from forums.rules import may_tend
from forums.selectors.beside import tended_categories
from forums.services.caring import Care, tend_thread
from forums.services.carrying import carry_on, onward_for
from forums.views.answers import shown, typed_in
from forums.views.threads import readable_thread


def _tended(request: HttpRequest, thread: int) -> Thread:
    found = readable_thread(request, thread)
    if not may_tend(request.user, found.category):
        raise DomainError("forbidden", _("You do not tend threads in this place."))
    return found


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@limited("write")
def thread_tend(request: HttpRequest, thread: int) -> HttpResponse:
    found = _tended(request, thread)
    categories = tended_categories(request.user)
    form = TendForm(typed_in(request), thread=found, categories=categories)
    if request.method == "POST" and form.is_valid() and _carried_out(request, form, found):
        messages.success(request, _("Saved."))
        return redirect(found)
    return shown(request, "forums/tend.html", {"form": form, "thread": found})


def _carried_out(request: HttpRequest, form: TendForm, thread: Thread) -> bool:
    try:
        tend_thread(thread=thread, by=request.user, care=Care(**form.cleaned_data))
    except DomainError as refusal:
        of_another = refusal.code == "thread.not-found" or form.cleaned_data["duplicate_of"]
        form.add_error("duplicate_of" if of_another else None, refusal.sentence)
        return False
    return True


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@limited("write")
def thread_turn(request: HttpRequest, thread: int) -> HttpResponse:
    found = _tended(request, thread)
    choices = [(each.name, str(each.label)) for each in onward_for(request.user, found)]
    form = TurnForm(typed_in(request), choices=choices) if choices else None
    if request.method == "POST" and form and form.is_valid():
        carry_on(thread=found, by=request.user, kind=form.cleaned_data["kind"])
        messages.success(request, _("Carried over as a draft. A link leads there from the thread."))
        return redirect(found)
    context = {"thread": found, "form": form, "way_on": way_on(found.became)}
    return shown(request, "forums/turn.html", context)

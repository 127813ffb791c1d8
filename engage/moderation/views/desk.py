"""The queue, and one text of it: claimed, decided on, noted."""

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import BadRequest
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from engage.domain.errors import DomainError
from engage.moderation.forms.desk import DecisionForm, FilterForm, RemarkForm, reasons_offered
from engage.moderation.models import Item
from engage.moderation.pages.desk import counts_of, followed, order_of, place
from engage.moderation.pages.wording import done
from engage.moderation.selectors.desk import (
    DeskPage,
    Filters,
    desk_page,
    moderated_areas,
    moderated_item,
)
from engage.moderation.selectors.items import item_page
from engage.moderation.selectors.workload import Load, decided_in_time, workload
from engage.moderation.services.claiming import claim_item, let_go
from engage.moderation.services.deciding import decide
from engage.moderation.services.remarking import remark
from engage.moderation.views.entrance import for_moderators
from engage.web.limits import TooMany, limited

SAMPLES = (1, 2, 5)


@require_safe
@for_moderators
def queue(request: HttpRequest) -> HttpResponse:
    follow = followed(request.user)
    form = FilterForm(request.GET, areas=moderated_areas(request.user))
    if not form.is_valid():
        raise BadRequest
    filters, after = Filters(**form.cleaned_data), request.GET.get("after", "")
    page = _page(request, filters, after)
    asked = {name: value for name, value in request.GET.items() if name in form.fields and value}
    context = {
        "page": page, "form": form, "filtered": filters != Filters(), "samples": SAMPLES,
        "rows": [(row, order_of(row)) for row in page.rows], "is_first": not after,
        "after": place(after) or place("0.0"), "until": _until(page),
        "following": urlencode(asked | {"after": page.next}), "followed": follow,
        "load": _beside_bars(workload(request.user)), "in_time": decided_in_time(),
        "counts": counts_of(follow),
    }  # fmt: skip
    return render(request, "desk/queue.html", context)


def _page(request: HttpRequest, filters: Filters, after: str) -> DeskPage:
    try:
        return desk_page(request.user, filters, after)
    except DomainError as refusal:
        raise BadRequest from refusal


def _until(page: DeskPage) -> str:
    """Where the list of this page ends; empty where it is open. What comes later is beyond it."""
    return f"{place(page.next)}~" if page.next else ""


def _beside_bars(load: list[Load]) -> list[tuple[Load, float]]:
    most = max([each.decided for each in load], default=0) or 1
    return [(each, 100 * each.decided / most) for each in load]


def found_item(request: HttpRequest, pk: int) -> Item:
    """A text of an area that the person moderates. Raises Http404 for all others."""
    found = moderated_item(request.user, pk)
    if found is None:
        raise Http404
    return found


@require_safe
@for_moderators
def item_show(request: HttpRequest, pk: int) -> HttpResponse:
    return _shown(request, found_item(request, pk))


def _shown(request: HttpRequest, item: Item, *, status: int = 200, **forms: Any) -> HttpResponse:
    follow = followed(request.user)
    page = item_page(request.user, item)
    found = {"expected": item.standing, "seen": page.seen}
    asked = {"verbs": page.verbs, "places": page.places, "initial": found}
    context = {
        "it": page, "followed": follow, "form": DecisionForm(**asked), "remark": RemarkForm(),
        "reasons": reasons_offered(), "claims": page.claimed_by == request.user,
    }  # fmt: skip
    return render(request, "desk/item.html", context | forms, status=status)


@require_POST
@for_moderators
@limited("write")
def item_claim(request: HttpRequest, pk: int) -> HttpResponse:
    claim_item(item=found_item(request, pk), by=request.user)
    return _to_text(pk, "decide")


@require_POST
@for_moderators
@limited("write")
def item_let_go(request: HttpRequest, pk: int) -> HttpResponse:
    let_go(item=found_item(request, pk), by=request.user)
    return redirect("desk")


@require_POST
@for_moderators
@limited("write")
def item_decide(request: HttpRequest, pk: int) -> HttpResponse:
    item = found_item(request, pk)
    page = item_page(request.user, item)
    form = DecisionForm(request.POST, verbs=page.verbs, places=page.places)
    if not form.is_valid():
        return _shown(request, item, status=200 if page.verbs else 409, form=form)
    try:
        decision = decide(item=item, by=request.user, **form.wish)
    except TooMany:
        raise
    except DomainError as refusal:
        return _refused(request, pk, refusal.sentence)
    messages.success(request, _("Decided: %(what)s.") % {"what": done(decision.verb)})
    return _to_the_next(request)


def _refused(request: HttpRequest, pk: int, sentence: str) -> HttpResponse:
    """The text as it is now, and a form that still holds what was typed and may be sent again."""
    item = found_item(request, pk)
    page, typed = item_page(request.user, item), request.POST.copy()
    typed["expected"], typed["seen"] = item.standing, page.seen
    form = DecisionForm(typed, verbs=page.verbs, places=page.places)
    form.add_error(None, sentence)
    return _shown(request, item, form=form, status=409)


def _to_text(pk: int, part: str) -> HttpResponse:
    """The page of a text, with the focus on a part of it."""
    return redirect(f"{reverse('desk-item', args=[pk])}#{part}")


def _to_the_next(request: HttpRequest) -> HttpResponse:
    """The text that waits longest and that nobody looks at, or the empty queue."""
    rows = desk_page(request.user).rows
    free = (row for row in rows if not row.own and row.claimed_by in (None, request.user))
    following = next(free, None)
    if following is None:
        return redirect("desk")
    return _to_text(following.item.pk, "text")


@require_POST
@for_moderators
@limited("write")
def item_remark(request: HttpRequest, pk: int) -> HttpResponse:
    item = found_item(request, pk)
    form = RemarkForm(request.POST)
    if not form.is_valid():
        return _shown(request, item, remark=form)
    remark(item=item, by=request.user, text=form.cleaned_data["text"])
    return _to_text(pk, "remarks")

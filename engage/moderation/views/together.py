"""The same decision on many texts: how many is shown first, then all are decided, or none."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from engage.domain.errors import DomainError
from engage.moderation.domain.reading import mark_of_all
from engage.moderation.forms.desk import TogetherForm, reasons_offered
from engage.moderation.models import Item
from engage.moderation.selectors.desk import desk_rows, moderated_items
from engage.moderation.selectors.reading import read_mark
from engage.moderation.services.deciding import MOST_TOGETHER, decide_together
from engage.moderation.views.entrance import for_moderators
from engage.web.limits import TooMany, limited

LONGEST_NUMBER = 18


@require_POST
@for_moderators
@limited("write")
def together(request: HttpRequest) -> HttpResponse:
    keys = _keys(request)
    items = _waiting(request, keys)
    if not items:
        messages.warning(request, _("Choose at least one text first."))
        return redirect("desk")
    deciding = request.POST.get("act") == "decide"
    form = TogetherForm(request.POST if deciding else None)
    if deciding and form.is_valid() and _decided(request, form, items):
        number = len(items)
        told = ngettext("%(n)d text decided.", "%(n)d texts decided.", number) % {"n": number}
        messages.success(request, told)
        return redirect("desk")
    rows = desk_rows(request.user, items)
    context: dict[str, Any] = {
        "rows": rows, "missing": len(keys) - len(items), "form": form,
        "reasons": reasons_offered(),
        "seen": mark_of_all(read_mark(row.item, row.shown) for row in rows),
    }  # fmt: skip
    status = 409 if form.non_field_errors() else 200
    return render(request, "desk/together.html", context, status=status)


def _keys(request: HttpRequest) -> set[int]:
    sent = request.POST.getlist("item")[: MOST_TOGETHER + 1]
    good = (key for key in sent if key.isascii() and key.isdecimal())
    return {int(key) for key in good if len(key) <= LONGEST_NUMBER}


def _waiting(request: HttpRequest, keys: set[int]) -> list[Item]:
    """Those of ``keys`` that wait, and are not one's own."""
    found = moderated_items(request.user).filter(pk__in=keys, queued_at__isnull=False)
    others = found.exclude(author=request.user)
    return list(others.select_related("area", "author", "claimed_by").order_by("queued_at", "pk"))


def _decided(request: HttpRequest, form: TogetherForm, items: list[Item]) -> bool:
    expected = request.POST.get("expected", "")
    number = int(expected) if expected.isascii() and expected.isdecimal() else None
    chosen = form.cleaned_data
    try:
        decide_together(
            items=items, by=request.user, verb=chosen["verb"], reason=chosen["reason"],
            statement=chosen["statement"], expected=number, seen=request.POST.get("seen", ""),
        )  # fmt: skip
    except TooMany:
        raise
    except DomainError as refusal:
        form.add_error(None, refusal.sentence)
        return False
    return True

"""Objecting to a text: one reason, and what happens next. Whoever may not see it finds nothing."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from engage.domain.errors import DomainError
from engage.identity.views.discreet import discreet
from engage.moderation import writings
from engage.moderation.forms.flagging import FlagForm
from engage.moderation.models import Item
from engage.moderation.selectors.lists import promised_hours
from engage.moderation.selectors.yours import own_flag, shown_texts
from engage.moderation.services.flagging import flag_text
from engage.web.limits import TooMany, limited


@require_http_methods(["GET", "HEAD", "POST"])
@discreet
@login_required
@limited("write")
def flag(request: HttpRequest, kind: str, key: str) -> HttpResponse:
    item, shown = _seen(request, kind, key)
    form = FlagForm(request.POST if request.method == "POST" else None)
    told = own_flag(request.user, item)
    own = item.author_id == request.user.pk
    if form.is_valid() and not told and not own and _objected(request, form, item):
        messages.success(request, _("Thank you. It was passed on to the moderators."))
        return redirect("flag", kind, key)
    context = {
        "shown": shown, "form": form, "told": told, "own": own, "hours": promised_hours(),
    }  # fmt: skip
    return render(
        request, "desk/flag.html", context, status=409 if form.non_field_errors() else 200
    )


def _objected(request: HttpRequest, form: FlagForm, item: Item) -> bool:
    try:
        flag_text(kind=item.kind, key=item.key, by=request.user, **form.cleaned_data)
    except TooMany:
        raise
    except DomainError as refusal:
        if refusal.code.endswith(".not-found"):
            raise
        form.add_error(None, refusal.sentence)
        return False
    return True


def _seen(request: HttpRequest, kind: str, key: str) -> tuple[Item, writings.Shown]:
    """The text as the person may see it now. Raises Http404, the same for one that never was."""
    known = writings.kinds().get(kind)
    item = Item.objects.filter(kind=kind, key=key).first() if known and _is_key(key) else None
    if known is None or item is None or not known.may_see(request.user, key):
        raise Http404
    shown = shown_texts([item]).get((kind, key))
    if shown is None:
        raise Http404
    return item, shown


def _is_key(key: str) -> bool:
    return key.isprintable() and len(key) <= Item._meta.get_field("key").max_length

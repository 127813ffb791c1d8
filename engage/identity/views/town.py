"""What the town is called and how it looks: tried first, saved when it can be read."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from engage.domain.errors import DomainError
from engage.identity.forms.town import TownForm
from engage.identity.rules import may_administer
from engage.web.limits import limited
from engage.web.palette import drafted, nearest, pairs
from engage.web.services import save_town
from engage.web.swatches import swatches
from engage.web.town import Present, present_town


def administrators_only(request: HttpRequest) -> None:
    if not may_administer(request.user):
        raise DomainError("forbidden", _("This page is for the town's administrators."))


@require_http_methods(["GET", "POST"])
@login_required
@limited("write")
def town_edit(request: HttpRequest) -> HttpResponse:
    administrators_only(request)
    present = present_town()
    if request.method == "GET":
        return _shown(request, TownForm(initial=vars(present)), present, present.colour)
    typed = request.POST.copy()
    if near := typed.get("near"):
        typed["colour"] = near
    form = TownForm(typed)
    if "save" in typed and form.looks_right():
        save_town(allowed=may_administer(request.user), by=request.user.pk, **form.cleaned_data)
        messages.success(request, _("Saved. Every page shows it from now on."))
        return redirect("office-town")
    form.is_valid()
    return _shown(request, form, present, form.tried or present.colour)


def _shown(request: HttpRequest, form: TownForm, present: Present, colour: str) -> HttpResponse:
    met = pairs(drafted(colour))
    seen = [("now", present.colour)] + [("tried", colour)] * (colour != present.colour)
    context = {
        "form": form, "seen": seen, "present": present, "colour": colour, "pairs": met,
        "holds": all(pair.holds for pair in met), "near": nearest(colour),
    }  # fmt: skip
    return render(request, "office/town.html", context)


@require_safe
@login_required
def town_colours(request: HttpRequest) -> HttpResponse:
    administrators_only(request)
    try:
        rules = swatches({name: f"#{request.GET.get(name, '')}" for name in ("now", "tried")})
    except ValueError:
        raise BadRequest from None
    return HttpResponse(rules, content_type="text/css", headers={"Cache-Control": "no-store"})

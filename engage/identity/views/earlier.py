"""What this browser did before somebody signed in: asked once whether the account takes it over."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from engage.identity.holdings import Moved
from engage.identity.participants import earlier_key, forget_participation
from engage.identity.services.moving import left_behind, take_over
from engage.web.limits import limited


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@login_required
@limited("write")
def earlier(request: HttpRequest) -> HttpResponse:
    key = earlier_key(request)
    if key is None:
        return redirect("you")
    if request.method != "POST":
        found = left_behind(key=key, person=request.user)
        total = sum((moved for _label, moved in found), Moved())
        return render(request, "you/earlier.html", {"left": found, "total": total})
    if request.POST.get("choice") == "move":
        _tell(request, take_over(key=key, person=request.user))
    else:
        messages.info(request, _("It stays without an account, and this browser forgets it."))
    forget_participation(request)
    return redirect("you")


def _tell(request: HttpRequest, moved: Moved) -> None:
    if moved.moved:
        messages.success(request, _("Your account has taken it over."))
    if moved.stayed:
        sentence = ngettext(
            "%(count)s stays as it was, as your account had its own already. Both count.",
            "%(count)s stay as they were, as your account had its own already. Both count.",
            moved.stayed,
        )
        messages.warning(request, sentence % {"count": moved.stayed})

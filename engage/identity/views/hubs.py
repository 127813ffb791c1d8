"""Two places from which everything else is found: one's own page, and the office."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from engage.domain.errors import DomainError
from engage.identity.rules import is_staff_of_any_kind
from engage.identity.selectors import oversight


@require_safe
@login_required
def you(request: HttpRequest) -> HttpResponse:
    return render(request, "you/hub.html")


@require_safe
@login_required
def office(request: HttpRequest) -> HttpResponse:
    if not is_staff_of_any_kind(request.user):
        raise DomainError("forbidden", _("This page is for the people who work for the town."))
    return render(request, "office/hub.html", {"own": oversight.own_grants(request.user)})

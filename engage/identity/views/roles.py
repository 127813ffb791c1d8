"""Who is trusted with what: seen by auditors and administrators, changed by administrators."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from engage.domain.errors import DomainError
from engage.identity.domain.roles import Role
from engage.identity.forms.roles import RoleForm
from engage.identity.freshness import refresh
from engage.identity.rules import may_end_role, may_give_roles, may_see_roles, trusted_areas
from engage.identity.selectors import oversight
from engage.identity.services.trusting import end_role, give_role
from engage.web.limits import limited

PER_PAGE = 50


def _seen_areas(request: HttpRequest) -> list[str]:
    if not may_see_roles(request.user):
        raise DomainError("forbidden", _("This page is for administrators and auditors."))
    return trusted_areas(request.user, Role.ADMINISTRATOR, Role.AUDITOR)


@require_safe
@login_required
def role_list(request: HttpRequest) -> HttpResponse:
    grants = oversight.grants_in_force(_seen_areas(request))
    page = Paginator(grants, PER_PAGE).get_page(request.GET.get("page"))
    rows = [{"grant": grant, "may_end": may_end_role(request.user, grant)} for grant in page]
    return render(request, "office/roles.html", {"page_obj": page, "rows": rows})


@require_safe
@login_required
def role_history(request: HttpRequest) -> HttpResponse:
    grants = oversight.grants_ended(_seen_areas(request))
    page = Paginator(grants, PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "office/roles_ended.html", {"page_obj": page})


@require_http_methods(["GET", "POST"])
@login_required
@limited("write")
def role_give(request: HttpRequest) -> HttpResponse:
    """Asked for afresh: a browser left open must not be where an administrator is made."""
    if not may_give_roles(request.user):
        raise DomainError("forbidden", _("Roles are given by administrators."))
    if (way := refresh(request)) is not None:
        return way
    areas = trusted_areas(request.user, Role.ADMINISTRATOR)
    form = RoleForm(request.POST or None, giver=request.user, areas=areas)
    if request.method == "GET" or not form.is_valid():
        return render(request, "office/roles_give.html", {"form": form})
    chosen = form.cleaned_data
    grant = give_role(
        person=chosen["person"], role=chosen["role"], area=chosen["area"], by=request.user
    )
    messages.success(request, _("%(role)s from now on.") % {"role": grant.get_role_display()})
    return redirect("roles")


@require_http_methods(["GET", "POST"])
@login_required
@limited("write")
def role_end(request: HttpRequest, grant: int) -> HttpResponse:
    found = get_object_or_404(oversight.grants_in_force(_seen_areas(request)), pk=grant)
    if not may_end_role(request.user, found):
        raise DomainError("forbidden", _("Roles are ended by administrators."))
    if request.method == "GET":
        return render(request, "office/roles_end.html", {"grant": found})
    end_role(grant=found, by=request.user)
    messages.success(request, _("The role has ended. It stands in the history."))
    return redirect("roles")

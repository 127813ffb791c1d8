"""The auditor's page: what was done here by whom. It changes nothing and shows nobody's data."""

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from engage.domain.errors import DomainError
from engage.identity.rules import may_audit
from engage.identity.selectors import oversight
from engage.journal.selectors import newest

PER_PAGE = 50


@require_safe
@login_required
def audit(request: HttpRequest) -> HttpResponse:
    if not may_audit(request.user):
        raise DomainError("forbidden", _("This page is for the auditors of the whole town."))
    context = {
        "assistances": oversight.assistances_by_day(),
        "disclosures": oversight.disclosures_by_clerk(),
        "imports": oversight.latest_imports(),
        "page_obj": Paginator(newest(), PER_PAGE).get_page(request.GET.get("page")),
    }
    return render(request, "office/audit.html", context)

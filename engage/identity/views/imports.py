"""Imports at the office: send a file in, see what it would do, do it."""

import uuid

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from engage.domain.errors import DomainError
from engage.domain.sheets import BYTE_ORDER_MARK, sheet
from engage.identity.forms.imports import ImportForm
from engage.identity.models import Import
from engage.identity.pages.imports import import_page, told
from engage.identity.services.importing import (
    carry_out_import,
    give_up_import,
    receive_import,
)
from engage.identity.views.areas import refuse_all_but_administrators
from engage.journal.selectors import head
from engage.web.limits import limited

SHOWN = 20


@require_http_methods(["GET", "POST"])
@never_cache
@login_required
@limited("write")
def imports(request: HttpRequest) -> HttpResponse:
    refuse_all_but_administrators(request)
    form = ImportForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        try:
            raw = form.cleaned_data["file"].read()
            found = receive_import(kind=form.kind, raw=raw, by=request.user)
        except DomainError as refusal:
            if refusal.code == "import.forbidden":
                raise
            form.add_error("file", refusal.sentence)
        else:
            return redirect(found)
    known = Import.objects.defer("rows", "report")[:SHOWN]
    return render(request, "office/imports.html", {"form": form, "imports": known})


@require_safe
@never_cache
@login_required
def import_one(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    refuse_all_but_administrators(request)
    since = head(f"import.{key}")
    found = get_object_or_404(Import.objects.defer("rows"), pk=key)
    return render(request, "office/imports_one.html", {**import_page(found), "since": since})


@require_safe
@never_cache
@login_required
def import_report(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    refuse_all_but_administrators(request)
    found = get_object_or_404(Import.objects.defer("rows"), pk=key)
    header = (_("Line"), _("What is wrong"), _("What stands there"))
    file = BYTE_ORDER_MARK + sheet(header, told(found, len(found.report)))
    response = HttpResponse(file, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="import-{found.pk}.csv"'
    return response


@require_http_methods(["GET", "POST"])
@never_cache
@login_required
@limited("write")
def import_carry_out(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    refuse_all_but_administrators(request)
    if request.method == "POST":
        return redirect(carry_out_import(tried=key, by=request.user))
    found = get_object_or_404(Import.objects.defer("rows", "report"), pk=key)
    return render(request, "office/imports_carry_out.html", {"one": found})


@require_POST
@never_cache
@login_required
@limited("write")
def import_give_up(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    refuse_all_but_administrators(request)
    give_up_import(tried=key, by=request.user)
    return redirect("imports")

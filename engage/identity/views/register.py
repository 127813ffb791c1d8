"""The register of processing: a page for people, JSON and a sheet for programs."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from engage.domain.sheets import BYTE_ORDER_MARK, sheet
from engage.identity.processing import pages


@require_safe
def register(request: HttpRequest) -> HttpResponse:
    return render(request, "shell/register.html", pages.sections())


@require_safe
def register_json(request: HttpRequest) -> JsonResponse:
    told = {"language": get_language(), "tables": pages.as_json()}
    return JsonResponse(told, json_dumps_params={"ensure_ascii": False, "indent": 1})


@require_safe
def register_csv(request: HttpRequest) -> HttpResponse:
    text = BYTE_ORDER_MARK + sheet(pages.COLUMNS, pages.as_rows())
    response = HttpResponse(text, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="register-of-processing.csv"'
    return response

"""The town's areas at the office: the tree, its boundaries as a drawing, where a point lies."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from engage.domain.errors import DomainError
from engage.identity.domain.sketches import sketch
from engage.identity.forms.areas import AreaForm, BoundaryForm, NameForm, PointForm
from engage.identity.models import Area
from engage.identity.rules import may_administer
from engage.identity.selectors.territory import area_rows, areas_at
from engage.identity.services.areas import add_area, draw_area, remove_area, rename_area
from engage.web.limits import limited


def refuse_all_but_administrators(request: HttpRequest) -> None:
    if not may_administer(request.user):
        raise DomainError("forbidden", _("This page is for the town's administrators."))


@require_safe
@login_required
def areas(request: HttpRequest) -> HttpResponse:
    refuse_all_but_administrators(request)
    rows = area_rows()
    point = PointForm(request.GET if "at" in request.GET else None)
    asked = point.is_bound and point.is_valid()
    drawn = [row for row in rows if row.number is not None]
    drawing = sketch([row.area.boundary for row in drawn])
    context = {
        "rows": rows, "form": point, "asked": asked, "sketch": drawing,
        "numbered": list(zip(drawing.shapes, [row.number for row in drawn], strict=True)),
        "here": areas_at(rows, point.cleaned_data["at"]) if asked else [],
    }  # fmt: skip
    return render(request, "office/areas.html", context)


@require_http_methods(["GET", "POST"])
@login_required
@limited("write")
def area_new(request: HttpRequest) -> HttpResponse:
    refuse_all_but_administrators(request)
    form = AreaForm(request.POST or None, first=not Area.objects.exists())
    if request.method == "POST" and form.is_valid():
        parent = form.cleaned_data.get("parent")
        add_area(name=form.cleaned_data["name"], parent=parent, by=request.user)
        return redirect("areas")
    return render(request, "office/areas_name.html", {"form": form})


@require_http_methods(["GET", "POST"])
@login_required
@limited("write")
def area_name(request: HttpRequest, key: str) -> HttpResponse:
    refuse_all_but_administrators(request)
    area = get_object_or_404(Area, pk=key)
    form = NameForm(request.POST or None, initial={"name": area.name})
    if request.method == "POST" and form.is_valid():
        rename_area(area=area, name=form.cleaned_data["name"], by=request.user)
        return redirect("areas")
    return render(request, "office/areas_name.html", {"form": form, "area": area})


@require_http_methods(["GET", "POST"])
@login_required
@limited("write")
def area_boundary(request: HttpRequest, key: str) -> HttpResponse:
    refuse_all_but_administrators(request)
    area = get_object_or_404(Area, pk=key)
    form = BoundaryForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        try:
            draw_area(area=area, geojson=form.cleaned_data["geojson"], by=request.user)
        except DomainError as refusal:
            if not refusal.code.startswith("boundary."):
                raise
            form.add_error("file" if form.cleaned_data["file"] else "geojson", refusal.sentence)
        else:
            messages.success(request, _("The boundary is saved."))
            return redirect("areas")
    return render(request, "office/areas_boundary.html", {"form": form, "area": area})


@require_http_methods(["GET", "POST"])
@login_required
@limited("write")
def area_remove(request: HttpRequest, key: str) -> HttpResponse:
    refuse_all_but_administrators(request)
    area = get_object_or_404(Area, pk=key)
    if request.method == "POST":
        remove_area(area=area, by=request.user)
        messages.success(request, _("The area is removed."))
        return redirect("areas")
    return render(request, "office/areas_remove.html", {"area": area})

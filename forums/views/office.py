"""The office's pages of categories, for the administrators of their areas."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from engage.domain.errors import DomainError
from engage.identity.domain.roles import Role
from engage.identity.rules import may_administer, may_give_roles, trusted_areas
from engage.web.limits import limited
from forums.forms.categories import FIELDS, CategoryForm
from forums.models import Category
from forums.selectors.readable import lies_in
from forums.services.arranging import save_category
from forums.views.answers import shown, typed_in


def _administrators_only(request: HttpRequest) -> None:
    if not may_give_roles(request.user):
        raise DomainError("forbidden", _("This page is for the administrators of an area."))


@require_safe
@login_required
def office_categories(request: HttpRequest) -> HttpResponse:
    _administrators_only(request)
    mine = lies_in(trusted_areas(request.user, Role.ADMINISTRATOR))
    rows = (
        Category.objects.filter(mine).select_related("area").order_by("theme", "position", "name")
    )
    return shown(request, "forums/office_categories.html", {"categories": rows})


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@limited("write")
def office_category_new(request: HttpRequest) -> HttpResponse:
    _administrators_only(request)
    return _edit(request, Category())


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@limited("write")
def office_category(request: HttpRequest, category: int) -> HttpResponse:
    _administrators_only(request)
    found = get_object_or_404(Category, pk=category)
    if not may_administer(request.user, found.area_id or ""):
        raise DomainError(
            "forbidden", _("This category belongs to an area that others administer.")
        )
    return _edit(request, found)


def _edit(request: HttpRequest, category: Category) -> HttpResponse:
    new, name = category.pk is None, category.name
    form = CategoryForm(typed_in(request), instance=category, by=request.user)
    if request.method == "POST" and form.is_valid():
        values = {field: form.cleaned_data[field] for field in FIELDS}
        try:
            saved = save_category(category=category, values=values, by=request.user)
        except DomainError as refusal:
            if refusal.code != "category.conflict":
                raise
            form.add_error("slug", refusal.sentence)
        else:
            messages.success(request, _("Saved."))
            return redirect(saved)
    context = {"form": form, "new": new, "name": name}
    return shown(request, "forums/office_category.html", context)

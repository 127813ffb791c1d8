"""The front of the forums and a category's threads."""

from typing import Any

from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from engage.identity.rules import may_give_roles
from forums.models import Category
from forums.pages.steps import steps_to_write, who_writes
from forums.rules import may_tend, missing_to_write
from forums.selectors.beside import newest_threads, officially_answered
from forums.selectors.readable import readable_categories
from forums.selectors.threads import OnFront, category_threads, forum_front
from forums.selectors.unread import unread_counts
from forums.views.answers import shown


@require_safe
def forum_show(request: HttpRequest) -> HttpResponse:
    rows = forum_front(request.user)
    rows.sort(key=lambda row: row.category.theme != "")  # sorting is stable: places stay in order
    themes: dict[str, list[OnFront]] = {}
    for row in rows:
        themes.setdefault(row.category.theme, []).append(row)
    context = {
        "themes": list(themes.items()), "newest": newest_threads(request.user),
        "manages": may_give_roles(request.user),
    }  # fmt: skip
    return shown(request, "forums/front.html", context)


@require_safe
def category_show(request: HttpRequest, slug: str) -> HttpResponse:
    category = readable_category(request, slug)
    after = request.GET.get("after", "")
    try:
        page = category_threads(request.user, category, after)
    except ValueError as refused:
        raise BadRequest from refused
    lacking = missing_to_write(request.user, category)
    official = officially_answered(page.threads)
    unread = unread_counts(request.user, page.threads)
    rows = [
        {"thread": each, "official": each.pk in official, "new": unread.get(each.pk)}
        for each in page.threads
    ]
    context: dict[str, Any] = {
        "category": category, "rows": rows, "next": page.next, "earlier": after,
        "steps": steps_to_write(category, lacking, request.get_full_path()),
        "asked": who_writes(category), "tends": may_tend(request.user, category),
    }  # fmt: skip
    return shown(request, "forums/category.html", context)


def readable_category(request: HttpRequest, slug: str) -> Category:
    """Raises Http404 for those who may not know of it."""
    found = readable_categories(request.user).select_related("area")
    return get_object_or_404(found, slug=slug)

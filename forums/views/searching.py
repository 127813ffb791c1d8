"""The search page. A result that cannot be shown at once is refused, and the question kept."""

from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from engage.web.limits import TooMany, spend
from forums.domain.queries import parse
from forums.forms.searching import SearchForm
from forums.search.finding import MOST_PAGES, Found, search


@require_safe
@never_cache
def forum_search(request: HttpRequest) -> HttpResponse:
    form = SearchForm(request.GET, request.user)
    if not form.is_valid() or "\x00" in request.GET.get("q", ""):
        raise BadRequest
    query = parse(form.cleaned_data["q"])
    context = {"search": form, "q": form.cleaned_data["q"], "query": query, "results": Found([])}
    context |= {"most": MOST_PAGES, "asked": _without_page(request)}
    if query:
        try:
            spend("search", request)
        except TooMany as refusal:
            return _later(request, context, refusal)
        number = form.cleaned_data["page"] or 1
        context["results"] = search(request.user, query, form.filters, number)
    return _answer(request, context)


def _without_page(request: HttpRequest) -> str:
    asked = request.GET.copy()
    asked.pop("page", None)
    return asked.urlencode()


def _later(request: HttpRequest, context: dict, refusal: TooMany) -> HttpResponse:
    response = _answer(request, context | {"refusal": refusal.sentence}, status=429)
    response["Retry-After"] = str(refusal.seconds)
    return response


def _answer(request: HttpRequest, context: dict, status: int = 200) -> HttpResponse:
    response = render(request, "forums/search.html", context, status=status)
    response["X-Robots-Tag"] = "noindex"
    return response

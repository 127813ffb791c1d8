"""What everybody may know of moderating: limits, the log without names, the figures of a year."""

import re

from django.core.exceptions import BadRequest
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from engage.moderation.domain import trust
from engage.moderation.pages.figures import Figures, as_csv, figures_of, kind_label
from engage.moderation.pages.wording import done
from engage.moderation.selectors import public
from engage.moderation.selectors.lists import promised_hours
from engage.web.limits import limited

NUMBER = re.compile(r"[1-9][0-9]{0,17}", re.ASCII)


@require_safe
@limited("figures")
def log(request: HttpRequest) -> HttpResponse:
    before = request.GET.get("before", "")
    if before and not NUMBER.fullmatch(before):
        raise BadRequest
    lines, following = public.public_log(int(before) if before else None)
    shown = [(line, done(line.verb, line.after), kind_label(line.kind)) for line in lines]
    context = {"lines": shown, "following": following, "is_first": not before}
    context |= {"years": public.years(), "hours": promised_hours()} if not before else {}
    return render(request, "desk/public_log.html", context)


@require_safe
@limited("figures")
def figures(request: HttpRequest, year: int) -> HttpResponse:
    return render(request, "desk/public_figures.html", {"figures": _figures(year)})


@require_safe
@limited("figures")
def figures_file(request: HttpRequest, year: int) -> HttpResponse:
    file = HttpResponse(as_csv(_figures(year)), content_type="text/csv; charset=utf-8")
    file["Content-Disposition"] = f'attachment; filename="moderation-{year}.csv"'
    file["Content-Language"] = get_language()
    return file


def _figures(year: int) -> Figures:
    if year not in public.years():
        raise Http404
    return figures_of(year, public.figures(year))


@require_safe
def limits(request: HttpRequest) -> HttpResponse:
    """The very table that counts, so that the page cannot say anything else."""
    levels = [(level, trust.NEEDS[level], list(trust.LIMITS[level].values()))
              for level in trust.Level]  # fmt: skip
    context = {
        "levels": levels, "cost": trust.OBJECTION_COSTS, "weighs_days": trust.WEIGHS_FOR.days,
    }  # fmt: skip
    return render(request, "desk/public_limits.html", context)

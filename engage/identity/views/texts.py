"""The texts the town answers for: which there are in which language; the next version."""

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from engage.domain.errors import DomainError
from engage.identity.forms.town import TextForm
from engage.identity.rules import may_administer
from engage.identity.views.town import administrators_only
from engage.web.limits import limited
from engage.web.markdown import to_html
from engage.web.models import Text
from engage.web.selectors import newest_text, newest_texts
from engage.web.services import publish_text


@require_safe
@login_required
def text_list(request: HttpRequest) -> HttpResponse:
    administrators_only(request)
    newest = newest_texts()
    rows = [
        (slug, [(code, newest.get((slug.value, code))) for code, _name in settings.LANGUAGES])
        for slug in Text.Slug
    ]
    missing = len(Text.Slug) * len(settings.LANGUAGES) - len(newest)
    return render(request, "office/texts.html", {"rows": rows, "missing": missing})


@require_http_methods(["GET", "POST"])
@login_required
@limited("write")
def text_write(request: HttpRequest, slug: str, language: str) -> HttpResponse:
    administrators_only(request)
    if slug not in Text.Slug.values or language not in dict(settings.LANGUAGES):
        raise Http404
    newest = newest_text(slug, language)
    known = {"title": newest.title, "body": newest.body} if newest else {}
    initial = {**known, "after": newest.version if newest else 0}
    typed = request.POST.copy() if request.method == "POST" else None
    form = TextForm(typed, initial=initial)
    if form.is_valid() and "publish" in request.POST and _published(request, form, slug, language):
        messages.success(request, _("Published. It holds from now on."))
        return redirect("office-texts")
    context = {
        "form": form, "slug": Text.Slug(slug), "language": language, "newest": newest,
        "preview": to_html(form.cleaned_data.get("body", ""), top=3) if form.is_bound else None,
    }  # fmt: skip
    return render(request, "office/texts_write.html", context)


def _published(request: HttpRequest, form: TextForm, slug: str, language: str) -> bool:
    try:
        publish_text(
            allowed=may_administer(request.user), by=request.user.pk, slug=slug,
            language=language, **form.cleaned_data,
        )  # fmt: skip
    except DomainError as refusal:
        form.add_error(None, refusal.sentence)
        newest = newest_text(slug, language)  # read and published over, if the writer still wants
        form.data["after"] = newest.version if newest else 0
        return False
    return True

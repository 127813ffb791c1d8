"""Letters with codes on their way to paper; nobody's name is shown before it is printed."""

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from engage.domain.errors import DomainError
from engage.identity.domain.letters import in_groups
from engage.identity.forms.printing import BatchForm, PileForm
from engage.identity.selectors.residence import batch_for, batches_for, pile_for
from engage.identity.services.letters import code_for, print_letters
from engage.identity.views.people import refuse_all_but_officers
from engage.web.limits import limited
from engage.web.markdown import to_html
from engage.web.selectors import newest_text


@require_safe
@never_cache
@login_required
def letters(request: HttpRequest) -> HttpResponse:
    refuse_all_but_officers(request)
    now = timezone.now()
    batches = [
        {"at": at, "key": at.strftime("%Y-%m-%dT%H:%M:%S.%f%z"), "number": number}
        for at, number in batches_for(request.user, now)
    ]
    context = {"pile": pile_for(request.user, now), "batches": batches}
    return render(request, "office/letters.html", context)


@require_POST
@never_cache
@login_required
@limited("write")
def letters_print(request: HttpRequest) -> HttpResponse:
    refuse_all_but_officers(request)
    pile, batch = PileForm(request.POST), BatchForm(request.POST)
    if batch.is_valid():
        at = batch.cleaned_data["printed_at"]
        wanted = batch_for(request.user, timezone.now(), at)
    else:
        wanted = pile.cleaned_data["letters"] if pile.is_valid() else []
    printed = print_letters(letters=wanted, by=request.user)
    if not printed:
        sentence = _("These letters are no longer waiting. Look at the pile again.")
        raise DomainError("letters.not-found", sentence, next="/office/letters/")
    text = newest_text("letter", settings.LANGUAGE_CODE)
    context = {
        "sheets": [(letter, in_groups(code_for(letter.pk))) for letter in printed],
        "text": to_html(text.body, top=2) if text else "",
        "spoken": settings.LANGUAGE_CODE, "address": f"{settings.SITE_ORIGIN}/you/place/",
    }  # fmt: skip
    return render(request, "office/letters_print.html", context)

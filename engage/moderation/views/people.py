"""Whoever wrote something, as far as moderators may know them: decisions, and what keeps them."""

import uuid

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from engage.identity.models import User
from engage.moderation.models import Sanction
from engage.moderation.rules import may_lift
from engage.moderation.selectors.desk import moderated_items
from engage.moderation.selectors.people import last_texts, person_page
from engage.moderation.services.sanctioning import lift
from engage.moderation.views.entrance import for_moderators
from engage.web.limits import limited


@require_safe
@for_moderators
def person_show(request: HttpRequest, person: uuid.UUID) -> HttpResponse:
    """Only of somebody who wrote in an area that one moderates."""
    author = User.objects.filter(pk=person).first()
    if author is None or not moderated_items(request.user).filter(author=author).exists():
        raise Http404
    sanctions, decisions = person_page(request.user, author)
    lifted = [(each, may_lift(request.user, each)) for each in sanctions]
    texts = last_texts(request.user, author)
    context = {"author": author, "sanctions": lifted, "decisions": decisions, "texts": texts}
    return render(request, "desk/person.html", context)


@require_POST
@for_moderators
@limited("write")
def sanction_lift(request: HttpRequest, pk: int) -> HttpResponse:
    found = Sanction.objects.select_related("decision__item").filter(pk=pk).first()
    if found is None or not may_lift(request.user, found):
        raise Http404
    lift(sanction=found, by=request.user)
    messages.success(request, _("They may write again."))
    return redirect("desk-person", found.person_id)

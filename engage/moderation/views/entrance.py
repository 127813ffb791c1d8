"""Who is let in to the desk: whoever moderates anywhere. What they see there, selectors say."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from engage.domain.errors import DomainError
from engage.identity.views.discreet import discreet
from engage.moderation.rules import may_see_desk

View = Callable[..., HttpResponse]


def for_moderators(view: View) -> View:
    """Led to sign in; refused who moderates nowhere. The pages are kept by nobody."""

    @discreet
    @login_required
    @wraps(view)
    def asked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not may_see_desk(request.user):
            raise DomainError("desk.forbidden", _("The desk is for moderators."))
        return view(request, *args, **kwargs)

    return asked

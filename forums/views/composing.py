"""Forms for writing: what was typed before is in them, whatever happened in between.

A draft comes back; what was sent by somebody whose sign-in had ended waits in the session until
they have signed in again. Deliberately absent: storing a text for strangers for any longer.
"""

import logging
from typing import Any

from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import NoReverseMatch, reverse
from django.utils.http import urlencode

from engage.domain.errors import DomainError
from engage.web.limits import TooMany
from forums.forms.writing import LONGEST_TEXT, LONGEST_TITLE, ReplyForm
from forums.models import Draft, Post, Thread
from forums.pages.sending import LONGEST_MARK, mark_of
from forums.selectors.drafts import draft_at
from forums.services.drafting import keep_draft
from forums.services.wording import html_of

log = logging.getLogger("engage.forums")
UNSENT = "unsent"
MOST_UNSENT = 5


def put_by(request: HttpRequest, place: str, back: str) -> HttpResponse:
    """To the sign-in, and back to the form with what was typed; texts for other places stay."""
    title, text = request.POST.get("title", ""), request.POST.get("text", "")
    if place and (title.strip() or text.strip()):
        typed = {"title": title[:LONGEST_TITLE], "text": text[:LONGEST_TEXT]}
        kept = {"place": place, "whose": request.POST.get("whose", "")[:LONGEST_MARK], **typed}
        others = [each for each in request.session.get(UNSENT, []) if each["place"] != place]
        request.session[UNSENT] = [*others, kept][-MOST_UNSENT:]
    return redirect(f"{reverse('account_login')}?{urlencode({'next': back})}")


def draft_here(request: HttpRequest, place: str) -> Draft | None:
    """What this person was writing at ``place``, also what was put by until they signed in."""
    for kept in request.session.pop(UNSENT, []) if UNSENT in request.session else ():
        _keep(request, **kept)
    return draft_at(request.user, place)


def _keep(request: HttpRequest, whose: str, **typed: str) -> None:
    """Not what somebody else typed, whose sign-in ended at the same machine."""
    if whose not in ("", mark_of(request.user)):
        return
    try:
        keep_draft(person=request.user, **typed)
    except DomainError:
        log.info("A text that was put by has no place among the drafts.")


def composer(request: HttpRequest, thread: Thread, to: Post | None = None) -> dict[str, Any]:
    """The reply form as it opens."""
    place = f"reply.{to.pk}" if to else f"thread.{thread.pk}"
    draft = draft_here(request, place)
    initial = {"to": to and to.pk, "text": draft.text if draft else ""}
    form = ReplyForm(initial=initial, names=names_of(thread))
    return {"form": form, "place": place, "draft": draft, "longest": LONGEST_TEXT, "composes": True}


def names_of(thread: Thread) -> str:
    """Where the names are looked up that somebody may mention."""
    try:
        return reverse("thread-names", args=[thread.pk])
    except NoReverseMatch:
        return ""


def previewed(request: HttpRequest, form: Form) -> dict[str, Any]:
    """The text as it would look, if that is what the button asked for."""
    if request.POST.get("act") != "preview":
        return {}
    return {"preview": html_of(form.cleaned_data["text"]) if form.is_valid() else ""}


def refused(form: Form, refusal: DomainError) -> None:
    """Say it on the form, which keeps what was typed; what is another page's is raised again."""
    if isinstance(refusal, TooMany) or refusal.code.endswith("not-found"):
        raise refusal
    form.add_error("text" if refusal.code.startswith("text.") else None, refusal.sentence)

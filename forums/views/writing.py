"""Starting a thread, answering in one, and looking at a text before it is sent."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from engage.domain.errors import DomainError
from engage.moderation.domain.standing import Standing
from engage.moderation.services.networks import network_mark
from engage.web.limits import limited
from forums.forms.writing import LONGEST_TEXT, OfficialForm, ReplyForm, ThreadForm
from forums.models import Category, Post, Thread
from forums.pages.sending import form_arrived
from forums.pages.steps import steps_to_write
from forums.rules import may_answer_officially, missing_to_write
from forums.selectors.readable import readable_posts
from forums.services.wording import html_of
from forums.services.writing import answer_officially, post_reply, start_thread
from forums.views.answers import number_in, shown
from forums.views.composing import composer, draft_here, names_of, previewed, put_by, refused
from forums.views.front import readable_category
from forums.views.pictures import Picked, picked_in
from forums.views.threads import readable_thread


def sent(request: HttpRequest, post: Post) -> HttpResponse:
    """To the post in its thread; one that waits is shown to its author alone, with that word."""
    form_arrived(request)
    if post.standing == Standing.SHOWN:
        return redirect("post", post.pk)
    messages.info(request, _("Your text has arrived. A moderator looks at it first."))
    return redirect("post-more", post.pk)


@require_http_methods(["GET", "HEAD", "POST"])
@limited("write")
def thread_new(request: HttpRequest, slug: str) -> HttpResponse:
    category = readable_category(request, slug)
    place = f"category.{category.pk}"
    if not request.user.is_authenticated:
        return put_by(request, place, request.path)
    lacking = missing_to_write(request.user, category)
    context: dict[str, Any] = {
        "category": category, "place": place, "longest": LONGEST_TEXT,
        "steps": steps_to_write(category, lacking, request.path),
    }  # fmt: skip
    if lacking or category.closed:
        typed = {"form": ThreadForm(request.POST)} if request.method == "POST" else {}
        return shown(request, "forums/thread_new.html", context | typed)
    if request.method == "POST":
        form, picked = ThreadForm(request.POST), picked_in(request)
        context |= {"form": form, "picked": picked} | previewed(request, form)
        stays = picked.stays or "preview" in context
        if not stays and (post := _started(request, form, category, picked)):
            return sent(request, post)
        return shown(request, "forums/thread_new.html", context)
    draft = draft_here(request, place)
    typed = {"title": draft.title, "text": draft.text} if draft else {}
    context |= {"form": ThreadForm(initial=typed), "draft": draft}
    return shown(request, "forums/thread_new.html", context)


def _started(
    request: HttpRequest, form: ThreadForm, category: Category, picked: Picked
) -> Post | None:
    if not form.is_valid():
        return None
    typed = form.cleaned_data
    try:
        return start_thread(
            category=category, author=request.user, title=typed["title"], text=typed["text"],
            pictures=picked.keys, attempt=typed["attempt"], network=network_mark(request),
        )  # fmt: skip
    except DomainError as refusal:
        refused(form, refusal)
        return None


@require_http_methods(["GET", "HEAD", "POST"])
@limited("write")
def reply(request: HttpRequest, thread: int) -> HttpResponse:
    found = readable_thread(request, thread)
    to = _answered(request, found)
    place = f"reply.{to.pk}" if to else f"thread.{found.pk}"
    if not request.user.is_authenticated:
        return put_by(request, place, f"{request.path}?to={to.pk}" if to else request.path)
    lacking = missing_to_write(request.user, found.category)
    context: dict[str, Any] = {
        "thread": found, "to": to, "place": place, "longest": LONGEST_TEXT,
        "steps": steps_to_write(found.category, lacking, request.get_full_path()),
        "closed": found.locked or found.category.closed,
    }  # fmt: skip
    if request.method == "POST":
        form, picked = ReplyForm(request.POST, names=names_of(found)), picked_in(request)
        context |= {"form": form, "picked": picked} | previewed(request, form)
        stays = picked.stays or "preview" in context
        if not stays and (post := _replied(request, form, found, to, picked)):
            return sent(request, post)
    elif not (lacking or context["closed"]):
        context |= composer(request, found, to)
    return shown(request, "forums/reply.html", context)


def _answered(request: HttpRequest, thread: Thread) -> Post | None:
    """The post that is answered, of this thread and shown; None is the thread itself."""
    if request.method == "POST":
        typed = request.POST.get("to", "")
        key = int(typed) if typed.isascii() and typed.isdecimal() and len(typed) < 19 else None
        if typed and key is None:
            raise Http404
    else:
        key = number_in(request, "to")
    if key is None:
        return None
    found = readable_posts(request.user).select_related("author").filter(thread=thread, pk=key)
    if (post := found.first()) is None:
        raise Http404
    return post


def _replied(
    request: HttpRequest, form: ReplyForm, thread: Thread, to: Post | None, picked: Picked
) -> Post | None:
    if not form.is_valid():
        return None
    typed = form.cleaned_data
    try:
        return post_reply(
            thread=thread, author=request.user, text=typed["text"], to=to,
            pictures=picked.keys, attempt=typed["attempt"], network=network_mark(request),
        )  # fmt: skip
    except DomainError as refusal:
        refused(form, refusal)
        return None


@require_http_methods(["GET", "HEAD", "POST"])
@limited("write")
def thread_official(request: HttpRequest, thread: int) -> HttpResponse:
    if not request.user.is_authenticated:
        return put_by(request, f"thread.{thread}", request.get_full_path())
    found = readable_thread(request, thread)
    if not may_answer_officially(request.user, found.category):
        raise DomainError("forbidden", _("You do not answer for the town in this place."))
    to = _answered(request, found)
    place = f"thread.{found.pk}"
    context: dict[str, Any] = {"thread": found, "to": to, "place": place, "longest": LONGEST_TEXT}
    if request.method == "POST":
        form = OfficialForm(request.POST)
        context |= {"form": form} | previewed(request, form)
        if "preview" not in context and (post := _answered_for_the_town(request, form, found, to)):
            return sent(request, post)
        return shown(request, "forums/official.html", context)
    draft = draft_here(request, place)
    typed = {"text": draft.text if draft else "", "to": to and to.pk}
    context |= {"form": OfficialForm(initial=typed), "draft": draft}
    return shown(request, "forums/official.html", context)


def _answered_for_the_town(
    request: HttpRequest, form: OfficialForm, thread: Thread, to: Post | None
) -> Post | None:
    if not form.is_valid():
        return None
    typed = form.cleaned_data
    try:
        return answer_officially(
            thread=thread, by=request.user, text=typed["text"], office=typed["office"], to=to,
            attempt=typed["attempt"],
        )  # fmt: skip
    except DomainError as refusal:
        refused(form, refusal)
        return None


@require_POST
@login_required
@limited("preview")
def post_preview(request: HttpRequest) -> HttpResponse:
    text = request.POST.get("text", "")[:LONGEST_TEXT]
    return shown(request, "forums/_preview.html", {"html": html_of(text) if text.strip() else ""})

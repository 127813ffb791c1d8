"""One post: all that a person may do with it, its reactions, its changes."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from engage.domain.errors import DomainError
from engage.moderation.domain.standing import Standing
from engage.moderation.models import Item
from engage.moderation.rules import may_decide
from engage.web.limits import limited
from forums.forms.writing import LONGEST_TEXT, TextForm
from forums.models import Post, Reaction
from forums.rules import may_answer_officially, may_edit_post, may_read_thread
from forums.selectors.beside import broken_rules
from forums.selectors.histories import post_history
from forums.selectors.readable import reachable_posts
from forums.selectors.threads import titled_for
from forums.services.editing import edit_post
from forums.services.reacting import react
from forums.views.answers import kept_by_nobody, shown
from forums.views.composing import draft_here, previewed, put_by, refused
from forums.views.writing import sent


def reachable_post(request: HttpRequest, post: int) -> Post:
    """The post, its thread and where it stands. Raises Http404 for who may not read it."""
    found = reachable_posts(request.user).select_related("thread__category__area", "author")
    reached = get_object_or_404(found, pk=post)
    titled_for(request.user, reached.thread)
    return reached


@require_safe
def post_more(request: HttpRequest, post: int) -> HttpResponse:
    found, person = reachable_post(request, post), request.user
    thread, is_shown = found.thread, found.standing == Standing.SHOWN
    readable = may_read_thread(person, thread)
    talks = is_shown and readable and not (thread.locked or thread.category.closed)
    mine = person.is_authenticated and found.author_id == person.pk
    context: dict[str, Any] = {
        "post": found, "thread": thread, "mine": mine, "readable": readable and found.number,
        "rule": broken_rules([found]).get(found.pk, ""), "replies": talks,
        "edits": may_edit_post(person, found), "objects": is_shown and not mine,
        "answers_officially": is_shown and may_answer_officially(person, thread.category),
        "reactions": _reactions(request, found) if talks and person.is_authenticated else [],
        "desk_item": _desk_item(request, found),
        "link": request.build_absolute_uri(found.get_absolute_url()),
    }  # fmt: skip
    return shown(request, "forums/post_more.html", context)


def _reactions(request: HttpRequest, post: Post) -> list[tuple[str, str, int, bool]]:
    """Each kind with its count, and whether it was given by the reader."""
    given = Reaction.objects.filter(post=post, person=request.user).values_list("kind", flat=True)
    own = set(given)
    return [
        (kind.value, str(kind.label), post.reactions.get(kind, 0), kind in own)
        for kind in Reaction.Kind
    ]


def _desk_item(request: HttpRequest, post: Post) -> int | None:
    """Where moderators decide on it, for those who may."""
    if not request.user.is_authenticated:
        return None
    item = Item.objects.filter(kind="post", key=str(post.pk)).select_related("area").first()
    return item.pk if item and may_decide(request.user, item) else None


@require_POST
@limited("write")
def post_react(request: HttpRequest, post: int) -> HttpResponse:
    """Say it, or take it back: what ``on`` asks for, without it the other than it is."""
    found = reachable_post(request, post)
    if not request.user.is_authenticated:
        return put_by(request, "", found.get_absolute_url())
    kind, on = request.POST.get("kind", ""), request.POST.get("on", "")
    if on not in ("0", "1") and kind in Reaction.Kind.values:
        given = Reaction.objects.filter(post=found, person=request.user, kind=kind)
        on = "0" if given.exists() else "1"
    react(post=found, person=request.user, kind=kind, on=on == "1")
    if request.headers.get("X-Requested-With") == "fetch":
        return kept_by_nobody(request, HttpResponse(status=204))
    if on == "1":
        messages.success(request, _("Noted. Choose the same again to take it back."))
    else:
        messages.success(request, _("Taken back."))
    return redirect("post", found.pk)


@require_http_methods(["GET", "HEAD", "POST"])
@limited("write")
def post_edit(request: HttpRequest, post: int) -> HttpResponse:
    place = f"edit.{post}"
    if not request.user.is_authenticated:
        return put_by(request, place, request.path)
    found = reachable_post(request, post)
    if found.author_id != request.user.pk:
        raise Http404
    if not may_edit_post(request.user, found):
        sentence = _(
            "This text cannot be changed now: moderators have it, or the thread is closed."
        )
        raise DomainError("forbidden", sentence, next=found.get_absolute_url())
    context: dict[str, Any] = {
        "post": found, "thread": found.thread, "place": place, "longest": LONGEST_TEXT,
    }  # fmt: skip
    if request.method == "POST":
        form = TextForm(request.POST)
        context |= {"form": form} | previewed(request, form)
        if "preview" not in context and (changed := _changed(request, form, found)):
            return sent(request, changed)
        return shown(request, "forums/post_edit.html", context)
    draft = draft_here(request, place)
    context |= {"form": TextForm(initial={"text": (draft or found).text}), "draft": draft}
    return shown(request, "forums/post_edit.html", context)


def _changed(request: HttpRequest, form: TextForm, post: Post) -> Post | None:
    if not form.is_valid():
        return None
    try:
        return edit_post(post=post, by=request.user, text=form.cleaned_data["text"])
    except DomainError as refusal:
        refused(form, refusal)
        return None


@require_safe
def post_past(request: HttpRequest, post: int) -> HttpResponse:
    found = reachable_post(request, post)
    changes = post_history(request.user, found)
    context = {"post": found, "thread": found.thread, "changes": changes}
    return shown(request, "forums/history.html", context)

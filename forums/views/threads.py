"""A thread's page and the links into it."""

import json

from django.core.exceptions import BadRequest
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from engage.journal.selectors import head
from forums.domain.cursors import Place
from forums.models import Follow, Post, Thread
from forums.pages.reading import END, Sheet, sheet
from forums.pages.steps import steps_to_write
from forums.rules import may_answer_officially, may_tend, missing_to_write
from forums.selectors.beside import own_of, pace_of
from forums.selectors.readable import reachable_posts, readable_threads
from forums.selectors.threads import post_numbered, post_place
from forums.selectors.unread import seen_with, unread_counts
from forums.services.reading import read_up_to
from forums.views.answers import number_in, shown
from forums.views.composing import composer

SAMPLES = (1, 2, 3, 5, 6, 7, 9, 11, 12, 21, 22, 23, 100, 101, 102, 103)
"""Numbers of new posts, one at least of every plural form (Unicode CLDR, plural rules)."""


def readable_thread(request: HttpRequest, thread: int) -> Thread:
    """The thread with what its page shows of it. Raises Http404 for who may not know of it."""
    found = readable_threads(request.user)
    return get_object_or_404(
        found.select_related("category__area", "author", "duplicate_of__category"), pk=thread
    )


@require_safe
def thread_show(request: HttpRequest, thread: int) -> HttpResponse:
    since = head(f"thread.{thread}")  # first: what happens from here on is told live
    found = readable_thread(request, thread)
    if (at := number_in(request, "at")) is not None:
        return _to(post_numbered(found, at) or _no_such_post())
    after, before = request.GET.get("after", ""), request.GET.get("before", "")
    try:
        page = sheet(found, after, END if before == "end" else before)
    except ValueError as refused:
        raise BadRequest from refused
    context = {
        "thread": found, "since": since, "page": page, "now": timezone.now(),
        "public": found.category.readers == "everyone", "elsewhere": bool(after or before),
        "samples": SAMPLES,
    }  # fmt: skip
    context |= _for_the_reader(request, found)
    if request.user.is_authenticated:
        _mark_as_read(request, found, page)
    return shown(request, "forums/thread.html", context)


def _mark_as_read(request: HttpRequest, thread: Thread, page: Sheet) -> None:
    """What a page shows is read, also without scripts; what is new on it was said before."""
    until = Place.of(page.until) if page.until else None
    number = seen_with(request.user, thread, Place.of(page.after), until)
    read_up_to(thread=thread, person=request.user, number=number)


def _no_such_post() -> Post:
    raise Http404


def _for_the_reader(request: HttpRequest, thread: Thread) -> dict[str, object]:
    """What of the page is this reader's own: the way to write, their posts, their draft."""
    category, person = thread.category, request.user
    lacking = missing_to_write(person, category)
    here = f"{thread.get_absolute_url()}#answer"
    context: dict[str, object] = {"steps": steps_to_write(category, lacking, here)}
    if not person.is_authenticated:
        return context
    context |= {
        "own_data": json.dumps(own_of(thread, person).as_data()),
        "unread": unread_counts(person, [thread]).get(thread.pk),
        "pace": pace_of(person, thread), "paces": Follow.Pace.choices,
        "tends": may_tend(person, category),
        "answers_officially": may_answer_officially(person, category),
    }  # fmt: skip
    if not lacking and not (thread.locked or category.closed):
        context |= composer(request, thread)
    return context


@require_safe
def post_show(request: HttpRequest, post: int) -> HttpResponse:
    """A link that stays: to the post's place in its thread, or to the post alone."""
    found = Post.objects.filter(number__isnull=False, thread__in=readable_threads(request.user))
    placed = found.select_related("thread").filter(pk=post).first()
    if placed:
        return _to(placed)
    alone = get_object_or_404(reachable_posts(request.user), pk=post)
    return redirect("post-more", alone.pk)


def _to(post: Post) -> HttpResponse:
    place = post_place(post)
    asked = f"?after={place}" if place else ""
    return redirect(f"{reverse('thread', args=[post.thread_id])}{asked}#post-{post.pk}")

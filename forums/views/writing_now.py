"""A page says that its reader is writing; others are told that somebody is."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_POST

from engage.web.limits import limited
from forums.services.writing_now import say_that_one_writes
from forums.views.answers import kept_by_nobody
from forums.views.threads import readable_thread


@require_POST
@limited("writing")
def thread_writing(request: HttpRequest, thread: int) -> HttpResponse:
    found = readable_thread(request, thread)
    say_that_one_writes(thread=found, by=request.user)
    return kept_by_nobody(request, HttpResponse(status=204))

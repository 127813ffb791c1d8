"""Live updates by asking, for pages whose network lets no socket through.

The same messages as a socket brings, from one address a topic that caches may keep for a second.
"""

import re

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.cache import get_conditional_response
from django.views.decorators.http import require_safe

from engage.domain.errors import DomainError
from engage.domain.topics import Topic
from engage.web.errors import error_page
from realtime.codes import Code
from realtime.domain import envelope
from realtime.domain.handshake import html_language
from realtime.people import is_marked
from realtime.snapshots import Snapshots
from realtime.topics import KINDS

_SINCE = re.compile(r"0|[1-9][0-9]{0,15}", re.ASCII)
_ENDED = f'{{"messages":[{envelope.ended(Code.SIGNED_OUT).text}]}}'
_snapshots = Snapshots()


@require_safe
def live(request: HttpRequest, name: str) -> HttpResponse:
    """``?since=<n>&lang=de[&me=<mark>][&html=0]``: what was told of a topic after fact number n."""
    topic = _topic(name)
    if topic is None:
        return _refused(request, 404)
    asked = request.GET.get("since")
    if asked is not None and not _SINCE.fullmatch(asked):
        return _refused(request, 400)
    if (mark := request.GET.get("me", "")) and not _is_page_of(request, mark):
        return HttpResponse(
            _ENDED, content_type="application/json", headers={"Cache-Control": "private, no-store"}
        )
    since = None if asked is None else int(asked)
    answer = _snapshots.answer(
        topic, _language(request), since, lambda: KINDS[topic.kind].may_follow(request.user, topic)
    )
    if answer is None:
        return _refused(request, 404)
    whole = HttpResponse(
        answer.body, content_type="application/json", headers={"ETag": answer.etag}
    )
    response = get_conditional_response(request, etag=answer.etag, response=whole) or whole
    kept = answer.public and not mark
    response["Cache-Control"] = "public, max-age=1" if kept else "private, no-store"
    return response


def _is_page_of(request: HttpRequest, mark: str) -> bool:
    """Whether the page was made for the person who asks, in the same sign-in."""
    return request.user.is_authenticated and is_marked(request.session.session_key or "", mark)


def _topic(name: str) -> Topic | None:
    try:
        topic = Topic.parse(name)
    except DomainError:
        return None
    return topic if topic.kind in KINDS else None


def _language(request: HttpRequest) -> str:
    languages = [code for code, _name in settings.LANGUAGES]
    asked, html = request.GET.get("lang", ""), request.GET.get("html", "")
    return html_language(asked, html, languages, settings.LANGUAGE_CODE)


def _refused(request: HttpRequest, status: int) -> HttpResponse:
    response = error_page(request, status)
    response["Cache-Control"] = "no-store"
    return response

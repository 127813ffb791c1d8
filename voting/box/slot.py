"""The slot: a ballot falls into the box by a short way, all else goes to Django's pages.

It sees no cookie, asks for no address and writes no log. What it does not know for certain to be a
ballot sent as the protocol says is Django's to answer, which takes ballots too.
"""

import re
import uuid
from functools import lru_cache
from typing import Any, NamedTuple

from asgiref.typing import ASGI3Application, ASGIReceiveCallable, ASGISendCallable, Scope
from django.http import HttpResponse
from django.utils import translation

from voting.box.batches import Batches
from voting.box.headers import Headers, Usual, UsualHeaders
from voting.domain.ballots import MAX_BYTES
from voting.domain.refusal import Refusal
from voting.views.booth import cast_answer

ADDRESS = re.compile(
    r"/booth/([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})/ballots"
)
KINDS = {b"text/plain", b"text/plain;charset=utf-8", b"text/plain; charset=utf-8"}


class Answer(NamedTuple):
    status: int
    headers: Headers
    body: bytes


class Slot:
    """An ASGI application for HTTP in front of ``pages``."""

    def __init__(self, pages: ASGI3Application) -> None:
        self.pages = pages
        self.batches = Batches()
        self.usual = UsualHeaders(pages)

    async def __call__(
        self, scope: Scope, receive: ASGIReceiveCallable, send: ASGISendCallable
    ) -> None:
        poll = box_of(scope)
        usual = await self.usual.of(scope) if poll else None
        if not poll or not usual:
            return await self.pages(scope, receive, send)
        raw = await _body(receive)
        if raw is None:
            return None
        outcome = await self._outcome(poll, raw)
        if outcome is None:
            return await self.pages(scope, _again(raw, receive), send)
        await _send(answer(outcome, poll, usual), send)

    async def _outcome(self, poll: uuid.UUID, raw: bytes) -> bytes | Refusal | None:
        if len(raw) > MAX_BYTES:
            return Refusal("too-long", "")
        return await self.batches.cast(poll, raw)


def box_of(scope: Scope) -> uuid.UUID | None:
    """The poll whose box is addressed by the letter: a plain POST with nothing odd about it."""
    if scope["method"] != "POST" or scope["query_string"] or scope.get("root_path"):
        return None
    found = ADDRESS.fullmatch(scope["path"])
    said = list(scope["headers"])
    headers = dict(said)
    # A header said twice is Django's to judge, and so is any kind of content but the usual.
    if not found or len(headers) < len(said):
        return None
    return uuid.UUID(found[1]) if headers.get(b"content-type", b"").lower() in KINDS else None


def answer(outcome: bytes | Refusal, poll: uuid.UUID, usual: Usual) -> Answer:
    if isinstance(outcome, Refusal):
        return _refusal(outcome.code, outcome.sentence, poll, usual)
    return _dressed(cast_answer(outcome, poll), usual)


@lru_cache(maxsize=1_024)
def _refusal(code: str, sentence: str, poll: uuid.UUID, usual: Usual) -> Answer:
    with translation.override(usual.language):
        return _dressed(cast_answer(Refusal(code, sentence), poll), usual)


def _dressed(response: HttpResponse, usual: Usual) -> Answer:
    own = [(name.encode(), value.encode("latin-1")) for name, value in response.items()]
    length = (b"Content-Length", b"%d" % len(response.content))
    return Answer(response.status_code, (*own, length, *usual.headers), response.content)


async def _body(receive: ASGIReceiveCallable) -> bytes | None:
    """The request's body, given up once it is too long; None if the client is gone."""
    body = b""
    while len(body) <= MAX_BYTES:
        message: Any = await receive()
        if message["type"] == "http.disconnect":
            return None
        body += message.get("body", b"")
        if not message.get("more_body", False):
            break
    return body


def _again(raw: bytes, receive: ASGIReceiveCallable) -> ASGIReceiveCallable:
    """``receive`` for somebody else, with the body that was read already."""
    read = [{"type": "http.request", "body": raw, "more_body": False}]

    async def first_the_body() -> Any:
        return read.pop() if read else await receive()

    return first_the_body


async def _send(answer: Answer, send: ASGISendCallable) -> None:
    await send({"type": "http.response.start", "status": answer.status, "headers": answer.headers})
    await send({"type": "http.response.body", "body": answer.body})

"""The headers that every answer of this server wears: asked of Django once, then put on by us.

Nothing is written down twice: what the middleware adds to an answer of the ballot box is found by
sending it a request that it refuses before it looks at any database.
"""

import asyncio
from collections.abc import Iterable
from functools import lru_cache
from typing import Any, NamedTuple

from asgiref.typing import ASGI3Application, HTTPScope
from django.http import HttpRequest
from django.utils.translation import get_language_from_request

Headers = tuple[tuple[bytes, bytes], ...]

MANY = 256
NOWHERE = "/booth/00000000-0000-0000-0000-000000000000/ballots"
NO_KIND = 415  # a request without a content type is refused by the view itself
ITS_OWN = {b"content-type", b"content-length", b"cache-control", b"access-control-allow-origin"}


class Usual(NamedTuple):
    """What does not depend on the ballot: the reader's language and the answer's headers."""

    language: str
    headers: Headers


class UsualHeaders:
    """By scheme, host and language, all that the middleware looks at; no more than ``MANY``."""

    def __init__(self, pages: ASGI3Application) -> None:
        self.pages = pages
        self.known: dict[tuple[Any, ...], asyncio.Task[Usual | None]] = {}

    async def of(self, scope: HTTPScope) -> Usual | None:
        """None where Django answers otherwise: a host not ours, a scheme that is sent elsewhere."""
        headers = dict(scope["headers"])
        language = language_of(headers.get(b"accept-language", b""))
        named = headers.get(b"host"), headers.get(b"x-forwarded-proto")
        key = scope["scheme"], *named, language
        if key not in self.known:
            if len(self.known) >= MANY:
                self.known.clear()
            self.known[key] = asyncio.create_task(self._ask(scope["scheme"], *named, language))
        return await self._told(key)

    async def _told(self, key: tuple[Any, ...]) -> Usual | None:
        """The answer to the one question that all ballots of a crowd wait for together."""
        asking = self.known[key]
        try:
            return await asyncio.shield(asking)
        except (Exception, asyncio.CancelledError):
            if asking.done() and self.known.get(key) is asking:
                del self.known[key]  # it failed: whoever comes next asks again
            raise

    async def _ask(
        self, scheme: str, host: bytes | None, forwarded: bytes | None, language: str
    ) -> Usual | None:
        asked = [(b"host", host), (b"x-forwarded-proto", forwarded)]
        said = [(name, value) for name, value in asked if value is not None]
        status, headers = await _answer_of(
            self.pages, scheme, [*said, (b"accept-language", language.encode())]
        )
        if status != NO_KIND:
            return None
        return Usual(language, tuple(pair for pair in headers if pair[0].lower() not in ITS_OWN))


@lru_cache(maxsize=MANY)
def language_of(accepted: bytes) -> str:
    """The language that Django would choose for a reader who has no cookie."""
    request = HttpRequest()
    request.META["HTTP_ACCEPT_LANGUAGE"] = accepted.decode("latin-1")
    return get_language_from_request(request)


async def _answer_of(
    pages: ASGI3Application, scheme: str, headers: Iterable[tuple[bytes, bytes]]
) -> tuple[int, Iterable[tuple[bytes, bytes]]]:
    """Status and headers of an empty POST to a poll's box."""
    body = [{"type": "http.request", "body": b"", "more_body": False}]
    sent: list[Any] = []

    async def receive() -> Any:
        return body.pop() if body else await asyncio.Future()

    async def send(message: Any) -> None:
        sent.append(message)

    scope = {
        "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": "POST",
        "scheme": scheme, "path": NOWHERE, "raw_path": NOWHERE.encode(), "query_string": b"",
        "root_path": "", "headers": headers, "client": None, "server": None,
    }  # fmt: skip
    await pages(scope, receive, send)
    return sent[0]["status"], sent[0]["headers"]

"""The slot and Django's pages side by side, asked in memory as a server would ask them."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, NamedTuple

from django.db import connections

from engage.asgi import Pages
from voting.box.slot import Slot

HOST = b"localhost:8000"


class Answer(NamedTuple):
    status: int
    headers: list[tuple[bytes, bytes]]
    body: bytes

    @property
    def text(self) -> dict[str, str]:
        return {name.decode().lower(): value.decode() for name, value in self.headers}


class Sides:
    """``slot`` stands before ``pages``; both are ASGI applications for HTTP."""

    def __init__(self) -> None:
        self.pages = Pages()
        self.pages.pool = ThreadPoolExecutor(1)
        self.asked_of_pages: list[str] = []
        self.slot = Slot(self._counted)

    @property
    def threads(self) -> list[ThreadPoolExecutor]:
        return [self.pages.pool, self.slot.batches.thread]

    async def _counted(self, scope, receive, send) -> None:
        self.asked_of_pages.append(scope["path"])
        await self.pages(scope, receive, send)

    def in_each_thread(self, act: Callable[[], Any]) -> None:
        for thread in self.threads:
            thread.submit(act).result()

    def close(self) -> None:
        self.in_each_thread(connections.close_all)
        for thread in self.threads:
            thread.shutdown()


async def ask(app: Any, path: str, *chunks: bytes, method: str = "POST", **scope: Any) -> Answer:
    """What ``app`` answers; ``headers=[…]`` replaces those of a ballot sent by a browser."""
    waiting = [
        {"type": "http.request", "body": chunk, "more_body": number < len(chunks)}
        for number, chunk in enumerate(chunks or [b""], 1)
    ]
    if not chunks:
        waiting[0]["more_body"] = False
    sent: list[Any] = []

    async def receive() -> Any:
        return waiting.pop(0) if waiting else await asyncio.Future()

    async def send(message: Any) -> None:
        sent.append(message)

    path, _, query = path.partition("?")
    whole = {
        "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": method,
        "scheme": "http", "path": path, "raw_path": path.encode(), "query_string": query.encode(),
        "root_path": "", "client": ("127.0.0.1", 5), "server": ("127.0.0.1", 8000),
        "headers": headers(), **scope,
    }  # fmt: skip
    await app(whole, receive, send)
    body = b"".join(message["body"] for message in sent[1:])
    return Answer(
        sent[0]["status"], sorted((bytes(n), bytes(v)) for n, v in sent[0]["headers"]), body
    )


def headers(kind: bytes = b"text/plain", host: bytes = HOST, **more: bytes) -> list:
    """As a browser sends them with a ballot; ``accept_language=b"de"`` and the like come on top."""
    usual = [(b"host", host), (b"content-type", kind), (b"accept", b"*/*")]
    return usual + [(name.replace("_", "-").encode(), value) for name, value in more.items()]


def address(poll: Any) -> str:
    return f"/booth/{getattr(poll, 'pk', poll)}/ballots"

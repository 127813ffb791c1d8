"""The whole application as one ASGI callable: pages and ballots by HTTP, live by websocket."""

import os
from concurrent.futures import ThreadPoolExecutor

import django
from asgiref.sync import sync_to_async
from asgiref.typing import ASGIReceiveCallable, ASGISendCallable, Scope
from channels.routing import ProtocolTypeRouter
from django.core.cache import caches
from django.core.handlers.asgi import ASGIHandler
from django.db import close_old_connections
from django.http import HttpRequest
from django.http.response import HttpResponseBase

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "engage.settings")
django.setup(set_prefix=False)

from realtime.routing import sockets  # noqa: E402  needs the apps to be loaded
from voting.box.slot import Slot  # noqa: E402

THREADS = 8


class Pages(ASGIHandler):
    """Django's handler on a fixed pool of threads, each with its own lasting connections.

    Our middleware and views are synchronous. Django's own handler starts and ends a thread, and
    with it a database connection, for every request, and hops to the loop and back inside.
    """

    def __init__(self) -> None:
        self.pool = ThreadPoolExecutor(THREADS, thread_name_prefix="pages")
        super().__init__()

    def load_middleware(self, is_async: bool = False) -> None:
        super().load_middleware(is_async=False)

    async def __call__(
        self, scope: Scope, receive: ASGIReceiveCallable, send: ASGISendCallable
    ) -> None:
        await self.handle(scope, receive, send)  # without a thread of its own a request

    async def get_response_async(self, request: HttpRequest) -> HttpResponseBase:
        respond = sync_to_async(self._respond, thread_sensitive=False, executor=self.pool)
        return await respond(request)

    def _respond(self, request: HttpRequest) -> HttpResponseBase:
        close_old_connections()
        try:
            return self.get_response(request)
        finally:
            close_old_connections()


# Made here, once: a request that were the first to ask would keep one of its own, and with it no
# memory that Redis is away.
caches["default"]

box = Slot(Pages())
application = ProtocolTypeRouter({"http": box, "websocket": sockets})

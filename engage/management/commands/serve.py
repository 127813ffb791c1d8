"""Serve the town from one process: pages, sockets and the worker. No access log is written."""

import asyncio
import logging
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from asgiref.sync import sync_to_async
from daphne.endpoints import build_endpoint_description_strings
from django.conf import settings
from django.core.checks import WARNING
from django.core.management.base import BaseCommand, CommandParser
from django.db import close_old_connections

log = logging.getLogger("engage.serve")
PAUSE_S = 0.25


class Command(BaseCommand):
    help = "Serve pages, live updates and the worker from one process."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--host", default="127.0.0.1")
        parser.add_argument("--port", type=int, default=settings.PORT)
        parser.add_argument("--no-worker", action="store_true", help="serve only")

    def handle(self, *args: Any, **options: Any) -> None:
        from daphne.server import Server  # installs Twisted's asyncio reactor on import
        from twisted.internet import reactor

        from engage.asgi import application

        if not settings.DEVELOPMENT:
            self.check(include_deployment_checks=True, fail_level=WARNING)
        if not options["no_worker"]:
            reactor.callWhenRunning(lambda: asyncio.ensure_future(work()))
        # A person's browser reaches the booth as localhost, which may be either loopback address.
        endpoints = [
            f"{endpoint}:backlog=4096"
            for endpoint in build_endpoint_description_strings(
                host=options["host"], port=options["port"]
            )
        ]
        Server(
            application=application,
            endpoints=endpoints,
            action_logger=None,  # an access log would link addresses to ballots by the second
            websocket_timeout=-1,
            ready_callable=lambda: self.stdout.write(f"Serving {settings.SITE_ORIGIN}/"),
            server_name="engage",
            verbosity=0,
        ).run()


async def work() -> None:
    """Tick for ever, in a thread of its own so that its connections are its own."""
    from voting.tick import Worker

    worker = Worker()
    thread = ThreadPoolExecutor(1, thread_name_prefix="worker")
    tick = sync_to_async(_guarded(worker.tick), thread_sensitive=False, executor=thread)
    while True:
        await tick()
        await asyncio.sleep(PAUSE_S)


def _guarded(tick: Any) -> Any:
    def once() -> None:
        close_old_connections()
        try:
            tick()
        except Exception:  # the database is away: keep serving, try again
            log.exception("the worker's round failed; trying again")

    return once

"""Serve the town: pages, sockets and the worker. No access log is written."""

import asyncio
import logging
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from asgiref.sync import sync_to_async
from daphne.endpoints import build_endpoint_description_strings
from django.conf import settings
from django.core.checks import WARNING
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import close_old_connections

from engage.management.collector import collect_after_crowds, collect_seldom
from engage.management.processes import run_side_by_side

log = logging.getLogger("engage.serve")
PAUSE_S = 0.25
SIGN_OF_LIFE_S = 15  # asked of each socket so often, and awaited so long


class Command(BaseCommand):
    help = "Serve pages, live updates and the worker, from one process or from several."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--host", default="127.0.0.1")
        parser.add_argument("--port", type=int, default=settings.PORT)
        parser.add_argument("--no-worker", action="store_true", help="serve only")
        parser.add_argument(
            "--processes", type=int, default=1,
            help="how many, on as many ports from --port up, for a proxy in front; needs Redis",
        )  # fmt: skip

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEVELOPMENT:
            self.check(include_deployment_checks=True, fail_level=WARNING)
        if options["processes"] > 1:
            return run_side_by_side(commands(**options))
        return self.serve(**options)

    def serve(self, **options: Any) -> None:
        from daphne.server import Server  # installs Twisted's asyncio reactor on import
        from twisted.internet import reactor
        from twisted.internet.defer import Deferred

        from engage.asgi import application, box
        from realtime.sending import levels
        from realtime.stopping import stop

        levels.current()  # tested now, before anybody is served
        # Pages are told when to come back before sockets break, and ballots that wait are answered.
        for end in (stop, box.batches.stop):
            reactor.addSystemEventTrigger(
                "before",
                "shutdown",
                lambda end: Deferred.fromFuture(asyncio.ensure_future(end())),
                end,
            )
        if not options["no_worker"]:
            for step in steps():
                reactor.callWhenRunning(lambda step: asyncio.ensure_future(work(step)), step)
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
            websocket_max_frame_size=65_536,  # of what pages send, who have next to nothing to say
            websocket_max_message_size=262_144,  # counts for what we send, too: longer than any
            ping_interval=SIGN_OF_LIFE_S,
            ping_timeout=SIGN_OF_LIFE_S,
            ready_callable=self.ready,
            server_name="engage",
            verbosity=0,
        ).run()

    def ready(self) -> None:
        from twisted.internet import reactor

        collect_seldom()
        self.sweeping = asyncio.ensure_future(
            collect_after_crowds(lambda: len(reactor.getReaders()))
        )
        self.stdout.write(f"Serving {settings.SITE_ORIGIN}/")


def commands(host: str, port: int, processes: int, no_worker: bool, **_: Any) -> list[list[str]]:
    """One command a process, on neighbouring ports; only the first also does the worker's part.

    Raises CommandError without Redis: each process would tell its own readers only.
    """
    if not settings.REDIS_URL:
        raise CommandError("Several processes need REDIS_URL, to tell each other the news.")
    serve = [sys.executable, sys.argv[0], "serve", "--host", host]
    return [
        [*serve, "--port", str(port + i), *(["--no-worker"] if i or no_worker else [])]
        for i in range(processes)
    ]


def steps() -> list[Callable[[], None]]:
    """What happens by itself. Mails and files take their time, and no poll may wait for them."""
    from engage.identity.services.forgetting import forget_daily
    from engage.identity.tick import work_imports
    from engage.moderation.tick import tell_authors
    from forums.tick import count_reactions, tell_followers
    from voting.services.notifying import tell_rolls
    from voting.tick import Worker

    talk = [count_reactions, tell_followers]
    return [*talk, Worker().tick, tell_rolls, work_imports, forget_daily, tell_authors]


async def work(step: Callable[[], None]) -> None:
    """Take a step for ever, in a thread of its own so that its connections are its own."""
    thread = ThreadPoolExecutor(1, thread_name_prefix="worker")
    tick = sync_to_async(_guarded(step), thread_sensitive=False, executor=thread)
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

"""The town as it is served, with three doors for the bench: ``python -m … daphne|uvicorn PORT``.

``/bench/fact`` and ``/bench/gauge`` tell what was posted as a service would after its commit,
``/bench/journal`` writes it into the journal first, and ``/bench/view/…`` is the page behind,
past every short cut before Django. Everything else is the town's own application.
"""

import gc
import itertools
import json
import os
import sys
from typing import Any

from asgiref.sync import sync_to_async
from django.core.management import call_command
from django.db import transaction

import engage.asgi
from engage.journal.listeners import Fact, Gauge, tell
from engage.journal.services import publish
from realtime.topics import KINDS, Kind

TOPICS = 20
LINE = 200
DOORS = "/bench/"
town = engage.asgi.application
pages = engage.asgi.Pages()
numbers: dict[str, Any] = {f"bench.{n}": itertools.count(1) for n in range(TOPICS)}
turns = itertools.count()

KINDS["bench"] = Kind(may_follow=lambda _person, _topic: True, gauges=lambda _topic: {})


async def application(scope: Any, receive: Any, send: Any) -> None:
    if scope["type"] != "http" or not scope["path"].startswith(DOORS):
        return await town(scope, receive, send)
    door, _, rest = scope["path"].removeprefix(DOORS).partition("/")
    if door == "view":
        path = f"/{rest}"
        return await pages({**scope, "path": path, "raw_path": path.encode()}, receive, send)
    data = json.loads(await body(receive))
    if door == "journal":
        await sync_to_async(journal)(data)
    elif door == "gauge":
        tell(Gauge("bench.0", "tally", next(numbers["bench.0"]), data))
    else:
        topic = f"bench.{next(turns) % int(rest or 1)}"
        tell(Fact(topic, next(numbers[topic]), "tally", data))
    headers = [(b"content-length", b"0")]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body"})


async def body(receive: Any) -> bytes:
    parts, more = [], True
    while more:
        message = await receive()
        parts.append(message["body"])
        more = message["more_body"]
    return b"".join(parts)


def journal(data: dict[str, Any]) -> None:
    """A fact of the journal: long texts in lines, for that is all it takes."""
    pad = data["pad"]
    lines = {f"line-{i}": pad[i : i + LINE] for i in range(0, len(pad), LINE)}
    with transaction.atomic():
        publish("bench.0", "comment", mark=data["mark"], **lines)


def serve_by_uvicorn(port: int) -> None:
    import uvicorn

    from engage.management.collector import collect_seldom

    collect_seldom()
    uvicorn.run(
        application, port=port, backlog=4096, lifespan="off", log_level="error",
        ws="websockets-sansio", ws_per_message_deflate=False,
    )  # fmt: skip


def main(server: str, port: int) -> None:
    if os.environ.get("COLLECTOR") == "untouched":
        gc.freeze = gc.set_threshold = lambda *_: None
    if server == "uvicorn":
        return serve_by_uvicorn(port)
    engage.asgi.application = application
    worker = [] if os.environ.get("WORKER") else ["--no-worker"]
    call_command("serve", "--port", str(port), *worker)


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))

"""The town with a thread in it and one more door: ``python -m tests.bench.talking PORT``.

``POST /bench/reply`` writes a reply by the real service and answers with the moment of its commit;
``POST /bench/bare`` tells readers of another topic as many bytes that nobody had to make.
"""

import itertools
import json
import sys
import time
from typing import Any

from asgiref.sync import sync_to_async
from django.core.management import call_command

import engage.asgi
from engage.identity.models import User
from engage.journal.listeners import Fact, tell
from forums.models import Thread
from forums.services.writing import post_reply
from realtime.topics import KINDS, Kind

POSTS = 2_000
AUTHORS = 300
BARE = "bench.0"
WORDS = "A reply of the length that people write: two sentences, about benches. Number {}."
town = engage.asgi.application
turns = itertools.count(1)
bare = itertools.count(1)

KINDS["bench"] = Kind(may_follow=lambda _person, _topic: True, gauges=lambda _topic: {})


def fill() -> int:
    """A thread of 2,000 posts, and people who go on writing in it; its key."""
    from tests.forums import forum

    thread = forum.thread()
    forum.many(thread, POSTS - 1, replies_every=5)
    authors = [User(email=f"writer-{n}@town.example") for n in range(AUTHORS)]
    User.objects.bulk_create(authors)
    from allauth.account.models import EmailAddress

    EmailAddress.objects.bulk_create(
        EmailAddress(user=each, email=each.email, verified=True, primary=True) for each in authors
    )
    return thread.pk


async def application(scope: Any, receive: Any, send: Any) -> None:
    if scope["type"] != "http" or not scope["path"].startswith("/bench/"):
        return await town(scope, receive, send)
    text = json.loads(await body(receive))
    if scope["path"] == "/bench/reply":
        said = await sync_to_async(reply)(text["thread"])
    else:
        tell(Fact(BARE, next(bare), "post.added", {"pad": "x" * text["size"]}))
        said = {"at": time.monotonic()}
    answer = json.dumps(said).encode()
    headers = [(b"content-length", str(len(answer)).encode())]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": answer})


async def body(receive: Any) -> bytes:
    return (await receive())["body"]


def reply(key: int) -> dict[str, Any]:
    turn = next(turns)
    author = User.objects.get(email=f"writer-{turn % AUTHORS}@town.example")
    thread = Thread.objects.get(pk=key)
    post = post_reply(thread=thread, author=author, text=WORDS.format(turn))
    return {"at": time.monotonic(), "post": post.pk, "standing": post.standing}


if __name__ == "__main__":
    engage.asgi.application = application
    call_command("serve", "--port", sys.argv[1])

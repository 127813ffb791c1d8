"""The desk with 10,000 texts that wait: what its pages take, beside what a page may take.

The whole request is measured, from the session to the last byte. Deliberately absent: the network,
and an empty desk.
"""

import statistics
import sys
import time
from datetime import timedelta

from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from engage.identity.models import User
from engage.moderation.models import Flag, Item, Signal
from forums.models import Post, Thread
from tests.bench.measure import Figure

WAITING = 10_000
AUTHORS = 300
PAGES = 10  # one after the other, so the last begins behind 450 texts
LIMIT_S = 0.2
WORDS = "A text of the length that people write: two sentences, about benches. Number {}."


def figures(repeats: int) -> list[Figure]:
    fill()
    moderator = signed_in()
    turn(moderator, "/desk/")  # templates are read once
    taken, queries = [], set()
    for _round in range(repeats):
        address = "/desk/"
        for _page in range(PAGES):
            spent, count, following = turn(moderator, address)
            taken.append(spent)
            queries.add(count)
            address = f"/desk/{following}"
    median = statistics.median(taken)
    say(f"  a page of the desk: median {1_000 * median:.0f} ms (at most {1_000 * max(taken):.0f}), "
        f"limit {1_000 * LIMIT_S:.0f} ms; {min(queries)} to {max(queries)} queries")  # fmt: skip
    name = f"a page of the desk, {WAITING:,} texts wait"
    return [Figure(name, 1 / median, f"{1_000 * LIMIT_S:.0f} ms a page", 1 / LIMIT_S)]


def turn(moderator: Client, address: str) -> tuple[float, int, str]:
    """The seconds of one page, its queries, and the address of the next page."""
    with CaptureQueriesContext(connection) as asked:
        began = time.perf_counter()
        answer = moderator.get(address)
        spent = time.perf_counter() - began
    rows = answer.content.count(b'class="desk-row"')
    if answer.status_code != 200 or rows != 50:
        raise SystemExit(f"{address}: {answer.status_code}, {rows} texts.")
    following = answer.content.decode().partition('rel="next" href="')[2].partition('"')[0]
    return spent, len(asked), following.replace("&amp;", "&")


def fill() -> None:
    """Texts of many authors that wait since different moments; each was noticed for something."""
    from tests.forums import forum

    authors = [User(email=f"waits-{n}@town.example") for n in range(AUTHORS)]
    authors = User.objects.bulk_create(authors)
    thread, now = forum.thread(), timezone.now()
    posts = Post.objects.bulk_create(
        (held(thread, authors[n % AUTHORS], WORDS.format(n)) for n in range(WAITING)),
        batch_size=500,
    )
    since = [now - timedelta(minutes=n) for n in range(WAITING)]
    items = Item.objects.bulk_create(
        (
            Item(kind="post", key=str(post.pk), author=post.author, standing="held", queued_at=at)
            for post, at in zip(posts, since, strict=True)
        ),
        batch_size=500,
    )
    Signal.objects.bulk_create((Signal(item=item, name="space") for item in items), batch_size=500)
    Flag.objects.bulk_create(
        (Flag(item=item, by=authors[n], why="insult") for item in items[::5] for n in range(3)),
        batch_size=500,
    )


def held(thread: Thread, author: User, text: str) -> Post:
    return Post(thread=thread, author=author, text=text, html=f"<p>{text}</p>", standing="held")


def signed_in() -> Client:
    """A moderator of the whole town."""
    from tests.voting import polls

    client = Client(headers={"Host": "localhost"})
    moderator = polls.person("moderator")
    client.force_login(moderator, backend=settings.AUTHENTICATION_BACKENDS[0])
    return client


def say(line: str) -> None:
    print(line, file=sys.stderr)

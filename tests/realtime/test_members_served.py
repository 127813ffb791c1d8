"""On real servers: a sign-in that ends anywhere ends its sockets everywhere, in five seconds."""

import asyncio
import json
import re
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import AsyncExitStack, ExitStack
from urllib.parse import urlencode

import pytest
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

from realtime.codes import Code
from tests.servers import Server, serving
from tests.services import Valkey

WITHIN_S = 5.0
PATIENCE_S = 60
SCENE = """
from django.contrib.auth import SESSION_KEY, BACKEND_SESSION_KEY, HASH_SESSION_KEY
from engage.identity.models import User
from engage.identity.session_store import SessionStore
from tests.voting import polls
keys = []
for name in ("ann", "bob"):
    person, _ = User.objects.update_or_create(
        email=f"{name}@town.example", defaults={"is_active": True}
    )
    session = SessionStore()
    session.create()
    session[SESSION_KEY] = str(person.pk)
    session[BACKEND_SESSION_KEY] = "allauth.account.auth_backends.AuthenticationBackend"
    session[HASH_SESSION_KEY] = person.get_session_auth_hash()
    session.save()
    keys.append(session.session_key)
print("", polls.announced().pk, *keys)
"""
BAR = """
from engage.identity.models import User
User.objects.filter(email="ann@town.example").update(is_active=False)
"""


class Visit:
    """A page of the poll in somebody's browser, and a socket for it to one of the processes."""

    def __init__(self, server: Server, poll: str, session: str = ""):
        self.server, self.poll, self.session = server, poll, session
        self.page, cookies = self.get(f"/polls/{poll}/")
        self.token = re.search(r"csrftoken=(\w+)", cookies)[1] if "csrftoken" in cookies else ""
        self.mark = re.search(r'data-live-me="(\w*)"', self.page)[1]

    def get(self, path: str) -> tuple[str, str]:
        asked = urllib.request.Request(self.server.site + path, headers=self.headers)
        with urllib.request.urlopen(asked, timeout=PATIENCE_S) as answer:
            return answer.read().decode(), " ".join(answer.headers.get_all("Set-Cookie") or ())

    @property
    def headers(self) -> dict[str, str]:
        return {"Cookie": f"sessionid={self.session}"} if self.session else {}

    def follow(self, process: int):
        topics = f"poll.{self.poll}:0"
        query = urlencode({"topics": topics} | ({"me": self.mark} if self.mark else {}))
        return connect(
            f"ws://127.0.0.1:{self.server.port + process}/ws/?{query}",
            origin=self.server.site, additional_headers=self.headers, compression=None,
        )  # fmt: skip

    def sign_out(self) -> None:
        """As the page's form does, by whichever process answers."""
        page, cookies = self.get("/accounts/logout/")
        token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page)[1]
        cookie = re.search(r"csrftoken=(\w+)", cookies)[1]
        asked = urllib.request.Request(
            f"{self.server.site}/accounts/logout/",
            urlencode({"csrfmiddlewaretoken": token}).encode(),
            {"Cookie": f"sessionid={self.session}; csrftoken={cookie}",
             "Origin": self.server.site},
        )  # fmt: skip
        with urllib.request.urlopen(asked, timeout=PATIENCE_S) as answer:
            assert answer.status == 200


@pytest.fixture(scope="module", params=["one process", "two processes with Redis"])
def server(request, tmp_path_factory) -> Iterator[Server]:
    folder = tmp_path_factory.mktemp("town")
    if request.param == "one process":
        with serving(one := Server(folder, REDIS_URL="")):
            yield one
        return
    with Valkey(tmp_path_factory.mktemp("valkey")) as valkey, ExitStack() as running:
        two = Server(folder, "--processes", "2", REDIS_URL=valkey.url)
        running.enter_context(serving(two))
        yield two


def processes(server: Server) -> list[int]:
    return [0, 1] if "--processes" in server._serve else [0]


async def told(socket: ClientConnection) -> None:
    """Until its page would look live."""
    while "at" not in json.loads(await socket.recv()):
        pass


async def end_of(socket: ClientConnection) -> tuple[int, float]:
    """The code it ended with, and when."""
    try:
        async with asyncio.timeout(PATIENCE_S):
            while True:
                await socket.recv()
    except ConnectionClosed as ended:
        return ended.rcvd.code, time.monotonic()


def bar(server: Server, visit: Visit) -> None:
    server.manage("shell", "-c", BAR)


def sign_out(server: Server, visit: Visit) -> None:
    visit.sign_out()


@pytest.mark.adversary("B9", "C8")
@pytest.mark.timeout(300)
@pytest.mark.parametrize("loss", [sign_out, bar])
async def test_it_ends_in_every_process_and_nobody_else_is_disturbed(
    server: Server, loss: Callable[[Server, Visit], None]
):
    in_thread = asyncio.to_thread
    poll, *keys = (await in_thread(server.manage, "shell", "-c", SCENE)).split()[-3:]
    ann, bob = [await in_thread(Visit, server, poll, key) for key in keys]
    stranger = await in_thread(Visit, server, poll)
    assert (bool(ann.mark), bool(stranger.mark)) == (True, False)
    async with AsyncExitStack() as open_ones:
        hers, others = [], []
        for process in processes(server):
            for visit, sockets in ((ann, hers), (bob, others), (stranger, others)):
                sockets.append(await open_ones.enter_async_context(visit.follow(process)))
                await told(sockets[-1])
        ends = [asyncio.create_task(end_of(socket)) for socket in hers]
        await in_thread(loss, server, ann)
        done = time.monotonic()
        for code, at in await asyncio.gather(*ends):
            assert code == Code.SIGNED_OUT
            assert at - done <= WITHIN_S, server.log()[-2000:]
        for socket in others:
            await told(socket)  # signs of life go on
        again = await open_ones.enter_async_context(ann.follow(processes(server)[-1]))
        assert (await end_of(again))[0] == Code.SIGNED_OUT, "nor does it come back"

"""What every test may ask for: both databases, threads that run at once, a server to kill.

The browser is in ``tests/browsers.py``. Deliberately absent: fakes of our own code, and any fixture
that only one file uses.
"""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier
from typing import Any

import hypothesis
import pytest
from django.conf import settings
from django.core.cache import cache
from django.db import connection, connections
from django.utils import translation

from engage.web import town
from tests.browsers import launch  # noqa: F401  a fixture
from tests.servers import Server, serving

BOTH = ["default", "ballots"]
DATABASE_FIXTURES = {"db", "transactional_db"}

hypothesis.settings.register_profile("town", hypothesis.settings(), deadline=None)
hypothesis.settings.load_profile("town")


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Let every database test use both databases; one that names its databases keeps to them."""
    for item in items:
        marker = item.get_closest_marker("django_db")
        asked = DATABASE_FIXTURES & set(getattr(item, "fixturenames", ()))
        if marker is None and not asked:
            continue
        wanted = {"databases": BOTH, **(marker.kwargs if marker else {})}
        item.add_marker(pytest.mark.django_db(**wanted), append=False)


@pytest.fixture(autouse=True)
def the_town_s_own_language() -> None:
    """Begin in the town's language: a request leaves its own behind in the thread it ran in."""
    translation.activate(settings.LANGUAGE_CODE)


@pytest.fixture(autouse=True)
def the_town_as_it_comes() -> None:
    """Nothing was set in its office, and nobody has to ask a database for that.

    SQLite gives a key again that a test before rolled back: what was kept by it is another's.
    """
    if connection.vendor == "sqlite":
        cache.clear()
    cache.add(town.KEY, town.NOTHING)


@pytest.fixture
def at_once() -> Iterator[Callable[..., list[Any]]]:
    """Run ``act(0) … act(times - 1)`` in threads that start together; answers in that order.

    An exception is an answer too. Needs ``django_db(transaction=True)`` where ``act`` reads rows.
    """
    pool = ThreadPoolExecutor(max_workers=64)

    def run(act: Callable[[int], Any], times: int) -> list[Any]:
        together = min(times, 64)
        barrier = Barrier(together)
        jobs = [pool.submit(_one, act, i, barrier if i < together else None) for i in range(times)]
        return [job.exception() or job.result() for job in jobs]

    yield run
    pool.shutdown()


def _one(act: Callable[[int], Any], number: int, barrier: Barrier | None) -> Any:
    if barrier:
        barrier.wait(timeout=30)
    try:
        return act(number)
    finally:
        connections.close_all()


@pytest.fixture
def live_server_process(tmp_path: Path) -> Iterator[Server]:
    """A running town without people or polls; ``kill()``, ``restart()`` and ``manage()`` it."""
    yield from _served(tmp_path)


@pytest.fixture(scope="session")
def demo_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """One running town with the sample people and polls, for tests that leave it as it was."""
    yield from _served(tmp_path_factory.mktemp("demo"), "demo")


def _served(folder: Path, *commands: str) -> Iterator[Server]:
    server = Server(folder)
    with serving(server, *([command] for command in commands)):
        yield server

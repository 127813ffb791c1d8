"""The page in a real browser, against a town that we can silence, refuse and kill.

Deliberately absent: the real server; ``tests/journeys`` has that.
"""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.realtime.live.town import KEEP_SOCKETS, PATIENCE_S, Town


@pytest.fixture
def town() -> Iterator[Town]:
    town = Town()
    yield town
    town.stop()


@pytest.fixture(scope="module")
def chrome(launch: Callable[..., Browser]) -> Browser:
    return launch()


@pytest.fixture
def visit(chrome: Browser, town: Town) -> Iterator[Callable[..., Page]]:
    """Open the page, with the dice that it throws if they matter. Script errors fail a test.

    Its clock runs as usual but can be put forward.
    """
    context = chrome.new_context(locale="en-GB")
    errors: list[str] = []

    def act(chance: float | None = None) -> Page:
        opened = context.new_page()
        opened.on("pageerror", lambda error: errors.append(str(error)))
        opened.on("console", lambda said: errors.append(said.text) if "Policy" in said.text else 0)
        opened.clock.install()
        opened.add_init_script(KEEP_SOCKETS)
        if chance is not None:
            opened.add_init_script(f"Math.random = () => {chance}")
        opened.goto(f"http://127.0.0.1:{town.port}/")
        return opened

    yield act
    context.close()
    assert errors == []


@pytest.fixture
def live(visit: Callable[..., Page], town: Town) -> Page:
    opened = visit()
    assert town.arrived.acquire(timeout=PATIENCE_S)
    expect(opened.locator(".conn")).to_have_text("Live")
    return opened

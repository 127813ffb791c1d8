"""A real browser for a resident's whole way; each test gets fresh profiles from it.

Run with ``pytest -m browser`` in a process of its own. Deliberately absent: a browser that can
reach anything but this machine.
"""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from tests.browsers import PATIENCE_MS
from tests.journeys.weather import Town, expect_ballots, expect_live


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark every journey for the browser run."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def browser(launch: Callable[..., Browser]) -> Browser:
    """A headless Chromium as Playwright starts it."""
    return launch()


@pytest.fixture
def someone(browser: Browser) -> Iterator[Callable[..., Page]]:
    """Open a page as one more resident: a profile of their own, with no cookie and no storage.

    Takes what Playwright's ``new_context`` takes. A script error on any page fails the test.
    """
    contexts: list[BrowserContext] = []
    errors: list[str] = []

    def arrive(**settings) -> Page:
        contexts.append(browser.new_context(**{"locale": "en-GB", **settings}))
        contexts[-1].set_default_timeout(PATIENCE_MS)
        page = contexts[-1].new_page()
        page.on("pageerror", lambda error: errors.append(str(error)))
        return page

    yield arrive
    for context in contexts:
        context.close()
    assert errors == []


@pytest.fixture
def town(tmp_path: Path) -> Iterator[Town]:
    """A town of this test's own, behind a network that can fail."""
    town = Town(tmp_path)
    yield town
    town.close()


@pytest.fixture
def reader(someone: Callable[..., Page], town: Town) -> Page:
    """A page that is live and shows the five ballots; it remembers when it was loaded."""
    page = someone()
    page.goto(town.page)
    expect_live(page)
    expect_ballots(page, 5)
    page.evaluate("loaded = performance.timeOrigin")
    return page

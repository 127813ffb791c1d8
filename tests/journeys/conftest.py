"""A real browser for a resident's whole way; each test gets fresh profiles from it.

Run with ``pytest -m browser`` in a process of its own. Deliberately absent: a browser that can
reach anything but this machine.
"""

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Playwright, sync_playwright

QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
    # The machine may have no way out; whatever the browser looks up, it finds nobody.
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1",
]


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark every journey for the browser run."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.browser)


def chromium(playwright: Playwright) -> str | None:
    """The first Chromium there is: ``CHROMIUM``, the system's, Playwright's own."""
    names = ("chromium", "chromium-browser", "google-chrome")
    found = [os.environ.get("CHROMIUM"), *map(shutil.which, names)]
    found.append(playwright.chromium.executable_path)
    return next((path for path in found if path and Path(path).exists()), None)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """A headless Chromium; without one the test is skipped, or fails under REQUIRE_BROWSER."""
    with sync_playwright() as playwright:
        program = chromium(playwright)
        if program is None:
            missing = pytest.fail if os.environ.get("REQUIRE_BROWSER") else pytest.skip
            missing("No Chromium here: install it, or name it in CHROMIUM.")
        running = playwright.chromium.launch(executable_path=program, args=QUIET)
        yield running
        running.close()


@pytest.fixture
def someone(browser: Browser) -> Iterator[Callable[..., Page]]:
    """Open a page as one more resident: a profile of their own, with no cookie and no storage.

    Takes what Playwright's ``new_context`` takes. A script error on any page fails the test.
    """
    contexts: list[BrowserContext] = []
    errors: list[str] = []

    def arrive(**settings) -> Page:
        contexts.append(browser.new_context(**{"locale": "en-GB", **settings}))
        contexts[-1].set_default_timeout(15_000)
        page = contexts[-1].new_page()
        page.on("pageerror", lambda error: errors.append(str(error)))
        return page

    yield arrive
    for context in contexts:
        context.close()
    assert errors == []

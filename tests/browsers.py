"""A real Chromium that reaches nothing but this machine, for every test that needs one.

One Playwright serves the whole run: its synchronous form allows no second one in a process.
Deliberately absent: profiles and pages; each test folder opens its own.
"""

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, FrameLocator, Playwright, expect, sync_playwright

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


PATIENCE_MS = 30_000  # what a page may take on a machine that is busy with something else


def chromium(playwright: Playwright) -> str | None:
    """The first Chromium there is: ``CHROMIUM``, the system's, Playwright's own."""
    names = ("chromium", "chromium-browser", "google-chrome")
    found = [os.environ.get("CHROMIUM"), *map(shutil.which, names)]
    found.append(playwright.chromium.executable_path)
    return next((path for path in found if path and Path(path).exists()), None)


@pytest.fixture(scope="session")
def launch() -> Iterator[Callable[..., Browser]]:
    """Start a headless Chromium with more arguments; it ends with the run.

    Without one the test is skipped, or fails under ``REQUIRE_BROWSER``.
    """
    expect.set_options(timeout=PATIENCE_MS)
    with sync_playwright() as playwright:
        running: list[Browser] = []

        def start(*arguments: str) -> Browser:
            program = chromium(playwright)
            if program is None:
                missing = pytest.fail if os.environ.get("REQUIRE_BROWSER") else pytest.skip
                missing("No Chromium here: install it, or name it in CHROMIUM.")
            kind = playwright.chromium
            running.append(kind.launch(executable_path=program, args=[*QUIET, *arguments]))
            return running[-1]

        yield start
        for browser in running:
            browser.close()


def press(booth: FrameLocator, name: str, then: str) -> None:
    """Press a button until what it brings is there: browsers drop clicks on a frame that moves."""
    button = booth.get_by_role("button", name=name)
    brought = booth.locator(then).filter(visible=True).first
    for _press in range(3):
        button.click()
        try:
            return expect(brought).to_be_visible(timeout=4_000)
        except AssertionError:
            if not button.is_visible():
                break
    expect(brought).to_be_visible()

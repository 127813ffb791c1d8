"""The voter's scripts under Node and in a browser, served from a thread on this machine.

Deliberately absent: a build step and a package of test tools; the scripts are run as they are.
"""

import json
import shutil
import subprocess
from collections.abc import Callable, Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from tests.paths import ROOT, shared

CHECKS = "tests/voting/scripts/vectors.js"
VECTORS = {
    "rfc9474": "rfc9474_appendix_a.json",
    "example": "civic-ballot-1.json",
    "merkle": "rfc6962_merkle.json",
    "notes": "c2sp_signed_note.json",
    "paths": None,
    "encodings": None,
}


def vectors(name: str) -> str:
    """The vectors of one check as JSON text; a skipped test where they are absent."""
    return shared("vectors", VECTORS[name]).read_text() if VECTORS[name] else "null"


@pytest.fixture(scope="session")
def node() -> str:
    program = shutil.which("node")
    if program is None:
        pytest.skip("Node is not installed.")
    version = subprocess.run([program, "--version"], capture_output=True, text=True, check=True)
    major, minor = (int(part) for part in version.stdout.strip("v\n").split(".")[:2])
    if (major, minor) < (20, 19):
        pytest.skip(f"Node {major}.{minor} takes no modules without a package file; 20.19 does.")
    return program


@pytest.fixture(scope="session")
def run_in_node(node: str) -> Callable[..., Any]:
    """Run one function of a module under Node; its answer."""

    def run(check: str, data: str = "null", module: str = CHECKS) -> Any:
        script = f"""
        import {{ {check} }} from "{ROOT / module}";
        const data = JSON.parse(await new Response(process.stdin).text());
        console.log(JSON.stringify(await {check}(data)));
        process.exit(0);
        """
        command = [node, "--no-warnings", "--input-type=module", "--eval", script]
        done = subprocess.run(command, input=data, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)

    return run


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *args):
        pass


@pytest.fixture(scope="session")
def served() -> Iterator[str]:
    """The project's folder on localhost, where browsers allow WebCrypto without TLS."""
    handler = partial(_Quiet, directory=str(ROOT))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = Thread(target=server.serve_forever)
        thread.start()
        yield f"http://localhost:{server.server_port}"
        server.shutdown()
        thread.join()


@pytest.fixture(scope="session")
def scripts_browser(launch: Callable[..., Browser]) -> Browser:
    return launch()


@pytest.fixture
def page(scripts_browser: Browser, served: str) -> Iterator[Page]:
    """An empty page of the served folder; a script error on it fails the test."""
    context = scripts_browser.new_context()
    errors: list[str] = []
    page = context.new_page()
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.goto(f"{served}/{CHECKS}")
    yield page
    context.close()
    assert errors == []


@pytest.fixture
def run_in_page(page: Page, served: str) -> Callable[[str, str], Any]:
    """Run one check of vectors.js in Chromium; its answer."""

    def run(check: str, data: str) -> Any:
        script = f"""async (data) => {{
            const checks = await import("{served}/{CHECKS}");
            return JSON.parse(JSON.stringify(await checks.{check}(JSON.parse(data))));
        }}"""
        return page.evaluate(script, data)

    return run

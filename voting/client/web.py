"""HTTP for the voter's client: one way with the session's cookies, one without any.

The standard library only, and no redirects: a ballot goes where it was told to or nowhere.
"""

import json
import time
from email.message import Message
from http.client import HTTPException
from http.cookies import SimpleCookie
from typing import IO
from urllib.error import HTTPError, URLError
from urllib.parse import urlsplit
from urllib.request import HTTPRedirectHandler, Request, build_opener

PATIENCE_S = 60.0
TIMEOUT_S = 30.0
MAX_BYTES = 256 * 65_537  # the largest bundle of entries that can be


class Refused(Exception):
    """The server's refusal: problem details (RFC 9457) with the protocol's ``code``."""

    def __init__(self, status: int, code: str, sentence: str, next_url: str) -> None:
        super().__init__(sentence or code)
        self.status = status
        self.code = code
        self.next_url = next_url


class _NoRedirect(HTTPRedirectHandler):
    def redirect_request(
        self, req: Request, fp: IO[bytes], code: int, msg: str, headers: Message, newurl: str
    ) -> None:
        return None


class Web:
    """One server, with ``cookies`` of one session by name; None: it never has or sends any."""

    def __init__(self, cookies: dict[str, str] | None, patience_s: float = PATIENCE_S) -> None:
        self.cookies = cookies
        self._patience_s = patience_s
        self._opener = build_opener(_NoRedirect)

    def get(self, url: str) -> bytes:
        """The body behind ``url``. Raises ``Refused``, or OSError after ``patience_s``."""
        return self._send(_request(url))

    def get_or_none(self, url: str) -> bytes | None:
        """The same; None for 404."""
        try:
            return self.get(url)
        except Refused as refused:
            if refused.status == 404:
                return None
            raise

    def post(self, url: str, body: bytes, content_type: str) -> bytes:
        """Send ``body``, again and again while the server is busy or away: it must not mind.

        Raises as ``get`` does.
        """
        request = _request(url, body)
        request.add_header("Content-Type", content_type)
        if self.cookies and "csrftoken" in self.cookies:
            request.add_header("X-CSRFToken", self.cookies["csrftoken"])
        return self._send(request)

    def _send(self, request: Request) -> bytes:
        until, pause = time.monotonic() + self._patience_s, 0.5
        while True:
            try:
                return self._once(request)
            except HTTPError as error:
                wait = _wait_asked(error)
                if wait is None or time.monotonic() + wait > until:
                    raise _refused(error) from None
            except (URLError, HTTPException, ConnectionError, TimeoutError):
                wait, pause = pause, min(2 * pause, 8.0)
                if time.monotonic() + wait > until:
                    raise
            time.sleep(wait)

    def _once(self, request: Request) -> bytes:
        if self.cookies:
            sent = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
            request.add_header("Cookie", sent)
        with self._opener.open(request, timeout=TIMEOUT_S) as answer:
            body: bytes = answer.read(MAX_BYTES)
            if self.cookies is not None:
                self.cookies.update(_cookies(answer.headers))
            return body


def origin(url: str) -> str:
    """Scheme and host of a URL, as browsers write an origin. Raises ValueError.

    >>> origin("http://127.0.0.1:8000/polls/")
    'http://127.0.0.1:8000'
    """
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.netloc:
        raise ValueError(f"not a web address: {url}")
    return f"{parts.scheme}://{parts.netloc}"


def _request(url: str, body: bytes | None = None) -> Request:
    sender = origin(url)  # which lets nothing but http and https pass
    return Request(url, body, {"Origin": sender} if body is not None else {})  # noqa: S310


def _cookies(headers: Message) -> dict[str, str]:
    lines = [SimpleCookie(line) for line in headers.get_all("Set-Cookie", [])]
    return {name: morsel.value for line in lines for name, morsel in line.items()}


def _wait_asked(error: HTTPError) -> float | None:
    if error.code not in (429, 503):
        return None
    asked = error.headers.get("Retry-After", "")
    return float(asked) if asked.isdecimal() else 1.0


def _refused(error: HTTPError) -> Refused:
    try:
        problem = json.loads(error.read(MAX_BYTES))
    except ValueError:
        problem = None
    fields = problem if isinstance(problem, dict) else {}
    code, sentence, way_on = (str(fields.get(name, "")) for name in ("code", "detail", "next"))
    return Refused(error.code, code or str(error.code), sentence, way_on)

"""Asking the identity service: one answer, of a bounded size, within a bounded time, from it alone.

Nobody is followed anywhere: a redirect is an error. Deliberately absent: retries. People press
again, and a service that is down is not helped by more of us.
"""

import json
import time
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures import TimeoutError as TooSlow
from threading import Lock
from typing import Any
from urllib.parse import urlsplit

import requests
import urllib3

from engage.identity.oidc.checks import Trouble

AT_ONCE = 4
ANSWER_S = 6.0
WARY_S = 30.0  # after no answer, for so long only one page at a time waits for the next
WAIT_S = 3.0  # for a connection, and for each further piece
LARGEST = 256 * 1024

_askers = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="identity-service")
_probe = Lock()
_wary: dict[str, float] = {}  # until when, by host


def ask(
    url: str, *, post: dict[str, str] | None = None, auth: requests.auth.AuthBase | None = None
) -> dict[str, Any]:
    """The JSON object at ``url``. Raises Trouble: "unreachable", or "stale" for a refused POST.

    Runs beside the page's thread, which goes on after ``ANSWER_S`` whatever the service does. While
    it is slow, others hear so at once: it must not take all threads from the town's other pages.
    """
    host = urlsplit(url).netloc
    if time.monotonic() >= _wary.get(host, 0.0):
        return _wait(host, _askers.submit(_ask, url, post, auth or Nobody()))
    if not _probe.acquire(blocking=False):
        raise Trouble("unreachable", "still-slow")
    try:
        return _wait(host, _askers.submit(_ask, url, post, auth or Nobody()))
    finally:
        _probe.release()


def _wait(host: str, asked: "Future[dict[str, Any]]") -> dict[str, Any]:
    try:
        answer = asked.result(ANSWER_S)
    except (TooSlow, requests.RequestException, urllib3.exceptions.HTTPError, OSError) as error:
        asked.cancel()
        _wary[host] = time.monotonic() + WARY_S
        raise Trouble("unreachable", type(error).__name__) from error
    _wary.pop(host, None)
    return answer


class Bearer(requests.auth.AuthBase):
    """A token as authorization; said so that no netrc file takes its place."""

    def __init__(self, token: str) -> None:
        self.token = token

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        request.headers["Authorization"] = f"Bearer {self.token}"
        return request


class Nobody(requests.auth.AuthBase):
    """No authorization at all, not even what a netrc file has for the host."""

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        return request


def _ask(url: str, post: dict[str, str] | None, auth: requests.auth.AuthBase) -> dict[str, Any]:
    headers = {"Accept": "application/json", "Accept-Encoding": "identity"}
    with (
        requests.Session() as session,
        session.request(
            "GET" if post is None else "POST", url, data=post, headers=headers, stream=True,
            allow_redirects=False, timeout=WAIT_S, auth=auth,
        ) as answer,
    ):  # fmt: skip
        if answer.status_code != requests.codes.ok:
            used = post is not None and answer.status_code == requests.codes.bad_request
            raise Trouble("stale" if used else "unreachable", f"status-{answer.status_code}")
        return _object(_body(answer))


def _body(answer: requests.Response) -> bytes:
    """All of it, piece by piece: as much as fits, for as long as is left."""
    end, body = time.monotonic() + ANSWER_S, b""
    while piece := answer.raw.read1(16 * 1024, decode_content=False):
        body += piece
        if len(body) > LARGEST:
            raise Trouble("unreachable", "too-large")
        if time.monotonic() > end:
            raise Trouble("unreachable", "slow")
    return body


def _object(body: bytes) -> dict[str, Any]:
    try:
        told = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise Trouble("unreachable", "not-json") from error
    if not isinstance(told, dict):
        raise Trouble("unreachable", "not-an-object")
    return told

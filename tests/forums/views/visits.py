"""Browsers for tests of the forums' pages, and forms as a browser without scripts sends them.

Deliberately absent: what any page should say.
"""

import re
from html import unescape
from typing import Any

from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from engage.web import town

_FIELD = re.compile(r"<(input|textarea)\b([^>]*)>(?:([^<]*)</textarea>)?")
_ATTRIBUTE = re.compile(r'([\w-]+)="([^"]*)"')


def browser(user: Any = None, **options: Any) -> Client:
    client = Client(headers={"Accept": "text/html"}, **options)
    if user:
        client.force_login(user)
    return client


def asked(client: Client, path: str) -> int:
    """Queries of a page, after one visit to warm up."""
    client.get(path)
    with CaptureQueriesContext(connection) as queries:
        answer = client.get(path)
    assert answer.status_code == 200, answer.status_code
    return len(queries)


def filled_in(client: Client, path: str) -> dict[str, str]:
    """What the page's writing form holds, as it would be sent back untouched."""
    page = client.get(path).content.decode()
    form = page[page.index("data-writing") :].partition("</form>")[0]
    fields = {}
    for _kind, attributes, inner in _FIELD.findall(form):
        own = dict(_ATTRIBUTE.findall(attributes))
        if own.get("name") and own.get("type") not in ("file", "checkbox"):
            fields[own["name"]] = unescape(own.get("value", inner).lstrip("\n"))
    return fields


def text_of(answer: Any) -> str:
    return answer.content.decode()


def forget_pages() -> None:
    """Nothing is kept of what an earlier test showed; the town stays as it comes."""
    cache.clear()
    cache.add(town.KEY, town.NOTHING)

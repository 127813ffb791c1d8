"""Where a trace of somebody may be left: every cell of both databases, the cache, the journal.

Tables are read as the databases list them, not as models tell. Deliberately absent: knowledge of
what any of them is for.
"""

import base64
import uuid
from collections.abc import Iterable, Iterator

from django.conf import settings
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.db import connections


def spellings(key: uuid.UUID) -> list[bytes]:
    """A key as any column may hold it."""
    return [
        str(key).encode(), key.hex.encode(), key.bytes, base64.b64encode(key.bytes)[:-2],
        base64.urlsafe_b64encode(key.bytes)[:-2],
    ]  # fmt: skip


def found(traces: Iterable[str | uuid.UUID]) -> set[str]:
    """Every place in which one of ``traces`` stands, in any case and spelling."""
    wanted = [
        spelling
        for trace in traces
        for spelling in (spellings(trace) if isinstance(trace, uuid.UUID) else _of_text(trace))
    ]
    return {
        place
        for place, value in _everything()
        if any(each in value or each.lower() in value.lower() for each in wanted)
    }


def _of_text(text: str) -> list[bytes]:
    escaped = text.encode("unicode_escape")
    return [text.encode(), escaped, base64.b64encode(text.encode()).rstrip(b"=")[:-1]]


def _everything() -> Iterator[tuple[str, bytes]]:
    for alias in settings.DATABASES:
        yield from _cells(alias)
    for session in Session.objects.all():
        yield "a session, unpacked", repr(session.get_decoded()).encode()
    yield from _cached()


def _cells(alias: str) -> Iterator[tuple[str, bytes]]:
    with connections[alias].cursor() as cursor:
        for table in connections[alias].introspection.table_names(cursor):
            cursor.execute(f"SELECT * FROM {connections[alias].ops.quote_name(table)}")
            names = [column[0] for column in cursor.description]
            for row in cursor.fetchall():
                for name, value in zip(names, row, strict=True):
                    yield f"{alias}.{table}.{name}", _bytes(value)


def _cached() -> Iterator[tuple[str, bytes]]:
    if settings.REDIS_URL:
        redis = cache._cache.get_client(None)
        for key in redis.scan_iter():
            kind = redis.type(key)
            yield f"cache {key!r}", key + (redis.get(key) or b"" if kind == b"string" else b"")
        return
    for key, packed in list(cache._cache.items()):
        yield f"cache {key}", key.encode() + packed


def _bytes(value: object) -> bytes:
    if isinstance(value, bytes | memoryview | bytearray):
        return bytes(value)
    return str(value).encode("utf-8", "surrogatepass")

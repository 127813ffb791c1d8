"""The one clock that decides: the database's, so that several servers agree on the close."""

from datetime import UTC, datetime

from django.db import connection


def database_now() -> datetime:
    """The default database's present time (aware, UTC), also inside a long transaction."""
    expression = (
        "clock_timestamp()" if connection.vendor == "postgresql" else "strftime('%s','now')"
    )
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {expression}")
        (value,) = cursor.fetchone()
    if isinstance(value, datetime):
        return value.astimezone(UTC)
    return datetime.fromtimestamp(int(value), UTC)

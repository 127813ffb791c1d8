"""Tables that keep no order of arrival, in files that keep none either.

SQLite numbers the rows of an ordinary table as they come, and a dump of those numbers links a
person to a ballot. PostgreSQL's traces are dealt with where rows are written, in sorted batches.
"""

from typing import Any

from django.db import connections
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.operations import CreateModel


class CreateUnorderedTable(CreateModel):
    """``CreateModel``, on SQLite ``WITHOUT ROWID`` (rows are kept in key order, unnumbered)."""

    def database_forwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, *states: Any
    ) -> None:
        if schema_editor.connection.vendor == "sqlite":
            ordinary = schema_editor.sql_create_table
            schema_editor.sql_create_table = f"{ordinary} WITHOUT ROWID"
            try:
                super().database_forwards(app_label, schema_editor, *states)
            finally:
                schema_editor.sql_create_table = ordinary
        else:
            super().database_forwards(app_label, schema_editor, *states)


def forget_arrivals() -> None:
    """Empty SQLite's write-ahead logs, where every page stands as it was written, one by one.

    Waits for nobody who reads or writes at this moment: the next call comes soon.
    """
    for connection in connections.all():
        if connection.vendor == "sqlite" and not connection.in_atomic_block:
            patience_ms = int(1_000 * connection.settings_dict["OPTIONS"].get("timeout", 5))
            with connection.cursor() as cursor:
                cursor.execute("PRAGMA busy_timeout=0")
                cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
                cursor.execute(f"PRAGMA busy_timeout={patience_ms}")

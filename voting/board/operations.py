"""A table that keeps no order of arrival.

SQLite numbers the rows of an ordinary table as they come, and a dump of those numbers links a
person to a ballot. PostgreSQL's traces are dealt with where rows are written, in sorted batches.
"""

from typing import Any

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

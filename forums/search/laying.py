"""SQLite's triggers that keep the words of posts and titles in the table ``forums_search``.

SQLite's tables are made anew by many migrations, which takes their triggers away and stumbles over
those that name another table. So they are lifted before and laid afterwards. Deliberately absent:
PostgreSQL, whose triggers stay; its migration has them.
"""

from collections.abc import Sequence
from typing import Any

from django.db import connections
from django.db.backends.utils import CursorWrapper

# Constants are put together here, and nothing that anybody typed.
TITLE = 'CASE WHEN {0}."first" THEN (SELECT title FROM forums_thread WHERE id = {0}.thread_id) END'
TRIGGERS = {
    "forums_search_written": f"""
        AFTER INSERT ON forums_post BEGIN
        INSERT INTO forums_search (rowid, title, body)
        VALUES (new.id, {TITLE.format("new")}, new.text); END""",  # noqa: S608
    "forums_search_changed": f"""
        AFTER UPDATE OF text, "first", thread_id ON forums_post
        WHEN old.text IS NOT new.text OR old."first" IS NOT new."first"
        OR old.thread_id IS NOT new.thread_id BEGIN
        UPDATE forums_search SET title = {TITLE.format("new")}, body = new.text
        WHERE rowid = new.id; END""",  # noqa: S608
    "forums_search_gone": """
        AFTER DELETE ON forums_post BEGIN
        DELETE FROM forums_search WHERE rowid = old.id; END""",
    "forums_search_titled": """
        AFTER UPDATE OF title ON forums_thread WHEN old.title IS NOT new.title BEGIN
        UPDATE forums_search SET title = new.title WHERE rowid IN
        (SELECT id FROM forums_post WHERE thread_id = new.id AND "first"); END""",
}
FILL = f"""
    INSERT INTO forums_search (rowid, title, body)
    SELECT id, {TITLE.format("forums_post")}, text FROM forums_post"""  # noqa: S608


def lift(using: str, plan: Sequence[tuple[Any, bool]] = (), **_rest: Any) -> None:
    """Take the triggers away if this ``plan`` of migrations changes the forums' tables."""
    if not any(migration.app_label == "forums" for migration, _backwards in plan):
        return
    with connections[using].cursor() as cursor:
        for name in _there(cursor, "trigger"):
            cursor.execute(f"DROP TRIGGER {name}")


def lay(using: str, **_rest: Any) -> None:
    """Lay the triggers where one is missing, and fill the index anew. Idempotent."""
    with connections[using].cursor() as cursor:
        if "forums_search" not in _there(cursor, "table"):
            return
        there = _there(cursor, "trigger")
        if set(there) == set(TRIGGERS):
            return
        for name, rest in TRIGGERS.items():
            cursor.execute(f"CREATE TRIGGER IF NOT EXISTS {name} {rest}")
        cursor.execute("DELETE FROM forums_search")
        cursor.execute(FILL)


def _there(cursor: CursorWrapper, kind: str) -> list[str]:
    if cursor.db.vendor != "sqlite":
        return []
    named = "SELECT name FROM sqlite_master WHERE type = %s AND name LIKE 'forums_search%%'"
    cursor.execute(named, [kind])
    return [name for (name,) in cursor.fetchall()]

"""Search in threads and posts: PostgreSQL's full text, or FTS5 of SQLite.

Deliberately absent: an index of its own kind. The database keeps it by triggers, so that no write
can forget it.
"""

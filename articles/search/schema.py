"""What the database itself does for search: folding, tokens, the inverted index, and triggers that keep it in step.

`install` makes it all, or what is missing or out of date; it runs after every `migrate` (see `articles.apps`), because
SQLite takes the triggers of a table away when a migration makes the table anew, and refuses to make anew a table that
triggers of others read: `remove` lifts them before. What a migration then changed is mended by `upkeep.mend`.
"""

from __future__ import annotations

from typing import Final, Protocol

from django.db.backends.base.base import BaseDatabaseWrapper

from articles.search import postgresql_schema, sqlite_schema
from articles.search.source import COLUMNS
from articles.search.sqlite_schema import FTS
from articles.search.watched import DOC, EVENTS, WATCHED

FOLLOWERS: Final = (f"{DOC}_search_insert", f"{DOC}_search_delete", f"{DOC}_search_update", "search_tokens")
"""What keeps the inverted index in step with the rows: triggers on SQLite, the index itself on PostgreSQL."""


class _Database(Protocol):
    def install(self, connection: BaseDatabaseWrapper) -> bool: ...
    def lacking(self, connection: BaseDatabaseWrapper) -> list[str]: ...


def _of(connection: BaseDatabaseWrapper) -> _Database:
    return sqlite_schema if connection.vendor == "sqlite" else postgresql_schema


def _is_ready(connection: BaseDatabaseWrapper) -> bool:
    """Whether this state of the migrations has the tables and columns."""
    with connection.cursor() as cursor:
        if not {DOC, *WATCHED} <= set(connection.introspection.table_names(cursor)):
            return False
        there = {column.name for column in connection.introspection.get_table_description(cursor, DOC)}
    return {"key", *COLUMNS} <= there


def install(connection: BaseDatabaseWrapper) -> bool:
    """Make what is missing or says something else than it should; whether anything was made."""
    if not _is_ready(connection):
        return False
    return _of(connection).install(connection)


def lacking(connection: BaseDatabaseWrapper) -> list[str]:
    """The names of what `install` would make."""
    return _of(connection).lacking(connection)


def remove(connection: BaseDatabaseWrapper) -> None:
    """On SQLite: lift the triggers, so that migrations can make tables anew. `install` puts them back."""
    if connection.vendor == "sqlite":
        sqlite_schema.remove(connection)


def lift(connection: BaseDatabaseWrapper) -> None:
    """Lift the triggers on the content before a bulk load; `install` puts them back, `upkeep.fill` writes the rows."""
    names = {f"{table}_search_{event}": table for table in WATCHED for event, _ in EVENTS}
    with connection.cursor() as cursor:
        for name, table in names.items():
            cursor.execute(f"DROP TRIGGER IF EXISTS {name}" + (f" ON {table}" if connection.vendor != "sqlite" else ""))


def remove_all(connection: BaseDatabaseWrapper) -> None:
    """Before the table of the index itself goes."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            remove(connection)
            cursor.execute(f"DROP TABLE IF EXISTS {FTS}")
            return
        for table in WATCHED:
            cursor.execute(f"DROP FUNCTION IF EXISTS articles_search_on_{table.removeprefix('articles_')}() CASCADE")

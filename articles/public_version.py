"""A mark of what readers may see: it changes, in the same transaction, with every change of a table that public pages
are made from, whoever makes it and however.

A page kept under the mark is right as long as the mark stands. The mark is a random token rather than a number: after a
restored backup numbers would come again. On PostgreSQL it is renewed at the end of the transaction, so that
two publications wait for each other only while they commit.

The triggers are put up after every `migrate`, by `guard`: SQLite drops triggers when it makes a table anew.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from django.db import connections
from django.utils import timezone

TABLE: Final = "articles_publicversion"

_ALL: Final = ("INSERT", "UPDATE", "DELETE")
_CHANGES: Final = ("UPDATE", "DELETE")

WATCHED: Final[dict[str, tuple[str, ...]]] = {
    "articles_snapshot": _ALL,
    "articles_snapshottopic": _ALL,
    "articles_snapshotcontributor": _ALL,
    "articles_snapshotextract": _ALL,
    "articles_snapshotnumber": _ALL,
    "articles_withdrawal": _ALL,
    "articles_correction": _ALL,
    "articles_correctionsubject": _ALL,
    "articles_newspaper": _ALL,
    # A new one is on no page before a snapshot names it, and an import makes many.
    "articles_issue": _CHANGES,
    "articles_topic": _CHANGES,
    "articles_contributor": _CHANGES,
    "articles_printing": _CHANGES,
}
"""Tables that public pages read, and what of them changes a page. A test reads every page and finds one that is
missing here."""


@dataclass(frozen=True, slots=True)
class Mark:
    token: str
    until: datetime
    """When pages may change although nobody does anything: a scheduled publication begins, one ends, a withdrawal is
    lifted, or the day ends."""
    since: datetime
    """When it was first seen here: what is made under it has not changed since."""


def mark(at: datetime, known: Mark | None = None, *, using: str = "default") -> Mark:
    """The mark as it stands, for which a small look is enough where it is still the one `known`."""
    if known is not None and known.until > at and token(using) == known.token:
        return known
    connection = connections[using]
    time = connection.ops.adapt_datetimefield_value(at)
    with connection.cursor() as cursor:
        cursor.execute(_MARK, [time, time, time])
        row = cursor.fetchone()
    found, ahead = (str(row[0]), row[1]) if row else ("", None)
    local = timezone.localtime(at)
    midnight = (local + timedelta(days=1)).replace(hour=0, minute=0, second=0, microsecond=0)
    return Mark(found, until=midnight if ahead is None else min(midnight, _instant(ahead)), since=timezone.now())


def token(using: str) -> str:
    """Past Django's cursor, which takes longer than the database: every reader asks this, and most ask nothing else."""
    connection = connections[using]
    connection.ensure_connection()
    with connection.wrap_database_errors:
        row = connection.connection.execute(_TOKEN).fetchone()
    return str(row[0]) if row else ""


_TOKEN: Final = f"SELECT token FROM {TABLE} WHERE id = 1"  # noqa: S608 (our own name)
_MARK: Final = f"""
SELECT token, (
    SELECT MIN(at) FROM (
        SELECT MIN(live_from) AS at FROM articles_snapshot
            WHERE live_from > %s AND (live_until IS NULL OR live_until > live_from)
        UNION ALL SELECT MIN(live_until) FROM articles_snapshot WHERE live_until > %s
        UNION ALL SELECT MIN(lifted_at) FROM articles_withdrawal WHERE lifted_at > %s
    ) AS ahead
) FROM {TABLE} WHERE id = 1
"""  # noqa: S608 (our own name)


def _instant(value: datetime | str) -> datetime:
    """SQLite gives times as text, in UTC."""
    return datetime.fromisoformat(value).replace(tzinfo=UTC) if isinstance(value, str) else value


def guard(using: str) -> None:
    """Put up the triggers that are missing. Tables that a migration has not made yet are left for the next time."""
    connection = connections[using]
    tables = set(connection.introspection.table_names())
    if TABLE not in tables:
        return
    with connection.cursor() as cursor:
        standing = _standing(cursor, connection.vendor)
        if connection.vendor == "postgresql":
            cursor.execute(_POSTGRESQL_FUNCTION)
        for name, table, event in _triggers():
            if table in tables and name not in standing:
                cursor.execute(_sql(connection.vendor, name, table, event))


def unguard(using: str) -> None:
    """Take the triggers down, for going back behind the migration that made the mark: SQLite lets nobody write to a
    table whose trigger names a table that is gone."""
    connection = connections[using]
    with connection.cursor() as cursor:
        standing = _standing(cursor, connection.vendor)
        for name, table, _ in _triggers():
            if name in standing:
                on = f" ON {table}" if connection.vendor == "postgresql" else ""
                cursor.execute(f"DROP TRIGGER {name}{on}")


def missing(using: str) -> list[str]:
    """Triggers that ought to stand and do not."""
    connection = connections[using]
    with connection.cursor() as cursor:
        standing = _standing(cursor, connection.vendor)
    return sorted(name for name, _, _ in _triggers() if name not in standing)


def _triggers() -> list[tuple[str, str, str]]:
    return [(f"{table}_{event.lower()}_renews", table, event) for table, events in WATCHED.items() for event in events]


def _standing(cursor: Any, vendor: str) -> set[str]:
    if vendor == "postgresql":
        cursor.execute("SELECT tgname FROM pg_trigger WHERE NOT tgisinternal")
    else:
        cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")
    return {str(row[0]) for row in cursor.fetchall()}


# Once a transaction, however many rows it changes.
_POSTGRESQL_FUNCTION = f"""
CREATE OR REPLACE FUNCTION {TABLE}_renew() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF coalesce(current_setting('jjcms.renewed', true), '') <> txid_current()::text THEN
        PERFORM set_config('jjcms.renewed', txid_current()::text, true);
        INSERT INTO {TABLE} (id, token) VALUES (1, replace(gen_random_uuid()::text, '-', ''))
            ON CONFLICT (id) DO UPDATE SET token = excluded.token;
    END IF;
    RETURN NULL;
END $$
"""  # noqa: S608


def _sql(vendor: str, name: str, table: str, event: str) -> str:
    if vendor == "postgresql":
        return (
            f"CREATE CONSTRAINT TRIGGER {name} AFTER {event} ON {table}"
            f" DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION {TABLE}_renew()"
        )
    return (
        f"CREATE TRIGGER {name} AFTER {event} ON {table} BEGIN"  # noqa: S608
        f" INSERT INTO {TABLE} (id, token) VALUES (1, lower(hex(randomblob(16))))"
        " ON CONFLICT (id) DO UPDATE SET token = excluded.token; END"
    )

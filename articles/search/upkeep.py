"""The index held against the content: checked, mended, written anew. All of it in steps, while the site serves."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any, Final

from django.db import DatabaseError, connections, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Max, Min
from django.utils import timezone

from articles.models import Article, Notice, SearchDoc, SearchRebuild
from articles.search import postgresql_schema, schema, sqlite_schema
from articles.search.conditions import conditions
from articles.search.engines import engine
from articles.search.folding import BREAK
from articles.search.source import COLUMNS, DIALECTS, insertion, misplaced, statements
from articles.search.tokens import KINDS
from articles.search.types import Kind, Query, Scope, Term
from articles.search.watched import DOC

STEP: Final = 200
"""Items written in one transaction: others wait for it a fraction of a second."""

PROBES: Final = 200
"""Random strings of the check that must lead back to where they were taken from."""

_MODELS: Final = {Kind.ARTICLE: Article, Kind.NOTICE: Notice}
_NAMES: Final = ", ".join(f'"{name}"' for name in COLUMNS)


@dataclass
class Report:
    """What a check found. Items are named as (kind, number)."""

    rows: int = 0
    wrong: list[tuple[Kind, int]] = field(default_factory=list)
    """Items whose rows say something else than their content."""
    lacking: list[str] = field(default_factory=list)
    """What of the machinery is missing or out of date."""
    lost: list[str] = field(default_factory=list)
    """Strings that stand in a row and do not lead to it."""
    is_broken: bool = False
    """The inverted index contradicts the rows."""

    @property
    def is_right(self) -> bool:
        return not (self.wrong or self.lacking or self.lost or self.is_broken)


def _ranges(kind: Kind, using: str, after: int = 0) -> Iterator[tuple[int, int]]:
    """Stretches of item numbers, first and last, that hold all items there are and all rows of items that are gone."""
    items = _MODELS[kind]._default_manager.using(using)
    rows = SearchDoc.objects.using(using).filter(kind=KINDS[kind])
    while True:
        numbers = list(items.filter(pk__gt=after).order_by("pk").values_list("pk", flat=True)[:STEP])
        if not numbers:
            break
        yield after + 1, numbers[-1]
        after = numbers[-1]
    last = rows.filter(item_id__gt=after).aggregate(last=Max("item_id"))["last"]
    if last is not None:
        yield after + 1, last


def _write(connection: BaseDatabaseWrapper, kind: Kind, first: int, last: int) -> None:
    """Write the rows of the items between two numbers anew."""
    between = f"BETWEEN {int(first)} AND {int(last)}"
    dialect = DIALECTS[connection.vendor]
    with transaction.atomic(using=connection.alias), connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                f"SELECT articles_search_lock({KINDS[kind]}, id) FROM"
                f" (SELECT id FROM articles_{kind} WHERE id {between} ORDER BY id) items"
            )
        cursor.execute(f"DELETE FROM {DOC} WHERE kind = {KINDS[kind]} AND item_id {between}")
        for select in statements(dialect, kind, between):
            cursor.execute(insertion(dialect, select))


def rebuild(*, using: str = "default", restart: bool = False, report: Callable[[Kind, int], None]) -> int:
    """Write all rows anew, a step at a time, going on where the last one was broken off; how many items were done.

    Who searches meanwhile finds every item as it was before or as it is now.
    """
    connection = connections[using]
    schema.install(connection)
    state, _ = SearchRebuild.objects.using(using).get_or_create(pk=1)
    if restart or state.finished_at is not None:
        state.kind, state.item_id, state.finished_at = KINDS[Kind.ARTICLE], 0, None
    done = 0
    for kind in Kind:
        if KINDS[kind] < state.kind:
            continue
        start = state.item_id if KINDS[kind] == state.kind else 0
        for first, last in _ranges(kind, using, start):
            with transaction.atomic(using=using):
                _write(connection, kind, first, last)
                state.kind, state.item_id = KINDS[kind], last
                state.save(using=using)
            done += _MODELS[kind]._default_manager.using(using).filter(pk__range=(first, last)).count()
            report(kind, last)
    state.finished_at = timezone.now()
    state.save(using=using)
    return done


def fill(*, using: str = "default") -> None:
    """Fill an index that has no rows, by whole tables and as quickly as the database can: after a bulk load with the
    triggers lifted. Nothing else may write meanwhile."""
    connection = connections[using]
    dialect = DIALECTS[connection.vendor]
    is_sqlite = connection.vendor == "sqlite"
    if SearchDoc.objects.using(using).exists():
        raise ValueError("the index is not empty")
    with transaction.atomic(using=using), connection.cursor() as cursor:
        for name in schema.FOLLOWERS:
            cursor.execute(f"DROP TRIGGER IF EXISTS {name}" if is_sqlite else f"DROP INDEX IF EXISTS {name}")
        for kind in Kind:
            for first, last in _ranges(kind, using):
                for select in statements(dialect, kind, f"BETWEEN {first} AND {last}"):
                    cursor.execute(insertion(dialect, select))
        schema.install(connection)
        if is_sqlite:
            sqlite_schema.rebuild_fts(cursor)


def rebuild_inverted(*, using: str = "default") -> None:
    """Make the inverted index anew from the rows: when it is broken. Readers are served; on SQLite writers wait."""
    connection = connections[using]
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            sqlite_schema.rebuild_fts(cursor)
        else:
            with postgresql_schema.sparing(cursor):
                cursor.execute("REINDEX INDEX CONCURRENTLY search_tokens")


def wrong_items(*, using: str = "default") -> Iterator[tuple[Kind, int]]:
    """Items whose rows do not say what their content says, or stand elsewhere than they should."""
    connection = connections[using]
    dialect = DIALECTS[connection.vendor]
    for kind in Kind:
        for first, last in _ranges(kind, using):
            between = f"BETWEEN {first} AND {last}"
            source = " UNION ALL ".join(
                f"SELECT {_NAMES} FROM ({each}) s" for each in statements(dialect, kind, between)
            )
            # What was live once and is over need not be there, and does no harm.
            rows = (
                f"SELECT {_NAMES} FROM {DOC} WHERE kind = {KINDS[kind]} AND item_id {between}"
                f" AND (live_until IS NULL OR live_until > {dialect.now})"
            )
            with connection.cursor() as cursor:
                cursor.execute(
                    f"SELECT item_id FROM {DOC} WHERE kind = {KINDS[kind]} AND item_id {between}"
                    f" AND ({misplaced(dialect)})"
                )
                found = {number for (number,) in cursor.fetchall()}
                for one, other in ((source, rows), (rows, source)):
                    cursor.execute(f"SELECT item_id FROM (SELECT * FROM ({one}) a EXCEPT SELECT * FROM ({other}) b) c")
                    found |= {number for (number,) in cursor.fetchall()}
            yield from ((kind, number) for number in sorted(found))


def mend(*, using: str = "default") -> int:
    """Write those rows anew that are wrong; how many items they belong to."""
    connection = connections[using]
    wrong = list(wrong_items(using=using))
    for _, together in groupby(enumerate(wrong), lambda one: (one[1][0], one[1][1] - one[0], one[0] // STEP)):
        kind, numbers = zip(*(each for _, each in together), strict=True)
        _write(connection, kind[0], numbers[0], numbers[-1])
    return len(wrong)


def check(*, using: str = "default", seed: int | None = None) -> Report:
    """Hold everything against everything."""
    connection = connections[using]
    report = Report(lacking=schema.lacking(connection))
    if report.lacking:
        return report
    report.rows = SearchDoc.objects.using(using).count()
    report.wrong = list(wrong_items(using=using))
    report.is_broken = not _is_whole(connection)
    if not report.is_broken:
        report.lost = list(_lost(using, random.Random(seed)))  # noqa: S311 - a sample
    return report


def _is_whole(connection: BaseDatabaseWrapper) -> bool:
    """SQLite compares the index with the rows. PostgreSQL keeps its own indexes; the probes look into it."""
    if connection.vendor != "sqlite":
        return True
    try:
        with transaction.atomic(using=connection.alias), connection.cursor() as cursor:
            cursor.execute(f"INSERT INTO {sqlite_schema.FTS}({sqlite_schema.FTS}, rank) VALUES ('integrity-check', 1)")
    except DatabaseError:
        return False
    return True


def _lost(using: str, chance: random.Random) -> Iterator[str]:
    """Strings of four characters, taken anywhere, that do not lead back to their row."""
    rows = SearchDoc.objects.using(using)
    ends = rows.aggregate(first=Min("key"), last=Max("key"))
    if ends["first"] is None:
        return
    for _ in range(PROBES):
        row: Any = rows.filter(key__gte=chance.randint(ends["first"], ends["last"])).order_by("key").first()
        texts: Sequence[str] = [text for text in (row.headline, row.body) if len(text) >= 2]
        if not texts:
            continue
        text = chance.choice(texts)
        start = chance.randrange(max(len(text) - 4, 1))
        probe = text[start : start + 4].strip(BREAK)
        asked = conditions(Query(all_of=((Term(probe),),)))
        if asked is not None and not engine(Scope.DRAFTS, using).leads_to(asked, row.key):
            yield probe

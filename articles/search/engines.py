"""The two databases as one: rows of the index under conditions, newest first, any of them, or with their texts.

What is alike is written once; an engine says how tokens are asked for, and PostgreSQL how to get at the newest rows of
a very common word without fetching all.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Final

from django.db import connections
from django.utils import timezone

from articles.search import keys, tokens
from articles.search.conditions import Conditions, Sql, Token
from articles.search.schema import DOC, FTS, token_expression
from articles.search.types import Scope

Row = tuple[Any, ...]


class Engine:
    find: str
    newline: str

    def __init__(self, using: str, scope: Scope) -> None:
        self.connection = connections[using]
        self.scope = scope
        self.now = timezone.now()

    # What differs

    def asked(self, conditions: Conditions) -> Sql:
        raise NotImplementedError

    def _select(self, columns: str, conditions: Conditions, bounds: Sql, *, counts_only: bool) -> Sql:
        raise NotImplementedError

    def _newest(self, columns: str, conditions: Conditions, bounds: Sql, limit: int, *, walks: bool) -> Sql:
        raise NotImplementedError

    def _recent(self, columns: str, conditions: Conditions, bounds: Sql, limit: int) -> Sql:
        raise NotImplementedError

    # What is alike

    def newest(
        self,
        columns: Sequence[str],
        conditions: Conditions,
        limit: int,
        *,
        after: tuple[int, int] | None = None,
        by_tokens_only: bool = False,
    ) -> list[Row]:
        """The `limit` latest rows, those after a place and state only; each row begins with its key. One query.

        `by_tokens_only` for conditions that no reading of the text can replace."""
        sql = self._newest_of_each(columns, conditions, limit, after, by_tokens_only=by_tokens_only)
        return self._latest(self._rows(sql), limit)

    def newest_told(self, columns: Sequence[str], conditions: Conditions, limit: int) -> list[Row]:
        """The same of what is public, by tokens only; each row ends with what lists tell of a snapshot: title, name of
        the newspaper, date. One query."""
        sql, values = self._newest_of_each(("snapshot_id", *columns), conditions, limit, None, by_tokens_only=True)
        named = ", ".join(f'found."{name}"' for name in ("key", *columns))
        told = (
            f"SELECT {named}, shown.title, paper.name, shown.date FROM ({sql}) AS found"
            " JOIN articles_snapshot shown ON shown.id = found.snapshot_id"
            " AND shown.live_from <= %s AND (shown.live_until IS NULL OR shown.live_until > %s)"
            " JOIN articles_newspaper paper ON paper.id = shown.newspaper_id"
        )
        return self._latest(self._rows((told, (*values, self.time, self.time))), limit)

    def _newest_of_each(
        self,
        columns: Sequence[str],
        conditions: Conditions,
        limit: int,
        after: tuple[int, int] | None,
        *,
        by_tokens_only: bool,
    ) -> Sql:
        """The latest of each state."""
        named = ", ".join(f'd."{name}"' for name in ("key", *columns))
        parts: list[str] = []
        values: list[Any] = []
        for state in keys.STATES[self.scope]:
            end = conditions.end_place
            if after is not None:
                end = min(end, after[0] + (1 if state < after[1] else 0))
            bounds = self._bounds(keys.key(state, conditions.first_place), keys.key(state, end))
            sql, given = self._newest(named, conditions, bounds, limit, walks=not by_tokens_only)
            parts.append(f"SELECT * FROM ({sql}) AS part{state.value}")
            values += given
        return " UNION ALL ".join(parts), tuple(values)

    def _latest(self, rows: list[Row], limit: int) -> list[Row]:
        rows.sort(key=place_of, reverse=True)
        return rows[:limit]

    def some(self, columns: Sequence[str], conditions: Conditions, limit: int) -> list[Row]:
        """Up to `limit` of the rows, whichever come first. One query."""
        sql, values = self._some(", ".join(columns), conditions, limit)
        return self._rows((sql, values))

    def recent(self, columns: Sequence[str], conditions: Conditions, limit: int) -> list[Row]:
        """Some of the latest, up to `limit`, of results that are many. One query."""
        parts: list[str] = []
        values: list[Any] = []
        for state in keys.STATES[self.scope]:
            bounds = self._bounds(keys.key(state, conditions.first_place), keys.key(state, conditions.end_place))
            sql, given = self._recent(", ".join(columns), conditions, bounds, limit)
            parts.append(f"SELECT * FROM ({sql}) AS part{state.value}")
            values += given
        return self._rows((f"{' UNION ALL '.join(parts)} LIMIT {int(limit)}", tuple(values)))

    def all_of(self, column: str, conditions: Conditions) -> Sql:
        """One column of all the rows, as a subquery."""
        return self._some(column, conditions, None)

    def count(self, conditions: Conditions, limit: int) -> int:
        """How many there are, counted up to `limit`. One query."""
        sql, values = self._some("1", conditions, limit)
        return int(self._rows((f"SELECT count(*) FROM ({sql}) AS counted", values))[0][0])

    def leads_to(self, conditions: Conditions, key: int) -> bool:
        """Whether the index leads to this row, whoever may see it. One query."""
        sql, values = self._select("1", conditions, ("{key} = %s", (key,)), counts_only=False)
        return bool(self._rows((f"SELECT count(*) FROM ({sql}) AS found", values))[0][0])

    def _some(self, columns: str, conditions: Conditions, limit: int | None) -> Sql:
        bounds_ = [
            self._bounds(keys.key(state, conditions.first_place), keys.key(state, conditions.end_place))
            for state in keys.STATES[self.scope]
        ]
        if conditions.first_place == 0 and conditions.end_place == keys.PLACE + 1:  # the states lie side by side
            bounds_ = [(bounds_[0][0], (bounds_[0][1][0], bounds_[1][1][1], *bounds_[0][1][2:]))]
        parts: list[str] = []
        values: list[Any] = []
        for bounds in bounds_:
            sql, given = self._select(columns, conditions, bounds, counts_only=True)
            parts.append(f"SELECT * FROM ({sql}) AS part{len(parts)}")
            values += given
        return " UNION ALL ".join(parts) + (f" LIMIT {limit}" if limit is not None else ""), tuple(values)

    def _bounds(self, first: int, end: int) -> Sql:
        sql, values = "{key} >= %s AND {key} < %s", (first, end)
        if self.scope == Scope.PUBLIC:
            sql += " AND d.live_from <= %s AND (d.live_until IS NULL OR d.live_until > %s)"
            return sql, (*values, self.time, self.time)
        return sql, values

    @property
    def time(self) -> Any:
        return self.connection.ops.adapt_datetimefield_value(self.now)

    def _joined(self, parts: Iterable[Sql], key: str) -> Sql:
        found = list(parts)
        text = " AND ".join(sql for sql, _ in found)
        return text.format(key=key, find=self.find, newline=self.newline), tuple(v for _, vs in found for v in vs)

    def _rows(self, sql: Sql) -> list[Row]:
        with self.connection.cursor() as cursor:
            cursor.execute(*sql)
            return list(cursor.fetchall())


def place_of(row: Row) -> tuple[int, int]:
    key = int(row[0])
    return key & keys.PLACE, key >> keys.STATE_SHIFT


class SqliteEngine(Engine):
    find = "instr"
    newline = "char(10)"

    def asked(self, conditions: Conditions) -> Sql:
        """In the language of FTS5. Every token is quoted, and holds letters, digits, Han and our own marks only."""
        groups = [" OR ".join(_fts_all(each.tokens) for each in group) for group in conditions.groups]
        asked = " AND ".join(f"({each})" for each in (*groups, *map(_fts, conditions.marks))) or f'"{tokens.ALL}"'
        nots = " OR ".join(_fts_all(each.tokens) for each in conditions.not_tokens())
        return f"{FTS} MATCH %s", (f"({asked}) NOT ({nots})" if nots else asked,)

    def _select(self, columns: str, conditions: Conditions, bounds: Sql, *, counts_only: bool) -> Sql:
        if not conditions.has_tokens:
            where = self._joined([bounds, *conditions.read_all()], "d.key")
            return f"SELECT {columns} FROM {DOC} d WHERE {where[0]}", where[1]
        read = conditions.read()
        where = self._joined([self.asked(conditions), bounds, *read], f"{FTS}.rowid")
        index = " INDEXED BY search_counted" if counts_only and not read else ""
        return f"SELECT {columns} FROM {FTS} CROSS JOIN {DOC} d{index} ON d.key = {FTS}.rowid WHERE {where[0]}", where[
            1
        ]

    def _newest(self, columns: str, conditions: Conditions, bounds: Sql, limit: int, *, walks: bool) -> Sql:
        sql, values = self._select(columns, conditions, bounds, counts_only=False)
        order = f"{FTS}.rowid" if conditions.has_tokens else "d.key"
        return f"{sql} ORDER BY {order} DESC LIMIT {int(limit)}", values

    def _recent(self, columns: str, conditions: Conditions, bounds: Sql, limit: int) -> Sql:
        sql, values = self._select(columns, conditions, bounds, counts_only=True)
        order = f"{FTS}.rowid" if conditions.has_tokens else "d.key"
        return f"{sql} ORDER BY {order} DESC LIMIT {int(limit)}", values


def _fts(token: Token) -> str:
    return f'"{token.text}"' + (" *" if token.is_prefix else "")


def _fts_all(found: Iterable[Token]) -> str:
    return f"({' AND '.join(map(_fts, found))})"


RECENT: Final = 40_000
"""Rows, found or not, among which the latest results are looked for where order would cost too much."""
WALK: Final = 400
"""Of a common word the newest rows are found sooner by reading this many rows than by fetching all that have it."""


class PostgresEngine(Engine):
    find = "strpos"
    newline = "chr(10)"

    def asked(self, conditions: Conditions) -> Sql:
        groups = [" | ".join(_ts_all(each.tokens) for each in group) for group in conditions.groups]
        parts = [f"({each})" for each in (*groups, *map(_ts, conditions.marks))]
        parts += [f"!({_ts_all(each.tokens)})" for each in conditions.not_tokens()]
        return f"{token_expression('d')} @@ %s::tsquery", (" & ".join(parts),)

    def _select(self, columns: str, conditions: Conditions, bounds: Sql, *, counts_only: bool) -> Sql:
        if not conditions.has_tokens:
            where = self._joined([bounds, *conditions.read_all()], "d.key")
        else:
            where = self._joined([self.asked(conditions), bounds, *conditions.read()], "d.key")
        return f"SELECT {columns} FROM {DOC} d WHERE {where[0]}", where[1]

    def _newest(self, columns: str, conditions: Conditions, bounds: Sql, limit: int, *, walks: bool) -> Sql:
        sql, values = self._select(columns, conditions, bounds, counts_only=False)
        if not conditions.has_tokens:
            return f"{sql} ORDER BY d.key DESC LIMIT {int(limit)}", values
        # `key + 0`: or the planner walks the keys, making the tokens of every row.
        if not (walks and WALK):
            return f"{sql} ORDER BY d.key + 0 DESC LIMIT {int(limit)}", values
        inner, inner_values = self._joined([bounds], "d.key")
        read, read_values = self._joined(conditions.read_all(), "d.key")
        window = WALK + 2 * limit
        walk = (
            f"SELECT {columns} FROM"
            f" (SELECT * FROM {DOC} d WHERE {inner} ORDER BY d.key DESC LIMIT {window}) d"
            f" WHERE {read} ORDER BY d.key DESC LIMIT {int(limit)}"
        )
        return (
            f"WITH walked AS MATERIALIZED ({walk}), enough AS MATERIALIZED (SELECT count(*) >= {int(limit)} AS is_so"
            f" FROM walked) SELECT * FROM walked WHERE (SELECT is_so FROM enough)"
            f" UNION ALL (SELECT * FROM ({sql} AND NOT (SELECT is_so FROM enough) ORDER BY d.key + 0 DESC"
            f" LIMIT {int(limit)}) found)",
            (*inner_values, *read_values, *values),
        )

    def _recent(self, columns: str, conditions: Conditions, bounds: Sql, limit: int) -> Sql:
        sql, values = self._select(columns, conditions, bounds, counts_only=True)
        first, end = bounds[1][:2]
        return (
            f"{sql} AND d.key >= (SELECT coalesce(min(w.key), 0) FROM (SELECT key FROM {DOC}"
            f" WHERE key >= %s AND key < %s ORDER BY key DESC LIMIT {RECENT}) w) LIMIT {int(limit)}",
            (*values, first, end),
        )


def _ts(token: Token) -> str:
    return f"'{token.text}'" + (":*" if token.is_prefix else "")


def _ts_all(found: Iterable[Token]) -> str:
    return f"({' & '.join(map(_ts, found))})"


ENGINES: Final = {"sqlite": SqliteEngine, "postgresql": PostgresEngine}


def engine(scope: Scope, using: str = "default") -> Engine:
    return ENGINES[connections[using].vendor](using, scope)

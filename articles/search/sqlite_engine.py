"""Rows of the index on SQLite, by its full-text index FTS5."""

from __future__ import annotations

from collections.abc import Iterable

from articles.search import tokens
from articles.search.conditions import Conditions, Sql, Token
from articles.search.engine import Engine
from articles.search.sqlite_schema import FTS
from articles.search.watched import DOC


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

    def _newest(self, columns: str, conditions: Conditions, bounds: Sql, limit: int, *, walks: bool, order: str) -> Sql:
        sql, values = self._select(columns, conditions, bounds, counts_only=False)
        key = f"{FTS}.rowid" if conditions.has_tokens else "d.key"
        return f"{sql} ORDER BY {key} {order} LIMIT {int(limit)}", values

    def _latest(self, columns: str, conditions: Conditions, bounds: Sql, limit: int, fewer: int) -> Sql:
        key = f"{FTS}.rowid" if conditions.has_tokens else "d.key"
        if fewer >= limit:
            sql, values = self._select(f"{columns}, 1", conditions, bounds, counts_only=True)
            return f"{sql} ORDER BY {key} DESC LIMIT {int(limit) + 1}", values
        counted, values = self._select("1", conditions, bounds, counts_only=True)
        many = f"WITH many AS (SELECT count(*) > {int(limit)} AS is_so FROM ({counted} LIMIT {int(limit) + 1}))"
        few = f"(SELECT iif(is_so, {int(fewer)}, {int(limit)}) FROM many)"
        sql, again = self._select(f"{columns}, (SELECT NOT is_so FROM many)", conditions, bounds, counts_only=True)
        return f"{many} {sql} ORDER BY {key} DESC LIMIT {few}", (*values, *again)


def _fts(token: Token) -> str:
    return f'"{token.text}"' + (" *" if token.is_prefix else "")


def _fts_all(found: Iterable[Token]) -> str:
    return f"({' AND '.join(map(_fts, found))})"

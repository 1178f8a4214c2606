"""The two databases as one: rows of the index under conditions, newest first, any of them, or with their texts.

What is alike is written once, here; `sqlite_engine` and `postgresql_engine` say how tokens are asked for.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

from django.db import connections
from django.utils import timezone

from articles.search import keys, tokens
from articles.search.conditions import Conditions, Sql
from articles.search.types import Kind, Scope
from articles.search.watched import DOC

Row = tuple[Any, ...]

_ARTICLE: Final = tokens.KINDS[Kind.ARTICLE]


@dataclass(frozen=True, slots=True)
class Step:
    """Rows that are looked for while those found before are fewer than so many."""

    asked: Conditions | frozenset[int]
    """By their tokens; or articles in any of these topics."""
    until: int
    """Not less than that of the step before."""


class Engine:
    find: str
    newline: str
    reads_once = False
    """Whether the texts of very many rows are read once to count them, and not again to tell of them."""
    states_at_once = False
    """Whether tokens alone are asked for of all states at once: an index that does not give rows by their keys would be
    gone through for each state."""

    def __init__(self, using: str, scope: Scope) -> None:
        self.connection = connections[using]
        self.scope = scope
        self.now = timezone.now()

    # What differs

    def asked(self, conditions: Conditions) -> Sql:
        raise NotImplementedError

    def _select(self, columns: str, conditions: Conditions, bounds: Sql, *, counts_only: bool) -> Sql:
        raise NotImplementedError

    def _newest(self, columns: str, conditions: Conditions, bounds: Sql, limit: int, *, walks: bool, order: str) -> Sql:
        raise NotImplementedError

    def _latest(self, columns: str, conditions: Conditions, bounds: Sql, limit: int, fewer: int) -> Sql:
        """Each row ends with whether it may be one of all."""
        raise NotImplementedError

    # What is alike

    def newest(
        self,
        columns: Sequence[str],
        conditions: Conditions,
        limit: int,
        *,
        after: tuple[int, int] | None = None,
        is_newer: bool = False,
        by_tokens_only: bool = False,
    ) -> list[Row]:
        """The `limit` latest rows, those after a place and state only, or the last ones before it that are newer; each
        row begins with its key. One query.

        `by_tokens_only` for conditions that no reading of the text can replace."""
        sql = self._newest_of_each(columns, conditions, limit, after, is_newer=is_newer, by_tokens_only=by_tokens_only)
        return self._nearest(self._rows(sql), limit, is_newer=is_newer)

    def at(self, columns: Sequence[str], found: Sequence[int]) -> list[Row]:
        """The rows of these keys, in no order; each begins with its key. One query, or none."""
        if not found:
            return []
        named = ", ".join(f'd."{name}"' for name in ("key", *columns))
        listed = ", ".join(str(int(key)) for key in found)
        return self._rows((f"SELECT {named} FROM {DOC} d WHERE d.key IN ({listed})", ()))

    def newest_told(self, columns: Sequence[str], steps: Sequence[Step]) -> list[Row]:
        """The latest public rows of each step, in turn; each row ends with what lists tell of a snapshot: title, name
        of the newspaper, date. One query."""
        named = ("key", "snapshot_id", *columns)
        parts: list[str] = []
        values: list[Any] = []
        for place, step in enumerate(steps):
            sql, given = self._step(named, step)
            taken = "".join(f" - (SELECT count(*) FROM step{before})" for before in range(place))
            order = f"ORDER BY key & {keys.PLACE} DESC, key DESC LIMIT (SELECT {int(step.until)}{taken})"
            parts.append(f"step{place} AS MATERIALIZED (SELECT * FROM ({sql}) AS found {order})")
            values += given
        found = " UNION ALL ".join(f"SELECT * FROM step{place}" for place in range(len(parts)))
        told = ", ".join(f'found."{name}"' for name in named if name != "snapshot_id")
        sql = (
            f"WITH {', '.join(parts)} SELECT {told}, shown.title, paper.name, shown.date FROM ({found}) AS found"
            " JOIN articles_snapshot shown ON shown.id = found.snapshot_id"
            " AND shown.live_from <= %s AND (shown.live_until IS NULL OR shown.live_until > %s)"
            " JOIN articles_newspaper paper ON paper.id = shown.newspaper_id"
        )
        rows = self._rows((sql, (*values, self.time, self.time)))
        return sorted({row[0]: row for row in rows}.values(), key=place_of, reverse=True)

    def _step(self, columns: Sequence[str], step: Step) -> Sql:
        if isinstance(step.asked, Conditions):
            return self._newest_of_each(columns[1:], step.asked, step.until, None, by_tokens_only=True)
        return self._newest_in(step.asked, step.until, ", ".join(f'd."{name}"' for name in columns))

    def _newest_in(self, topics: Iterable[int], limit: int, columns: str) -> Sql:
        """The latest of articles in any of the topics, however many there are: read from the dated links. The inverted
        index of PostgreSQL would be gone through for all of them."""
        of_topic = (
            "SELECT link.date, link.snapshot_id, live.article_id FROM articles_snapshottopic link"
            " JOIN articles_snapshot live ON live.id = link.snapshot_id"
            " AND live.live_from <= %s AND (live.live_until IS NULL OR live.live_until > %s)"
            f" WHERE link.topic_id = %s ORDER BY link.date DESC, link.snapshot_id DESC LIMIT {int(limit)}"
        )
        values = [value for topic in sorted(topics) for value in (self.time, self.time, topic)]
        links = " UNION ".join(f"SELECT * FROM ({of_topic}) AS topic{at}" for at in range(len(values) // 3))
        return (
            f"SELECT {columns} FROM ({links} ORDER BY 1 DESC, 2 DESC LIMIT {int(limit)}) AS link"
            f" JOIN {DOC} d ON d.kind = {_ARTICLE} AND d.item_id = link.article_id"
            " AND d.snapshot_id = link.snapshot_id",
            tuple(values),
        )

    def _newest_of_each(
        self,
        columns: Sequence[str],
        conditions: Conditions,
        limit: int,
        after: tuple[int, int] | None,
        *,
        is_newer: bool = False,
        by_tokens_only: bool,
    ) -> Sql:
        """The latest of each state, or of all."""
        named = ", ".join(f'd."{name}"' for name in ("key", *columns))
        if self.states_at_once and by_tokens_only and after is None and not is_newer and conditions.is_everywhere:
            sql, given = self._select(named, conditions, self._bounds_of_all(), counts_only=False)
            return f"{sql} ORDER BY d.key & {keys.PLACE} DESC, d.key DESC LIMIT {int(limit)}", given
        parts: list[str] = []
        values: list[Any] = []
        for state in keys.STATES[self.scope]:
            first, end = conditions.first_place, conditions.end_place
            if after is not None and is_newer:
                first = max(first, after[0] + (0 if state > after[1] else 1))
            elif after is not None:
                end = min(end, after[0] + (1 if state < after[1] else 0))
            bounds = self._bounds(keys.key(state, first), keys.key(state, end))
            order = "ASC" if is_newer else "DESC"
            sql, given = self._newest(named, conditions, bounds, limit, walks=not by_tokens_only, order=order)
            parts.append(f"SELECT * FROM ({sql}) AS part{state.value}")
            values += given
        return " UNION ALL ".join(parts), tuple(values)

    def _nearest(self, rows: list[Row], limit: int, *, is_newer: bool = False) -> list[Row]:
        """Of what the states gave those that come first, the latest at their head."""
        rows.sort(key=place_of, reverse=not is_newer)
        return sorted(rows[:limit], key=place_of, reverse=True)

    def some(self, columns: Sequence[str], conditions: Conditions, limit: int) -> list[Row]:
        """Up to `limit` of the rows, whichever come first. One query."""
        sql, values = self._some(", ".join(columns), conditions, limit)
        return self._rows((sql, values))

    def latest(self, columns: Sequence[str], conditions: Conditions, limit: int, fewer: int) -> tuple[list[Row], bool]:
        """The latest rows, one more than `limit` at most of each state, or some of the latest, about `fewer`, when
        there are very many; and whether it is not these. One query."""
        rows = self._rows(self._latest_of_all(", ".join(columns), conditions, limit, fewer))
        return [row[:-1] for row in rows], all(row[-1] for row in rows)

    def _latest_of_all(self, columns: str, conditions: Conditions, limit: int, fewer: int) -> Sql:
        parts: list[str] = []
        values: list[Any] = []
        for state in keys.STATES[self.scope]:
            bounds = self._bounds(keys.key(state, conditions.first_place), keys.key(state, conditions.end_place))
            sql, given = self._latest(columns, conditions, bounds, limit, fewer)
            parts.append(f"SELECT * FROM ({sql}) AS part{state.value}")
            values += given
        return " UNION ALL ".join(parts), tuple(values)

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
        if conditions.is_everywhere:
            bounds_ = [self._bounds_of_all()]
        parts: list[str] = []
        values: list[Any] = []
        for bounds in bounds_:
            sql, given = self._select(columns, conditions, bounds, counts_only=True)
            parts.append(f"SELECT * FROM ({sql}) AS part{len(parts)}")
            values += given
        return " UNION ALL ".join(parts) + (f" LIMIT {limit}" if limit is not None else ""), tuple(values)

    def _bounds_of_all(self) -> Sql:
        """Of all states, which lie side by side."""
        states = keys.STATES[self.scope]
        return self._bounds(keys.key(states[0], 0), keys.key(states[-1], keys.PLACE + 1))

    def _bounds(self, first: int, end: int) -> Sql:
        sql, values = "{key} >= %s AND {key} < %s", (first, end)
        if self.scope == Scope.PUBLIC:
            sql += " AND d.live_from <= %s AND (d.live_until IS NULL OR d.live_until > %s)"
            return sql, (*values, self.time, self.time)
        return sql, values

    @cached_property
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

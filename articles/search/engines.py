"""The two databases as one: rows of the index under conditions, newest first, any of them, or with their texts.

What is alike is written once; an engine says how tokens are asked for, and PostgreSQL how to get at the newest rows of
a very common word without fetching all.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

from django.db import connections
from django.utils import timezone

from articles.models.search import SearchState
from articles.replicas import reading
from articles.search import keys, tokens
from articles.search.conditions import Conditions, Sql, Token
from articles.search.postgresql_schema import token_expression
from articles.search.sqlite_schema import FTS
from articles.search.types import Kind, Scope
from articles.search.watched import DOC

Row = tuple[Any, ...]

_ARTICLE: Final = tokens.KINDS[Kind.ARTICLE]
_ARTICLES: Final = Token(f"{tokens.KIND}{_ARTICLE}")


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
        if self.states_at_once and by_tokens_only and after is None and not is_newer and _is_everywhere(conditions):
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
        if _is_everywhere(conditions):
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


def _is_everywhere(conditions: Conditions) -> bool:
    return conditions.first_place == 0 and conditions.end_place == keys.PLACE + 1


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


PROBE: Final = 400
"""So many of the newest rows are read at most to see how common something is."""
WALK: Final = 20_000
"""Rows that are read at most, newest first, to find what is common: the first page is full long before."""
BESIDE: Final = 2_000
"""Rows of one state that are read at most besides what a walk through those of the other found."""
RECENT: Final = 3_000
"""Rows among which the latest of very many results are looked for."""
READING: Final = 8
"""Reading the text of a row takes so many times as long as being led to a row."""


ROWS: Final = f"(SELECT greatest(reltuples, 1) FROM pg_class WHERE oid = '{DOC}'::regclass)"
"""Rows of the index, as the statistics say."""


class PostgresEngine(Engine):
    find = "strpos"
    newline = "chr(10)"
    reads_once = True
    states_at_once = True

    def asked(self, conditions: Conditions) -> Sql:
        groups = [[_ts_all(each.tokens) for each in group] for group in conditions.groups]
        marks, only = list(conditions.marks), ""
        if groups and _ARTICLES in marks:
            # Most rows are: to go through their list takes longer than to look at what the others lead to.
            marks.remove(_ARTICLES)
            only = f" AND d.kind = {_ARTICLE}"
        # The lists of tokens that must all be there are gone through together, and the long ones mostly passed over: so
        # each way of the group with most ways is asked for apart.
        ways = max(groups, key=len, default=[])
        others = [" | ".join(group) for group in groups if group is not ways]
        parts = [*others, *map(_ts, marks), *(f"!{_ts_all(each.tokens)}" for each in conditions.not_tokens())]
        asked = [" & ".join(f"({each})" for each in (way, *parts)) for way in ways] or [" & ".join(parts)]
        found = " OR ".join(f"{token_expression('d')} @@ %s::tsquery" for _ in asked)
        return f"({found}){only}", tuple(asked)

    def _select(self, columns: str, conditions: Conditions, bounds: Sql, *, counts_only: bool) -> Sql:
        if not conditions.has_tokens:
            where = self._joined([bounds, *conditions.read_all()], "d.key")
        else:
            where = self._joined([self.asked(conditions), bounds, *conditions.read()], "d.key")
        return f"SELECT {columns} FROM {DOC} d WHERE {where[0]}", where[1]

    def _newest(self, columns: str, conditions: Conditions, bounds: Sql, limit: int, *, walks: bool, order: str) -> Sql:
        if not conditions.has_tokens:
            sql, values = self._select(columns, conditions, bounds, counts_only=False)
            return f"{sql} ORDER BY d.key {order} LIMIT {int(limit)}", values
        if not walks:
            return self._led_to(columns, conditions, bounds, limit, order)
        sought, values = self._walked_for(columns, conditions, bounds, limit, order)
        found, led = self._led_to(columns, conditions, bounds, limit, order, "NOT (SELECT is_so FROM enough)")
        return (
            f"WITH {sought} SELECT * FROM walked WHERE (SELECT is_so FROM enough)"
            f" UNION ALL (SELECT * FROM ({found}) found)",
            (*values, *led),
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
        """Without days or a place to keep to: what a walk through the rows of one state gave says how far those of the
        other must be gone through; where no walk was enough, the index is gone through once for both."""
        if by_tokens_only or after is not None or not (conditions.has_tokens and _is_everywhere(conditions)):
            return super()._newest_of_each(
                columns, conditions, limit, after, is_newer=is_newer, by_tokens_only=by_tokens_only
            )
        named = ", ".join(f'd."{name}"' for name in ("key", *columns))
        one, other = states = keys.STATES[self.scope]
        whole = self._whole_states()
        parts: list[str] = []
        values: list[Any] = []
        for state in states:
            sought, given = self._walked_for(named, conditions, whole[state], limit, "DESC", str(state.value))
            parts.append(sought)
            values += given
        ways, newer = ["one.is_so AND other.is_so"], {}
        for name, state, beside in (("one", other, one), ("other", one, other)):
            far = f"SELECT {keys.key(state, 0)} + min(key & {keys.PLACE}) FROM walked{beside.value}"
            newer[state] = f"{{key}} >= ({far})", ()
            where, given = self._joined([newer[state], whole[state]], "d.key")
            few = f"SELECT count(*) < {BESIDE} FROM (SELECT 1 FROM {DOC} d WHERE {where} LIMIT {BESIDE}) newer"
            ways.append(f"{name}.is_full AND ({few})")
            values += given
        parts.append(
            f"walks AS MATERIALIZED (SELECT {' OR '.join(ways)} AS suffice"
            f" FROM enough{one.value} one, enough{other.value} other)"
        )
        suffice, order = "(SELECT suffice FROM walks)", f"& {keys.PLACE} DESC, d.key DESC"
        led, given = self._led_to(named, conditions, self._bounds_of_all(), limit, order, f"NOT {suffice}")
        found = [f"SELECT * FROM ({led}) AS led"]
        values += given
        for state in states:
            is_so = f"(SELECT is_so FROM enough{state.value})"
            found.append(f"SELECT * FROM walked{state.value} WHERE {suffice} AND {is_so}")
            only = f"{suffice} AND NOT {is_so}", ()
            where, given = self._joined([only, newer[state], whole[state], *conditions.read_all()], "d.key")
            found.append(f"SELECT {named} FROM {DOC} d WHERE {where}")
            values += given
        return f"WITH {', '.join(parts)} {' UNION ALL '.join(found)}", tuple(values)

    def _walked_for(
        self, columns: str, conditions: Conditions, bounds: Sql, limit: int, order: str, name: str = ""
    ) -> Sql:
        """`walked`: the first of what is found by walking through the rows, if that pays; `enough`: whether these are
        as many as are wanted (`is_full`), or all there are (`is_so`, like the former)."""
        # To find `limit` among rows of which one in n has it, n * limit are read. The index leads to total / n of them,
        # and each costs much less.
        pays = f"hits ^ 2 * {ROWS} >= {limit * 2 * READING * _probed(conditions) ** 2}"
        probe, probed = self._probe(conditions, bounds, pays, order, name)
        walk, walked = self._walked(columns, conditions, bounds, WALK, order, f"walks FROM probe{name}")
        return (
            f"{probe}, walked{name} AS MATERIALIZED ({walk} LIMIT {int(limit)}), enough{name} AS MATERIALIZED"
            f" (SELECT count(*) >= {int(limit)} AS is_full,"
            f" count(*) >= {int(limit)} OR (SELECT is_all FROM probe{name}) AS is_so FROM walked{name})",
            (*probed, *walked),
        )

    def _latest(self, columns: str, conditions: Conditions, bounds: Sql, limit: int, fewer: int) -> Sql:
        limit += 1
        if not conditions.has_tokens:
            sql, values = self._select(f"{columns}, true", conditions, bounds, counts_only=True)
            return f"{sql} ORDER BY d.key DESC LIMIT {int(limit)}", values
        probe, probed = self._probe(conditions, bounds, f"hits * {ROWS} >= {2 * limit * _probed(conditions)}", "DESC")
        all_ = f"{columns}, (SELECT is_all FROM probe)"
        walk, walked = self._walked(all_, conditions, bounds, RECENT, "DESC", "walks FROM probe")
        unless = "NOT (SELECT walks FROM probe)"
        found, values = self._led_to(f"{columns}, true", conditions, bounds, limit, "DESC", unless)
        return f"WITH {probe} ({walk}) UNION ALL (SELECT * FROM ({found}) found)", (*probed, *walked, *values)

    def _latest_of_all(self, columns: str, conditions: Conditions, limit: int, fewer: int) -> Sql:
        """Without days to keep to, the index is gone through once for all states; how common something is, the rows
        that most are among tell."""
        if not (conditions.has_tokens and _is_everywhere(conditions)):
            return super()._latest_of_all(columns, conditions, limit, fewer)
        bounds = self._whole_states()
        pays = f"hits * {ROWS} >= {2 * (limit + 1) * _probed(conditions)}"
        probe, values = self._probe(conditions, bounds[SearchState.BOTH], pays, "DESC")
        unless, order = "NOT (SELECT pays FROM probe)", f"& {keys.PLACE} DESC"
        found, given = self._led_to(f"{columns}, true", conditions, self._bounds_of_all(), limit + 1, order, unless)
        parts, values = [f"SELECT * FROM ({found}) AS found"], (*values, *given)
        for state, of_state in bounds.items():
            walk, given = self._walked(f"{columns}, false", conditions, of_state, RECENT, "DESC", "pays FROM probe")
            parts.append(f"SELECT * FROM ({walk}) AS walked{state.value}")
            values += given
        return f"WITH {probe} {' UNION ALL '.join(parts)}", values

    def _whole_states(self) -> dict[SearchState, Sql]:
        return {
            state: self._bounds(keys.key(state, 0), keys.key(state, keys.PLACE + 1))
            for state in keys.STATES[self.scope]
        }

    def _led_to(
        self, columns: str, conditions: Conditions, bounds: Sql, limit: int, order: str, only: str = "true"
    ) -> Sql:
        """The first of what the index leads to. Texts are read one after the other, of as many as are needed."""
        where, values = self._joined([(only, ()), self.asked(conditions), bounds], "d.key")
        # `key + 0`: or the planner walks the keys, making the tokens of every row.
        rows, ordered = f"FROM {DOC} d WHERE {where}", f"ORDER BY (d.key + 0) {order}"
        read, read_values = self._joined(conditions.read(), "d.key")
        if not read:
            return f"SELECT {columns} {rows} {ordered} LIMIT {int(limit)}", values
        # OFFSET 0 keeps the planner from reading the texts before they are in order.
        return (
            f"SELECT {columns} FROM (SELECT d.ctid AS row {rows} {ordered} OFFSET 0) led"
            f" CROSS JOIN LATERAL (SELECT * FROM {DOC} d WHERE d.ctid = led.row OFFSET 0) d"
            f" WHERE {read} LIMIT {int(limit)}",
            (*values, *read_values),
        )

    def _probe(self, conditions: Conditions, bounds: Sql, pays: str, order: str, name: str = "") -> Sql:
        """`probe`: whether the newest rows are all there are, and whether to walk on through the rest: if they are, or
        it pays."""
        size = _probed(conditions)
        rows, values = self._first(bounds, size, order)
        read, read_values = self._joined(conditions.read_all(), "d.key")
        counted = f"SELECT count(*) < {size} AS is_all, count(*) FILTER (WHERE {read}) AS hits FROM ({rows}) d"
        probe = f"SELECT is_all, is_all OR {pays} AS walks, NOT is_all AND {pays} AS pays FROM ({counted}) counted"
        return f"probe{name} AS MATERIALIZED ({probe})", (*read_values, *values)

    def _walked(self, columns: str, conditions: Conditions, bounds: Sql, window: int, order: str, when: str) -> Sql:
        """What is found among the first rows by reading their texts, if the probe says so."""
        rows, values = self._first((f"{bounds[0]} AND (SELECT {when})", bounds[1]), window, order)
        read, read_values = self._joined(conditions.read_all(), "d.key")
        return f"SELECT {columns} FROM ({rows}) d WHERE {read}", (*values, *read_values)

    def _first(self, bounds: Sql, window: int, order: str) -> Sql:
        inner, values = self._joined([bounds], "d.key")
        return f"SELECT * FROM {DOC} d WHERE {inner} ORDER BY d.key {order} LIMIT {window}", values


def _probed(conditions: Conditions) -> int:
    """Of what may be said in many ways fewer rows: each is read for every way."""
    return PROBE // min(max(map(len, conditions.groups), default=1), 10)


def _ts(token: Token) -> str:
    return f"'{token.text}'" + (":*" if token.is_prefix else "")


def _ts_all(found: Iterable[Token]) -> str:
    return f"({' & '.join(map(_ts, found))})"


ENGINES: Final = {"sqlite": SqliteEngine, "postgresql": PostgresEngine}


def engine(scope: Scope, using: str = "") -> Engine:
    """On the database that is read from, unless another is named."""
    using = using or reading()
    return ENGINES[connections[using].vendor](using, scope)

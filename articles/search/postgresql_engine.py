"""Rows of the index on PostgreSQL, by its inverted index: how to get at the newest rows of a very common word without
fetching all."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Final

from articles.models.search import SearchState
from articles.search import keys, tokens
from articles.search.conditions import Conditions, Sql, Token
from articles.search.engine import Engine
from articles.search.postgresql_schema import token_expression
from articles.search.types import Kind
from articles.search.watched import DOC

_ARTICLE: Final = tokens.KINDS[Kind.ARTICLE]
_ARTICLES: Final = Token(f"{tokens.KIND}{_ARTICLE}")

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
        if by_tokens_only or after is not None or not (conditions.has_tokens and conditions.is_everywhere):
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
        if not (conditions.has_tokens and conditions.is_everywhere):
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

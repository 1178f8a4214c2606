"""What PostgreSQL does for search: folding and tokens as functions of its own, the triggers, the inverted index."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any, Final

from django.db import OperationalError, transaction
from django.db.backends.base.base import BaseDatabaseWrapper

from articles.search import folding, tokens
from articles.search.source import POSTGRESQL, renewal, statements
from articles.search.types import Field, Kind
from articles.search.watched import DOC, EVENTS, TOKEN_COLUMNS, WATCHED, condition, quoted

_MEMORY: Final = "32MB"


def give_memory(connection: Any) -> None:
    """What a step of a query may hold. A very common word leads to half of all rows: with the usual 4 MB PostgreSQL
    keeps only their pages at a million items, and makes the tokens of all rows on these anew, for three seconds."""
    connection.execute(
        f"SELECT set_config('work_mem', '{_MEMORY}', false)"
        f" WHERE pg_size_bytes(current_setting('work_mem')) < pg_size_bytes('{_MEMORY}')"
    )


_LOCK: Final = 811800
"""A number of our own among advisory locks."""


def _literal(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def _class(ranges: str) -> str:
    """A character class for PostgreSQL, which has neither NUL nor surrogates."""
    return ranges.replace("\x00", "\x01").replace("\ud800", "\ue000")


def _functions() -> Iterator[str]:
    pairs = folding.simplified()
    traditional, simple = "".join(pairs), "".join(pairs.values())
    spaces, signs, wide = _class(folding.SPACES), _class(folding.SIGNS), _class(folding.WIDE)
    stops = rf"[^{wide}|{spaces}]"
    function = "CREATE OR REPLACE FUNCTION articles_search_"
    pure = "IMMUTABLE PARALLEL SAFE LANGUAGE"
    yield f"""{function}fold(t text) RETURNS text {pure} plpgsql AS $search$
DECLARE found text;
BEGIN
  IF t = '' THEN RETURN t; END IF;
  IF t ~ {_literal(f"[{folding.ALTERED}{traditional}]")} THEN
    t := lower(normalize(t, NFKD) COLLATE "C");
    IF t ~ {_literal(f"[{folding.CAPITALS}]")} THEN
      t := translate(t, {_literal(folding.CAPITALS)}, {_literal(folding.SMALL)});
    END IF;
    -- For each character `translate` goes through all it is given: through thousands, if not told which occur.
    found := (SELECT string_agg(DISTINCT m[1], '') FROM regexp_matches(t, {_literal(f"[{traditional}]")}, 'g') m);
    IF found IS NOT NULL THEN
      t := translate(t, found, (
        SELECT string_agg(substr({_literal(simple)}, strpos({_literal(traditional)}, c), 1), '' ORDER BY n)
        FROM string_to_table(found, NULL) WITH ORDINALITY x(c, n)));
    END IF;
  ELSE
    t := lower(t COLLATE "C");
  END IF;
  t := regexp_replace(t, {_literal(f"[{_class(folding.DROPPED)}]+")}, '', 'g');
  IF position('.' IN t) > 0 THEN
    t := regexp_replace(t, '(?<![0-9])[.]|[.](?![0-9])', '|', 'g');
  END IF;
  t := regexp_replace(t, {_literal(f"[{spaces}]*[{signs}][{spaces}{signs}]*")}, '|', 'g');
  IF t ~ {_literal(f"[{spaces}]")} THEN
    t := regexp_replace(t, {_literal(f"(?<={stops})[{spaces}]+(?={stops})")}, '|', 'g');
    t := regexp_replace(t, {_literal(f"[{spaces}]+")}, '', 'g');
  END IF;
  RETURN btrim(t, '|');
END $search$"""
    yield f"""{function}lines(v jsonb, role text, sign text) RETURNS text {pure} plpgsql AS $search$
BEGIN
  IF v = '[]' THEN RETURN ''; END IF;
  RETURN CASE jsonb_typeof(v)
    WHEN 'string' THEN v #>> '{{}}'
    WHEN 'array' THEN coalesce((SELECT string_agg(
      CASE jsonb_typeof(e) WHEN 'object' THEN coalesce(e->>'text', e->>'name', '') ELSE e #>> '{{}}' END,
      sign ORDER BY n) FROM jsonb_array_elements(v) WITH ORDINALITY x(e, n)
      WHERE role = '' OR (jsonb_typeof(e) = 'object' AND e->>'role' = role)), '')
    ELSE '' END;
END $search$"""
    types = ("smallint", "bigint", "smallint", *["text"] * 9)
    named = ", ".join(f'"{name}" {kind}' for name, kind in zip(TOKEN_COLUMNS, types, strict=True))
    marked = {Field.HEADLINE: "headline", Field.BYLINE: "byline", Field.COLUMN: '"column"', Field.SECTION: "section"}
    marks = ", ".join(_literal(mark) for mark in ("", *(tokens.FIELD_MARKS[each] for each in marked)))
    numbered = ", ".join(
        f"{_literal(mark)} || {column}"
        for mark, column in ((tokens.KIND, "kind"), (tokens.NEWSPAPER, "newspaper_id"), (tokens.PAGE, "page_number"))
    )
    # COST keeps the planner from walking rows and making tokens anew instead of looking into the index. It calls no
    # function of ours: indexes are made under a search path on which these cannot be found.
    yield f"""{function}tokens({named}) RETURNS tsvector {pure} plpgsql COST 10000 AS $search$
DECLARE
  parts text[] := ARRAY[headline || '|' || deck || '|' || byline || '|' || "column" || '|' || body || '|' || captions,
                        {", ".join(marked.values())}];
  marks text[] := ARRAY[{marks}];
  made text[] := array_remove(ARRAY[{_literal(tokens.ALL)}, {numbered}], NULL);
  signs text[];
BEGIN
  IF topics <> '' THEN
    made := made || ARRAY(SELECT {_literal(tokens.TOPIC)} || x
                          FROM unnest(string_to_array(topics, ',')) x WHERE x <> '');
  END IF;
  IF contributors <> '' THEN
    made := made || ARRAY(SELECT {_literal(tokens.CONTRIBUTOR)} || left(md5(x), 16)
                          FROM unnest(string_to_array(contributors, chr(10))) x WHERE x <> '');
  END IF;
  FOR part IN 1..array_length(parts, 1) LOOP
    CONTINUE WHEN parts[part] = '';
    signs := string_to_array(parts[part], NULL);
    -- `unnest` among what is selected, not in FROM: there it would write its rows down first.
    made := made || ARRAY(SELECT marks[part] || one || CASE WHEN other <> '|' THEN other ELSE '' END
                          FROM (SELECT unnest(signs) AS one, unnest(signs[2:]) AS other) pairs WHERE one <> '|');
  END LOOP;
  RETURN array_to_tsvector(made);
END $search$"""
    yield "CREATE SEQUENCE IF NOT EXISTS articles_search_numbers"
    yield f"""{function}key(base bigint, width bigint, own bigint, freed bigint[])
RETURNS bigint LANGUAGE plpgsql AS $search$
DECLARE made bigint := base + own % width;
BEGIN
  FOR tried IN 0..width LOOP
    IF made = ANY (freed) OR NOT EXISTS (SELECT FROM {DOC} WHERE key = made) THEN RETURN made; END IF;
    made := base + nextval('articles_search_numbers') % width;
  END LOOP;
  RAISE 'a day of the search index is full';
END $search$"""
    refreshed = []
    for kind in Kind:
        written = renewal(statements(POSTGRESQL, kind, "= ANY (items)"), "d.kind = which AND d.item_id = ANY (items)")
        refreshed.append(f"IF which = {tokens.KINDS[kind]} THEN\n    {written} INTO is_done;\n    END IF;")
    # Of two transactions that touch one item, the second waits and sees what the first wrote.
    yield f"""{function}lock(which int, item bigint) RETURNS void LANGUAGE sql AS $search$
SELECT pg_advisory_xact_lock({_LOCK} + which, (item % 2147483647)::int) $search$"""
    yield "DROP FUNCTION IF EXISTS articles_search_refresh(int, bigint)"  # as it was, for one item
    # One plan for one item and for many: a plan for each number of them takes longer to make than to follow.
    yield f"""{function}refresh(which int, items bigint[]) RETURNS void LANGUAGE plpgsql
SET plan_cache_mode = force_generic_plan AS $search$
DECLARE is_done boolean := false;
BEGIN
  items := ARRAY(SELECT DISTINCT x FROM unnest(items) x WHERE x IS NOT NULL ORDER BY x);
  IF items = '{{}}' THEN RETURN; END IF;
  PERFORM articles_search_lock(which, x) FROM unnest(items) x;
  WHILE NOT is_done LOOP
    {" ".join(refreshed)}
  END LOOP;
END $search$"""
    for table, (_, concerned) in WATCHED.items():
        body = []
        for event, rows in EVENTS:
            names = [_ROWS[row] for row in rows]
            # FULL: a row that was given another number is in both, and has nobody beside it.
            source = " FULL JOIN ".join(f"{name}_rows {name}" for name in names) + (
                " USING (id)" if len(names) > 1 else ""
            )
            matters = condition(table, event, names, "IS DISTINCT FROM") or "true"
            for kind, items in concerned.items():
                select = items if "SELECT" in items else f"SELECT {items}"
                concerns = " UNION ALL ".join(select.format(row=name, kind=kind) for name in names)
                numbers = f"SELECT z.id FROM {source} CROSS JOIN LATERAL ({concerns}) z(id) WHERE {matters}"
                act = f"PERFORM articles_search_refresh({tokens.KINDS[kind]}, ARRAY({numbers}));"
                body.append(f"IF TG_OP = '{event.upper()}' THEN {act} END IF;")
        yield f"""{function}on_{table.removeprefix("articles_")}() RETURNS trigger LANGUAGE plpgsql AS $search$
BEGIN
  {chr(10).join(body)}
  RETURN NULL;
END $search$"""


_ROWS: Final = {"OLD": "former", "NEW": "latter"}
"""What triggers call the rows of a statement, one of them and, with "_rows", all."""


def _triggers() -> Iterator[str]:
    """For all rows of a statement at once: a page comes with a dozen items. Without naming columns: PostgreSQL lets no
    migration change a column that a trigger names. Functions look."""
    for table in WATCHED:
        call = f"EXECUTE FUNCTION articles_search_on_{table.removeprefix('articles_')}()"
        for event, rows in EVENTS:
            tables = " ".join(f"{row} TABLE AS {_ROWS[row]}_rows" for row in rows)
            yield (
                f"CREATE OR REPLACE TRIGGER {table}_search_{event} AFTER {event.upper()} ON {table}"
                f" REFERENCING {tables} FOR EACH STATEMENT {call}"
            )


def token_expression(alias: str) -> str:
    """What the inverted index of PostgreSQL is on: conditions must repeat it to the letter."""
    return f"articles_search_tokens({quoted(TOKEN_COLUMNS, alias)})"


_INDEX: Final = (
    # fastupdate: the pending list makes single writes cheap and now and then one reader wait for a second.
    f"CREATE INDEX IF NOT EXISTS search_tokens ON {DOC}"
    f" USING gin ({token_expression(DOC).replace(f'{DOC}.', '')}) WITH (fastupdate = off)"
)
"""Half an hour's work at a million items."""


def _index() -> Iterator[str]:
    yield _INDEX
    yield f"COMMENT ON INDEX search_tokens IS '{_edition()}'"
    # Statistics on the tokens cost minutes of ANALYZE and mislead the planner.
    yield "ALTER INDEX search_tokens ALTER COLUMN 1 SET STATISTICS 0"
    yield f"ALTER TABLE {DOC} SET (toast_tuple_target = 128)"


_FUNCTIONS: Final = "articles_search_fold"
"""Stands for all functions of PostgreSQL: they are of one version."""


@cache
def _signature() -> str:
    """Of all functions and triggers. They may change and leave the tokens as they are."""
    return _digest("\n".join((*_functions(), *_triggers(), *_index())))


def _edition() -> str:
    """Of what stands in PostgreSQL's inverted index."""
    return _digest(f"{tokens.EDITION} {_INDEX}")


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:32]


@contextmanager
def sparing(cursor: Any) -> Iterator[None]:
    """Make PostgreSQL's inverted index in many passes: from one pass over all tokens in their order, which is what more
    memory or several processes come to, its pages stay half empty."""
    for name, value in (("maintenance_work_mem", "64MB"), ("max_parallel_maintenance_workers", "0")):
        cursor.execute(f"SET {name} = '{value}'")
    yield
    for name in ("maintenance_work_mem", "max_parallel_maintenance_workers"):
        cursor.execute(f"RESET {name}")


_TRIES: Final = 100


def _replace(connection: BaseDatabaseWrapper) -> None:
    """A trigger that calls a function made for another one would let nobody save: both change at once, or neither.

    Whoever saves has some of the tables and wants others. They are all taken first, and let go again before PostgreSQL
    looks who waits for whom (`deadlock_timeout`, a second) and refuses a save for it.
    """
    for tries_left in reversed(range(_TRIES)):
        try:
            with transaction.atomic(using=connection.alias), connection.cursor() as cursor:
                cursor.execute("SET LOCAL statement_timeout = '700ms'")
                cursor.execute(f"LOCK TABLE {', '.join(WATCHED)} IN SHARE ROW EXCLUSIVE MODE")
                cursor.execute("SET LOCAL statement_timeout TO DEFAULT")
                for statement in (*_functions(), *_triggers()):
                    cursor.execute(statement)
            return
        except OperationalError as error:
            # 57014, 40P01: the time was up, or somebody waited for us. Nothing else gets better by waiting.
            if not tries_left or getattr(error.__cause__, "sqlstate", None) not in ("57014", "40P01"):
                raise
            time.sleep(0.3)


def install(connection: BaseDatabaseWrapper) -> bool:
    """Make what is missing or says something else than it should; whether anything was made."""
    with connection.cursor() as cursor:
        missing = lacking(connection)
        if not missing:
            return False
        if "search_tokens" in missing:  # or it holds other tokens
            cursor.execute("DROP INDEX IF EXISTS search_tokens")
        _replace(connection)
        with sparing(cursor):
            for statement in _index():
                cursor.execute(statement)
        cursor.execute(f"COMMENT ON TABLE {DOC} IS '{_signature()}'")
    return True


def lacking(connection: BaseDatabaseWrapper) -> list[str]:
    """The names of what `install` would make."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT tgname FROM pg_trigger WHERE NOT tgisinternal AND tgenabled <> 'D'")
        there = {name for (name,) in cursor.fetchall()}
        missing = [name for table in WATCHED for event, _ in EVENTS if (name := f"{table}_search_{event}") not in there]
        described = "obj_description(to_regclass(%s), 'pg_class')"
        cursor.execute(f"SELECT {described}, {described}", [DOC, "search_tokens"])
        signature, edition = cursor.fetchone()
        return missing + ["search_tokens"] * (edition != _edition()) + [_FUNCTIONS] * (signature != _signature())

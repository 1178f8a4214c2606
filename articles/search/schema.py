"""What the database itself does for search: folding, tokens, the inverted index, and triggers that keep it in step.

`install` makes it all, or what is missing or out of date; it runs after every `migrate` (see `articles.apps`), because
SQLite takes the triggers of a table away when a migration makes the table anew, and refuses to make anew a table that
triggers of others read: `remove` lifts them before. What a migration then changed is mended by `upkeep.mend`.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from functools import cache, lru_cache
from typing import Any, Final

from django.db.backends.base.base import BaseDatabaseWrapper

from articles.search import folding, tokens
from articles.search.source import COLUMNS, POSTGRESQL, SQLITE, insertion, renewal, statements
from articles.search.types import Field, Kind

DOC: Final = "articles_searchdoc"
FTS: Final = "articles_search_fts"
FOLLOWERS: Final = (f"{DOC}_search_insert", f"{DOC}_search_delete", f"{DOC}_search_update", "search_tokens")
"""What keeps the inverted index in step with the rows: triggers on SQLite, the index itself on PostgreSQL."""
AUTOMERGE: Final = 8
"""Lists of the same level that SQLite merges into one. With its usual 4 every twentieth edit waits for merging."""
TOKEN_COLUMNS: Final = (
    "kind", "newspaper_id", "page_number", "topics", "contributors",
    "headline", "deck", "byline", "column", "section", "body", "captions",
)  # fmt: skip

_OWN = {
    "article": ("column", "kicker", "headline", "deck", "byline", "body", "captions", "page_id"),
    "notice": ("kind", "heading", "fields", "body", "page_id"),
}
_ON_PAGE = "SELECT x.id FROM articles_{kind} x WHERE x.page_id = {row}.id"
_IN_ISSUE = "SELECT x.id FROM articles_{kind} x JOIN articles_page y ON y.id = x.page_id WHERE y.issue_id = {row}.id"
_OF_SNAPSHOT = "SELECT x.article_id FROM articles_snapshot x WHERE x.id = {row}.snapshot_id"

WATCHED: Final[dict[str, tuple[tuple[str, ...], dict[Kind, str]]]] = {
    "articles_article": (_OWN["article"], {Kind.ARTICLE: "{row}.id"}),
    "articles_notice": (_OWN["notice"], {Kind.NOTICE: "{row}.id"}),
    "articles_snapshot": (
        (
            "article_id", "notice_id", "live_from", "live_until", "newspaper_id", "date", "page_number", "section",
            "content",
        ),
        {Kind.ARTICLE: "{row}.article_id", Kind.NOTICE: "{row}.notice_id"},
    ),
    "articles_snapshottopic": (("snapshot_id", "topic_id"), {Kind.ARTICLE: _OF_SNAPSHOT}),
    "articles_topiclink": (("article_id", "topic_id", "state"), {Kind.ARTICLE: "{row}.article_id"}),
    "articles_credit": (("article_id", "contributor_id", "position"), {Kind.ARTICLE: "{row}.article_id"}),
    "articles_contributor": (
        ("name",),
        {Kind.ARTICLE: "SELECT x.article_id FROM articles_credit x WHERE x.contributor_id = {row}.id"},
    ),
    "articles_page": (("issue_id", "number", "section"), {Kind.ARTICLE: _ON_PAGE, Kind.NOTICE: _ON_PAGE}),
    "articles_issue": (("newspaper_id", "date"), {Kind.ARTICLE: _IN_ISSUE, Kind.NOTICE: _IN_ISSUE}),
}  # fmt: skip
"""Tables, the columns of theirs that the index depends on, and the items a row concerns."""

_COUNTS: Final = {"articles_topiclink": "{row}.state = 'confirmed'"}
"""Rows of a table that say something to the index; all of them where nothing is said. An import suggests topics for
every article, and would write its row in the index once more for each."""

_EVENTS: Final = (("insert", ("NEW",)), ("delete", ("OLD",)), ("update", ("OLD", "NEW")))
"""Also of pages and issues: an import may write an item before the page it stands on."""


def _names(names: Iterable[str], row: str = "") -> str:
    return ", ".join(f'{row}."{name}"' if row else f'"{name}"' for name in names)


def _matters(table: str, event: str, rows: Iterable[str], distinct: str) -> str:
    """When a trigger has something to do; empty: always."""
    conditions = []
    if event == "update":
        conditions.append(" OR ".join(f'OLD."{name}" {distinct} NEW."{name}"' for name in WATCHED[table][0]))
    if table in _COUNTS:
        conditions.append(" OR ".join(_COUNTS[table].format(row=row) for row in rows))
    return " AND ".join(f"({each})" for each in conditions)


# SQLite


def register_functions(connection: Any) -> None:
    """The functions that triggers call. A connection without them can read, and cannot change what is indexed."""
    connection.create_function("articles_search_fold", 1, folding.fold, deterministic=True)
    connection.create_function("articles_search_lines", 4, _lines, deterministic=True)
    connection.create_function("articles_search_room", 1, _room, deterministic=True)
    connection.create_function("articles_search_tokens", len(TOKEN_COLUMNS), tokens.tokens, deterministic=True)


def _room(key: int | None) -> int:
    if key is None:
        raise ValueError("a day of the search index is full")
    return key


def _lines(value: str | None, path: str, role: str, sign: str) -> str:
    """The strings in a JSON text, below a path: a string itself, or those of a list, of its objects the text."""
    found = _parsed(value) if value else None
    for name in path.split(".") if path else ():
        found = found.get(name) if isinstance(found, dict) else None
    if isinstance(found, str):
        return found
    if not isinstance(found, list):
        return ""
    return sign.join(text for each in found if (not role or _role(each) == role) and (text := _text(each)) is not None)


@lru_cache(maxsize=8)
def _parsed(value: str) -> Any:
    """One statement asks for many parts of the same text."""
    return json.loads(value)


def _role(value: Any) -> Any:
    return value.get("role") if isinstance(value, dict) else None


def _text(value: Any) -> str | None:
    if isinstance(value, dict):
        value = value.get("text", value.get("name", ""))
    return value if isinstance(value, str) or value is None else json.dumps(value)


def _of(row: str) -> str:
    return f"articles_search_tokens({_names(TOKEN_COLUMNS, row)})"


def _sqlite_triggers() -> dict[str, str]:
    made: dict[str, str] = {}
    for table, (_, concerned) in WATCHED.items():
        for event, rows in _EVENTS:
            of = f" OF {_names(WATCHED[table][0])}" if event == "update" else ""
            matters = _matters(table, event, rows, "IS NOT")
            when = f" WHEN {matters}" if matters else ""
            body = []
            for kind, items in concerned.items():
                listed = ", ".join(items.format(row=row, kind=kind) for row in rows)
                if "SELECT" in items:
                    listed = " UNION ".join(items.format(row=row, kind=kind) for row in rows)
                body.append(f"DELETE FROM {DOC} WHERE kind = {tokens.KINDS[kind]} AND item_id IN ({listed});")
                body += [f"{insertion(SQLITE, each)};" for each in statements(SQLITE, kind, f"IN ({listed})")]
            name = f"{table}_search_{event}"
            made[name] = f"CREATE TRIGGER {name} AFTER {event.upper()}{of} ON {table}{when} BEGIN {' '.join(body)} END"
    write = f"INSERT INTO {FTS}(rowid, grams) VALUES (NEW.key, {_of('NEW')});"
    erase = f"INSERT INTO {FTS}({FTS}, rowid, grams) VALUES ('delete', OLD.key, {_of('OLD')});"
    of = _names(("key", *TOKEN_COLUMNS))
    for name, event, body_ in (
        (f"{DOC}_search_insert", "INSERT", write),
        (f"{DOC}_search_delete", "DELETE", erase),
        (f"{DOC}_search_update", f"UPDATE OF {of}", erase + write),
    ):
        made[name] = f"CREATE TRIGGER {name} AFTER {event} ON {DOC} BEGIN {body_} END"
    return made


def _sqlite_tables() -> dict[str, str]:
    return {
        "articles_search_grams": f"CREATE VIEW articles_search_grams AS SELECT key, {_of(DOC)} AS grams FROM {DOC}",
        FTS: (
            f"CREATE VIRTUAL TABLE {FTS} USING fts5(/* tokens {tokens.EDITION} */ grams,"
            " content='articles_search_grams', content_rowid='key',"
            " tokenize=\"ascii tokenchars '.'\", detail=none, columnsize=0)"
        ),
        # Conditions and counts are read from this instead of from the rows with their texts.
        "search_counted": (
            f"CREATE INDEX search_counted ON {DOC}"
            " (key, live_from, live_until, newspaper_id, kind, topics, contributors)"
        ),
    }


def _sqlite_wanted() -> dict[str, str]:
    return {**_sqlite_tables(), **_sqlite_triggers()}


# PostgreSQL

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


def _postgresql_functions() -> Iterator[str]:
    pairs = folding.simplified()
    traditional, simple = "".join(pairs), "".join(pairs.values())
    spaces, signs, wide = _class(folding.SPACES), _class(folding.SIGNS), _class(folding.WIDE)
    stops = rf"[^{wide}|{spaces}]"
    function = "CREATE OR REPLACE FUNCTION articles_search_"
    pure = "IMMUTABLE PARALLEL SAFE LANGUAGE"
    yield f"""{function}fold(t text) RETURNS text {pure} plpgsql AS $search$
DECLARE found text;
BEGIN
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
    yield f"""{function}lines(v jsonb, role text, sign text) RETURNS text {pure} sql AS $search$
SELECT CASE jsonb_typeof(v)
  WHEN 'string' THEN v #>> '{{}}'
  WHEN 'array' THEN coalesce((SELECT string_agg(
    CASE jsonb_typeof(e) WHEN 'object' THEN coalesce(e->>'text', e->>'name', '') ELSE e #>> '{{}}' END,
    sign ORDER BY n) FROM jsonb_array_elements(v) WITH ORDINALITY x(e, n)
    WHERE role = '' OR (jsonb_typeof(e) = 'object' AND e->>'role' = role)), '')
  ELSE '' END $search$"""
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
  made text[] := array_remove(ARRAY[{_literal(tokens.ALL)}, {numbered}], NULL)
    || ARRAY(SELECT {_literal(tokens.TOPIC)} || x FROM unnest(string_to_array(topics, ',')) x WHERE x <> '')
    || ARRAY(SELECT {_literal(tokens.CONTRIBUTOR)} || left(md5(x), 16)
             FROM unnest(string_to_array(contributors, chr(10))) x WHERE x <> '');
  signs text[];
BEGIN
  FOR part IN 1..array_length(parts, 1) LOOP
    signs := string_to_array(parts[part], NULL);
    made := made || ARRAY(SELECT marks[part] || one || replace(coalesce(other, ''), '|', '')
                          FROM unnest(signs, signs[2:]) pair(one, other) WHERE one <> '|');
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
        written = renewal(statements(POSTGRESQL, kind, "= item"), "d.kind = which AND d.item_id = item")
        refreshed.append(f"IF which = {tokens.KINDS[kind]} THEN\n    {written} INTO is_done;\n    END IF;")
    # Of two transactions that touch one item, the second waits and sees what the first wrote.
    yield f"""{function}lock(which int, item bigint) RETURNS void LANGUAGE sql AS $search$
SELECT pg_advisory_xact_lock({_LOCK} + which, (item % 2147483647)::int) $search$"""
    yield f"""{function}refresh(which int, item bigint) RETURNS void LANGUAGE plpgsql AS $search$
DECLARE is_done boolean := false;
BEGIN
  IF item IS NULL THEN RETURN; END IF;
  PERFORM articles_search_lock(which, item);
  WHILE NOT is_done LOOP
    {" ".join(refreshed)}
  END LOOP;
END $search$"""
    for table, (_, concerned) in WATCHED.items():
        body = []
        for event, rows in _EVENTS:
            for kind, items in concerned.items():
                call = f"articles_search_refresh({tokens.KINDS[kind]}, "
                asked = [items.format(row=row, kind=kind) for row in reversed(rows)]
                if "SELECT" in items:
                    act = f"PERFORM {call}z.id) FROM ({' UNION '.join(asked)}) z(id);"
                else:
                    act = f"PERFORM {call}{asked[0]});"
                    if event == "update":
                        act += f" IF {asked[1]} IS DISTINCT FROM {asked[0]} THEN PERFORM {call}{asked[1]}); END IF;"
                if matters := _matters(table, event, rows, "IS DISTINCT FROM"):
                    act = f"IF {matters} THEN {act} END IF;"
                body.append(f"IF TG_OP = '{event.upper()}' THEN {act} END IF;")
        yield f"""{function}on_{table.removeprefix("articles_")}() RETURNS trigger LANGUAGE plpgsql AS $search$
BEGIN
  {chr(10).join(body)}
  RETURN NULL;
END $search$"""


def _postgresql_triggers() -> Iterator[str]:
    """Without naming columns: PostgreSQL lets no migration change a column that a trigger names. Functions look."""
    for table in WATCHED:
        call = f"EXECUTE FUNCTION articles_search_on_{table.removeprefix('articles_')}()"
        for event, _ in _EVENTS:
            yield (
                f"CREATE OR REPLACE TRIGGER {table}_search_{event} AFTER {event.upper()} ON {table} FOR EACH ROW {call}"
            )


def token_expression(alias: str) -> str:
    """What the inverted index of PostgreSQL is on: conditions must repeat it to the letter."""
    return f"articles_search_tokens({_names(TOKEN_COLUMNS, alias)})"


_INDEX: Final = (
    # fastupdate: the pending list makes single writes cheap and now and then one reader wait for a second.
    f"CREATE INDEX IF NOT EXISTS search_tokens ON {DOC}"
    f" USING gin ({token_expression(DOC).replace(f'{DOC}.', '')}) WITH (fastupdate = off)"
)
"""Half an hour's work at a million items."""


def _postgresql_index() -> Iterator[str]:
    yield _INDEX
    yield f"COMMENT ON INDEX search_tokens IS '{_edition()}'"
    # Statistics on the tokens cost minutes of ANALYZE and mislead the planner.
    yield "ALTER INDEX search_tokens ALTER COLUMN 1 SET STATISTICS 0"
    yield f"ALTER TABLE {DOC} SET (toast_tuple_target = 128)"


# Both


_FUNCTIONS: Final = "articles_search_fold"
"""Stands for all functions of PostgreSQL: they are of one version."""


@cache
def _signature() -> str:
    """Of all functions and triggers. They may change and leave the tokens as they are."""
    return _digest("\n".join((*_postgresql_functions(), *_postgresql_triggers(), *_postgresql_index())))


def _edition() -> str:
    """Of what stands in PostgreSQL's inverted index."""
    return _digest(f"{tokens.EDITION} {_INDEX}")


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:32]


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
    return _install_sqlite(connection) if connection.vendor == "sqlite" else _install_postgresql(connection)


def _install_sqlite(connection: BaseDatabaseWrapper) -> bool:
    wanted = _sqlite_wanted()
    with connection.cursor() as cursor:
        cursor.execute("SELECT name, type, sql FROM sqlite_master WHERE sql IS NOT NULL")
        there = {name: (kind, sql) for name, kind, sql in cursor.fetchall()}
        ours = {name for name, (kind, _) in there.items() if kind == "trigger" and "_search_" in name}
        stale = {name for name in (*ours, *wanted) if name in there and there[name][1] != wanted.get(name)}
        has_new_tokens = bool(stale & {"articles_search_grams", FTS}) or FTS not in there
        for name in stale:
            kind = "table" if name == FTS else there[name][0]
            cursor.execute(f"DROP {kind} {name}")
        made = [name for name in wanted if name not in there or name in stale]
        for name in made:
            cursor.execute(wanted[name])
        cursor.execute(f"INSERT INTO {FTS}({FTS}, rank) VALUES ('automerge', {AUTOMERGE})")
        if has_new_tokens:
            rebuild_fts(cursor)
    return bool(made)


def rebuild_fts(cursor: Any) -> None:
    """Make SQLite's inverted index anew from the rows: one list, on a high level.

    Edits merge lists of the lowest level, eight of them into one of the next. FTS5 leaves the list of everything on the
    lowest: merging it takes so long that edits meet the limit of lists on a level, and one waits until all is merged,
    five seconds at 200,000 items. To merge all lists it puts them above the highest level there is, if they are on more
    than one: so a row is written again and all is merged, three times.
    """
    cursor.execute(f"INSERT INTO {FTS}({FTS}, rank) VALUES ('hashsize', {128 << 20})")
    cursor.execute(f"INSERT INTO {FTS}({FTS}) VALUES ('rebuild')")
    for _ in range(3):
        cursor.execute(f"UPDATE {DOC} SET headline = headline WHERE key = (SELECT min(key) FROM {DOC})")
        cursor.execute(f"INSERT INTO {FTS}({FTS}) VALUES ('optimize')")
    cursor.execute(f"INSERT INTO {FTS}({FTS}, rank) VALUES ('hashsize', {1 << 20})")


@contextmanager
def sparing(cursor: Any) -> Iterator[None]:
    """Make PostgreSQL's inverted index in many passes: from one pass over all tokens in their order, which is what more
    memory or several processes come to, its pages stay half empty."""
    for name, value in (("maintenance_work_mem", "64MB"), ("max_parallel_maintenance_workers", "0")):
        cursor.execute(f"SET {name} = '{value}'")
    yield
    for name in ("maintenance_work_mem", "max_parallel_maintenance_workers"):
        cursor.execute(f"RESET {name}")


def _install_postgresql(connection: BaseDatabaseWrapper) -> bool:
    with connection.cursor() as cursor:
        missing = lacking(connection)
        if not missing:
            return False
        if "search_tokens" in missing:  # or it holds other tokens
            cursor.execute("DROP INDEX IF EXISTS search_tokens")
        with sparing(cursor):
            for statement in (*_postgresql_functions(), *_postgresql_triggers(), *_postgresql_index()):
                cursor.execute(statement)
        cursor.execute(f"COMMENT ON TABLE {DOC} IS '{_signature()}'")
    return True


def lacking(connection: BaseDatabaseWrapper) -> list[str]:
    """The names of what `install` would make."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("SELECT name, sql FROM sqlite_master")
            there = dict(cursor.fetchall())
            return [name for name, sql in _sqlite_wanted().items() if there.get(name) != sql]
        cursor.execute("SELECT tgname FROM pg_trigger WHERE NOT tgisinternal AND tgenabled <> 'D'")
        there_ = {name for (name,) in cursor.fetchall()}
        missing = [
            name for table in WATCHED for event, _ in _EVENTS if (name := f"{table}_search_{event}") not in there_
        ]
        described = "obj_description(to_regclass(%s), 'pg_class')"
        cursor.execute(f"SELECT {described}, {described}", [DOC, "search_tokens"])
        signature, edition = cursor.fetchone()
        return missing + ["search_tokens"] * (edition != _edition()) + [_FUNCTIONS] * (signature != _signature())


def remove(connection: BaseDatabaseWrapper) -> None:
    """On SQLite: lift the triggers, so that migrations can make tables anew. `install` puts them back."""
    if connection.vendor != "sqlite":
        return
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT name FROM sqlite_master WHERE type = 'trigger' AND name LIKE '%\\_search\\_%' ESCAPE '\\'"
        )
        for (name,) in cursor.fetchall():
            cursor.execute(f"DROP TRIGGER {name}")
        cursor.execute("DROP VIEW IF EXISTS articles_search_grams")


def lift(connection: BaseDatabaseWrapper) -> None:
    """Lift the triggers on the content before a bulk load; `install` puts them back, `upkeep.fill` writes the rows."""
    names = {f"{table}_search_{event}": table for table in WATCHED for event, _ in _EVENTS}
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

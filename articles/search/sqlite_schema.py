"""What SQLite does for search: the functions of ours that its triggers call, the triggers, the inverted index."""

from __future__ import annotations

import json
from functools import lru_cache
from typing import Any, Final

from django.db.backends.base.base import BaseDatabaseWrapper

from articles.search import ahead, tokens
from articles.search.source import SQLITE, insertion, statements
from articles.search.watched import DOC, EVENTS, TOKEN_COLUMNS, WATCHED, condition, quoted

FTS: Final = "articles_search_fts"
AUTOMERGE: Final = 8
"""Lists of the same level that SQLite merges into one. With its usual 4 every twentieth edit waits for merging."""


def register_functions(connection: Any) -> None:
    """The functions that triggers call. A connection without them can read, and cannot change what is indexed."""
    connection.create_function("articles_search_fold", 1, ahead.fold, deterministic=True)
    connection.create_function("articles_search_lines", 4, _lines, deterministic=True)
    connection.create_function("articles_search_room", 1, _room, deterministic=True)
    connection.create_function("articles_search_tokens", len(TOKEN_COLUMNS), ahead.tokens_of, deterministic=True)


def _room(key: int | None) -> int:
    if key is None:
        raise ValueError("a day of the search index is full")
    return key


def _lines(value: str | None, path: str, role: str, sign: str) -> str:
    """The strings in a JSON text, below a path: a string itself, or those of a list, of its objects the text."""
    found = _parsed(value) if value and value != "[]" else None
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
    return f"articles_search_tokens({quoted(TOKEN_COLUMNS, row)})"


def _triggers() -> dict[str, str]:
    made: dict[str, str] = {}
    for table, (_, concerned) in WATCHED.items():
        for event, rows in EVENTS:
            of = f" OF {quoted(WATCHED[table][0])}" if event == "update" else ""
            matters = condition(table, event, rows, "IS NOT")
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
    of = quoted(("key", *TOKEN_COLUMNS))
    for name, event, body_ in (
        (f"{DOC}_search_insert", "INSERT", write),
        (f"{DOC}_search_delete", "DELETE", erase),
        (f"{DOC}_search_update", f"UPDATE OF {of}", erase + write),
    ):
        made[name] = f"CREATE TRIGGER {name} AFTER {event} ON {DOC} BEGIN {body_} END"
    return made


def _tables() -> dict[str, str]:
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


def _wanted() -> dict[str, str]:
    return {**_tables(), **_triggers()}


def install(connection: BaseDatabaseWrapper) -> bool:
    """Make what is missing or says something else than it should; whether anything was made."""
    wanted = _wanted()
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


def lacking(connection: BaseDatabaseWrapper) -> list[str]:
    """The names of what `install` would make."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT name, sql FROM sqlite_master")
        there = dict(cursor.fetchall())
    return [name for name, sql in _wanted().items() if there.get(name) != sql]


def remove(connection: BaseDatabaseWrapper) -> None:
    """Lift the triggers, so that migrations can make tables anew."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT name FROM sqlite_master WHERE type = 'trigger' AND name LIKE '%\\_search\\_%' ESCAPE '\\'"
        )
        for (name,) in cursor.fetchall():
            cursor.execute(f"DROP TRIGGER {name}")
        cursor.execute("DROP VIEW IF EXISTS articles_search_grams")


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

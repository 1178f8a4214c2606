"""What the index says, as SQL over the tables of the newspaper: the one definition, for triggers, rebuild and check.

Of every item its draft (state DRAFT) and every snapshot that readers see now or will see (PUBLIC); where the open
snapshot says word for word what the draft says, one row for both (BOTH). Each statement gives one kind of item.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from articles.models.search import SearchState
from articles.search.keys import EPOCH, FIRST_DAY, LAST_DAY, NUMBER_BITS, STATE_SHIFT
from articles.search.tokens import KINDS
from articles.search.types import Kind

TEXTS: Final = ("headline", "deck", "byline", "column", "section", "captions", "subheads", "body")
PLACES: Final = ("date", "newspaper_id", "page_number", "topics", "contributors")
COLUMNS: Final = ("state", "kind", "item_id", "snapshot_id", "live_from", "live_until", *PLACES, *TEXTS)


@dataclass(frozen=True)
class Dialect:
    """What the two databases say differently."""

    name: str

    @property
    def _is_sqlite(self) -> bool:
        return self.name == "sqlite"

    @property
    def newline(self) -> str:
        return "char(10)" if self._is_sqlite else "chr(10)"

    def lines(self, column: str, *path: str, role: str = "", between: str = "\n") -> str:
        """The strings in a JSON value, pieces of a body among them, joined. By role: those pieces only."""
        sign = self.newline if between == "\n" else f"'{between}'"
        if self._is_sqlite:
            return f"articles_search_lines({column}, '{'.'.join(path)}', '{role}', {sign})"
        inside = "".join(f"->'{name}'" for name in path)
        return f"articles_search_lines({column}{inside}, '{role}', {sign})"

    def fold(self, text: str) -> str:
        return f"articles_search_fold({text})"

    def day(self, date: str) -> str:
        days = f"CAST(julianday({date}) - julianday('{EPOCH}') AS INTEGER)"
        if not self._is_sqlite:
            days = f"({date} - DATE '{EPOCH}')"
        least, most = ("max", "min") if self._is_sqlite else ("greatest", "least")
        return f"CASE WHEN {date} IS NULL THEN 0 ELSE {most}({least}({days}, {FIRST_DAY}), {LAST_DAY}) END"

    def joined(self, value: str, sign: str, tail: str, order: str) -> str:
        if self._is_sqlite:
            return f"(SELECT group_concat(v, {sign}) FROM (SELECT {value} AS v {tail} ORDER BY {order}))"
        return f"(SELECT string_agg({value}::text, {sign} ORDER BY {order}) {tail})"

    @property
    def now(self) -> str:
        return "strftime('%Y-%m-%d %H:%M:%f', 'now')" if self._is_sqlite else "clock_timestamp()"


SQLITE, POSTGRESQL = Dialect("sqlite"), Dialect("postgresql")
DIALECTS: Final = {"sqlite": SQLITE, "postgresql": POSTGRESQL}


def _article(d: Dialect) -> dict[str, str]:
    topics = d.joined(
        "l.topic_id",
        "','",
        "FROM articles_topiclink l WHERE l.article_id = i.id AND l.state = 'confirmed'",
        "l.topic_id",
    )
    people = d.joined(
        "c.name",
        d.newline,
        "FROM articles_credit k JOIN articles_contributor c ON c.id = k.contributor_id WHERE k.article_id = i.id",
        "k.position, k.id",
    )
    return {
        **_place(),
        "topics": f"coalesce({topics}, '')",
        "contributors": f"coalesce({people}, '')",
        "headline": f"i.kicker || {d.newline} || i.headline",
        "deck": d.lines("i.deck"),
        "byline": "i.byline",
        "column": 'i."column"',
        "captions": d.lines("i.captions"),
        "subheads": d.lines("i.body", role="subhead", between="，"),
        "body": d.lines("i.body"),
    }


def _notice(d: Dialect) -> dict[str, str]:
    return {
        **_place(),
        "topics": "''",
        "contributors": "''",
        "headline": _notice_title("i.heading", "i.kind", d.lines("i.fields", "declarant", between="、")),
        "deck": "''",
        "byline": "''",
        "column": "''",
        "captions": "''",
        "subheads": d.lines("i.body", role="subhead", between="，"),
        "body": d.lines("i.body"),
    }


def _notice_title(heading: str, kind: str, declarant: str) -> str:
    """As `articles.content.notice_title` puts it; a notice without declarant begins with its own text there."""
    return f"CASE WHEN {heading} <> '' THEN {heading} ELSE {kind} END || '：' || {declarant}"


def _place() -> dict[str, str]:
    return {"date": "e.date", "newspaper_id": "e.newspaper_id", "page_number": 'p."number"', "section": "p.section"}


def _snapshot(d: Dialect, kind: Kind) -> dict[str, str]:
    topics = d.joined("x.topic_id", "','", "FROM articles_snapshottopic x WHERE x.snapshot_id = s.id", "x.topic_id")
    is_article = kind == Kind.ARTICLE
    heading, kind_ = d.lines("s.content", "heading"), d.lines("s.content", "kind")
    kicker, headline = d.lines("s.content", "kicker"), d.lines("s.content", "headline")
    return {
        "date": "s.date",
        "newspaper_id": "s.newspaper_id",
        "page_number": "s.page_number",
        "section": "s.section",
        "topics": f"coalesce({topics}, '')" if is_article else "''",
        "contributors": d.lines("s.content", "credits") if is_article else "''",
        "headline": f"{kicker} || {d.newline} || {headline}"
        if is_article
        else _notice_title(heading, kind_, d.lines("s.content", "fields", "declarant", between="、")),
        "deck": d.lines("s.content", "deck") if is_article else "''",
        "byline": d.lines("s.content", "byline") if is_article else "''",
        "column": d.lines("s.content", "column") if is_article else "''",
        "captions": d.lines("s.content", "captions") if is_article else "''",
        "subheads": d.lines("s.content", "body", role="subhead", between="，"),
        "body": d.lines("s.content", "body"),
    }


def _selected(d: Dialect, state: str, kind: Kind, item: str, values: dict[str, str]) -> str:
    named = [f"{state} AS state", f"{KINDS[kind]} AS kind", f"{item} AS item_id"]
    named += ["s.id AS snapshot_id", "s.live_from AS live_from", "s.live_until AS live_until"]
    named += [f"{values[name]} AS {name}" for name in PLACES]
    named += [f'{d.fold(values[name])} AS "{name}"' for name in TEXTS]
    return "SELECT " + ", ".join(named)


def statements(d: Dialect, kind: Kind, items: str) -> Iterator[str]:
    """Two SELECTs of all `COLUMNS`, for the items (``IN`` something, or any other condition on a number)."""
    table = f"articles_{kind}"
    draft, snapshot = (_article if kind == Kind.ARTICLE else _notice)(d), _snapshot(d, kind)
    distinct = "IS" if d is SQLITE else "IS NOT DISTINCT FROM"
    same = " AND ".join(f"{draft[name]} {distinct} {snapshot[name]}" for name in (*PLACES, *TEXTS))
    joins = "JOIN articles_page p ON p.id = i.page_id JOIN articles_issue e ON e.id = p.issue_id"
    state = f"CASE WHEN s.id IS NULL THEN {SearchState.DRAFT.value} ELSE {SearchState.BOTH.value} END"
    yield (
        _selected(d, state, kind, "i.id", draft)
        + f" FROM {table} i {joins} LEFT JOIN articles_snapshot s"
        + f" ON s.{kind}_id = i.id AND s.live_until IS NULL AND {same} WHERE i.id {items}"
    )
    yield (
        _selected(d, str(SearchState.PUBLIC.value), kind, f"s.{kind}_id", snapshot)
        + f" FROM articles_snapshot s WHERE s.{kind}_id {items}"
        + f" AND (s.live_until IS NULL OR (s.live_until > s.live_from AND s.live_until > {d.now}))"
        + f" AND NOT (s.live_until IS NULL AND EXISTS (SELECT 1 FROM {table} i {joins}"
        + f" WHERE i.id = s.{kind}_id AND {same}))"
    )


_OF_DAY: Final = "FROM articles_searchdoc d WHERE d.key >= n.base AND d.key < n.base + n.width"
_LAST: Final = f"coalesce((SELECT max(d.key) {_OF_DAY}), n.base)"
_USED: Final = f"SELECT d.key AS key {_OF_DAY} UNION ALL SELECT n.base UNION ALL SELECT n.base + n.width"
_GAPS: Final = f"SELECT key AS before, lead(key) OVER (ORDER BY key) - key - 1 AS size FROM ({_USED})"
_SUMMED: Final = f"SELECT before, size, sum(size) OVER (ORDER BY before) AS upto FROM ({_GAPS}) WHERE size > 0"
_GAP: Final = f"SELECT before + n.place - upto + size FROM ({_SUMMED}) WHERE upto >= n.place ORDER BY before LIMIT 1"
_FREE_NUMBER: Final = (
    f"CASE WHEN {_LAST} + n.place < n.base + n.width THEN {_LAST} + n.place ELSE articles_search_room(({_GAP})) END"
)
"""On SQLite: after the last of the day or, when that would be the day after, in the gaps left by rows written anew."""


def _base(d: Dialect) -> str:
    """The lowest key of a row's state and day."""
    return f"(CAST(state AS bigint) * {1 << STATE_SHIFT} + CAST({d.day('date')} AS bigint) * {1 << NUMBER_BITS})"


_WIDTH: Final = f"CASE WHEN date IS NULL THEN {FIRST_DAY << NUMBER_BITS} ELSE {1 << NUMBER_BITS} END"


_OWN_NUMBER: Final = (
    f"CASE state WHEN {SearchState.PUBLIC.value} THEN snapshot_id ELSE item_id * {len(KINDS)} + kind END"
)
"""On PostgreSQL: what no other row of the state wants, so that transactions that cannot see each other agree."""


def misplaced(d: Dialect) -> str:
    """Whether a row stands under another state or day than its own: searches by day and scope would miss it."""
    return f"key < {_base(d)} OR key >= {_base(d)} + {_WIDTH}"


def insertion(d: Dialect, select: str) -> str:
    """Write what a statement gives, each row under a free number of its day."""
    base, width = _base(d), _WIDTH
    names = ", ".join(f'"{name}"' for name in COLUMNS)
    if d is SQLITE:
        # One writer at a time. OFFSET 0 keeps SQLite from pulling the statement apart and folding texts again.
        select += " LIMIT -1 OFFSET 0"
        number, place = _FREE_NUMBER, f", row_number() OVER (PARTITION BY {base} ORDER BY item_id) AS place"
    else:
        number, place = f"articles_search_key(n.base, n.width, {_OWN_NUMBER}, '{{}}')", ""
    return (
        f"INSERT INTO articles_searchdoc (key, {names}) SELECT {number}, {names}"
        f" FROM (SELECT r.*, {base} AS base, {width} AS width{place} FROM ({select}) r) n"
    )


def renewal(selects: Iterable[str], rows: str) -> str:
    """On PostgreSQL: of some rows leave those that say what the statements give, put the others in place of the rest;
    whether all could be put. One could not if another transaction, not seen until it ended, has taken its number."""
    d = POSTGRESQL
    names = ", ".join(f'"{name}"' for name in COLUMNS)
    ours, theirs = (", ".join(f'{row}."{name}"' for name in COLUMNS) for row in ("w", "d"))
    same = f"({ours}) IS NOT DISTINCT FROM ({theirs})"
    return f"""WITH wanted AS MATERIALIZED ({" UNION ALL ".join(selects)}),
lacking AS MATERIALIZED (SELECT w.* FROM wanted w WHERE NOT EXISTS (
  SELECT FROM articles_searchdoc d WHERE {rows} AND d.item_id = w.item_id AND {same})),
gone AS (DELETE FROM articles_searchdoc d WHERE {rows} AND NOT EXISTS (
  SELECT FROM wanted w WHERE w.item_id = d.item_id AND {same}) RETURNING key),
put AS (INSERT INTO articles_searchdoc (key, {names})
  SELECT articles_search_key({_base(d)}, {_WIDTH}, {_OWN_NUMBER}, ARRAY(SELECT key FROM gone)), {names} FROM lacking
  ON CONFLICT (key) DO NOTHING RETURNING key)
SELECT (SELECT count(*) FROM lacking) = (SELECT count(*) FROM put)"""

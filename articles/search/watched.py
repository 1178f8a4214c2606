"""What rows of the index are made from: tables and columns it depends on, and when a trigger has something to do."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

from articles.search.types import Kind

DOC: Final = "articles_searchdoc"
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

EVENTS: Final = (("insert", ("NEW",)), ("delete", ("OLD",)), ("update", ("OLD", "NEW")))
"""Also of pages and issues: an import may write an item before the page it stands on."""


def quoted(names: Iterable[str], row: str = "") -> str:
    return ", ".join(f'{row}."{name}"' if row else f'"{name}"' for name in names)


def condition(table: str, event: str, rows: Sequence[str], distinct: str) -> str:
    """When a trigger has something to do; empty: always. `rows` are what the event's rows are called there."""
    conditions = []
    if event == "update":
        before, after = rows
        conditions.append(" OR ".join(f'{before}."{name}" {distinct} {after}."{name}"' for name in WATCHED[table][0]))
    if table in _COUNTS:
        conditions.append(" OR ".join(_COUNTS[table].format(row=row) for row in rows))
    return " AND ".join(f"({each})" for each in conditions)

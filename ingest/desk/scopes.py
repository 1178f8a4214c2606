"""Where find-and-replace looks: the pages of an issue or of a span of days, or what a search finds.

A scope is looked through stretch by stretch, `SCANNED` pages or items at a time, in an order that lasts: a mark says
where to go on. Who has the words is found for a whole stretch at once, not page by page.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Any, Protocol, cast

from django.db.models import QuerySet

from articles.actions.pages import tray_text
from articles.content import running_text
from articles.models import AnyItem, Article, Notice, Page
from articles.search.folding import fold
from articles.search.searching import cursor_after, search
from articles.search.types import Query, Term, WrongCursor
from articles.search.types import Scope as Where
from ingest.desk.layout import Refusal
from ingest.desk.rows import item_key

SCANNED = 400
"""Pages, or items that a search finds, looked through for one screen."""

_NO_MARK = "这一屏的位置对不上了，请重新查找。"


@dataclass(frozen=True, slots=True)
class Part:
    """A page to look at."""

    page: int
    items: frozenset[str] | None
    """The keys of those that are meant; None: all there are, and the unplaced text."""
    has_words: bool
    mark: str
    """Where to go on from after this one."""


class Scope(Protocol):
    def parts(self, words: str, after: str) -> tuple[list[Part], str]:
        """The next stretch after a mark, and the mark to go on from, empty at the end. `Refusal` for another's mark."""

    def covers(self, pages: Collection[int]) -> set[int]:
        """Those of the pages that may be changed."""


@dataclass(frozen=True)
class OfPages:
    """Whole pages, in the order of their numbers."""

    pages: QuerySet[Page]

    def parts(self, words: str, after: str) -> tuple[list[Part], str]:
        if not ((after.isascii() and after.isdigit() and len(after) < 19) or not after):
            raise Refusal(_NO_MARK)
        scope = self.pages.filter(pk__gt=int(after or 0)).order_by("pk")
        ids = list(scope.values_list("pk", flat=True)[: SCANNED + 1])
        shown = ids[:SCANNED]
        with_words = _pages_with(words, shown)
        return (
            [Part(pk, None, pk in with_words, str(pk)) for pk in shown],
            str(shown[-1]) if len(ids) > SCANNED else "",
        )

    def covers(self, pages: Collection[int]) -> set[int]:
        return set(self.pages.filter(pk__in=pages).values_list("pk", flat=True))


@dataclass(frozen=True)
class OfQuery:
    """The articles and notices that answer a query among the drafts, the newest first, and nothing beside them."""

    query: Query

    def parts(self, words: str, after: str) -> tuple[list[Part], str]:
        query = self.query
        if fold(words):  # what stands in a text stands in it folded: the index leads to the items that have the words
            query = replace(query, all_of=(*query.all_of, (Term(words, is_phrase=True),)))
        try:
            found = search(query, scope=Where.DRAFTS, after=after or None, size=SCANNED)
        except WrongCursor:
            raise Refusal(_NO_MARK) from None
        rows = {
            (model.snapshot_key, item.pk): item
            for model in (Article, Notice)
            for item in _contents(model, pk__in=[hit.pk for hit in found.hits if hit.kind == model.snapshot_key])
        }
        told = [(rows[hit.kind, hit.pk], hit) for hit in found.hits if (hit.kind, hit.pk) in rows]
        parts = []
        for page, group in groupby(told, key=lambda each: each[0].page_id):
            together = list(group)
            holding = frozenset(item_key(item) for item, _ in together if _holds(item, words))
            parts.append(Part(page, holding, bool(holding), cursor_after(together[-1][1])))
        return parts, found.next or ""

    def covers(self, pages: Collection[int]) -> set[int]:
        """All: the stamp a page was seen with holds it to what the search found on it."""
        return set(pages)


def _pages_with(words: str, pages: Collection[int]) -> set[int]:
    """The pages that hold the words anywhere in an item or among their unplaced text: three queries."""
    found = {
        item.page_id for model in (Article, Notice) for item in _contents(model, page__in=pages) if _holds(item, words)
    }
    for pk, unplaced in Page.objects.filter(pk__in=pages).exclude(unplaced=[]).values_list("pk", "unplaced"):
        if any(words in tray_text(entry) for entry in unplaced):
            found.add(pk)
    return found


def _contents(model: type[Article] | type[Notice], **which: Any) -> Iterator[AnyItem]:
    found = model._default_manager.filter(**which).only("page", *model.content_fields)
    return cast("Iterator[AnyItem]", found.iterator(500))


def _holds(item: AnyItem, words: str) -> bool:
    """Also where white space is part of the words, which `running_text` leaves out."""
    content = item.content
    if words in running_text(content):
        return True
    lines = [value for value in content.values() if isinstance(value, str)]
    pieces = [piece["text"] for name in ("body", "captions") for piece in content.get(name, ())]
    return any(words in text for text in (*lines, *content.get("deck", ()), *pieces))

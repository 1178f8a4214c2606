"""From the engine's page layout to values as the rows will hold them: contents, and where each piece came from.

Pure: no database, no clock. A heading too long for its field becomes the first paragraph, so no character is lost.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable
from typing import Any, Literal

from articles.content import LINE_LIMITS, Content, clean_line
from articles.models import NoticeKind
from ingest.engine import ArticleItem, Block, Item, NoticeFields, NoticeItem, PageLayout, Role

Kind = Literal["article", "notice"]
Origin = dict[str, Any]
"""Where a piece came from: ``{"role", "spans", "reason", "confidence"}``, and ``"line"`` for the lines of a deck."""

OUTSIDE = ("furniture", "removed", "unplaced")
"""The lists of a page that hold text outside its items; `Role` has the same names."""


@dataclasses.dataclass(frozen=True, slots=True)
class Cut:
    """One item as the engine has cut it. `pieces` maps the id of each piece to its origin."""

    kind: Kind
    position: int
    content: Content
    pieces: dict[str, Origin]
    confidence: float
    authors: tuple[str, ...] = ()

    @property
    def start(self) -> int:
        starts: list[int] = [start for origin in self.pieces.values() for start, _ in origin["spans"]]
        return min(starts)


@dataclasses.dataclass(frozen=True, slots=True)
class Outside:
    """A block outside all items. `entry` is what the page's list `role` holds for it."""

    role: str
    id: str
    text: str
    spans: tuple[tuple[int, int], ...]
    reason: str

    @property
    def entry(self) -> dict[str, Any]:
        return {"id": self.id, "text": self.text, "spans": [list(span) for span in self.spans], "reason": self.reason}


@dataclasses.dataclass(frozen=True, slots=True)
class PageCut:
    items: tuple[Cut, ...]
    outside: tuple[Outside, ...]


class _Pieces:
    """Collects the pieces of one item. What does not fit its field goes before the body."""

    def __init__(self) -> None:
        self.origins: dict[str, Origin] = {}
        self.spilled: list[dict[str, str]] = []

    def _note(self, block: Block, role: str, **more: Any) -> None:
        self.origins[block.id] = {
            "role": role,
            "spans": [list(span) for span in block.spans],
            "reason": block.reason,
            "confidence": round(block.confidence, 3),
            **more,
        }

    def line(self, block: Block | None, name: str) -> str:
        if block is None:
            return ""
        text = clean_line(block.text)
        if len(text) <= LINE_LIMITS[name]:
            self._note(block, name)
            return text
        self._note(block, "paragraph")
        self.origins[block.id]["reason"] = f"{block.reason}；作为标题过长，放入正文"
        self.spilled.append({"id": block.id, "role": "paragraph", "text": block.text})
        return ""

    def lines(self, blocks: Iterable[Block], name: str) -> list[str]:
        texts = []
        for number, block in enumerate(blocks):
            self._note(block, name, line=number)
            texts.append(clean_line(block.text))
        return texts

    def body(self, blocks: Iterable[Block]) -> list[dict[str, str]]:
        made = []
        for block in blocks:
            role = "subhead" if block.role is Role.SUBHEAD else "paragraph"
            self._note(block, role)
            made.append({"id": block.id, "role": role, "text": block.text})
        return [*self.spilled, *made]

    def captions(self, blocks: Iterable[Block]) -> list[dict[str, str]]:
        made = []
        for block in blocks:
            self._note(block, "caption")
            made.append({"id": block.id, "text": block.text})
        return made


def _article(item: ArticleItem, position: int) -> Cut:
    pieces = _Pieces()
    content: Content = {
        "column": pieces.line(item.column, "column"),
        "kicker": pieces.line(item.kicker, "kicker"),
        "headline": pieces.line(item.headline, "headline"),
        "deck": pieces.lines(item.deck, "deck"),
        "byline": pieces.line(item.byline, "byline"),
        "body": pieces.body(item.body),
        "captions": pieces.captions(item.captions),
        "continued_from": clean_line(item.continued_from or "")[: LINE_LIMITS["continued_from"]],
        "continued_on": clean_line(item.continued_on or "")[: LINE_LIMITS["continued_on"]],
    }
    return Cut("article", position, content, pieces.origins, _share(item.confidence), item.authors)


def _notice(item: NoticeItem, position: int) -> Cut:
    pieces = _Pieces()
    content: Content = {
        "kind": item.kind if item.kind in NoticeKind.values else NoticeKind.OTHER.value,
        "heading": pieces.line(item.heading, "heading"),
        "body": pieces.body(item.body),
        "fields": notice_fields(item.fields),
    }
    return Cut("notice", position, content, pieces.origins, _share(item.confidence))


def notice_fields(fields: NoticeFields) -> dict[str, Any]:
    """The fields as JSON values, empty ones left out."""
    found = {field.name: getattr(fields, field.name) for field in dataclasses.fields(fields)}
    return {name: list(value) if isinstance(value, tuple) else value for name, value in found.items() if value}


def _share(confidence: float) -> float:
    return min(1.0, max(0.0, round(confidence, 4)))


def _item(item: Item, position: int) -> Cut:
    return _article(item, position) if isinstance(item, ArticleItem) else _notice(item, position)


def cut_page(layout: PageLayout) -> PageCut:
    """The items in reading order, positions counted from 1, and the blocks outside them."""
    items = tuple(_item(item, number) for number, item in enumerate(layout.items, 1) if item.blocks)
    outside = tuple(
        Outside(role, block.id, block.text, block.spans, block.reason)
        for role in OUTSIDE
        for block in getattr(layout, role)
    )
    return PageCut(items, outside)

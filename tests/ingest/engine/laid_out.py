"""Layouts made by hand, to test what reads layouts without the engine that makes them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from ingest.engine import ArticleItem, Block, Finding, Item, NoticeItem, PageLayout, Role
from ingest.engine.findings import find


class _Writer:
    def __init__(self) -> None:
        self.source = ""

    def block(self, role: Role, text: str) -> Block:
        start = len(self.source)
        self.source += f"{text}\n\n"
        return Block(role, text, ((start, start + len(text)),), "")


def found_in(*paragraphs: str, day: date | None = None, headline: str = "标题") -> list[Finding]:
    """The findings on an article of these paragraphs."""
    writer = _Writer()
    head = writer.block(Role.HEADLINE, headline) if headline else None
    body = tuple(writer.block(Role.PARAGRAPH, text) for text in paragraphs)
    return list(find(writer.source, PageLayout((ArticleItem(body, headline=head),), date=day)))


def mended(text: str, day: date | None = None) -> str:
    """The paragraph with the fixes of all its findings put in."""
    writer = _Writer()
    layout = PageLayout((ArticleItem((writer.block(Role.PARAGRAPH, text),)),), date=day)
    changed = writer.source
    for finding in sorted(find(writer.source, layout), key=lambda f: f.where, reverse=True):
        if finding.fix is not None:
            changed = changed[: finding.where[0]] + finding.fix + changed[finding.where[1] :]
    return changed.rstrip("\n")


def layout_of_gold(gold: Mapping[str, Any]) -> tuple[str, PageLayout]:
    """The text of a page as a person read it, and its layout."""
    writer = _Writer()
    items: list[Item] = []
    for item in gold["items"]:
        if item["type"] == "article":
            items.append(_article(writer, item))
        else:
            heading = writer.block(Role.NOTICE_HEADING, item["heading"]) if item.get("heading") else None
            kind = item["kind"] if isinstance(item["kind"], str) else item["kind"][0]
            items.append(NoticeItem(kind, _blocks(writer, Role.PARAGRAPH, [b["text"] for b in item["body"]]), heading))
    furniture = _blocks(writer, Role.FURNITURE, gold["furniture"])
    day = date.fromisoformat(gold["date"]) if gold["date"] else None
    return writer.source, PageLayout(tuple(items), furniture, date=day)


def _blocks(writer: _Writer, role: Role, texts: Sequence[str]) -> tuple[Block, ...]:
    return tuple(writer.block(role, text) for text in texts)


def _article(writer: _Writer, item: Mapping[str, Any]) -> ArticleItem:
    def one(key: str, role: Role) -> Block | None:
        return writer.block(role, item[key]) if item.get(key) else None

    return ArticleItem(
        column=one("column", Role.COLUMN),
        kicker=one("kicker", Role.KICKER),
        headline=one("headline", Role.HEADLINE),
        deck=_blocks(writer, Role.DECK, item["deck"]),
        byline=one("byline", Role.BYLINE),
        body=tuple(writer.block(Role(block["role"]), block["text"]) for block in item["body"]),
        captions=_blocks(writer, Role.CAPTION, item["captions"]),
        continued_from=item.get("continued_from"),
        continued_on=item.get("continued_on"),
    )

"""What the engine is not sure of, and what an item lacks."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from ingest.engine.findings.passages import Passage
from ingest.engine.types import ArticleItem, Block, Finding, PageLayout, Role, Span

# Below this a person should look. See the docs of the engine for what the figures mean.
DOUBTFUL_BLOCK = 0.7
DOUBTFUL_ITEM = 0.6
# How much of a place is shown.
SHOWN = 20
# Text of fewer characters is a line of the page without a heading of its own, not an article that lost one.
LEAST_BODY = 60

_WEEKDAY = re.compile(r"(?:星期|周)([一二三四五六日天])(?![一-鿿])")
_DAYS = "一二三四五六日"


def find_structure(source: str, layout: PageLayout) -> Iterator[Finding]:
    for item in layout.items:
        if isinstance(item, ArticleItem):
            yield from _of_article(source, item)
    for block in layout.unplaced:
        yield Finding("unplaced", block.spans[0], "这段文字没有归到任何一条，要人工安放")


def _of_article(source: str, item: ArticleItem) -> Iterator[Finding]:
    size = sum(len(block.text) for block in item.body)
    if item.headline is None and item.continued_from is None and size >= LEAST_BODY:
        yield Finding("no-headline", _shown(item.body[0]), "这篇稿没有标题：可能没有印，也可能接到了别处")
    if item.headline is not None and not item.body and not item.captions:
        yield Finding("no-body", item.headline.spans[0], "这个标题下面没有正文：可能是口号，也可能正文接到了别处")
    if item.headline is not None and item.body and item.confidence < DOUBTFUL_ITEM:
        yield Finding("doubtful-match", item.headline.spans[0], "标题和正文是机器配的，把握不大，请核对是不是一篇")
    for block in item.body:
        if block.role is Role.PARAGRAPH and block.confidence < DOUBTFUL_BLOCK:
            seam = _seam(source, block)
            if seam is not None:
                yield Finding("doubtful-seam", seam, "这里是跨栏接起来的，把握不大，请看是否接对")


def _shown(block: Block) -> Span:
    start, end = block.spans[0]
    return start, min(end, start + SHOWN)


def _seam(source: str, block: Block) -> Span | None:
    """The first place where the paragraph leaps over a blank line or over other text."""
    for (_, end), (start, stop) in pairwise(block.spans):
        between = source[end:start] if start >= end else "\n\n"
        if start < end or between.strip() or len(between.splitlines(keepends=True)) > 1:
            return start, min(stop, start + SHOWN)
    return None


def find_folio(furniture: Sequence[Passage], layout: PageLayout) -> Iterator[Finding]:
    """The weekday in the head of the page, against the day of the page."""
    if layout.date is None or layout.date_basis is None:
        return
    right = _DAYS[layout.date.weekday()]
    for passage in furniture:
        if "月" in passage.text:
            continue  # read together with its own date
        found = _WEEKDAY.search(passage.text)
        if found is not None and len(passage.text) <= SHOWN * 2:
            said = found.group(1).replace("天", "日")
            if said != right:
                day = layout.date
                message = f"{day.year}年{day.month}月{day.day}日是星期{right}，报头印的是星期{said}"
                yield passage.finding("weekday", *found.span(), message, {found.start(1): right})

"""Make a layout of the stories, and see to it that nothing of the source is missing."""

from __future__ import annotations

from collections.abc import Sequence

from ingest.engine.articles import Story
from ingest.engine.bylines import credited, parse_byline, signed
from ingest.engine.types import ArticleItem, Block, Role, Span
from ingest.engine.units import Unit, Use


def article(story: Story) -> ArticleItem:
    titles = list(story.titles)
    kicker = headline = None
    deck: list[Block] = []
    if titles:
        headline = titles[0].block(Role.HEADLINE)
        deck = [unit.block(Role.DECK) for unit in titles[1:]]
    return ArticleItem(
        body=tuple(u.block(Role.SUBHEAD if u.use is Use.TITLE else Role.PARAGRAPH) for u in story.body),
        kicker=kicker,
        headline=headline,
        deck=tuple(deck),
        byline=merge_blocks(Role.BYLINE, story.byline),
        captions=tuple(u.block(Role.CAPTION) for u in story.captions),
        authors=authors_of(story),
    )


def merge_blocks(role: Role, units: Sequence[Unit]) -> Block | None:
    """One block of several lines, a space between them."""
    if not units:
        return None
    return Block(
        role,
        " ".join(unit.text for unit in units),
        tuple(span for unit in units for span in unit.spans),
        units[0].reason,
        min(unit.confidence for unit in units),
    )


def authors_of(story: Story) -> tuple[str, ...]:
    """The reporters of a story in printed order, each once."""
    names: list[str] = []
    for unit in story.byline:
        names.extend(parse_byline(unit.text) or ())
    paragraphs = [unit for unit in story.body if unit.use is Use.BODY]
    for unit in paragraphs:
        if unit.is_dateline:
            names.extend(credited(unit.text))
    if paragraphs:
        names.extend(signed(paragraphs[-1].text))
    return tuple(dict.fromkeys(names))


def missing_blocks(source: str, blocks: Sequence[Block], reason: str) -> tuple[Block, ...]:
    """A block for every run of text that no block holds; a safety net, one block per line of the source."""
    owned: list[Span] = sorted(span for block in blocks for span in block.spans)
    found: list[Block] = []
    position = 0
    for start, end in [*owned, (len(source), len(source))]:
        if position < start and source[position:start].strip():
            found.extend(_blocks_between(source, position, start, reason))
        position = max(position, end)
    return tuple(found)


def _blocks_between(source: str, start: int, end: int, reason: str) -> list[Block]:
    found = []
    position = start
    for piece in source[start:end].splitlines(keepends=True):
        text = piece.strip()
        if text:
            left = position + len(piece) - len(piece.lstrip())
            found.append(Block(Role.UNPLACED, text, ((left, left + len(text)),), reason, 0.0))
        position += len(piece)
    return found

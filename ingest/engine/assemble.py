"""Make a layout of the stories, and see to it that nothing of the source is missing."""

from __future__ import annotations

from collections.abc import Sequence

from ingest.engine.bylines import bare_name, credited, parse_byline, signed
from ingest.engine.stories import Story
from ingest.engine.titles import join_titles, read_heading
from ingest.engine.types import ArticleItem, Block, Role, Span
from ingest.engine.units import Unit, Use


def article(story: Story, confidence: float) -> ArticleItem:
    heading = read_heading(story.titles)
    column = heading.column or (story.column.block(Role.COLUMN, "栏目名") if story.column else None)
    return ArticleItem(
        body=tuple(_body_block(part) for part in story.body),
        column=column,
        kicker=heading.kicker,
        headline=heading.headline,
        deck=heading.deck,
        byline=merge_blocks(Role.BYLINE, story.byline),
        captions=tuple(unit.block(Role.CAPTION) for unit in story.captions),
        authors=authors_of(story),
        continued_from=story.continued_from,
        continued_on=story.continued_on,
        confidence=confidence,
    )


def _body_block(part: Sequence[Unit]) -> Block:
    if part[0].use is Use.BODY:
        return part[0].block(Role.PARAGRAPH)
    text = part[0].text
    for unit in part[1:]:
        text = join_titles(text, unit.text)
    return Block(Role.SUBHEAD, text, tuple(s for u in part for s in u.spans), "小标题", min(u.confidence for u in part))


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
        names.extend(parse_byline(unit.text) or bare_name(unit.text))
    paragraphs = [part[0] for part in story.body if part[0].use is Use.BODY]
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

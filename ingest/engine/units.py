"""The units of a page: whole paragraphs, title lines, bylines, captions, furniture, in the order of the source."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from ingest.engine.classify import Kind
from ingest.engine.fragments import Fragment
from ingest.engine.joins import Chain
from ingest.engine.measures import LONGEST_LINE
from ingest.engine.text import close_up, ends_sentence, join_all
from ingest.engine.types import Block, Role, Span


class Use(StrEnum):
    BODY = "body"
    TITLE = "title"
    BYLINE = "byline"
    CAPTION = "caption"
    FURNITURE = "furniture"


@dataclass(frozen=True, slots=True)
class Unit:
    """Something with one use. ``gap`` counts the blank lines above it, ``order`` its place on the page."""

    order: int
    use: Use
    text: str
    spans: tuple[Span, ...]
    gap: int
    line: int
    reason: str
    confidence: float
    is_dateline: bool = False
    is_listed: bool = False
    """A line of a table."""
    is_open: bool = False
    """Its last sentence is not complete."""
    cut: bool = False
    dots: bool = False
    measure: float = 0.0
    fragments: tuple[int, ...] = ()
    """Places of its pieces among the fragments of the page, in reading order."""
    widths: tuple[float, ...] = ()
    """Set width of each of its lines."""
    begins_frame: float = 0.0
    """How likely a frame begins with it, as the heights of columns say (`frames`); 0 where something else tells."""

    @property
    def start(self) -> int:
        return self.spans[0][0]

    def block(self, role: Role, reason: str = "", confidence: float | None = None) -> Block:
        return Block(
            role, self.text, self.spans, reason or self.reason, self.confidence if confidence is None else confidence
        )


_USES = {Kind.BYLINE: Use.BYLINE, Kind.CAPTION: Use.CAPTION, Kind.FURNITURE: Use.FURNITURE, Kind.LIST: Use.BODY}


def units_of(fragments: Sequence[Fragment], chains: Sequence[Chain]) -> tuple[Unit, ...]:
    first = {chain.fragments[0]: chain for chain in chains}
    joined = {i for chain in chains for i in chain.fragments}
    units: list[Unit] = []
    for index, fragment in enumerate(fragments):
        if index in joined and index not in first:
            continue
        parts = [fragments[i] for i in first[index].fragments] if index in first else [fragment]
        confidence = first[index].confidence if index in first else fragment.verdict.confidence
        places = first[index].fragments if index in first else (index,)
        title = first[index].title if index in first else 0.0
        units.append(_unit(len(units), parts, places, confidence, title))
    return tuple(units)


def _unit(order: int, parts: Sequence[Fragment], places: tuple[int, ...], confidence: float, title: float) -> Unit:
    head = parts[0]
    text = join_all([part.text for part in parts])
    use = _USES.get(head.kind)
    reason = head.verdict.reason
    if use is None:
        use, reason = _body_or_title(parts, text, title)
    if use is Use.BODY:
        text = close_up(text)
    rows = [row for part in parts for row in part.rows]
    return Unit(
        order,
        use,
        text,
        tuple(span for row in rows for span in row.spans),
        head.gap,
        head.rows[0].line,
        reason,
        confidence,
        is_dateline=head.kind is Kind.DATELINE,
        is_listed=head.kind is Kind.LIST,
        is_open=not ends_sentence(text),
        cut=head.rows[0].cut,
        dots=rows[-1].dots,
        measure=head.measure,
        fragments=places,
        widths=tuple(row.width for row in rows),
    )


def _body_or_title(parts: Sequence[Fragment], text: str, title: float) -> tuple[Use, str]:
    if parts[0].kind is Kind.DATELINE:
        return Use.BODY, "电头起段"
    width = sum(row.width for part in parts for row in part.rows)
    if title > 0 and not any(part.measure for part in parts) and text[-1] in "？?" and "。" not in text:
        return Use.TITLE, "设问的标题"
    if len(parts) > 1 and (ends_sentence(text) or width > 2 * LONGEST_LINE):
        return Use.BODY, "跨栏接成的段落"
    if title > 0 or (title > -1.5 and not ends_sentence(text) and len(parts) == 1):
        return Use.TITLE, "独立成行，不成句"
    return Use.BODY, "段落"

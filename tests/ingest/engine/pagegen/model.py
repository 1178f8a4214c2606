"""What a page is while it is made: pieces of text with one truth, and chunks of set lines without one.

A `Piece` is a run of text the gold page will show under one role. Damage to characters changes ``text`` of the piece,
so the truth carries it. Setting then only adds white space, splits and re-orders: the characters of the page are the
characters of its pieces.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, field

from tests.ingest.engine.pagegen.world import World


@dataclass(eq=False)
class Piece:
    role: str
    text: str


@dataclass(eq=False)
class Article:
    kind: str
    headline: Piece | None = None
    column: Piece | None = None
    kicker: Piece | None = None
    deck: list[Piece] = field(default_factory=list)
    byline: Piece | None = None
    byline_last: bool = False
    """The byline stands under the text: （来源：…）, □ 本报记者 …"""
    authors: list[str] = field(default_factory=list)
    body: list[Piece] = field(default_factory=list)
    captions: list[Piece] = field(default_factory=list)
    jump_from: Piece | None = None
    jump_on: Piece | None = None
    continued_from: str | None = None
    continued_on: str | None = None

    @property
    def sections(self) -> list[list[Piece]]:
        """The lead, then each run of paragraphs with the subheads that open it."""
        parts: list[list[Piece]] = [[]]
        for before, piece in zip([None, *self.body], self.body, strict=False):
            if piece.role == "subhead" and (before is None or before.role != "subhead"):
                parts.append([])
            parts[-1].append(piece)
        return [part for part in parts if part]

    @property
    def size(self) -> int:
        return sum(len(piece.text) for piece in self.body)

    @property
    def pieces(self) -> list[Piece]:
        heads = [self.column, self.kicker, self.headline, *self.deck, self.byline, self.jump_from, self.jump_on]
        return [piece for piece in heads if piece is not None] + self.body + self.captions


@dataclass(eq=False)
class Notice:
    kind: str | list[str]
    heading: Piece | None
    body: list[Piece]
    fields: dict[str, object] = field(default_factory=dict)

    @property
    def pieces(self) -> list[Piece]:
        return ([self.heading] if self.heading is not None else []) + self.body


@dataclass(eq=False)
class Line:
    text: str
    indent: bool = False
    """The line begins to the right of the column's edge as a paragraph's first line does."""
    centred: bool = False
    """A subhead or a byline: it begins to the right of the edge too."""
    blank: bool = False
    """A blank line stands before it whatever the extractor's own rule says."""


@dataclass(eq=False)
class Chunk:
    """Lines that the extractor delivers in one go: one column of one frame, one group of headings, a caption."""

    lines: list[Line]
    kind: str  # head, byline, body, subhead, caption, furniture, removed, notice, column
    item: int | None = None
    part: int = 0  # the section of the article, 0 for its lead
    gap: int = 2
    """Line ends before the next chunk: 2 a blank line, 1 none, 0 glues it to the same line, 4 a picture's place."""

    @property
    def owner(self) -> int:
        """The item of a chunk that has one."""
        assert self.item is not None
        return self.item


@dataclass(eq=False)
class Page:
    """Everything a damage may act on. ``acted`` names the damages that did."""

    kind: str
    flow: str  # "columns": hard line breaks as PDF text has them; "paragraphs": one paragraph a line, as from a model
    rng: random.Random
    world: World
    damage: float
    articles: list[Article] = field(default_factory=list)
    notices: list[Notice] = field(default_factory=list)
    furniture: list[Piece] = field(default_factory=list)
    removed: list[tuple[Piece, str]] = field(default_factory=list)
    chunks: list[Chunk] = field(default_factory=list)
    style: dict[str, float] = field(default_factory=dict)
    """How strongly setting and rendering habits act on this page, by name; absent means not at all."""
    printed_date: bool = False
    newspaper_shown: bool = False
    acted: set[str] = field(default_factory=set)

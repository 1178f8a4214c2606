"""The values that pass between the stages of the engine, and the layout that comes out.

Everything is frozen: a stage never changes what another stage made, it returns new values. Offsets count
characters of the source text as it was decoded (not bytes); a span is half-open, ``[start, end)``.

The text of a block is what its spans say, with setting-only white space closed up: dropping white space from
``block.text`` and from the concatenated slices of the source gives the same string. `ingest.engine.ledger`
checks that for every layout.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date as Day
from enum import StrEnum

Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Line:
    """One physical line of the source; ``number`` counts from 1, ``text`` is ``source[start:end]``, no line end."""

    number: int
    start: int
    end: int
    text: str

    @property
    def is_blank(self) -> bool:
        return not self.text.strip()


class Role(StrEnum):
    """What a block is on the page. The first group belongs to items, the second stands outside them."""

    COLUMN = "column"  # 栏目
    KICKER = "kicker"  # 引题
    HEADLINE = "headline"  # 主题
    DECK = "deck"  # 副题
    BYLINE = "byline"  # 署名
    PARAGRAPH = "paragraph"
    SUBHEAD = "subhead"  # 小标题
    CAPTION = "caption"  # 图片说明
    NOTICE_HEADING = "notice-heading"

    FURNITURE = "furniture"  # 版面附件
    REMOVED = "removed"  # with a reason, e.g. an extraction artefact or a jump line
    UNPLACED = "unplaced"


@dataclass(frozen=True, slots=True)
class Block:
    """A run of text with one role. ``spans`` are in reading order and need not be in source order."""

    role: Role
    text: str
    spans: tuple[Span, ...]
    reason: str
    """Why it has this role and these joins; for `Role.REMOVED` the reason shown to people."""
    confidence: float = 1.0

    @property
    def id(self) -> str:
        """Stable over re-runs as long as the block starts at the same character: spans never overlap."""
        return f"s{self.spans[0][0]}"


@dataclass(frozen=True, slots=True)
class ArticleItem:
    body: tuple[Block, ...]
    column: Block | None = None
    kicker: Block | None = None
    headline: Block | None = None
    deck: tuple[Block, ...] = ()
    byline: Block | None = None
    captions: tuple[Block, ...] = ()
    authors: tuple[str, ...] = ()
    continued_from: str | None = None
    continued_on: str | None = None
    confidence: float = 1.0

    @property
    def blocks(self) -> tuple[Block, ...]:
        """All blocks in reading order."""
        heads = (self.column, self.kicker, self.headline, *self.deck, self.byline)
        return (*(b for b in heads if b is not None), *self.body, *self.captions)


@dataclass(frozen=True, slots=True)
class NoticeFields:
    """What a classified notice says, as data. Numbers are as printed; dates are ISO 8601 (``2025-12-20``)."""

    declarant: str = ""
    signatory: str = ""
    date: str = ""
    documents: tuple[str, ...] = ()
    numbers: tuple[str, ...] = ()
    uscc: str = ""
    contact: str = ""
    phones: tuple[str, ...] = ()
    address: str = ""
    deadline: str = ""
    amounts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class NoticeItem:
    kind: str
    body: tuple[Block, ...]
    heading: Block | None = None
    fields: NoticeFields = field(default_factory=NoticeFields)
    confidence: float = 1.0

    @property
    def blocks(self) -> tuple[Block, ...]:
        return (*((self.heading,) if self.heading is not None else ()), *self.body)


Item = ArticleItem | NoticeItem


@dataclass(frozen=True, slots=True)
class Finding:
    """Something a careful proofreader would query. ``fix`` replaces ``source[where]`` if accepted."""

    kind: str
    where: Span
    message: str
    fix: str | None = None


@dataclass(frozen=True, slots=True)
class Hints:
    """What is known from outside the text (manifest, options). A hint outranks what the page seems to say."""

    newspaper: str | None = None
    date: Day | None = None
    date_basis: str | None = None  # "manifest" or "option" when `date` is given
    page: int | None = None
    section: str | None = None


@dataclass(frozen=True, slots=True)
class PageLayout:
    items: tuple[Item, ...]
    furniture: tuple[Block, ...] = ()
    removed: tuple[Block, ...] = ()
    unplaced: tuple[Block, ...] = ()
    findings: tuple[Finding, ...] = ()
    source: str = ""
    newspaper: str | None = None
    date: Day | None = None
    date_basis: str | None = None  # "printed" | "manifest" | "option" | None
    date_not_before: Day | None = None
    page: int | None = None
    section: str = ""
    newspaper_basis: str | None = None  # "printed" | "dateline" | "inferred" | "option" | None
    page_basis: str | None = None
    section_basis: str | None = None

    @property
    def blocks(self) -> tuple[Block, ...]:
        """Every block of the page: those of the items, then furniture, removed, unplaced."""
        placed = tuple(block for item in self.items for block in item.blocks)
        return (*placed, *self.furniture, *self.removed, *self.unplaced)

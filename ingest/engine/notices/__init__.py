"""Classified notices: what of a page belongs to them, notice by notice, with their fields.

`find_notices` is the one entrance. It claims whole physical lines; what it does not claim is the articles'.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from ingest.engine.notices import dates, fields, sections
from ingest.engine.notices.drafts import Draft, kind_of
from ingest.engine.notices.paragraphs import Sort, begins_line, find_paragraphs, set_piece
from ingest.engine.notices.split import Part, split
from ingest.engine.notices.text import Piece, fold, piece
from ingest.engine.types import Block, Finding, Line, NoticeItem, Role, Span

__all__ = ["NoticesFound", "find_notices"]

# How sure a notice is. Of 653 with the most points, on generated pages and on those people wrote, 590 were exact, and
# of those with fewer as many: none is surer, and what points say is whether it is a notice at all.
MOST_SURE = 0.9
DOUBT = 0.5
PER_POINT = 0.06


@dataclass(frozen=True, slots=True)
class NoticesFound:
    notices: tuple[NoticeItem, ...]
    used: frozenset[int]
    """`Line.number` of every line claimed; each is covered by the blocks of `notices` and `furniture`."""
    furniture: tuple[Block, ...]
    findings: tuple[Finding, ...]


def find_notices(source: str, lines: Sequence[Line], *, printed_date: date | None) -> NoticesFound:
    """The notices of a page and the furniture of their sections, in source order."""
    paragraphs = find_paragraphs(source, lines)
    parts = [part for paragraph in paragraphs for part in split(source, paragraph)]
    grouped = sections.group(source, parts)
    printed = printed_date or _masthead_date(grouped.furniture)
    drafts, furniture = _whole_lines(parts, grouped)
    notices: list[NoticeItem] = []
    findings: list[Finding] = []
    for draft in drafts:
        item, found = _item(source, draft, printed)
        notices.append(item)
        findings.extend(found)
    used = frozenset(
        number for part in [*(p for draft in drafts for p in draft.all_parts), *furniture] for number in part.numbers
    )
    return NoticesFound(tuple(notices), used, tuple(_furniture(part) for part in furniture), tuple(findings))


def _masthead_date(furniture: Sequence[Part]) -> date | None:
    """The date a section masthead prints ('分类广告 2025年12月20日 星期六')."""
    return next(
        (
            found.value
            for part in furniture
            if part.sort is Sort.MASTHEAD
            for found in dates.find_dates(part.flat, None)
            if found.has_year and found.value is not None
        ),
        None,
    )


def _whole_lines(parts: Sequence[Part], grouped: sections.Grouped) -> tuple[list[Draft], list[Part]]:
    """Drop what would claim a part of a line only: a line's other parts go with it or it stays whole for others."""
    drafts, furniture = list(grouped.drafts), list(grouped.furniture)
    while True:
        held = [*(part for draft in drafts for part in draft.all_parts), *furniture]
        claimed = {start for part in held for start, _ in part.piece.spans}
        torn = {number for part in parts if part.piece.spans[0][0] not in claimed for number in part.numbers}
        kept = [draft for draft in drafts if not any(torn.intersection(part.numbers) for part in draft.all_parts)]
        furniture = [part for part in furniture if not torn.intersection(part.numbers)]
        if len(kept) == len(drafts):
            return kept, furniture
        drafts = kept


def _furniture(part: Part) -> Block:
    what = "分类版头" if part.sort is Sort.MASTHEAD else "广告热线或版面说明"
    return Block(Role.FURNITURE, part.piece.text, part.piece.spans, what, 0.95)


def _item(source: str, draft: Draft, printed: date | None) -> tuple[NoticeItem, tuple[Finding, ...]]:
    kind = kind_of(draft)
    confidence = round(min(MOST_SURE, DOUBT + PER_POINT * max(0.0, draft.points)), 2)
    heading = None
    if draft.heading:
        made = piece(source, [span for part in draft.heading for span in part.piece.spans])
        heading = Block(Role.NOTICE_HEADING, made.text, made.spans, f"公告标题：{kind.name}", confidence)
    bodies = [(part.sort, _set(source, part)) for part in draft.parts]
    signs = "、".join(draft.signs) or "承接前一则"
    blocks = tuple(
        Block(Role.PARAGRAPH, made.text, made.spans, _reason(sort, signs), confidence)
        for sort, whole in bodies
        for made in _as_printed(source, sort, whole)
    )
    pieces = [made for _, made in bodies]
    sign_off = [made for sort, made in bodies if sort is Sort.SIGN_OFF]
    heading_piece = piece(source, heading.spans) if heading else None
    read = fields.read(kind, heading_piece, pieces, sign_off, printed)
    return NoticeItem(kind.name, blocks, heading, read.fields, confidence), read.findings


def _as_printed(source: str, sort: Sort, whole: Piece) -> Iterator[Piece]:
    """The lines of a signature or of contacts, each a paragraph as it was printed; what its column broke is one."""
    if sort not in (Sort.SIGN_OFF, Sort.CONTACT):
        yield whole
        return
    held: list[Span] = []
    for span in whole.spans:
        if held and begins_line(sort, fold(source[held[0][0] : held[-1][1]]), fold(source[slice(*span)])):
            yield set_piece(source, sort, held)
            held = []
        held.append(span)
    yield set_piece(source, sort, held)


def _set(source: str, part: Part) -> Piece:
    return set_piece(source, part.sort, part.piece.spans)


def _reason(sort: Sort, signs: str) -> str:
    return {Sort.SIGN_OFF: "署名和日期", Sort.CONTACT: "联系方式"}.get(sort, f"公告正文（{signs}）")

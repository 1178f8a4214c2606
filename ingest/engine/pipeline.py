"""From the text of a page to its layout: the stages in order, and the promise that nothing is lost."""

from __future__ import annotations

from dataclasses import replace

from ingest.engine.articles import divide
from ingest.engine.assemble import article, missing_blocks
from ingest.engine.confidence import confidences
from ingest.engine.findings import find
from ingest.engine.fragments import fragments_of
from ingest.engine.frames import with_frames
from ingest.engine.joins import join
from ingest.engine.ledger import check
from ingest.engine.lines import split_lines
from ingest.engine.metadata import printed_date, read_metadata
from ingest.engine.notices import find_notices
from ingest.engine.rows import read_rows
from ingest.engine.stories import Jumps
from ingest.engine.types import Finding, Hints, Item, PageLayout, Role
from ingest.engine.units import units_of


def read_page(text: str, *, source: str = "", hints: Hints = Hints()) -> PageLayout:  # noqa: B008 (frozen)
    """The layout of a page. Every non-space character of ``text`` is in one of its blocks, whatever the text."""
    try:
        return _read(text, source, hints)
    except STAGE_FAULTS as fault:
        # A fault of the engine, never of the page: the text is handed on whole, and the editor is told.
        unplaced = missing_blocks(text, [], "引擎出错，未能分析")
        where = unplaced[0].spans[0] if unplaced else (0, 0)
        told = Finding("engine-fault", where, f"引擎分析本版时出错（{type(fault).__name__}），全文未分稿，请上报")
        layout = PageLayout(
            items=(),
            unplaced=unplaced,
            findings=(told,) if unplaced else (),
            source=source,
            newspaper=hints.newspaper,
            date=hints.date,
            date_basis=hints.date_basis,
            page=hints.page,
            section=hints.section or "",
        )
        check(text, layout)
        return layout


# What a stage that misbehaves can raise. `LedgerError` is a ValueError.
STAGE_FAULTS = (ValueError, LookupError, TypeError, ArithmeticError, AttributeError, RecursionError, StopIteration)


def _read(text: str, source: str, hints: Hints) -> PageLayout:
    lines = split_lines(text)
    printed = hints.date or printed_date(lines)
    claimed = find_notices(text, lines, printed_date=printed)
    reading = read_rows(text, lines, frozenset(number - 1 for number in claimed.used))
    fragments = fragments_of(reading.rows)
    units = with_frames(fragments, units_of(fragments, join(fragments)))
    division = divide(units, Jumps(reading.jumps_from, reading.jumps_on))
    sure = confidences(division.stories)
    articles = [article(story, share) for story, share in zip(division.stories, sure, strict=True)]
    items: tuple[Item, ...] = (*articles, *claimed.notices)
    furniture = (*(unit.block(Role.FURNITURE) for unit in division.furniture), *claimed.furniture)
    known = read_metadata(lines, [u.text for u in units], [block.text for block in furniture], hints)
    held = [block for item in items for block in item.blocks]
    unplaced = missing_blocks(text, [*held, *furniture, *reading.removed], "未能归位")
    layout = PageLayout(
        items=items,
        furniture=furniture,
        removed=tuple(sorted(reading.removed, key=lambda block: block.spans)),
        unplaced=unplaced,
        findings=claimed.findings,
        source=source,
        newspaper=known.newspaper,
        newspaper_basis=known.newspaper_basis,
        date=known.day,
        date_basis=known.day_basis,
        date_not_before=known.date_not_before,
        page=known.page,
        page_basis=known.page_basis,
        section=known.section,
        section_basis=known.section_basis,
    )
    check(text, layout)
    found = {*claimed.findings, *find(text, layout)}
    return replace(layout, findings=tuple(sorted(found, key=lambda f: (f.where, f.kind, f.message))))

"""From the text of a page to its layout: the stages in order, and the promise that nothing is lost."""

from __future__ import annotations

from dataclasses import replace

from ingest.engine.articles import divide
from ingest.engine.assemble import article, missing_blocks
from ingest.engine.findings import find
from ingest.engine.fragments import fragments_of
from ingest.engine.joins import join
from ingest.engine.ledger import check
from ingest.engine.lines import split_lines
from ingest.engine.metadata import printed_date, read_metadata
from ingest.engine.notices import find_notices
from ingest.engine.rows import read_rows
from ingest.engine.stories import Jumps
from ingest.engine.types import Hints, Item, PageLayout, Role
from ingest.engine.units import units_of


def read_page(text: str, *, source: str = "", hints: Hints = Hints()) -> PageLayout:  # noqa: B008 (frozen)
    """The layout of a page. Every non-space character of ``text`` is in one of its blocks, whatever the text."""
    lines = split_lines(text)
    printed = hints.date or printed_date(lines)
    claimed = find_notices(text, lines, printed_date=printed)
    reading = read_rows(text, lines, frozenset(number - 1 for number in claimed.used))
    fragments = fragments_of(reading.rows)
    units = units_of(fragments, join(fragments))
    division = divide(units, Jumps(reading.jumps_from, reading.jumps_on))
    articles = [article(story) for story in division.stories]
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

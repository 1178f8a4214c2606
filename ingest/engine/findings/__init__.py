"""What a careful proofreader would query on a page. One module per subject; all of them only read.

`find` is the one entrance: spans into the source, a kind, a message in Chinese, a fix where there is a likely one.
"""

from __future__ import annotations

from collections.abc import Iterator

from ingest.engine.findings.ends import find_ends
from ingest.engine.findings.figures import find_dates, find_figures
from ingest.engine.findings.marks import find_marks
from ingest.engine.findings.pairs import find_pairs, quoted_terms
from ingest.engine.findings.passages import Passage, passage
from ingest.engine.findings.people import find_people
from ingest.engine.findings.signs import find_signs
from ingest.engine.findings.structure import find_folio, find_structure
from ingest.engine.findings.words import find_words
from ingest.engine.types import ArticleItem, Finding, NoticeItem, PageLayout

__all__ = ["find"]

# More findings of one kind than this say one thing about the page, not many about its text.
MOST_OF_A_KIND = 20


def find(source: str, layout: PageLayout) -> tuple[Finding, ...]:
    """The findings in the order of the source; the same for the same layout, always."""
    found = sorted(set(_all(source, layout)), key=lambda f: (f.where, f.kind, f.message))
    return tuple(_capped(found))


def _all(source: str, layout: PageLayout) -> Iterator[Finding]:
    groups = passages_of(source, layout)
    page = [passage for group in groups for passage in group]
    terms = quoted_terms(page)
    for item, group in zip(layout.items, groups, strict=False):
        yield from find_pairs(group, terms)
        if isinstance(item, ArticleItem):
            yield from find_ends(item, group)
    for each in page:
        yield from find_words(each)
        if not each.is_notice:
            yield from find_figures(each)
            yield from find_dates(each, layout.date)
    yield from find_marks(page)
    yield from find_signs(source, page, layout.removed)
    yield from find_people(page)
    yield from find_folio(groups[-1], layout)
    yield from find_structure(source, layout)


def passages_of(source: str, layout: PageLayout) -> list[list[Passage]]:
    """The passages of each item, then those of the furniture."""
    items = [
        [passage(source, block, number, isinstance(item, NoticeItem)) for block in item.blocks]
        for number, item in enumerate(layout.items)
    ]
    return [*items, [passage(source, block) for block in layout.furniture]]


def _capped(found: list[Finding]) -> Iterator[Finding]:
    counts: dict[str, int] = {}
    for finding in found:
        counts[finding.kind] = counts.get(finding.kind, 0) + 1
    seen: dict[str, int] = {}
    for finding in found:
        seen[finding.kind] = seen.get(finding.kind, 0) + 1
        if seen[finding.kind] < MOST_OF_A_KIND or counts[finding.kind] <= MOST_OF_A_KIND:
            yield finding
        elif seen[finding.kind] == MOST_OF_A_KIND:
            more = counts[finding.kind] - MOST_OF_A_KIND
            message = f"{finding.message}（同类疑点后面还有 {more} 处，没有列出）"
            yield Finding(finding.kind, finding.where, message, finding.fix)

"""版面重排: a page set again as a broadsheet from its structure alone, whole texts and all. Pure functions.

The sheet has six columns. Its stories stand in bands, one below the other; a band is cut into cells of so many columns
each, and a cell holds one story or a few. Among all ways to cut the stories into bands, in reading order, the one is
taken that leaves the least paper empty.

In print the whole page is one A3 sheet: the largest type is taken with which it is.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import combinations
from typing import Any

from articles.models import Snapshot
from articles.public.layout import Jump, PageOfEntries, jump
from articles.public.reading import Entry
from articles.public.sheet import opening, ranks
from articles.public.typeset import (
    COLUMN,
    COLUMNS,
    HEAD,
    HEIGHT,
    LEADING,
    POINT,
    SIZES,
    SPARE,
    Story,
    height,
    notices_height,
)

_BRIEF = 160  # characters: a story that short is a brief
_SCREEN = 12.5  # characters of a column on a wide screen
_BAND = 6  # stories in a band at most
_STACK = 3  # stories in a cell at most
_DRAWN_OUT = 6  # what it costs a story, in lines, to stand over a column more than four


@dataclass(frozen=True, slots=True)
class Cell:
    width: int
    stories: tuple[Story, ...]


Band = tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Broadsheet:
    bands: tuple[Band, ...]
    notices: tuple[Story, ...]
    quarters: int
    """The type of the printed text, in quarters of a point."""
    fits: bool
    """Whether one A3 sheet holds it all in type that can be read."""


@dataclass(frozen=True, slots=True)
class _Cut:
    band: Band
    waste: float


def bands_of(stories: Sequence[Story], measure: float) -> list[Band]:
    """The stories cut into bands so that the least paper stays empty."""

    @cache
    def tall(index: int, width: int) -> float:
        return height(stories[index], width, measure)

    best: list[tuple[float, list[Band]]] = [(0.0, [])]
    for end in range(1, len(stories) + 1):
        found: list[tuple[float, list[Band]]] = []  # never empty: one story alone may stand over all columns
        for start in range(max(0, end - _BAND), end):
            cut = _best_cut(stories, start, end, tall)
            if cut is not None:
                found.append((best[start][0] + cut.waste, [*best[start][1], cut.band]))
        best.append(min(found, key=lambda one: one[0]))
    return best[-1][1]


def _best_cut(stories: Sequence[Story], start: int, end: int, tall: Any) -> _Cut | None:
    """The best way to cut these stories into the cells of one band."""
    best: _Cut | None = None
    for groups in _groupings(end - start):
        starts = [start + sum(groups[:n]) for n in range(len(groups))]
        cells = list(zip(starts, groups, strict=True))
        for widths in _widths(len(groups)):
            if not all(
                _may_stand(stories[first : first + count], width)
                for (first, count), width in zip(cells, widths, strict=True)
            ):
                continue
            heights = [
                sum(tall(n, width) for n in range(first, first + count))
                for (first, count), width in zip(cells, widths, strict=True)
            ]
            top = max(heights)
            waste = sum((top - each) * width for each, width in zip(heights, widths, strict=True))
            # What stays empty, a little for every band, for a page is no pile of planks, and for text drawn out thin.
            waste += 4 + (0 if len(groups) > 1 else 8)
            waste += sum(
                _DRAWN_OUT * (width - 4) * count for (_, count), width in zip(cells, widths, strict=True) if width > 4
            )
            if best is None or waste < best.waste:
                band = tuple(
                    Cell(width, tuple(stories[first : first + count]))
                    for (first, count), width in zip(cells, widths, strict=True)
                )
                best = _Cut(band, waste)
    return best


def _may_stand(stories: Sequence[Story], width: int) -> bool:
    """The lead has at least half of the sheet and a cell of its own; what matters next is not squeezed into one
    column; short stories are not drawn out."""
    heaviest = min(story.rank for story in stories)
    if heaviest == 1:
        return width >= COLUMNS // 2 and len(stories) == 1
    if heaviest == 2:
        return width >= 2
    return True


@cache
def _groupings(count: int) -> tuple[tuple[int, ...], ...]:
    """Ways to put that many stories into cells, in order."""
    if count == 0:
        return ((),)
    return tuple(
        (first, *rest)
        for first in range(1, min(_STACK, count) + 1)
        for rest in _groupings(count - first)
        if len(rest) < COLUMNS
    )


@cache
def _widths(cells: int) -> tuple[tuple[int, ...], ...]:
    """Ways to share the columns among that many cells."""
    marks = combinations(range(1, COLUMNS), cells - 1)
    return tuple(
        tuple(after - before for before, after in zip((0, *cut), (*cut, COLUMNS), strict=True)) for cut in marks
    )


def band_height(band: Band, measure: float) -> float:
    return max(sum(height(story, cell.width, measure) for story in cell.stories) for cell in band)


def _total(bands: Iterable[Band], notices: Sequence[Story], measure: float) -> float:
    return sum(band_height(band, measure) for band in bands) + notices_height(notices, measure)


def _fit(bands: Sequence[Band], notices: Sequence[Story]) -> tuple[float, bool]:
    """The largest type with which the sheet holds everything."""
    for size in SIZES:
        measure = COLUMN / (size * POINT)
        room = (HEIGHT - HEAD) / (size * POINT * LEADING)
        if _total(bands, notices, measure) <= room * SPARE:
            return size, True
    return SIZES[-1], False


def broadsheet(page: PageOfEntries, snapshots: Iterable[Snapshot], entries: Sequence[Entry]) -> Broadsheet:
    """The page from the texts of its items; `entries` are those of the whole issue, for jumps."""
    contents = {snapshot.pk: snapshot.content for snapshot in snapshots}
    rank = ranks(page.articles)
    stories = [
        _story(entry, contents[entry.pk], rank.get(entry.pk, 3), entries)
        for entry in page.entries
        if entry.pk in contents
    ]
    told = tuple(story for story in stories if not story.entry.is_notice)
    notices = tuple(story for story in stories if story.entry.is_notice)
    bands = tuple(bands_of(told, COLUMN / (8.5 * POINT)))
    size, fits = _fit(bands, notices)
    return Broadsheet(bands, notices, round(size * 4), fits)


@dataclass(frozen=True, slots=True)
class Digest:
    """A page to look over: its stories with their openings, set as on the broadsheet, and its notices."""

    bands: tuple[Band, ...]
    notices: tuple[Story, ...]


def digest(page: PageOfEntries, snapshots: Iterable[Snapshot]) -> Digest:
    contents = {snapshot.pk: snapshot.content for snapshot in snapshots}
    rank = ranks(page.articles)
    stories = [
        _opening(entry, contents[entry.pk], rank.get(entry.pk, 3)) for entry in page.entries if entry.pk in contents
    ]
    told = [story for story in stories if not story.entry.is_notice]
    notices = tuple(story for story in stories if story.entry.is_notice)
    return Digest(tuple(bands_of(told, _SCREEN)), notices)


def _opening(entry: Entry, content: dict[str, Any], rank: int) -> Story:
    paragraphs, is_cut = opening(content, rank)
    return Story(
        entry=entry,
        rank=rank,
        deck=tuple(content.get("deck") or ()),
        byline=content.get("byline") or "",
        body=tuple(("paragraph", text) for text in paragraphs),
        is_cut=is_cut,
    )


def _story(entry: Entry, content: dict[str, Any], rank: int, entries: Sequence[Entry]) -> Story:
    body = tuple((piece["role"], piece["text"]) for piece in content["body"])
    is_brief = rank == 3 and sum(len(text) for _, text in body) <= _BRIEF

    def other(line: str, link: str, *, is_forward: bool) -> Jump | None:
        linked = content.get(link)
        return jump(
            content.get(line) or "", entries=entries, here=entry.page_number, is_forward=is_forward, linked=linked
        )

    return Story(
        entry=entry,
        rank=4 if is_brief else rank,
        deck=tuple(content.get("deck") or ()),
        byline=content.get("byline") or "",
        body=body,
        captions=tuple(content.get("captions") or ()),
        continued_from=other("continued_from", "jump_from", is_forward=False),
        continued_on=other("continued_on", "jump_to", is_forward=True),
    )

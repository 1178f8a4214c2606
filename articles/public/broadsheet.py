"""版面重排: a page set again as a broadsheet from its structure alone, whole texts and all. Pure functions.

The sheet has six columns. Its stories stand in bands, one below the other; a band is cut into cells of so many columns
each, and a cell holds one story or a few. Among all ways to cut the stories into bands, in reading order, the one is
taken that leaves the least paper empty.

In print the whole page is one A3 sheet: the largest type is taken with which it is.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterable, Sequence
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
_CELLS = 4  # cells in a band at most
_OF_BAND, _OF_PLANK = 4, 12  # what a band costs, in lines of a column, and one that holds a single cell
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


Shape = tuple[tuple[int, int, int], ...]
"""The cells of a band: which story each begins with, how many it holds, over how many columns."""


def bands_of(stories: Sequence[Story], measure: float) -> list[Band]:
    """The stories cut into bands so that the least paper stays empty."""

    @cache
    def alone(place: int, width: int) -> float:
        return height(stories[place], width, measure)

    @cache
    def stacked(first: int, count: int) -> tuple[float | None, ...]:
        """How high those stories stand in one cell, by its width less one; None where they may not stand so."""
        mine = stories[first : first + count]
        return tuple(
            sum(alone(place, width) for place in range(first, first + count)) if _may_stand(mine, width) else None
            for width in range(1, COLUMNS + 1)
        )

    best: list[tuple[float, list[tuple[int, Shape]]]] = [(0.0, [])]
    for end in range(1, len(stories) + 1):
        found = []  # never empty: one story alone may stand over all columns
        for start in range(max(0, end - _BAND), end):
            cut = _best_cut(start, end - start, stacked)
            if cut is not None:
                waste, shape = cut
                found.append((best[start][0] + waste, [*best[start][1], (start, shape)]))
        best.append(min(found, key=lambda one: one[0]))
    return [
        tuple(Cell(width, tuple(stories[start + first : start + first + count])) for first, count, width in shape)
        for start, shape in best[-1][1]
    ]


def _best_cut(
    start: int, count: int, stacked: Callable[[int, int], tuple[float | None, ...]]
) -> tuple[float, Shape] | None:
    """The shape of a band that wastes least on these stories, and what it wastes."""
    cells, shapes = _shapes(count)
    heights = [stacked(start + first, number)[width - 1] for first, number, width in cells]
    areas = [0.0 if tall is None else tall * cell[2] for tall, cell in zip(heights, cells, strict=True)]
    best: tuple[float, Shape] | None = None
    for places, price, shape in shapes:
        top = area = 0.0
        for place in places:
            tall = heights[place]
            if tall is None:
                break
            if tall > top:
                top = tall
            area += areas[place]
        else:
            waste = top * COLUMNS - area + price
            if best is None or waste < best[0]:
                best = waste, shape
    return best


def _may_stand(stories: Sequence[Story], width: int) -> bool:
    """The lead has at least half of the sheet and a cell of its own; what matters next is not squeezed into one
    column."""
    heaviest = min(story.rank for story in stories)
    if heaviest == 1:
        return width >= COLUMNS // 2 and len(stories) == 1
    return heaviest > 2 or width >= 2


@cache
def _shapes(count: int) -> tuple[list[tuple[int, int, int]], list[tuple[tuple[int, ...], float, Shape]]]:
    """All ways to put that many stories, in order, into the cells of one band: the cells there may be, and of each way
    which of them it has, its price besides what stays empty, and itself."""
    cells: dict[tuple[int, int, int], int] = {}
    found = []
    for groups in _groupings(count):
        firsts = [sum(groups[:n]) for n in range(len(groups))]
        for cut in combinations(range(1, COLUMNS), len(groups) - 1):
            widths = [after - before for before, after in zip((0, *cut), (*cut, COLUMNS), strict=True)]
            shape = tuple(zip(firsts, groups, widths, strict=True))
            # A little for every band, for a page is no pile of planks, and for text drawn out thin.
            thin = sum(_DRAWN_OUT * max(0, width - 4) * number for _, number, width in shape)
            price = thin + (_OF_BAND if len(shape) > 1 else _OF_PLANK)
            found.append((tuple(cells.setdefault(cell, len(cells)) for cell in shape), float(price), shape))
    return list(cells), found


@cache
def _groupings(count: int) -> tuple[tuple[int, ...], ...]:
    if count == 0:
        return ((),)
    return tuple(
        (first, *rest)
        for first in range(1, min(_STACK, count) + 1)
        for rest in _groupings(count - first)
        if len(rest) < _CELLS
    )


def band_height(band: Band, measure: float) -> float:
    return max(sum(height(story, cell.width, measure) for story in cell.stories) for cell in band)


def _total(bands: Iterable[Band], notices: Sequence[Story], measure: float) -> float:
    return sum(band_height(band, measure) for band in bands) + notices_height(notices, measure)


def _fit(bands: Sequence[Band], notices: Sequence[Story]) -> tuple[float, bool]:
    """The largest type with which the sheet holds everything."""

    def fits(size: float) -> bool:
        measure = COLUMN / (size * POINT)
        room = (HEIGHT - HEAD) / (size * POINT * LEADING)
        return _total(bands, notices, measure) <= room * SPARE

    place = bisect_left(SIZES, True, key=fits)
    return (SIZES[place], True) if place < len(SIZES) else (SIZES[-1], False)


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

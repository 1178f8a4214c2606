"""How much room type takes, reckoned from characters. Chinese type is square: a line has room for a number of them that
is known beforehand. Heights are in lines of text, `measure` is how many characters a column is wide. Pure functions.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from articles.public.layout import Jump
from articles.public.reading import Entry

COLUMNS = 6

# Sizes of headlines in em of the text, by rank; the style sheet says the same.
HEADLINE = {1: 3.4, 2: 2.1, 3: 1.6, 4: 1.25}
LEADING = 1.5

# The printed sheet: A3 with margins of 10 mm, what the head and the foot of the page take, and the gaps of columns.
WIDTH, HEIGHT, HEAD, GAP = 277.0, 400.0, 27.0, 5.0
COLUMN = (WIDTH - (COLUMNS - 1) * GAP) / COLUMNS
POINT = 25.4 / 72
SIZES = tuple(quarter / 4 for quarter in range(48, 17, -1))
"""Type in points, from the largest that looks well to the smallest that can be read at all."""
_BOX = 0.92  # type in boxes, in em of the text
SPARE = 0.97  # the reckoning is never quite what a browser does


@dataclass(frozen=True, slots=True)
class Story:
    """An item with its whole text. `rank` is 1 for the lead to 4 for briefs; notices have no rank of their own."""

    entry: Entry
    rank: int
    deck: tuple[str, ...] = ()
    byline: str = ""
    body: tuple[tuple[str, str], ...] = ()
    """Role and text of each piece."""
    captions: tuple[str, ...] = ()
    continued_from: Jump | None = None
    continued_on: Jump | None = None
    is_cut: bool = False
    """The body is only an opening."""


@lru_cache(maxsize=2_048)  # a page is tried in several sizes
def length(text: str) -> float:
    """In squares of type: two Latin letters or figures take one."""
    return sum(0.55 if ord(sign) < 0x2E80 else 1.0 for sign in text)


def _lines(text: str, measure: float, *, indent: int = 0) -> int:
    return max(1, math.ceil((length(text) + indent) / max(1, math.floor(measure))))


def _measure_of(width: int, measure: float) -> float:
    """Characters of a line over several columns: the gaps between them count."""
    return width * measure + (width - 1) * measure * GAP / COLUMN


def head_height(story: Story, width: int, measure: float) -> float:
    """Of kicker, headline, deck and byline, in lines of the text."""
    room = _measure_of(width, measure)
    size = HEADLINE[story.rank]
    height = _lines(story.entry.title, room / size) * size * 1.25 / LEADING
    small = [line for line in (story.entry.kicker, *story.deck) if line]
    height += sum(_lines(line, room / 1.1) for line in small) * 1.1
    height += _lines(story.byline, room) if story.byline else 0
    return height + (1 if story.entry.tag else 0)


def text_lines(story: Story, measure: float) -> float:
    """Of the text in one column."""
    lines = 0.0
    for role, text in story.body:
        lines += _lines(text, measure / 1.05) + 0.6 if role == "subhead" else _lines(text, measure, indent=2)
    lines += sum(_lines(text, measure) for text in story.captions) + (0.5 if story.captions else 0)
    return lines + sum(1 for one in (story.continued_from, story.continued_on) if one)


def height(story: Story, width: int, measure: float) -> float:
    """In lines, with the white above and below it."""
    return head_height(story, width, measure) + math.ceil(text_lines(story, measure) / width) + 1.9


def _box_height(story: Story, measure: float) -> float:
    inner = (measure - 1.6) / _BOX
    title = _lines(story.entry.title, inner / 1.08) * 1.1
    return (title + sum(_lines(text, inner, indent=2) for _, text in story.body)) * _BOX + 1.4


def notices_height(notices: Sequence[Story], measure: float) -> float:
    """A few stand side by side. More run through six columns in boxes that are not divided: the last column may hang
    over by half of the tallest."""
    if not notices:
        return 0.0
    count = len(notices)
    if count < COLUMNS:
        share = (_measure_of(COLUMNS, measure) - (count - 1) * measure * GAP / COLUMN) / count
        return max(_box_height(story, share) for story in notices) + 3
    heights = [_box_height(story, measure) for story in notices]
    return sum(heights) / COLUMNS + max(heights) * 0.6 + 3

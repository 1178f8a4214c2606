"""How long the lines of each block are when full: the measure of its column, decided for the page as a whole.

A block of three lines or more mostly shows its measure; a shorter one has that of a neighbour, for a frame has one
measure. So the blocks are read in order, each under the measures it could have, and the likeliest sequence is taken.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import log
from typing import NamedTuple

from ingest.engine.rows import Row
from ingest.engine.setting import Cast, read_block

# No newspaper column is wider; a longer line is a paragraph a recogniser wrote on one line.
LONGEST_LINE = 40
NARROWEST = 6.0
GRID = 1.0
# Rows needed before a block's own lines say what its measure is.
ROWS_FOR_MEASURE = 3
# A measure lies at most so much above the block's longest line.
ABOVE = 2.5
BELOW = 1.0
OUTLIERS = 3
# A line that misses more of the measure is not full, whatever its marks.
SHORT = 1.5
# What every few lines of prose hold and title lines mostly lack.
PROSE_MARKS = "，。；,;？！：、"
# Other blocks' measures a block is tried with, the nearest first.
NEIGHBOURS = 12
MOST_STATES = 24

# Log likelihoods.
OTHER_MEASURE = -2.5  # the next block has another measure
NEAR_MEASURE = -1.5  # or one so near that few lines tell
WIDE_GAP = 0.4  # of that where more blank lines than usual part two frames
DISPLAY = -0.7  # title lines come between blocks of text, or text between title lines
ANY_WIDTH = -log(22)  # a title line has any width
MARK_IN_TITLE = -1.1
STOP_IN_TITLE = -2.5
MARKS_OF_PROSE = (log(0.35), log(0.65))  # a line of prose without and with a mark
NO_MARK_IN_TITLE = log(0.9)
# Clauses of a title stand apart; prose has blanks between names only.
BLANK_IN_TITLE = log(0.3)
BLANK_IN_PROSE = log(0.04)
DASH_FIRST = -5.0  # —— opens a deck, not a line of prose

# Two clauses side by side, as titles have them.
CLAUSES = re.compile(r"[一-鿿”] [一-鿿“]")


@dataclass(frozen=True, slots=True)
class Block:
    rows: tuple[Row, ...]
    dateline: bool


@dataclass(frozen=True, slots=True)
class Reading:
    """A block's measure (0: lines are whole paragraphs, or titles) and how its lines come apart under it."""

    measure: float
    cast: Cast | None


def read_blocks(blocks: Sequence[Block], *, kept_indents: bool = False) -> list[Reading]:
    """The likeliest measure of every block."""
    memory: dict[tuple[int, float], Cast] = {}

    def cast(number: int, measure: float) -> Cast:
        key = (number, measure)
        if key not in memory:
            block = blocks[number]
            memory[key] = read_block(block.rows, measure, dateline=block.dateline, kept_indents=kept_indents)
        return memory[key]

    own = [_own_measures(block) for block in blocks]
    shown = [max(((cast(n, m).score, -m) for m in found), default=(0.0, 0.0))[1] * -1 for n, found in enumerate(own)]
    # Lines in which nothing ends, the last one short, show no measure but one that prose on the page has: the title
    # lines of a heap are equally long by chance.
    ends = [_ends_open(block, measure) for block, measure in zip(blocks, shown, strict=True)]
    columns = {measure for measure, is_open in zip(shown, ends, strict=True) if not is_open}
    for number, is_open in enumerate(ends):
        if is_open and shown[number] not in columns:
            own[number], shown[number] = [], 0.0
    states: list[list[float]] = []
    for number, block in enumerate(blocks):
        wanted = dict.fromkeys(own[number])
        if block.rows[0].width <= LONGEST_LINE:
            widest = max(row.width for row in block.rows)
            for distance in range(1, NEIGHBOURS + 1):
                for other in (number - distance, number + distance):
                    if 0 <= other < len(shown) and shown[other] and shown[other] >= widest - ABOVE:
                        wanted.setdefault(shown[other])
        states.append([0.0, *list(wanted)[:MOST_STATES]])
    return [
        Reading(measure, cast(number, measure) if measure else None)
        for number, measure in enumerate(_sequence(blocks, states, cast))
    ]


def usual_gap(gaps: Sequence[int]) -> int:
    """The number of blank lines that mostly stands between blocks."""
    counts = Counter(gap for gap in gaps if gap)
    return max(counts, key=lambda gap: (counts[gap], -gap)) if counts else 1


def _ends_open(block: Block, measure: float) -> bool:
    """Whether its last line ends neither a sentence nor at the column's edge, and no other line a sentence."""
    return not any("。" in row.text for row in block.rows) and block.rows[-1].width < measure - SHORT


def _own_measures(block: Block) -> list[float]:
    """Measures the block's own lines may show."""
    rows = block.rows
    if len(rows) < ROWS_FOR_MEASURE or rows[0].width > LONGEST_LINE:
        return []
    if not any(mark in row.text for row in rows for mark in PROSE_MARKS):
        return []
    # One line may be no line of the column: a subhead in large type, or glued to the line below it.
    found: dict[float, None] = {}
    for widest in sorted((row.width for row in rows if not row.spaced), reverse=True)[:OUTLIERS]:
        low = int((widest - BELOW) / GRID)
        found |= dict.fromkeys(GRID * (low + k) for k in range(int((ABOVE + BELOW) / GRID) + 1))
    return [measure for measure in found if measure >= NARROWEST]


def _as_titles(block: Block) -> float:
    """Log likelihood of the rows as title lines."""
    total = 0.0
    for row in block.rows:
        marks = sum(row.text.count(mark) for mark in "，。；,;")
        total += ANY_WIDTH + (NO_MARK_IN_TITLE if not marks else MARK_IN_TITLE * min(3, marks))
        if row.text[-1] in "。；，,":
            total += STOP_IN_TITLE
        if CLAUSES.search(row.text):
            total += BLANK_IN_TITLE
        if row.width > LONGEST_LINE:
            return 0.0
    return total


def _as_prose(block: Block) -> float:
    total = 0.0
    for row in block.rows:
        total += MARKS_OF_PROSE[any(mark in row.text for mark in PROSE_MARKS)]
        if CLAUSES.search(row.text):
            total += BLANK_IN_PROSE
        if row.text.startswith("—"):
            total += DASH_FIRST
    return total


class _Way(NamedTuple):
    """The likeliest reading of the blocks so far that ends in one state."""

    score: float
    measure: float = 0.0
    before: _Way | None = None


def _sequence(
    blocks: Sequence[Block], states: Sequence[Sequence[float]], cast: Callable[[int, float], Cast]
) -> list[float]:
    """The likeliest measures in order. Titles between blocks of text leave the measure of the text remembered."""
    usual = usual_gap([block.rows[0].gap for block in blocks])
    # Keyed by the measure remembered and whether the last block was one of titles.
    front = {(0.0, True): _Way(0.0)}
    for number, block in enumerate(blocks):
        prose = _as_prose(block)
        ease = WIDE_GAP if block.rows[0].gap > usual else 1.0
        fits = [(m, _as_titles(block) if not m else cast(number, m).score + prose) for m in states[number]]
        reached: dict[tuple[float, bool], _Way] = {}
        for (last, was_title), way in front.items():
            for measure, fit in fits:
                worth = way.score + fit
                if bool(measure) == was_title:
                    worth += DISPLAY
                if measure and last and measure != last:
                    worth += ease * (NEAR_MEASURE if abs(measure - last) <= GRID else OTHER_MEASURE)
                key = (measure or last, not measure)
                if key not in reached or worth > reached[key].score:
                    reached[key] = _Way(worth, measure, way)
        front = dict(sorted(reached.items(), key=lambda item: (-item[1].score, item[0]))[:MOST_STATES])
    way = min(front.items(), key=lambda item: (-item[1].score, item[0]))[1]
    chosen: list[float] = []
    while way.before is not None:
        chosen.append(way.measure)
        way = way.before
    return chosen[::-1]

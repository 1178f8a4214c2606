"""Where a frame ends: its columns are equally high, and at the foot of each stands a blank line.

An extractor delivers a frame column by column. A blank line is a column's foot, wherever in a paragraph it falls, or
the space above a paragraph it found indented. If 13, 8 + 5, 3 + 10 and 6 lines stand between feet, and then nine, nine
and nine, the first frame ended with the six. Blocks of lines are read in order, each under every height its frame
could have, and all readings together say how likely a frame ends where a paragraph does.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from enum import Enum
from functools import lru_cache

from ingest.engine.flow import measures_differ
from ingest.engine.fragments import Fragment
from ingest.engine.units import Unit, Use

HEIGHTS = range(4, 27)  # lines of a column
# A title or byline in the first column takes up to so many lines.
MOST_MISSING = 5
FULL_FIRST = 0.7  # share of first columns that miss none
IRREGULAR = 0.15  # share of frames whose columns are not equally high
PARAGRAPH = 1 / 6  # a line is its paragraph's last
FOOT = 1 / 11  # a line is its column's last, where columns have no height
# A frame ends with a paragraph: more readily at the foot of a column than inside.
ENDS_INSIDE = 0.12
ENDS_AT_FOOT = 0.4
UNEVEN = 0.03  # a column is a line higher, or a line lower
BROKEN = 1e-4  # or higher still
LOST = 1e-3  # a blank line in mid-paragraph is no foot
NEGLIGIBLE = 1e-7  # of the likeliest: such readings are not followed
TALLEST = 90  # lines beyond these say nothing
# With more units than any page has, nothing is told: time grows with them.
MOST_UNITS = 1000


class Seam(Enum):
    """What stands at the blank line between two blocks."""

    RUNS_ON = "a paragraph runs on over it"
    PARAGRAPH = "one paragraph ends, another begins"
    FRAME = "a frame ends: something else stands between, or the measure changes"


# The height of a frame's columns and how many lines of the present one are filled; no height if they have none.
_State = tuple[int, int]
_Way = tuple[_State, float, float]
_NO_HEIGHT: _State = (0, 0)
_FIRST: dict[_State, float] = {_NO_HEIGHT: IRREGULAR}
for _height in HEIGHTS:
    _FIRST[_height, 0] = FULL_FIRST * (1 - IRREGULAR) / len(HEIGHTS)
    for _missing in range(1, min(MOST_MISSING, _height - 2) + 1):
        _FIRST[_height, _missing] = (1 - FULL_FIRST) / MOST_MISSING * (1 - IRREGULAR) / len(HEIGHTS)


def with_frames(fragments: Sequence[Fragment], units: Sequence[Unit]) -> tuple[Unit, ...]:
    """The units, with how likely a frame begins with each, where only the heights of columns can tell."""
    if len(units) > MOST_UNITS:
        return tuple(units)
    blocks, seams, first = _blocks(fragments, units)
    likely = {n: p for n, p, seam in zip(first[1:], ends(blocks, seams), seams, strict=True) if seam is Seam.PARAGRAPH}
    return tuple(replace(unit, begins_frame=likely[n]) if n in likely else unit for n, unit in enumerate(units))


def _blocks(fragments: Sequence[Fragment], units: Sequence[Unit]) -> tuple[list[int], list[Seam], list[int]]:
    """Lines of each block of body text in columns, the seams between them, and the unit each begins with."""
    place = {f: (n, k) for n, unit in enumerate(units) for k, f in enumerate(unit.fragments)}
    blocks: list[int] = []
    seams: list[Seam] = []
    first: list[int] = []
    above: int | None = None  # the fragment before, if nothing stands between
    for f in sorted(place):
        n, part = place[f]
        unit = units[n]
        if unit.use is Use.CAPTION:
            continue
        if unit.use is not Use.BODY or not unit.measure:
            above = None
            continue
        if above is not None and not fragments[f].gap and not fragments[f].is_subhead:
            blocks[-1] += len(fragments[f].rows)
        else:
            if blocks:
                seams.append(Seam.FRAME if above is None else _seam(units, place[above], n, part))
            blocks.append(len(fragments[f].rows))
            first.append(n)
        above = f
    return blocks, seams, first


def _seam(units: Sequence[Unit], above: tuple[int, int], n: int, part: int) -> Seam:
    if (n, part) == (above[0], above[1] + 1):
        return Seam.RUNS_ON
    former, unit = units[above[0]], units[n]
    is_torn = part or above[1] + 1 < len(former.fragments)
    if is_torn or unit.is_dateline or measures_differ(former, unit):
        return Seam.FRAME
    return Seam.PARAGRAPH


def ends(blocks: Sequence[int], seams: Sequence[Seam]) -> list[float]:
    """How likely a frame ends at each seam. ``blocks`` are numbers of lines, ``seams`` what stands between them.

    A hidden Markov model, read forwards and backwards; time grows with the number of blocks.
    """
    if not blocks:
        return []
    seams = [*seams, Seam.FRAME]
    # Of each block: how likely every state is before it, and where each leads.
    steps: list[list[tuple[_State, float, tuple[_Way, ...]]]] = []
    states: Mapping[_State, float] = _FIRST
    for lines, seam in zip(blocks, seams, strict=True):
        least = NEGLIGIBLE * max(states.values())
        total = sum(states.values())
        steps.append(
            [(state, p / total, _ways(state, min(lines, TALLEST), seam)) for state, p in states.items() if p > least]
        )
        after: dict[_State, float] = defaultdict(float)
        ended = 0.0
        for _, p, ways in steps[-1]:
            for reached, stays, leaves in ways:
                after[reached] += p * stays
                ended += p * leaves
        if ended:
            for state, p in _FIRST.items():
                after[state] += ended * p
        states = after
    found: list[float] = []
    hereafter: Mapping[_State, float] = dict.fromkeys(_FIRST, 1.0)
    for step in reversed(steps):
        anew = sum(p * hereafter.get(state, 0.0) for state, p in _FIRST.items())
        worth: dict[_State, float] = {}
        ended = whole = 0.0
        for state, p, ways in step:
            leaving = anew * sum([leaves for _, _, leaves in ways])
            worth[state] = leaving + sum([stays * hereafter.get(reached, 0.0) for reached, stays, _ in ways])
            ended += p * leaving
            whole += p * worth[state]
        most = max(worth.values())
        hereafter = {state: value / most for state, value in worth.items()}
        found.append(ended / whole)
    return found[:0:-1]


@lru_cache(maxsize=65536)
def _ways(state: _State, lines: int, seam: Seam) -> tuple[_Way, ...]:
    """(where a block of so many lines leads, likelihood that the frame goes on, likelihood that it ends)."""
    height, filled = state
    runs_on = seam is Seam.RUNS_ON
    last = 1 - PARAGRAPH if runs_on else PARAGRAPH
    if not height:
        p = ((1 - PARAGRAPH) * (1 - FOOT)) ** (lines - 1) * (FOOT * last if runs_on else last)
        return (_shared(_NO_HEIGHT, p, ENDS_INSIDE, seam),)
    p = (1 - PARAGRAPH) ** (lines - 1) * last
    filled += lines
    found = []
    if filled == height:
        found.append(_shared((height, 0), p * (1 - 2 * UNEVEN), ENDS_AT_FOOT, seam))
    elif abs(filled - height) == 1:
        found.append(_shared((height, 0), p * UNEVEN, ENDS_AT_FOOT, seam))
    elif filled > height:
        found.append(_shared((height, 0), p * BROKEN, ENDS_AT_FOOT, seam))
    if filled < height:
        found.append(_shared((height, filled), p * LOST if runs_on else p, ENDS_INSIDE, seam))
    return tuple(found)


def _shared(reached: _State, p: float, ends: float, seam: Seam) -> _Way:
    if seam is Seam.PARAGRAPH:
        return reached, p * (1 - ends), p * ends
    return (reached, p, 0.0) if seam is Seam.RUNS_ON else (reached, 0.0, p)

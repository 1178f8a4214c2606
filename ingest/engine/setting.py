"""How a column of newsprint is set, and so how its lines come apart into paragraphs.

A paragraph's first line stands two characters in, its inner lines fill the measure, its last line ends anywhere and
with a full stop. A line is full when the next unbreakable thing (a character with the mark behind it, a figure, a
Latin word) would not have fitted. Each rule is a likelihood; the lines of one block are read together by dynamic
programming, so that a line is judged by those around it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import log

from ingest.engine.knowledge import pattern
from ingest.engine.rows import Row
from ingest.engine.text import NEVER_FIRST, OPEN_ENDED, OPENERS, ends_sentence, open_signs, width_of

# Chinese paragraphs are indented by two characters, and extraction drops the indent.
INDENT = 2.0
# A line is set tight by squeezing its punctuation to half an em: “马上办”“就近办” stands in a column of eleven.
SQUEEZED = frozenset("“”‘’（）《》，。、；：！？")
SQUEEZE = 0.5
MOST_SQUEEZED = 2
# What a measure known only to half an em, and hung punctuation, leave open.
TOLERANCE = 0.6

# Log likelihoods. A line's width is a density per em: full lines fall within an em or so, last lines anywhere.
OFF = 0.3  # the likeliest measure is the one most lines fill to the hair
LOOSE = -0.5  # set loose although nothing wide follows
TIGHT = -0.7  # set tight by squeezing its marks
TIGHTER = 0.0  # for each em
WRONG_WIDTH = -1.5  # beyond that, and more for every em
PER_EM = -2.5
IMPOSSIBLE = -9.0
STOP_INSIDE = log(0.05)  # an inner line happens to end with a sentence
NO_STOP_INSIDE = log(0.95)
STOP_AT_END = log(0.96)
NO_STOP_AT_END = -3.5  # a paragraph without its full stop
COMMA_AT_END = -6.0
BREAK = log(0.18)  # after a line comes a new paragraph
NO_BREAK = log(0.82)
FIRST = log(0.45)  # a block opens with a paragraph's first line, or goes on with one begun elsewhere
RESUMED = log(0.5)
SUBHEAD = log(0.04)  # a line of its own among the lines of a column
SUBHEAD_FIRST = log(0.15)
CUT = log(0.5)  # a block ends in the middle of a paragraph, or with it
ENDS = log(0.5)
FORBIDDEN = -9.0  # a line begins with a mark that can't
PARTICLE = -3.0  # a paragraph begins with 的, 了 …
OPENER = 0.7  # 据悉, 记者了解到 …
SPEAKER = 2.0  # 问：
SHOWN_INDENT = 4.0  # the extraction kept indents, and this line has one, or has none
OPEN_QUOTE_AT_END = -2.0
NO_ROOM = -2.0  # a subhead is centred, with room on both sides
LIST_ITEM = -1.0  # 以下标的：, and a numbered line below
NEVER = -1e9

_PRINTED_BLANK = re.compile(r"(?<=[一-鿿]) (?=[一-鿿])")
_UNIT = re.compile(r"[A-Za-z0-9]+(?:[.,:/\-~—－～+&][A-Za-z0-9]+)*|——|……|.", re.S)


@dataclass(frozen=True, slots=True)
class Cast:
    """One way to read the lines of a block."""

    score: float
    starts: tuple[int, ...]
    """Rows with which paragraphs or subheads begin; 0 is always one."""
    subheads: frozenset[int]
    resumes: float
    """Log odds that the first row goes on with a paragraph begun elsewhere."""
    is_cut: float
    """Log odds that the last row's paragraph goes on elsewhere."""
    opens: float = 0.0
    """Log odds, if it goes on elsewhere, that the first row is a paragraph's first line."""


@lru_cache(maxsize=4096)
def head_width(text: str) -> float:
    """Width of what can't be parted from the head of a line."""
    at = 0
    while at < len(text) and (text[at] in OPENERS or text[at].isspace()):
        at += 1
    found = _UNIT.match(text, at)
    at = found.end() if found else at
    while at < len(text) and text[at] in NEVER_FIRST:
        at += 1
    return max(1.0, width_of(text[:at]))


def full(row: Row, missing: float, next_width: float) -> float:
    """Log likelihood that a line which is not its paragraph's last misses so much of its measure."""
    return 0.0 if row.spaced else _full(_facts(row.text), missing, next_width)


def _full(facts: _Facts, missing: float, next_width: float) -> float:
    low = facts.low
    if missing < low:
        return max(IMPOSSIBLE, WRONG_WIDTH + PER_EM * (low - missing))
    if missing < -TOLERANCE:
        return TIGHT + TIGHTER * (-TOLERANCE - missing)
    high = max(next_width, 1.0) - 0.25 + facts.blanks
    if missing <= high:
        return -OFF * abs(missing) if missing <= TOLERANCE else LOOSE
    return max(IMPOSSIBLE, WRONG_WIDTH + PER_EM * (missing - high))


@dataclass(frozen=True, slots=True)
class _Facts:
    """What of a row does not depend on the measure."""

    stop: bool
    end: float
    """Log likelihood of its text as the end of a paragraph."""
    start: float
    """… as the beginning of one."""
    head: float
    """Width of what can't be parted from its head."""
    subhead: float
    low: float
    """What the line may be over its measure if its marks are squeezed, below nought."""
    blanks: int
    """Blanks between names and clauses: they are printed, and are not measured."""
    bullet: bool
    colon: bool
    """It may announce a list."""


@lru_cache(maxsize=8192)
def _facts(text: str) -> _Facts:
    stop = ends_sentence(text)
    end = STOP_AT_END if stop else COMMA_AT_END if text[-1] in OPEN_ENDED else NO_STOP_AT_END
    if stop and open_signs(text)[-1:] in ("“", "‘"):
        end += OPEN_QUOTE_AT_END
    start = 0.0
    if text[0] in NEVER_FIRST:
        start = FORBIDDEN
    elif pattern("continues").match(text):
        start = PARTICLE
    elif pattern("speaker").match(text):
        start = SPEAKER
    elif pattern("paragraph_opener").match(text):
        start = OPENER
    subhead = -1.0 * sum(text.count(mark) for mark in "，。；、,;")
    if stop and text[-1] not in "！？!?…”":
        subhead -= 5.0
    if text[-1] in OPEN_ENDED and not text.endswith(("——", "：")):
        subhead -= 5.0
    if open_signs(text):
        subhead -= 3.0
    if text[0] in NEVER_FIRST:
        subhead -= 6.0
    bullet = pattern("bullet").match(text) is not None
    if bullet:
        subhead += 3.0
    elif " " in text:
        subhead += 1.5
    marks = min(MOST_SQUEEZED, sum(1 for char in text if char in SQUEEZED))
    low = -TOLERANCE - SQUEEZE * marks
    blanks = min(2, len(_PRINTED_BLANK.findall(text)))
    return _Facts(stop, end, start, head_width(text), subhead, low, blanks, bullet, text[-1] in "：:；;")


def read_block(rows: Sequence[Row], measure: float, *, dateline: bool = False, kept_indents: bool = False) -> Cast:
    """The likeliest way to part the rows of one block (no blank line inside) set in this measure."""
    return _Reader(rows, measure, dateline, kept_indents).read()


_FIRST, _INNER, _SUB = 0, 1, 2


class _Reader:
    def __init__(self, rows: Sequence[Row], measure: float, dateline: bool, kept_indents: bool) -> None:
        self.rows, self.dateline, self.kept = rows, dateline, kept_indents
        self.facts = [_facts(row.text) for row in rows]
        self.missing = [0.0 if row.spaced else measure - row.width for row in rows]
        self.any_width = -log(max(4.0, measure))

    def left(self, at: int, state: int) -> float:
        """What the line misses beside its indent."""
        missing = self.missing[at]
        if state != _FIRST or self.rows[at].spaced:
            return missing
        if at == 0 and self.dateline and abs(missing) < abs(missing - INDENT):
            return missing  # a wide frame's lead may stand without an indent
        return missing - INDENT

    def goes_on(self, at: int, state: int, next_width: float) -> float:
        stop = STOP_INSIDE if self.facts[at].stop else NO_STOP_INSIDE
        fits = 0.0 if self.rows[at].spaced else _full(self.facts[at], self.left(at, state), next_width)
        return fits + stop

    def closes(self, at: int, state: int) -> float:
        over = self.facts[at].low - self.left(at, state)
        width = self.any_width + (PER_EM * over if over > 0 else 0.0)
        return max(IMPOSSIBLE, width) + self.facts[at].end

    def opens(self, at: int) -> float:
        shown = 0.0 if not self.kept else SHOWN_INDENT if self.rows[at].indent >= INDENT - 0.6 else -SHOWN_INDENT
        return self.facts[at].start + shown

    def stands(self, at: int) -> float:
        """As a subhead: centred, shorter than the measure."""
        return self.any_width + (0.0 if self.missing[at] >= 0.75 else NO_ROOM) + self.facts[at].subhead

    def steps(self, at: int) -> list[list[float]]:
        """From row ``at`` in each state to the next row in each state."""
        below = self.facts[at + 1]
        opening = self.opens(at + 1)
        shown = -SHOWN_INDENT if self.kept and self.rows[at + 1].indent >= INDENT - 0.6 else 0.0
        table = []
        for state in (_FIRST, _INNER, _SUB):
            if state == _SUB:
                ended, on = self.stands(at), 2 * IMPOSSIBLE
            else:
                ended = self.closes(at, state)
                on = NO_BREAK + self.goes_on(at, state, below.head) + shown
                if below.bullet and self.facts[at].colon:
                    ended = max(ended, self.any_width + LIST_ITEM)  # 以下标的： / 1.东安街道……；
            table.append([BREAK + ended + opening, on, SUBHEAD + ended])
        return table

    def read(self) -> Cast:
        last = len(self.rows) - 1
        moves = [self.steps(at) for at in range(last)]
        ends = [ENDS + (self.stands(last) if s == _SUB else self.closes(last, s)) for s in (_FIRST, _INNER, _SUB)]
        cuts = [CUT + self.goes_on(last, s, 1.0) for s in (_FIRST, _INNER)] + [2 * IMPOSSIBLE]
        finals: dict[tuple[int, bool], float] = {}
        best, path = float("-inf"), [_INNER]
        openings = (FIRST + self.opens(0), RESUMED, SUBHEAD_FIRST)
        if self.dateline:
            openings = (0.0, 2 * IMPOSSIBLE, 2 * IMPOSSIBLE)
        for opening in (_FIRST, _INNER, _SUB):
            score = [NEVER, NEVER, NEVER]
            score[opening] = openings[opening]
            back: list[list[int]] = []
            for first, inner, sub in moves:
                one, two, three = score
                score, pointers = [], []
                for a, b, c in zip(first, inner, sub, strict=True):
                    a, b, c = one + a, two + b, three + c
                    pick = _FIRST if a >= b and a >= c else _INNER if b >= c else _SUB
                    score.append((a, b, c)[pick])
                    pointers.append(pick)
                back.append(pointers)
            for is_cut, worths in ((False, ends), (True, cuts)):
                reached = [score[state] + worths[state] for state in (_FIRST, _INNER, _SUB)]
                finals[opening, is_cut] = most = max(reached)
                if most > best:
                    best = most
                    path = [reached.index(most)]
                    for pointers in reversed(back):
                        path.append(pointers[path[-1]])
                    path.reverse()
        return Cast(
            best,
            tuple(at for at in range(last + 1) if at == 0 or path[at] != _INNER),
            frozenset(at for at in range(last + 1) if path[at] == _SUB),
            max(finals[_INNER, True], finals[_INNER, False]) - max(finals[_FIRST, True], finals[_FIRST, False]),
            max(finals[s, True] for s in (_FIRST, _INNER, _SUB))
            - max(finals[s, False] for s in (_FIRST, _INNER, _SUB)),
            finals[_FIRST, True] - finals[_INNER, True],
        )

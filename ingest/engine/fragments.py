"""Gather rows that stand together into fragments: pieces that are certainly of one paragraph, or one title line.

Nothing is joined over a blank line here; that is `join`. Two kinds of page must both work: columns, where a line is a
line of type and its length says much (full, indented by two, the short last line), and pages a recogniser read, where
a line is a paragraph.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

from ingest.engine.classify import CAPTION_MARK, PLAIN, Kind, Verdict, classify
from ingest.engine.knowledge import pattern
from ingest.engine.rows import Row
from ingest.engine.text import NEVER_FIRST, OPEN_ENDED, ends_sentence, join_all, open_signs

# No newspaper column is wider; a longer line is a paragraph a recogniser wrote on one line.
LONGEST_LINE = 40
# Punctuation is squeezed and figures are half an em, so lines of one column differ by this much.
SLACK = 1.3
# In a wide measure the differences add up: lines of 24 characters run from 23 to 26.
SLACK_SHARE = 0.08
# A line is set tight by squeezing its punctuation to half an em: “马上办”“就近办” stands in a column of eleven.
SQUEEZED = "“”‘’（）《》，。、；：！？"
SQUEEZE = 0.5
# “9073” is never broken, and an opening quote never ends a line: the line above may stay short by this much more.
UNBREAKABLE = 2.0
QUOTED_WORD = re.compile("^[“‘《（][^”’》）]{1,5}[”’》）]")
# Chinese paragraphs are indented by two characters, and extraction drops the indent.
INDENT = 2.0
# A paragraph's last line is surely short when it lacks this much.
SHORT = 2.0
# A marked subhead is one short line; a longer one is a numbered paragraph.
LONGEST_SUBHEAD = 18.0
# What every few lines of prose hold and title lines mostly lack.
PROSE_MARKS = "，。；,;？！"
# Rows needed before a block's own line length says what its measure is.
ROWS_FOR_MEASURE = 3
# Blocks above and below whose measure may also be that of a block too small to have one.
NEIGHBOURS = 12


@dataclass(frozen=True, slots=True)
class Fragment:
    rows: tuple[Row, ...]
    verdict: Verdict
    text: str
    measure: float
    """Line length of its column in em; 0 when lines are paragraphs or nothing tells."""

    @property
    def kind(self) -> Kind:
        return self.verdict.kind

    @property
    def start(self) -> int:
        return self.rows[0].start

    @property
    def gap(self) -> int:
        return self.rows[0].gap

    @property
    def is_long(self) -> bool:
        return self.rows[0].width > LONGEST_LINE

    @property
    def is_indented(self) -> bool | None:
        """Whether the first line is two characters short; None when the lines can't tell."""
        if not self.measure or len(self.rows) < 2:
            return None
        if self.rows[0].spaced:
            return False
        missing = self.measure - self.rows[0].width
        if missing >= INDENT - 0.6:
            return True
        return False if missing <= 0.6 else None

    @property
    def ends_full(self) -> bool | None:
        """Whether the last line fills the measure."""
        if not self.measure:
            return None
        return self.measure - self.rows[-1].width < SHORT


def slack(measure: float) -> float:
    return max(SLACK, SLACK_SHARE * measure)


def fragments_of(rows: Sequence[Row]) -> tuple[Fragment, ...]:
    verdicts = [classify(row) for row in rows]
    verdicts = [_in_flow(rows, verdicts, index) for index in range(len(rows))]
    blocks = _blocks(rows, verdicts)
    own = [_own_measure([rows[i] for i in block]) for block in blocks]
    found: list[Fragment] = []
    for number, block in enumerate(blocks):
        measure = own[number] or _borrowed_measure([rows[i] for i in block], own, number)
        part: list[int] = []
        for index in block:
            opened = bool(part) and verdicts[part[0]].kind is Kind.DATELINE
            if part and not _runs_on([rows[i] for i in part], rows[index], measure, bool(own[number]), opened):
                found.append(_fragment(rows, verdicts, part, measure))
                part = []
            part.append(index)
        found.append(_fragment(rows, verdicts, part, measure))
    return tuple(found)


def _in_flow(rows: Sequence[Row], verdicts: Sequence[Verdict], index: int) -> Verdict:
    """The row's verdict, unless it stands in the middle of running text: …零售价 in a sentence is no masthead."""
    verdict, row = verdicts[index], rows[index]
    if verdict.kind not in (Kind.FURNITURE, Kind.CAPTION) or row.gap or row.cut or not index:
        return verdict
    above = rows[index - 1]
    if verdict.reason == CAPTION_MARK or verdicts[index - 1].kind not in (Kind.TEXT, Kind.DATELINE):
        return verdict
    if ends_sentence(above.text) or abs(above.width - row.width) > INDENT + slack(row.width):
        return verdict
    return PLAIN


def _blocks(rows: Sequence[Row], verdicts: Sequence[Verdict]) -> list[list[int]]:
    """Rows between blank lines; a row with a role of its own is a block by itself, but text may follow a dateline."""
    blocks: list[list[int]] = []
    for index, row in enumerate(rows):
        kind = verdicts[index].kind
        alone = kind not in (Kind.TEXT, Kind.DATELINE)
        fresh = not blocks or row.gap or row.cut or alone or kind is Kind.DATELINE or row.width > LONGEST_LINE
        if not fresh:
            before = blocks[-1][-1]
            fresh = verdicts[before].kind not in (Kind.TEXT, Kind.DATELINE) or rows[before].width > LONGEST_LINE
            if verdicts[before].kind is Kind.CAPTION and _caption_runs_on(rows[before], row):
                fresh = False
        if fresh:
            blocks.append([index])
        else:
            blocks[-1].append(index)
    return blocks


def _caption_runs_on(caption: Row, row: Row) -> bool:
    """A caption broken over lines goes on until its sentence ends."""
    return not ends_sentence(caption.text) and caption.width >= row.width - SLACK and caption.width >= 8


def _own_measure(rows: Sequence[Row]) -> float:
    """The block's line length when enough of its lines agree on one, else 0.

    The last line may be short, the first indented, and so may lines that end a sentence or a subhead among them.
    Lines without a single mark of punctuation are title lines, however well they agree.
    """
    if len(rows) < ROWS_FOR_MEASURE or rows[0].width > LONGEST_LINE:
        return 0.0
    if not any(mark in row.text for row in rows for mark in PROSE_MARKS):
        return 0.0
    widths = sorted(row.width for row in rows[:-1] if not row.spaced)
    best: list[float] = []
    low = 0
    for high, width in enumerate(widths):
        while widths[low] < width - 1.5 * slack(width):
            low += 1
        if high + 1 - low >= len(best):
            best = widths[low : high + 1]
    others = sum(
        1 for place, row in enumerate(rows[:-1]) if place > 1 and not row.spaced and not ends_sentence(row.text)
    )
    if len(best) < ROWS_FOR_MEASURE - 1 or 2 * len(best) < others:
        return 0.0
    return float(median(best[len(best) // 3 :]))


def _borrowed_measure(rows: Sequence[Row], own: Sequence[float], number: int) -> float:
    """The measure of a nearby block that would explain these lines; 0 when none does."""
    if rows[0].width > LONGEST_LINE:
        return 0.0
    for distance in range(1, NEIGHBOURS + 1):
        for other in (number - distance, number + distance):
            if 0 <= other < len(own) and own[other] and _fits(rows, own[other]):
                return own[other]
    return 0.0


def _fits(rows: Sequence[Row], measure: float) -> bool:
    """Whether the lines can be set in that measure: all but the last full, the first perhaps indented."""
    for place, row in enumerate(rows):
        missing = 0.0 if row.spaced else measure - row.width
        if missing < -slack(measure):
            return False
        allowed = INDENT + slack(measure) if place == 0 else slack(measure)
        if missing > allowed and not ends_sentence(row.text):
            return False
    return True


def _runs_on(part: Sequence[Row], row: Row, measure: float, is_own: bool, is_dateline: bool) -> bool:
    """Whether the row carries on the paragraph of the rows before it, in one block."""
    last = part[-1]
    if row.text[0] in NEVER_FIRST:
        return True
    if (starts_paragraph(row.text) and ends_sentence(last.text)) or pattern("letter_opening").match(last.text):
        return False
    if _is_marked(last) or _is_marked(row):
        return False
    if not measure:
        return last.text[-1] in OPEN_ENDED and not last.text.endswith(("——", "：", ":"))
    missing = 0.0 if last.spaced else measure - last.width
    if ends_sentence(last.text) and _is_no_line(row, measure):
        return False
    if ends_sentence(last.text):
        if missing >= SHORT:
            # “……。” / 甲说，……: the words spoken and who spoke them, however the line came to be short.
            return last.text[-1] == "”" and missing < 2 * SHORT and pattern("speech_tag").match(row.text) is not None
        if len(part) == 1 and last.gap and not part[0].cut:
            # A one-line column head is glued to the paragraph below it, whose indent then shows.
            has_indent = measure - row.width >= INDENT - 0.6
            return not (has_indent or (missing > 0.9 and pattern("paragraph_opener").match(row.text) is not None))
        # A paragraph that ends flush is followed by an indented line; a line inside one is full.
        # Whether the short line at a paragraph's end is its own paragraph, its length can't tell.
        return row.spaced or ends_sentence(row.text) or measure - row.width < INDENT - 0.6
    allowed = slack(measure) + (INDENT if len(part) == 1 else 0.0)
    if QUOTED_WORD.match(row.text):
        allowed += UNBREAKABLE
    indented = 0.0 if row.spaced else measure - row.width
    if is_dateline and len(part) == 1:
        return True
    if len(part) == 1 and min(missing, indented) >= INDENT - 0.6 and not ends_sentence(row.text) and is_own:
        # Two lines indented one under the other: the upper one is a subhead, set in from the edge.
        return last.text[-1] in OPEN_ENDED or bool(open_signs(last.text))
    if missing > allowed:
        # Too short for a full line and no sentence ends: a title or a subhead, unless it can't stand alone.
        return (last.text[-1] in OPEN_ENDED and not last.text.endswith("——")) or bool(open_signs(last.text))
    return row.width <= measure + slack(measure) + SQUEEZE * sum(1 for char in row.text if char in SQUEEZED)


def _is_marked(row: Row) -> bool:
    """A short line behind a mark (●, 一、): a subhead, which shares no paragraph."""
    is_short = row.width <= LONGEST_SUBHEAD and not ends_sentence(row.text)
    return is_short and pattern("bullet").match(row.text) is not None


def _is_no_line(row: Row, measure: float) -> bool:
    """Too short for a line of a paragraph and no end of one: a subhead."""
    return not row.spaced and not ends_sentence(row.text) and measure - row.width > INDENT + slack(measure)


def starts_paragraph(text: str) -> bool:
    """市民甲问： and 县医保中心答： always open a paragraph."""
    return pattern("speaker").match(text) is not None


def _fragment(rows: Sequence[Row], verdicts: Sequence[Verdict], part: Sequence[int], measure: float) -> Fragment:
    text = join_all([rows[index].text for index in part])
    return Fragment(tuple(rows[i] for i in part), verdicts[part[0]], text, measure)

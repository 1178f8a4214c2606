"""Gather rows that stand together into fragments: pieces that are certainly of one paragraph, or one title line.

Nothing is joined over a blank line here; that is `join`. Two kinds of page must both work: columns, where a line is a
line of type and its length says much (`setting`, `measures`), and pages a recogniser read, where a line is a paragraph.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from ingest.engine import measures
from ingest.engine.classify import CAPTION_MARK, PLAIN, Kind, Verdict, classify
from ingest.engine.knowledge import pattern
from ingest.engine.measures import LONGEST_LINE
from ingest.engine.rows import Row
from ingest.engine.setting import INDENT, full, head_width
from ingest.engine.text import NEVER_FIRST, OPEN_ENDED, ends_sentence, join_all

# Punctuation is squeezed and figures are half an em, so lines of one column differ by this much.
SLACK = 1.3
# In a wide measure the differences add up: lines of 24 characters run from 23 to 26.
SLACK_SHARE = 0.08
# Rows that show an indent of two characters before the page is said to have kept its indents.
KEPT_INDENTS = 3
# What a piece that opens or closes inside a block says about going on with one in another block.
SETTLED = -4.0
# A table has so many lines, and other lines between them at most one less than this.
LEAST_LINES = 3
LIST_REACH = 2
# The title of a box is one line of large type.
LONGEST_BOX_TITLE = 24


@dataclass(frozen=True, slots=True)
class Fragment:
    rows: tuple[Row, ...]
    verdict: Verdict
    text: str
    measure: float
    """Line length of its column in em; 0 when lines are paragraphs or nothing tells."""
    resumes: float = 0.0
    """Log odds, from how its lines are set, that it goes on with a paragraph begun elsewhere."""
    is_cut: float = 0.0
    """Log odds, from how its lines are set, that its paragraph goes on elsewhere."""
    opens: float = 0.0
    """Log odds, if its paragraph goes on elsewhere, that it begins it."""
    is_subhead: bool = False
    """It stands as a line of its own among the lines of a column."""

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

    def sets_before(self, other: Fragment) -> float:
        """Log likelihood that the last line was full with the other's first line coming next, against any line."""
        last = self.rows[-1]
        missing = self.measure - last.width - (INDENT if len(self.rows) == 1 and self.opens > 0 else 0.0)
        return full(last, missing, head_width(other.text[:40])) - full(last, missing, 1.0)


def slack(measure: float) -> float:
    return max(SLACK, SLACK_SHARE * measure)


def fragments_of(rows: Sequence[Row]) -> tuple[Fragment, ...]:
    verdicts = [classify(row) for row in rows]
    verdicts = [_in_flow(rows, verdicts, index) for index in range(len(rows))]
    for index in listed(rows):
        if verdicts[index].kind is Kind.TEXT:
            verdicts[index] = Verdict(Kind.LIST, "成列的短行", 0.9)
    kept_indents = sum(1 for row in rows if row.indent >= INDENT - 0.6) >= KEPT_INDENTS
    numbers = _blocks(rows, verdicts)
    texts = [n for n, block in enumerate(numbers) if verdicts[block[0]].kind in (Kind.TEXT, Kind.DATELINE)]
    blocks = [
        measures.Block(tuple(rows[i] for i in numbers[n]), verdicts[numbers[n][0]].kind is Kind.DATELINE) for n in texts
    ]
    readings = dict(zip(texts, measures.read_blocks(blocks, kept_indents=kept_indents), strict=True))
    found: list[Fragment] = []
    for n, block in enumerate(numbers):
        reading = readings.get(n)
        if reading is None:
            found.append(_fragment(rows, verdicts, block))
        elif reading.cast is None:
            found.extend(_fragment(rows, verdicts, part) for part in _lines_alone(rows, block))
        else:
            starts = [*reading.cast.starts, len(block)]
            for place, (low, high) in enumerate(pairwise(starts)):
                found.append(
                    _fragment(
                        rows,
                        verdicts,
                        block[low:high],
                        reading.measure,
                        reading.cast.resumes if place == 0 else SETTLED,
                        reading.cast.is_cut if high == len(block) else SETTLED,
                        reading.cast.opens if place == 0 else -SETTLED,
                        low in reading.cast.subheads,
                    )
                )
    return tuple(found)


def listed(rows: Sequence[Row]) -> list[int]:
    """Lines of a table: several short ones of one build near each other, and the line in brackets below them."""
    alike = [n for n, row in enumerate(rows) if row.width <= LONGEST_LINE and pattern("list_line").match(row.text)]
    found: list[int] = []
    run: list[int] = []
    for n in [*alike, len(rows) + LIST_REACH + 1]:
        if run and n - run[-1] > LIST_REACH:
            if len(run) >= LEAST_LINES:
                below = run[-1] + 1
                is_source = below < len(rows) and pattern("in_brackets").match(rows[below].text)
                found += [*run, *([below] if is_source else [])]
            run = []
        run.append(n)
    return found


def _lines_alone(rows: Sequence[Row], block: Sequence[int]) -> list[list[int]]:
    """Without a measure each line stands alone, unless it can't."""
    parts: list[list[int]] = []
    for index in block:
        above = rows[parts[-1][-1]].text if parts else ""
        if parts and (
            rows[index].text[0] in NEVER_FIRST or (above[-1] in OPEN_ENDED and not above.endswith(("——", "：", ":")))
        ):
            parts[-1].append(index)
        else:
            parts.append([index])
    return parts


def _in_flow(rows: Sequence[Row], verdicts: Sequence[Verdict], index: int) -> Verdict:
    """The row's verdict, unless it stands in the middle of running text: …零售价 in a sentence is no masthead."""
    verdict, row = verdicts[index], rows[index]
    if verdict.kind not in (Kind.FURNITURE, Kind.CAPTION) or row.gap or row.cut or not index:
        return verdict
    above = rows[index - 1]
    if verdict.reason == CAPTION_MARK or verdicts[index - 1].kind not in (Kind.TEXT, Kind.DATELINE):
        return verdict
    if pattern("credit_at_end").search(row.text):
        return verdict  # …现场。甲摄 between two halves of a sentence
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
            fresh = fresh or rows[before].leaves or row.resumes
            if verdicts[before].kind is Kind.CAPTION and _caption_runs_on(rows[before], row):
                fresh = False
        elif kind is Kind.CAPTION and blocks and not (row.gap or row.cut) and _is_credit(row):
            fresh = verdicts[blocks[-1][-1]].kind is not Kind.CAPTION
        if fresh:
            blocks.append([index])
        else:
            blocks[-1].append(index)
    return blocks


def _caption_runs_on(caption: Row, row: Row) -> bool:
    """A caption broken over lines goes on until its sentence ends."""
    return not ends_sentence(caption.text) and caption.width >= row.width - SLACK and caption.width >= 8


def _is_credit(row: Row) -> bool:
    """Whether the line says who took the picture and nothing else: it ends the caption above it."""
    credit = pattern("caption_credit").search(row.text)
    return credit is not None and credit.start() == 0


def starts_paragraph(text: str) -> bool:
    """市民甲问： and 县医保中心答： always open a paragraph; 链接：… without a stop is the title of a box."""
    return pattern("speaker").match(text) is not None and not heads_box(text)


def heads_box(text: str) -> bool:
    """Whether the line is the title of a box: a label, a colon and a few words."""
    return len(text) <= LONGEST_BOX_TITLE and pattern("box_label").match(text) is not None and not ends_sentence(text)


def _fragment(
    rows: Sequence[Row],
    verdicts: Sequence[Verdict],
    part: Sequence[int],
    measure: float = 0.0,
    resumes: float = 0.0,
    is_cut: float = 0.0,
    opens: float = 0.0,
    is_subhead: bool = False,
) -> Fragment:
    text = join_all([rows[index].text for index in part])
    return Fragment(tuple(rows[i] for i in part), verdicts[part[0]], text, measure, resumes, is_cut, opens, is_subhead)

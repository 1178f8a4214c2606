"""Turn lines into rows: one stretch of text with one use, freed of what the extraction added.

Most lines are one row. A line is cut where two uses meet on it: a jump line glued to the text, the dots a recogniser
puts after complete paragraphs, a subhead running into the dateline of its story.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

from ingest.engine.knowledge import pattern
from ingest.engine.text import ARTEFACT_CHARS, close_up, ends_sentence, is_spaced_out, width_of
from ingest.engine.types import Block, Line, Role, Span

EXTRACTION = "extraction artefact"
CONTINUATION = "continuation marker"

# A recogniser marks the end of what it read with three half-width dots, also after a full stop: "……延伸。...".
TRAILING_DOTS = re.compile(r"\s*\.{3,}\s*$")
DOTS_ONLY = re.compile(r"^[.\s]{2,}$")
# With dots after this many lines they are the recogniser's habit, also after a line that does not end a sentence.
DOTS_HABIT = 3
# A jump line longer than a line of newsprint is none; looking only at the ends keeps a million-character line linear.
EDGE = 60
MOST_BROKEN = 40  # broken jump lines a page may have


@dataclass(frozen=True, slots=True)
class Row:
    """A stretch of one line. ``gap`` counts the blank lines above it; ``cut`` means it began in mid-line."""

    line: int
    spans: tuple[Span, ...]
    text: str
    width: float
    gap: int
    cut: bool = False
    dots: bool = False
    """The recogniser's dots stood after it: it saw a complete paragraph here."""
    spaced: bool = False
    """It was driven apart to fill the measure, so it is a full line whatever it holds."""
    indent: float = 0.0
    """White space before it on its line, in em."""
    resumes: bool = False
    """A 上接 line stood before it: nothing on this page runs into it."""
    leaves: bool = False
    """A 下转 line stood after it: it goes on on another page."""

    @property
    def start(self) -> int:
        return self.spans[0][0]


@dataclass(frozen=True, slots=True)
class Reading:
    rows: tuple[Row, ...]
    removed: tuple[Block, ...]
    jumps_from: tuple[tuple[int, str], ...]
    """(position in the source, page as printed) of each 上接 line."""
    jumps_on: tuple[tuple[int, str], ...]


def read_rows(source: str, lines: Sequence[Line], used: Collection[int] = ()) -> Reading:
    """All text of the lines not in ``used`` (indices into ``lines``), as rows and removed blocks."""
    removed: list[Block] = []
    rows: list[Row] = []
    jumps: dict[str, list[tuple[int, str]]] = {"from": [], "on": []}
    taken = frozenset(used)
    dots_habit = sum(1 for line in lines if line.text.rstrip().endswith("...")) >= DOTS_HABIT
    broken = _broken_jumps(source, removed, jumps)
    tags = {found.group(0) for line in lines if (found := pattern("dateline_tag").match(source, line.start, line.end))}
    gap = 0
    for index, line in enumerate(lines):
        if index in taken:
            gap += 1
            continue
        pieces = _pieces(source, line, removed, jumps, dots_habit, broken, tags)
        if not pieces:
            gap += 1
            continue
        for number, (start, end, dots) in enumerate(pieces):
            row = _row(source, line.number, start, end, gap if number == 0 else 0, number > 0, dots, removed)
            if row is not None:
                rows.append(row)
                gap = 0
    return Reading(_at_jumps(rows, jumps), tuple(removed), tuple(jumps["from"]), tuple(jumps["on"]))


def _at_jumps(rows: list[Row], jumps: Mapping[str, Sequence[tuple[int, str]]]) -> tuple[Row, ...]:
    """The rows, those beside jump lines knowing it."""
    starts = [row.start for row in rows]
    for position, _ in jumps["from"]:
        at = bisect_left(starts, position)
        if at < len(rows):
            rows[at] = replace(rows[at], resumes=True)
    for position, _ in jumps["on"]:
        at = bisect_left(starts, position)
        if at:
            rows[at - 1] = replace(rows[at - 1], leaves=True)
    return tuple(rows)


def _pieces(
    source: str,
    line: Line,
    removed: list[Block],
    jumps: dict[str, list[tuple[int, str]]],
    dots_habit: bool,
    broken: Sequence[Span],
    tags: Collection[str],
) -> list[tuple[int, int, bool]]:
    start, end = line.start, line.end
    for begin, stop in broken[:MOST_BROKEN]:
        if begin < end and stop > start:
            start, end = (stop, end) if begin <= start else (start, begin)
    text = source[start:end] if start < end else ""
    if not text.strip():
        return []
    if len(text) <= EDGE * 4 and pattern("marks_only").match(text):
        _remove(source, start, end, EXTRACTION, removed)
        return []
    if DOTS_ONLY.match(text) or (pattern("digits_run").match(text.strip()[: EDGE * 4]) and _is_navigator(text)):
        _remove(source, start, end, EXTRACTION, removed)
        return []
    dots = False
    if text.rstrip().endswith("..."):
        tail = TRAILING_DOTS.search(text, max(0, len(text) - EDGE))
        if tail is not None and (dots_habit or ends_sentence(text[: tail.start()])):
            _remove(source, start + tail.start(), end, EXTRACTION, removed)
            end = start + tail.start()
            dots = True
    head = pattern("jump_from").match(source[start : min(end, start + EDGE)].lstrip())
    if head is not None:
        start += len(source[start:end]) - len(source[start:end].lstrip())
        jumps["from"].append((start, _page_named(head.group(0))))
        _remove(source, start, start + head.end(), CONTINUATION, removed)
        start += head.end()
    tail_from = max(start, end - EDGE)
    tail_text = source[tail_from:end].rstrip()
    for found in pattern("jump_on").finditer(tail_text):
        if found.end() == len(tail_text) and (
            found.group(0)[0] in "（(" or found.start() == 0 or _ends_before(tail_text, found.start())
        ):
            jumps["on"].append((tail_from + found.start(), _page_named(found.group(0))))
            _remove(source, tail_from + found.start(), tail_from + found.end(), CONTINUATION, removed)
            end = tail_from + found.start()
    inside = pattern("dateline_inside").search(source[start:end], 4)
    if (
        inside is not None
        and inside.start() <= EDGE
        and not re.search("[，。；：]", source[start : start + inside.start()])
    ):
        cut = start + _before_tag(source[start : start + inside.end()], inside.start(), tags)
        return [(start, cut, False), (cut, end, dots)]
    return [(start, end, dots)]


def _before_tag(text: str, at: int, tags: Collection[str]) -> int:
    """Where a glued dateline begins. A paper opens all its stories alike, and how, the page's other datelines say:
    …也要有人管 | 城关晚报讯, not …也要有人管城关 | 晚报讯."""
    known = text[: text.index("讯", at) + 1]
    longest = max((len(tag) for tag in tags if known.endswith(tag) and len(tag) < len(known)), default=len(known) - at)
    return len(known) - longest


def _page_named(marker: str) -> str:
    """第一版 out of （上接第一版）."""
    found = re.search(r"第?\s?(?:[A-Z]?\d{1,3}|[一二三四五六七八九十]{1,3})\s?版", marker)
    return "".join(found.group(0).split()) if found else ""


def _broken_jumps(source: str, removed: list[Block], jumps: dict[str, list[tuple[int, str]]]) -> list[Span]:
    """Jump lines that run over the end of a line: （下转第 / 二版）. Their parts are removed as one block."""
    found: list[Span] = []
    for match in pattern("broken_jump").finditer(source):
        if len(found) >= MOST_BROKEN or ("\n" not in match.group(0) and "\r" not in match.group(0)):
            continue
        spans = tuple(
            (match.start() + part.start(), match.start() + part.end()) for part in re.finditer(r"\S+", match.group(0))
        )
        text = "".join(match.group(0).split())
        removed.append(Block(Role.REMOVED, text, spans, CONTINUATION))
        kind = "from" if "接" in text and "下" not in text else "on"
        jumps[kind].append((match.start(), _page_named(text)))
        found.append(match.span())
    return found


def _is_navigator(text: str) -> bool:
    """1 2 3 4 5: several numbers and nothing else. A single number may be anything."""
    return len(re.findall(r"\d+", text)) >= 3


def _ends_before(text: str, position: int) -> bool:
    return ends_sentence(text[:position])


def _remove(source: str, start: int, end: int, reason: str, removed: list[Block]) -> None:
    for a, b in clean_spans(source, start, end, removed):
        removed.append(Block(Role.REMOVED, source[a:b].strip(), ((a, b),), reason))


def clean_spans(source: str, start: int, end: int, removed: list[Block]) -> list[Span]:
    """The spans of ``source[start:end]`` without its outer white space; artefact characters go to ``removed``."""
    spans: list[Span] = []
    position = start
    for found in ARTEFACT_CHARS.finditer(source, start, end):
        spans.append((position, found.start()))
        removed.append(Block(Role.REMOVED, found.group(0), (found.span(),), EXTRACTION))
        position = found.end()
    spans.append((position, end))
    trimmed = []
    for a, b in spans:
        piece = source[a:b]
        left, right = len(piece) - len(piece.lstrip()), len(piece.rstrip())
        if left < right:
            trimmed.append((a + left, a + right))
    return trimmed


def _row(
    source: str, line: int, start: int, end: int, gap: int, cut: bool, dots: bool, removed: list[Block]
) -> Row | None:
    spans = clean_spans(source, start, end, removed)
    if not spans:
        return None
    raw = source[spans[0][0] : spans[-1][1]]
    if len(spans) > 1:
        raw = ARTEFACT_CHARS.sub("", raw)
    text = close_up(raw, keep_clauses=True)
    indent = 0.0 if cut else _indent(source[start : spans[0][0]])
    return Row(line, tuple(spans), text, width_of(text), gap, cut, dots, is_spaced_out(raw), indent)


def _indent(space: str) -> float:
    """Width of the white space at a line's head; more than a few blanks are no indent of type."""
    return sum(1.0 if char == "\u3000" else 0.5 for char in space[:EDGE] if char in " \u3000\xa0\t")

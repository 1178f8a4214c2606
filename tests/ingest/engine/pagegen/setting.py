"""Setting text into narrow columns as newsprint does, and delivering it as PDF text extraction does.

Measured on real pages: a column holds 10 to 26 characters a line; no line begins with a closing mark, so a mark hangs
over or a character is carried down; figures and Latin words stay whole; a paragraph's first line is two characters
shorter; a loose line is stretched and may come out with a blank between all characters; blanks round figures come
from justification and so differ from line to line.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterator, Sequence

from tests.ingest.engine.pagegen.model import Line, Piece

NO_START = set("，。、；：？！”’）》」』】〉…—～·％%℃,;:?!)]")
NO_END = set("“‘（《「『【〈([")
HUNG = set("“‘《「（")  # glyphs drawn in the right half of their square: their line looks indented to an extractor
_TOKEN = re.compile(r"[A-Za-z0-9]+(?:[.,:/\-~+&][A-Za-z0-9]+)*[%℃‰]?|——|……|\s+|.", re.S)
# By how much the columns of one article differ from its measure. On the two real pages in columns every article keeps
# within a character of its measure but one, whose columns of 12 go from 11 to 13, and comes back to it.
MEASURE_CHANGES = (0, 0, 0, 0, -1, -1, -1, -1, 1, 1, 1, 1, -2, 2)
_FIGURE = re.compile(r"[A-Za-z0-9]+(?:[.,:/\-~][A-Za-z0-9]+)*")
_CJK = re.compile(r"[㐀-鿿]")


def width(text: str) -> float:
    """In squares of one Chinese character."""
    return sum(0.5 if ord(char) < 0x2000 else 1.0 for char in text)


def wrap(
    text: str, measures: Iterator[float], rng: random.Random, style: dict[str, float], indent: float
) -> list[Line]:
    """One paragraph as lines; ``measures`` gives the measure of each line of the column as it is reached."""
    tokens = _TOKEN.findall(text)
    lines: list[Line] = []
    at = 0
    while at < len(tokens):
        first = not lines
        room = next(measures) - (indent if first else 0.0)
        taken: list[str] = []
        used = squeeze = 0.0
        while at < len(tokens):
            token = tokens[at]
            if not taken and token.isspace():
                at += 1
                continue
            wide = width(token)
            if token in NO_START:
                squeeze = min(1.0, squeeze + 0.5)
            fits = used + wide <= room or (squeeze and used + wide - squeeze <= room and rng.random() < 0.7)
            if not fits and taken and not (token in NO_START and squeeze >= 0.5 and used <= room):
                break
            taken.append(token)
            used += wide
            at += 1
        # Carry down what may not end a line, and what would leave a closing mark at the head of the next one.
        while (
            len(taken) > 1
            and at < len(tokens)
            and (taken[-1] in NO_END or taken[-1].isspace() or (tokens[at] in NO_START and tokens[at] != "—"))
        ):
            used -= width(taken.pop())
            at -= 1
        line = "".join(taken).strip()
        if not line:
            continue
        if at < len(tokens):
            line = _stretch(line, room - used, rng, style)
        lines.append(Line(_pad(line, rng, style), indent=first and indent > 0))
    return lines


def _stretch(line: str, slack: float, rng: random.Random, style: dict[str, float]) -> str:
    """A loose line: the extractor sees the wide gaps as blanks (晋 江 市 …), figures stay whole."""
    rate = style.get("spaced_out_lines", 0.0)
    if rng.random() >= (rate if slack >= 1 else rate / 12):
        return line
    return " ".join(token for token in _TOKEN.findall(line) if not token.isspace())


def _pad(line: str, rng: random.Random, style: dict[str, float]) -> str:
    """Blanks round figures, by line: before them, on both sides, or none at all."""
    rate = style.get("figures_padded", 0.0)
    if not rate or rng.random() >= rate:
        return line
    both = rng.random() < 0.4

    def widen(found: re.Match[str]) -> str:
        before, after = line[found.start() - 1 : found.start()], line[found.end() : found.end() + 1]
        left = " " if _CJK.match(before) and rng.random() < 0.93 else ""
        right = " " if both and _CJK.match(after) and rng.random() < 0.85 else ""
        return left + found.group() + right

    return _FIGURE.sub(widen, line)


def set_flow(
    pieces: list[Piece], rng: random.Random, style: dict[str, float], *, measure: float, columns: int
) -> list[list[Line]]:
    """Pieces set into columns of equal height. Each column may have a measure a little off that of the article."""
    change, widths = 0, [measure]
    for _ in range(40):
        if rng.random() < style.get("measure_changes", 0.0):
            change = rng.choice([other for other in MEASURE_CHANGES if other != change])
        widths.append(max(9.0, measure + change))
    total = len(_set(pieces, rng, style, lambda _row: measure))
    height = max(2, -(-total // columns))
    lines = _set(pieces, rng, style, lambda row: widths[min(row // height, 39)])
    return [lines[start : start + height] for start in range(0, len(lines), height)]


def _set(
    pieces: Sequence[Piece], rng: random.Random, style: dict[str, float], measure_at: Callable[[int], float]
) -> list[Line]:
    lines: list[Line] = []

    def measures() -> Iterator[float]:
        row = len(lines)
        while True:
            yield measure_at(row)
            row += 1

    for before, piece in zip([None, *pieces], pieces, strict=False):
        if piece.role == "subhead":
            # Lines of one subhead stand together, a second subhead under the first stands apart.
            second = before is not None and before.role == "subhead"
            lines += set_subhead(piece.text, measure_at(len(lines)), rng, style, apart=second)
        else:
            lines += wrap(piece.text, measures(), rng, style, 2.0)
    return lines


def set_subhead(
    text: str, measure: float, rng: random.Random, style: dict[str, float], *, apart: bool = False
) -> list[Line]:
    """A centred subhead: one line if it fits, else broken at its blank."""
    halves = text.split(" ", 1)
    if len(halves) == 2 and (width(text) > measure - 1 or rng.random() < style.get("subhead_two_lines", 0.0)):
        return [
            line for half in halves for line in set_subhead(half, measure, rng, {}, apart=apart and half is halves[0])
        ]
    lines = [Line(line.text, centred=True) for line in wrap(text, iter(lambda: measure, None), rng, {}, 0.0)]
    lines[0].blank = apart
    return lines


def deliver(lines: list[Line], rng: random.Random, style: dict[str, float]) -> str:
    """The lines of one chunk with the blank lines an extractor puts between its blocks.

    A block ends before a line that begins to the right of the edge - indented, centred or opening with a hung mark -
    if it already has two lines. So a one-line block swallows the next paragraph's first line; the line after that,
    back at the edge, then often opens a block of its own.
    """
    out: list[str] = []
    size, swallowed = 0, False
    blanks = style.get("blank_between_paragraphs", 1.0)
    hung_rate = style.get("hung_quote_blank", 0.0)
    for line in lines:
        right = line.indent or line.centred or (line.text[0] in HUNG and rng.random() < hung_rate)
        fresh = size >= 2 and right and (not line.indent or rng.random() < blanks)
        back = swallowed and size == 2 and not right and rng.random() < style.get("blank_after_swallowed", 0.0)
        if out and (line.blank or fresh or back):
            out.append("")
            size, swallowed = 0, False
        swallowed = size == 1 and (line.indent or line.centred)
        out.append(line.text)
        size += 1
    return "\n".join(out)

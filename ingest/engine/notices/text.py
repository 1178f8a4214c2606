"""Text with a memory of where it stood: folding, closing up of setting-only white space, cutting.

Patterns run on folded text (half-width letters, figures and punctuation); folding keeps the length, so a match
on the folded text slices the text as printed.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

from ingest.engine.types import Span

_HALF_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
FOLD = str.maketrans(
    {
        **{chr(k): chr(v) for k, v in _HALF_WIDTH.items()},
        "\u3000": " ",
        "\xa0": " ",
        "\t": " ",
        "︰": ":",
        "﹕": ":",
        "∶": ":",
        "﹐": ",",
        "〔": "[",
        "〕": "]",
        "【": "[",
        "】": "]",
        "—": "-",
        "–": "-",
        "―": "-",
        "‐": "-",
        "－": "-",
        "﹣": "-",
        "−": "-",
        "～": "~",
        "〜": "~",
    }
)

CJK = "\u3400-\u9fff〇"
_BLANKS = re.compile(r"\s+")
_CJK_CHAR = re.compile(f"[{CJK}]")

UNIT_AFTER_FIGURE = frozenset("年月日号时点分元万亿亩平个份枚本张楼层室栋幢天内起前至周岁名米块辆把部级期")
"""A space between a figure and one of these is the recogniser's ('2025 年 12 月'): closed even in contact lines."""
KIN = frozenset("男女夫妻子媳婿孙")
"""'男 林文雄': who mourns stands before the name, with a gap that means something."""
WORD_BEFORE_FIGURE = frozenset("年月日至于自在第约计共币号")
"""The same on the other side ('自 2025 年'); '施辉章 2025年' keeps its gap because 章 is not among them."""


def fold(text: str) -> str:
    """The text in half-width form, character for character."""
    return text.translate(FOLD)


def is_cjk(char: str) -> bool:
    return _CJK_CHAR.match(char) is not None


def width(text: str) -> float:
    """How wide a line was set, in full characters: letters and half-width figures count half."""
    return len(text) - 0.5 * len(text.encode("ascii", "ignore"))


@dataclass(frozen=True)
class Piece:
    """A run of source text in reading order. ``at`` gives the source position of each character of ``text``."""

    text: str
    at: tuple[int, ...]
    spans: tuple[Span, ...]

    @cached_property
    def flat(self) -> str:
        """The folded text, same length as ``text``."""
        return fold(self.text)

    def where(self, start: int, end: int) -> Span:
        """The source span of ``text[start:end]``."""
        return self.at[start], self.at[end - 1] + 1


def trim(source: str, span: Span) -> Span | None:
    start, end = span
    while start < end and source[start].isspace():
        start += 1
    while end > start and source[end - 1].isspace():
        end -= 1
    return (start, end) if start < end else None


_WHOLE_PHONE_END = re.compile(r"(?<!\d)0\d{2,3}-?\d{7,8}$")
_WHOLE_PHONE = re.compile(r"(?:1[3-9]\d{9}|0\d{2,3}-\d{7,8})(?!\d)")


def _joint(left: str, line: str, tail: str, is_apart: bool) -> str:
    """What stands between two lines of one block: nothing, or a space where words or label lines meet."""
    right = line[0]
    if left.isascii() and right.isascii() and left.isalnum() and right.isalnum():
        if left.isdigit() and right.isdigit():
            # After a whole telephone number the next line starts another one.
            is_whole = re.search(r"(?<!\d)1\d{10}$", tail) or (
                _WHOLE_PHONE_END.search(tail) and _WHOLE_PHONE.match(line)
            )
            return " " if is_whole else ""
        return " " if left.islower() and right.islower() else ""
    return " " if is_apart and is_cjk_or_figure(left) and is_cjk_or_figure(right) else ""


def is_cjk_or_figure(char: str) -> bool:
    return is_cjk(char) or char.isalnum() or char in ")）号"


def _gap(line: str, start: int, end: int, loose: bool) -> str:
    """Whether the white space ``line[start:end]`` says something (a gap between words or labels) or is setting only."""
    left, right = line[start - 1], line[end]
    if left.isascii() and left.isalnum() and right.isascii() and right.isalnum():
        return " "
    if not is_cjk_or_figure(left) or not is_cjk_or_figure(right):
        return " " if loose and left in "。.;；)）" else ""
    if left.isdigit() and is_cjk(right):
        return "" if right in UNIT_AFTER_FIGURE or not loose else " "
    if is_cjk(left) and right.isdigit():
        return "" if left in WORD_BEFORE_FIGURE else (" " if loose or end - start > 1 else "")
    left_run = re.search(f"[{CJK}]+$", line[:start][-6:])
    right_run = re.match(f"[{CJK}]+", line[end : end + 6])
    if (
        left_run
        and right_run
        and len(left_run[0]) == 1
        and (len(right_run[0]) == 1 or (start == 1 and left not in KIN))
    ):
        return ""  # spaced-out setting and two-character names: '遗 失 声 明', '张 三'
    return " "


SPACED_OUT = (6, 0.8)
"""A line of so many words, so many of them single characters, was set spaced out: no gap in it means anything."""


def _is_spaced_out(line: str) -> bool:
    words = line.split()
    return len(words) >= SPACED_OUT[0] and sum(len(word) == 1 for word in words) >= SPACED_OUT[1] * len(words)


def piece(
    source: str, spans: Iterable[Span], *, loose: bool = False, apart: Callable[[str, str], bool] | None = None
) -> Piece:
    """The text of the spans with setting-only white space closed up; ``loose`` keeps the gaps of label lines.

    ``apart`` says of the text so far and the next line (folded) whether a gap parts them.
    """
    kept: list[Span] = [t for span in spans if (t := trim(source, span)) is not None]
    chars: list[str] = []
    at: list[int] = []
    for start, end in kept:
        if chars:
            is_apart = apart is not None and apart(fold("".join(chars[-80:])), fold(source[start:end]))
            joint = _joint(fold(chars[-1]), fold(source[start:end]), fold("".join(chars[-14:])), is_apart)
            if joint:
                chars.append(joint)
                at.append(start)
        line, position = fold(source[start:end]), 0
        spaced = _is_spaced_out(line)
        for gap in _BLANKS.finditer(line):
            chars.extend(source[start + position : start + gap.start()])
            at.extend(range(start + position, start + gap.start()))
            if not spaced and _gap(line, gap.start(), gap.end(), loose):
                chars.append(" ")
                at.append(start + gap.start())
            position = gap.end()
        chars.extend(source[start + position : end])
        at.extend(range(start + position, end))
    return Piece("".join(chars), tuple(at), tuple(kept))


def cut(source: str, whole: Piece, points: Sequence[int]) -> tuple[Piece, ...]:
    """The piece cut before each of the given character positions of its text (ascending)."""
    marks = [whole.at[p] for p in points if 0 < p < len(whole.at)]
    parts: list[list[Span]] = [[]]
    todo = list(whole.spans)
    while todo:
        start, end = todo.pop(0)
        if marks and start <= marks[0] < end:
            mark = marks.pop(0)
            if mark > start:
                parts[-1].append((start, mark))
            parts.append([])
            todo.insert(0, (mark, end))
        else:
            parts[-1].append((start, end))
    made = (piece(source, spans) for spans in parts)
    return tuple(p for p in made if p.text)

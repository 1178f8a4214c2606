"""Bars, worked out on the server as the numbers an SVG needs. Whoever shows one shows its table too."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

LABEL, AREA, VALUE = 120, 420, 100  # what a row's name, its bar and its figure take of the width
BAR, GAP = 22, 12


@dataclass(frozen=True)
class Segment:
    x: int
    width: int
    tone: int
    title: str


@dataclass(frozen=True)
class Bar:
    label: str
    y: int
    segments: tuple[Segment, ...]
    end: int
    value: str

    @property
    def middle(self) -> int:
        return self.y + BAR // 2


@dataclass(frozen=True)
class Chart:
    bars: tuple[Bar, ...]
    title: str
    limit: int | None = None
    """Where the line of a limit stands."""
    limit_label: str = ""

    @property
    def width(self) -> int:
        return LABEL + AREA + VALUE

    @property
    def height(self) -> int:
        return len(self.bars) * (BAR + GAP) + GAP + (BAR if self.limit is not None else 0)

    @property
    def bar_height(self) -> int:
        return BAR


def stacked(title: str, rows: Sequence[tuple[str, Sequence[int]]], names: Sequence[str]) -> Chart:
    """A bar for each row, its numbers one after the other; the longest fills the width."""
    most = max((sum(numbers) for _, numbers in rows), default=0) or 1
    bars = []
    for index, (label, numbers) in enumerate(rows):
        segments, before = [], 0
        for tone, number in enumerate(numbers):
            start, end = _scaled(before, most), _scaled(before + number, most)
            if number:
                segments.append(Segment(LABEL + start, max(end - start, 2), tone, f"{label}，{names[tone]}：{number}"))
            before += number
        bars.append(_bar(index, label, segments, str(before)))
    return Chart(tuple(bars), title)


def against_limit(title: str, rows: Sequence[tuple[str, float, bool]], *, limit: float, limit_label: str) -> Chart:
    """A bar for each row, and a line at the limit. A row to which the limit applies has a tone of its own when it is
    over it."""
    most = max([limit * 1.25, *(value for _, value, _ in rows)])
    bars = []
    for index, (label, value, applies) in enumerate(rows):
        tone = 5 if applies and value > limit else 1
        width = max(_scaled(value, most), 2) if value else 0
        segments = [Segment(LABEL, width, tone, f"{label}：{value:.1f}")] if width else []
        bars.append(_bar(index, label, segments, f"{value:.1f}"))
    return Chart(tuple(bars), title, LABEL + _scaled(limit, most), limit_label)


def _scaled(value: float, most: float) -> int:
    return round(value / most * AREA)


def _bar(index: int, label: str, segments: Sequence[Segment], value: str) -> Bar:
    end = segments[-1].x + segments[-1].width if segments else LABEL
    return Bar(label, GAP + index * (BAR + GAP), tuple(segments), end, value)

"""Punctuation: half-width marks in Chinese text, marks that stand twice, quotes that face nowhere."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from ingest.engine.findings.pairs import list_brackets
from ingest.engine.findings.passages import Passage
from ingest.engine.text import is_cjk
from ingest.engine.types import Finding, Role

FULL = {",": "，", ":": "：", ";": "；", "?": "？", "!": "！", "(": "（", ")": "）"}
WIDE = frozenset("，。、；：？！（）“”‘’《》【】")
# With more half-width marks than this they are the habit of the extractor, and one finding says so.
HABIT = 6

_TWICE = re.compile(r"([，。、；：])\s?\1+")
_CLASHING = re.compile(r"[，、；：]\s?[，。、；：]|。\s?[，、；：]")
_END_TWICE = re.compile(r"(?<=。[”’])[。，、；]")
_DOTS = re.compile(r"(?<![.A-Za-z\d])\.{3,6}(?![.A-Za-z\d])")
_STOP = re.compile(r"(?<=[一-鿿”])\.(?=[一-鿿“]|$)")
_DASH = re.compile(r"(?<=[一-鿿”])(?:--+|－－)(?=[一-鿿“])")
_STRAIGHT = re.compile('["＂]')


def find_marks(page: Sequence[Passage]) -> Iterator[Finding]:
    """All passages of the page: whether half-width marks are a habit shows only in all of them."""
    half = [(passage, at) for passage in page if not passage.is_notice for at in half_width(passage.text)]
    if len(half) > HABIT:
        passage, at = half[0]
        message = f"中文里用了半角标点，全版共 {len(half)} 处，像是提取时的习惯：宜整版改成全角"
        yield passage.finding("half-width-page", at, at + 1, message)
    else:
        for passage, at in half:
            sign = passage.text[at]
            message = f"中文里用了半角标点 {sign} ，应为 {FULL[sign]}"
            yield passage.finding("half-width", at, at + 1, message, {at: FULL[sign]})
    for passage in page:
        yield from _of_passage(passage)


def half_width(text: str) -> list[int]:
    """Places of the half-width marks that touch Chinese text. Figures and Latin words keep theirs: 10:30, A, B."""
    found = []
    numbering = list_brackets(text)
    for at, char in enumerate(text):
        if char not in FULL or at in numbering:
            continue
        before, after = _near(text, at, -1), _near(text, at, 1)
        # An opening bracket belongs to what stands before it, a closing one to what it closes or what follows.
        if _is_wide(before) or (_is_wide(after) and not (before.isascii() and before.isalpha() and char in ":?!")):
            found.append(at)
    return found


def _near(text: str, at: int, step: int) -> str:
    """The next character that is no space, looking past two spaces at most."""
    for place in (at + step, at + 2 * step, at + 3 * step):
        if not 0 <= place < len(text):
            return " "
        if not text[place].isspace():
            return text[place]
    return " "


def _is_wide(char: str) -> bool:
    return is_cjk(char) or char in WIDE


def _of_passage(passage: Passage) -> Iterator[Finding]:
    text = passage.text
    for found in _TWICE.finditer(text):
        start, end = found.span()
        gone = {at: "" for at in range(start + 1, end) if not text[at].isspace()}
        yield passage.finding("doubled-mark", start, end, f"标点重复：{found.group(1)} 连用", gone)
    for found in _CLASHING.finditer(text):
        if text[found.start()] != text[found.end() - 1]:
            yield passage.finding("doubled-mark", *found.span(), f"两个标点连在一起：{found.group(0)}，只应留一个")
    for found in _END_TWICE.finditer(text):
        at = found.start()
        yield passage.finding("doubled-mark", at - 2, at + 1, "引文已有句号，引号外不再用标点", {at: ""})
    if passage.role in (Role.PARAGRAPH, Role.CAPTION) and not passage.is_notice:
        for found in _DOTS.finditer(text):
            signs = dict.fromkeys(range(found.start() + 2, found.end()), "")
            signs |= {found.start(): "…", found.start() + 1: "…"}
            message = "省略号应为 ……；若是提取时加的点，应删去"
            yield passage.finding("dots", *found.span(), message, signs)
        for found in _STOP.finditer(text):
            at = found.start()
            yield passage.finding("half-width", at, at + 1, "句末的半角点，应为 。", {at: "。"})
        for found in _DASH.finditer(text):
            signs = dict.fromkeys(range(found.start() + 2, found.end()), "")
            signs |= {found.start(): "—", found.start() + 1: "—"}
            yield passage.finding("half-width", *found.span(), "破折号应为 ——", signs)
    straight = [found.start() for found in _STRAIGHT.finditer(text) if _touches(text, found.start())]
    if len(straight) % 2:
        at = straight[0]
        yield passage.finding("straight-quote", at, at + 1, "直引号，应为 “ 或 ”；这一段的直引号不成双")
        return
    for left, right in zip(straight[::2], straight[1::2], strict=True):
        yield passage.finding("straight-quote", left, right + 1, "直引号，应为 “ ”", {left: "“", right: "”"})


def _touches(text: str, at: int) -> bool:
    return _is_wide(_near(text, at, -1)) or _is_wide(_near(text, at, 1))

"""From physical lines to printed paragraphs: narrow-column breaks joined, headings and sign-offs kept apart."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from ingest.engine.notices import kinds, lines
from ingest.engine.notices.text import Piece, fold, piece, width
from ingest.engine.types import Line


class Sort(StrEnum):
    """What a paragraph is, judged by itself and the line before it."""

    MASTHEAD = "masthead"
    HOTLINE = "hotline"
    HEADING = "heading"
    TEXT = "text"
    CONTACT = "contact"
    SIGN_OFF = "sign-off"
    ARTICLE = "article"  # dateline or byline


@dataclass(frozen=True, slots=True)
class Paragraph:
    sort: Sort
    piece: Piece
    numbers: tuple[int, ...]
    """The physical lines it is made of."""
    after_blank: bool
    narrow: bool

    @property
    def flat(self) -> str:
        return self.piece.flat


NARROW = (7.0, 32.0)
"""Lines of classified columns are set 10 to 26 characters wide; a full one may be a little over or under."""
HEADING_MOST = 46
"""The longest heading of one line ('某某建设投资有限公司关于…项目环境影响评价第二次公示')."""
FULL = 1.6
"""A line this near the column's measure is full: its paragraph may go on although a sentence ends."""


def heading_sort(flat: str) -> kinds.Kind | None:
    """The kind of a line that is nothing but a heading: a kind's heading alone, or after the name of who announces."""
    bare = kinds.bare_heading(flat)
    if not 1 < len(bare) <= HEADING_MOST or any(sign in bare for sign in ",。;!?:“"):
        return None
    kind = kinds.heading_kind(bare)
    if kind is not None:
        return kind
    ending = kinds.heading_ending(bare)
    if ending is None:
        return None
    kind, start = ending
    before = bare[:start]
    if before.startswith("关于") or (before.endswith("的") and "关于" in before):
        return kind
    return kind if before and (lines.is_signer(before) or before.endswith(("的", "拟", "申请"))) else None


def _first_sort(flat: str) -> Sort:
    if lines.is_masthead(flat):
        return Sort.MASTHEAD
    if lines.is_hotline(flat):
        return Sort.HOTLINE
    if lines.is_article_start(flat):
        return Sort.ARTICLE
    if heading_sort(flat) is not None:
        return Sort.HEADING
    return Sort.TEXT


def _measure(group: Sequence[Line], page: float) -> float:
    """The column's width round a line: the widest line of its group, or the page's when the group is too small to tell."""
    widest = max(width(line.text.strip()) for line in group)
    if len(group) >= 3:
        return widest
    return page if NARROW[0] <= widest <= page else widest


def _groups(source_lines: Sequence[Line]) -> list[list[Line]]:
    groups: list[list[Line]] = [[]]
    for line in source_lines:
        if line.is_blank:
            groups.append([])
        else:
            groups[-1].append(line)
    return [group for group in groups if group]


def _page_measure(source_lines: Sequence[Line]) -> float:
    """The commonest line width of a page set in narrow columns, 0 for a page of whole paragraphs."""
    widths = [width(line.text.strip()) for line in source_lines if not line.is_blank]
    narrow = [round(w) for w in widths if NARROW[0] <= w <= NARROW[1]]
    if not widths or len(narrow) < 0.6 * len(widths):
        return 0.0
    counted = Counter(narrow)
    return float(max(counted, key=lambda w: (counted[w], w)))


def find_paragraphs(source: str, source_lines: Sequence[Line]) -> tuple[Paragraph, ...]:
    """The page's paragraphs in source order; every non-blank line is in exactly one."""
    page = _page_measure(source_lines)
    found: list[Paragraph] = []
    held: list[Line] = []
    sort, held_after_blank, measure = Sort.TEXT, True, 0.0

    def close() -> None:
        if held:
            loose = sort in (Sort.CONTACT, Sort.SIGN_OFF)
            made = piece(source, [(line.start, line.end) for line in held], loose=loose)
            narrow = NARROW[0] <= measure <= NARROW[1]
            found.append(Paragraph(sort, made, tuple(line.number for line in held), held_after_blank, narrow))
            held.clear()

    visible = [(line, group) for group in _groups(source_lines) for line in group]
    for index, (line, group) in enumerate(visible):
        flat = fold(line.text).strip()
        after_blank = line is group[0]
        following = fold(visible[index + 1][0].text).strip() if index + 1 < len(visible) else ""
        here = _measure(group, page)
        text = "".join(fold(each.text).strip() for each in held)
        last = fold(held[-1].text).strip() if held else ""
        was_full = NARROW[0] <= here <= NARROW[1] and width(last) >= here - FULL
        new = _sort_after(sort if held else None, text, flat, following, after_blank, was_full)
        if new is None:
            held.append(line)
            continue
        close()
        held.append(line)
        sort, held_after_blank, measure = new, after_blank, here
    close()
    return tuple(found)


def _sort_after(
    before: Sort | None, text: str, flat: str, following: str, after_blank: bool, was_full: bool
) -> Sort | None:
    """The sort of the paragraph this line begins, or None when it carries on the one before it."""
    first = _first_sort(flat)
    settled = (
        before is None
        or before in (Sort.MASTHEAD, Sort.HOTLINE, Sort.HEADING)
        or lines.TERMINAL.search(text) is not None
    )
    if first is not Sort.TEXT and (settled or after_blank or first is not Sort.HEADING or before is not Sort.TEXT):
        return first
    if before is Sort.SIGN_OFF:
        if lines.date_at_end(text) is None and (
            lines.is_date_only(flat) or lines.is_sign_off(flat) or lines.is_signer(flat)
        ):
            return None
        settled = True
    if lines.is_contact(flat):
        if before is Sort.CONTACT:
            return None
        if settled or lines.BULLET.match(flat) is None:
            return Sort.CONTACT
    if lines.is_sign_off(flat) and (settled or before is Sort.CONTACT or (after_blank and not lines.is_date_only(flat))):
        return Sort.SIGN_OFF
    if people_label(flat):
        return Sort.SIGN_OFF
    if (settled or before is Sort.CONTACT) and lines.is_signer(flat):
        dated = lines.is_date_only(following) or lines.is_sign_off(following)
        if (
            dated
            or (before is not None
            and before is not Sort.HEADING
            and _first_sort(following) is Sort.HEADING)
            or not following
        ):
            return Sort.SIGN_OFF
    if before is Sort.CONTACT:
        return None if was_full and not after_blank else Sort.TEXT
    if lines.BULLET.match(flat) and (settled or after_blank or len(text) > 0):
        return Sort.TEXT
    if after_blank and kinds.opening_kind(flat) is not None and kinds.opening_kind(text) is not None:
        return Sort.TEXT
    if not settled:
        return None
    if before in (None, Sort.MASTHEAD, Sort.HOTLINE, Sort.HEADING, Sort.SIGN_OFF):
        return Sort.TEXT
    return None if was_full and not after_blank and kinds.opening_kind(flat) is None else Sort.TEXT


def people_label(flat: str) -> bool:
    """Whether the line begins with who signs ('声明人:'), whatever stands before it."""
    return lines.people.SIGNER_LABEL.match(flat) is not None and lines.is_signer(
        flat[: lines.date_at_end(flat)].rstrip(" ,")
    )

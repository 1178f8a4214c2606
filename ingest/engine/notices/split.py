"""Several notices run together in one paragraph, taken apart: at headings, bullets, and after a notice's close."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, replace

from ingest.engine.notices import headings, kinds, lines
from ingest.engine.notices.paragraphs import Paragraph, Sort
from ingest.engine.notices.text import Piece, cut


@dataclass(frozen=True, slots=True)
class Part:
    """A paragraph or what was cut out of one. ``begins`` is why a new notice begins here, '' when unknown."""

    sort: Sort
    piece: Piece
    numbers: tuple[int, ...]
    after_blank: bool
    narrow: bool
    begins: str = ""
    resumes: bool = False
    """It goes on, behind a blank line, in mid-sentence."""

    @property
    def flat(self) -> str:
        return self.piece.flat


INSIDE = re.compile(
    rf"(?<=[。!; \d日号)])(?P<heading>{headings.ADORN}*{headings.STRONG}{headings.ADORN}*)[:：]?(?="
    rf"[^,。;的栏)”」了中后、])"
)

BULLETS = re.compile(r"(?<=[。;!日号 \d)废明])(?P<bullet>[●○■□◆◇★☆▲△▼※◎►]+)(?=[^●○■□◆◇★☆▲△▼※◎►,。;])")
_AFTER_CLOSE = re.compile(rf"(?:作废|无效|挂失|{lines.BARE_ANNOUNCED.pattern[:-1]})(?:声明|处理)?[。.!;,]? ?")
_MOST_SIGNATURE = 60

_LOSS_NEXT = re.compile(rf"^[^。;!?:]{{2,70}}?{kinds.LOSS_WORD}(?!了|物|者|在|的|案)")
"""A subject and its loss: the next notice of a heap ('…声明作废。李四遗失…')."""


def _part(paragraph: Paragraph, piece: Piece, sort: Sort, *, first: bool, begins: str = "") -> Part:
    return Part(sort, piece, paragraph.numbers, paragraph.after_blank and first, paragraph.narrow, begins)


def split(source: str, paragraph: Paragraph) -> Iterator[Part]:
    """The paragraph as one part, or as the parts of the notices run together in it and of the columns it stands in."""
    for part in _notices_in(source, paragraph):
        yield from _at_breaks(source, paragraph, part) if paragraph.breaks else (part,)


def _at_breaks(source: str, paragraph: Paragraph, part: Part) -> Iterator[Part]:
    """The part cut where its paragraph goes on behind a blank line."""
    breaks = paragraph.breaks
    starts = [span[0] for span in paragraph.piece.spans]
    points = [bisect_left(part.piece.at, place) for place in breaks]
    for index, piece in enumerate(cut(source, part.piece, points)):
        after = bisect_right(breaks, piece.at[0])
        first = bisect_left(starts, breaks[after - 1]) if after else 0
        last = bisect_left(starts, breaks[after]) if after < len(breaks) else len(starts)
        own = paragraph.numbers[first:last]
        if index == 0:
            yield replace(part, piece=piece, numbers=own)
        else:
            yield Part(part.sort, piece, own, True, part.narrow, resumes=True)


def _notices_in(source: str, paragraph: Paragraph) -> Iterator[Part]:
    if paragraph.sort not in (Sort.TEXT, Sort.SIGN_OFF, Sort.CONTACT):
        yield _part(paragraph, paragraph.piece, paragraph.sort, first=True)
        return
    marks = cut_points(paragraph.flat)
    _mark_tail(source, paragraph.piece, marks)
    pieces = cut(source, paragraph.piece, sorted(marks))
    reasons = {paragraph.piece.at[point]: why for point, why in marks.items()}
    for index, piece in enumerate(pieces):
        why = reasons.get(piece.at[0], "")
        sort = paragraph.sort if index == 0 and paragraph.sort is not Sort.TEXT else _sort_of(piece, why)
        if index == 0 and paragraph.sort is Sort.TEXT and not why:
            sort = Sort.TEXT
            why = "bullet" if lines.BULLET.match(piece.flat) else ""
        yield _part(paragraph, piece, sort, first=index == 0, begins=why)


def _sort_of(piece: Piece, why: str) -> Sort:
    if why == "heading":
        return Sort.HEADING
    if why == "sign-off":
        return Sort.SIGN_OFF
    return Sort.TEXT


def cut_points(flat: str) -> dict[int, str]:
    """Where in a folded paragraph something new begins, and what: a heading, a bullet, an opening, a sign-off."""
    marks: dict[int, str] = {}
    start = headings.end_at_start(flat)
    if start:
        marks[0] = "heading"
        marks[start] = "body"
    for found in INSIDE.finditer(flat):
        if _is_new_after(flat[max(0, found.start() - 40) : found.start()]):
            marks[found.start()] = "heading"
            marks.setdefault(found.end(), "body")
    for found in BULLETS.finditer(flat):
        marks.setdefault(found.start(), "bullet")
    for found in _AFTER_CLOSE.finditer(flat):
        if lines.FORMULA_FIRST.fullmatch(flat[: found.end()]) is None:
            _after_close(flat, found.end(), marks)
    return _past_space(flat, marks)


def _mark_tail(source: str, whole: Piece, marks: dict[int, str]) -> None:
    """Mark a sign-off after the last sentence, when a gap or the setting (several notices in a line) parts it."""
    start = lines.inline_sign_off(whole.flat)
    if start is not None and start not in marks and (marks or source[whole.at[start] - 1].isspace()):
        marks[start] = "sign-off"


def _past_space(flat: str, marks: dict[int, str]) -> dict[int, str]:
    """The marks moved to the next character that is printed; those at the very end mark nothing."""
    moved: dict[int, str] = {}
    for point, why in sorted(marks.items()):
        at = point
        while at < len(flat) and flat[at] == " ":
            at += 1
        if at < len(flat) and (at not in moved or moved[at] == "body"):
            moved[at] = why
    return moved


def _is_new_after(before: str) -> bool:
    """Whether a heading may follow this text: a sentence, a date or a number has ended."""
    text = before.rstrip()
    return (
        lines.TERMINAL.search(text[-20:]) is not None
        or lines.date_at_end(text[-30:]) is not None
        or re.search(r"\d{7,}$|[)号]$", text[-20:]) is not None
    )


def _after_close(flat: str, start: int, marks: dict[int, str]) -> None:
    """Mark what follows a closing formula: the next loss, or a sign-off and then the next notice."""
    rest = flat[start : start + 160]
    if not rest or not lines.TERMINAL.search(flat[max(0, start - 12) : start].rstrip().rstrip(",")):
        return
    if _LOSS_NEXT.match(rest):
        signed = next((d for d in lines.DATE_ONLY_ANY.finditer(rest[:_MOST_SIGNATURE])), None)
        if signed is None or not lines.is_sign_off(rest[: signed.end()]):
            marks.setdefault(start, "opening")
            return
    for dated in lines.DATE_ONLY_ANY.finditer(rest[:_MOST_SIGNATURE]):
        if not lines.is_sign_off(rest[: dated.end()].strip()):
            continue
        following = start + dated.end()
        more = flat[following:].strip(" 。")
        if flat[start - 1] == " " or more or start in marks:
            marks.setdefault(start, "sign-off")
        if more and kinds.opening_kind(more) is not None:
            marks.setdefault(following + len(flat[following:]) - len(flat[following:].lstrip(" 。")), "opening")
        return

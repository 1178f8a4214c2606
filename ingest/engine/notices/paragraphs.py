"""From physical lines to printed paragraphs: narrow-column breaks joined, headings and sign-offs kept apart."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

from ingest.engine.notices import checks, headings, kinds, lines, people
from ingest.engine.notices.text import Piece, fold, piece, width
from ingest.engine.text import NEVER_FIRST
from ingest.engine.types import Line, Span


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
    breaks: tuple[int, ...] = ()
    """Where it goes on behind a blank line in mid-sentence: it may be another paragraph's rest that stands there."""

    @property
    def flat(self) -> str:
        return self.piece.flat


NARROW = (7.0, 32.0)
"""Lines of classified columns are set 10 to 26 characters wide; a full one may be a little over or under."""
INDENT = 2.0
"""A paragraph's first line is indented by so much, and the recogniser may have dropped it."""
FULL = 1.6
"""A line this near the column's measure is full: its paragraph may go on although a sentence ends."""


def _first_sort(flat: str) -> Sort:
    if lines.is_masthead(flat):
        return Sort.MASTHEAD
    if lines.is_hotline(flat):
        return Sort.HOTLINE
    if lines.is_article_start(flat):
        return Sort.ARTICLE
    if headings.heading_of(flat) is not None:
        return Sort.HEADING
    return Sort.TEXT


def _measure(group: Sequence[Line], index: int, page: float) -> float:
    """The column's width round a line: the widest narrow line near it, or the page's when too few are near."""
    near = [width(line.text.rstrip()) for line in group[max(0, index - NEAR) : index + NEAR + 1]]
    narrow = [each for each in near if each <= NARROW[1]]
    if width(group[index].text.rstrip()) > NARROW[1] or not narrow:
        return max(near)
    widest = max(narrow)
    if len(narrow) >= 3:
        return widest
    return page if NARROW[0] <= widest <= page else widest


NEAR = 3
"""Lines on either side that show the measure: one group may hold a narrow column after a wide one."""


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


def set_piece(source: str, sort: Sort, spans: Sequence[Span]) -> Piece:
    """The text of a paragraph's spans, with the gaps its sort of paragraph keeps."""
    if sort is Sort.SIGN_OFF:
        return piece(source, spans, loose=True, apart=_is_whole_signer)
    if sort in (Sort.MASTHEAD, Sort.HOTLINE):
        return piece(source, spans, loose=True)
    if sort is Sort.CONTACT:
        return piece(source, spans, loose=True, apart=lambda _, right: lines.is_contact(right))
    return piece(source, spans)


def begins_line(sort: Sort, above: str, flat: str) -> bool:
    """Whether a line of a signature or of contacts was set as a line by itself, and is not what a column broke."""
    if sort is Sort.CONTACT:
        return lines.is_contact(flat) and not above.rstrip().endswith((":", ",", "、"))
    whole = "".join(above.split())
    complete = any(lines.is_signer(text) or lines.is_sign_off(text) for text in (above, whole))
    return complete and (lines.is_date_only(flat) or lines.is_signer(flat) or lines.is_sign_off(flat))


def _is_whole_signer(left: str, right: str) -> bool:
    """A name broken over two lines ('…科技有限' '公司清算组') is one name."""
    last = left.split(" ")[-1]
    return lines.is_signer(last) or lines.date_at_end(right) == 0


def find_paragraphs(source: str, source_lines: Sequence[Line]) -> tuple[Paragraph, ...]:
    """The page's paragraphs in source order; every non-blank line is in exactly one."""
    page = _page_measure(source_lines)
    found: list[Paragraph] = []
    held: list[Line] = []
    read: list[str] = []
    breaks: list[int] = []
    sort, held_after_blank, measure = Sort.TEXT, True, 0.0

    def close() -> None:
        if held:
            made = set_piece(source, sort, [(line.start, line.end) for line in held])
            narrow = NARROW[0] <= measure <= NARROW[1]
            numbers = tuple(line.number for line in held)
            found.append(Paragraph(sort, made, numbers, held_after_blank, narrow, tuple(breaks)))
            held.clear()
            read.clear()
            breaks.clear()

    visible = [(line, group) for group in _groups(source_lines) for line in group]
    flats = [fold(line.text).strip() for line, _ in visible]
    for index, (line, group) in enumerate(visible):
        flat = flats[index]
        here = _measure(group, line.number - group[0].number, page)
        last = fold(held[-1].text).rstrip() if held else ""
        indent = INDENT if sort is Sort.CONTACT and lines.is_contact(last) else 0.0
        joint = _Joint(
            before=sort if held else None,
            head="".join(read[:4]),
            tail="".join(read[-3:]),
            following=tuple(flats[index + 1 : index + 1 + MOST_SIGNERS]),
            after_blank=line is group[0],
            left_in_block=len(group) - 1 - (line.number - group[0].number),
            is_full=NARROW[0] <= here <= NARROW[1] and width(line.text.rstrip()) >= here - FULL,
            is_indented=_is_indented(group, line.number - group[0].number),
            was_full=NARROW[0] <= here <= NARROW[1] and NARROW[1] >= width(last) >= here - FULL - indent,
        )
        new = _sort_after(joint, flat)
        if new is None:
            if sort is Sort.TEXT and _may_be_anothers(joint, flat):
                breaks.append(line.start)
            held.append(line)
            read.append(flat)
            continue
        close()
        held.append(line)
        read.append(flat)
        sort, held_after_blank, measure = new, joint.after_blank, here
    close()
    return tuple(found)


def _is_indented(group: Sequence[Line], index: int) -> bool:
    """Whether a line in mid-sentence is shorter by an indent, with nothing below it that had to stay whole."""
    flat = fold(group[index].text).rstrip()
    if lines.TERMINAL.search(flat) or lines.ends_in_phone(flat):
        return False
    near = (width(_HANGS.sub("", each.text.rstrip())) for each in group[max(0, index - NEAR) : index + NEAR + 1])
    measure = max((each for each in near if each <= NARROW[1]), default=0.0)
    short = measure - width(group[index].text.rstrip())
    if measure < NARROW[0] or not INDENT - SLACK <= short <= INDENT + SLACK:
        return False
    return index + 1 == len(group) or not group[index + 1].text.strip()[:1].isascii()


_HANGS = re.compile(r"[,，。、;；:：]$")
"""A mark at the end of a line may stand outside the column."""
SLACK = 0.5
"""Half-width figures make a line so much shorter or longer."""
MOST_SIGNERS = 4
"""Lines of names before the date: two companies merge, four heirs mourn."""


@dataclass(frozen=True)
class _Joint:
    """What stands before and after a line."""

    before: Sort | None
    head: str
    tail: str
    following: tuple[str, ...]
    after_blank: bool
    left_in_block: int
    """Lines before the next blank one."""
    was_full: bool
    is_full: bool
    is_indented: bool
    """It is as short as a first line is whose indent was not kept, and no sentence ends in it."""

    @property
    def next_after_blank(self) -> bool:
        return self.left_in_block == 0

    @cached_property
    def is_settled(self) -> bool:
        """Whether the paragraph before may be complete."""
        alone = self.before in (None, Sort.MASTHEAD, Sort.HOTLINE, Sort.HEADING, Sort.ARTICLE, Sort.SIGN_OFF)
        if alone or lines.TERMINAL.search(self.tail[-40:]) is not None or lines.ends_in_phone(self.tail):
            return True
        return lines.inline_sign_off(self.tail) is not None

    def ends_heading(self, flat: str) -> bool:
        """Whether the line carries a heading begun above it to its end, or nearer to it."""
        wholes = (self.head + flat, self.head + flat + (self.following[0] if self.following else ""))
        return any(headings.heading_of(whole) is not None for whole in wholes)

    @property
    def is_dated(self) -> bool:
        """Whether a date follows, with nothing but names before it."""
        for flat in self.following:
            if lines.is_date_only(flat) or lines.is_sign_off(flat):
                return True
            if not lines.is_signer(flat):
                return False
        return False


_CONTACT_TAIL = re.compile(rf"^[(]?(?:{people.CALLED}|[\d\- 、,/()转]{{7,40}})[)]?[。]?$")
"""The rest of a contact line in a narrow column: another number, or whose it is."""
_CARRIES_ON = re.compile(r"[,。、;:!?)》”’]")
"""No line after a heading begins with one of these: '…应诉通知书' / '。本院依法…' is a broken sentence."""
_ENDS_IN_NUMBER = re.compile(r"\d[\d -]{2,}[)]?$|[\d)](?:先生|女士|小姐)$")
"""A telephone number at the end of a line ends a notice as well as a full stop does."""
_GOES_ON = re.compile(r"[,、(:]$|(?:向|由|与|和|及|在|于|将|把|经|至|到|为|给|对|被|的|了|是|到|从|受|因|以)$")
"""After one of these a line of nothing but a name is the middle of a sentence."""


def _sort_after(joint: _Joint, flat: str) -> Sort | None:
    """The sort of the paragraph this line begins, or None when it carries on the one before it."""
    first = _first_sort(flat)
    if first is Sort.HEADING and joint.following and _CARRIES_ON.match(joint.following[0]):
        first = Sort.TEXT
    settled = joint.is_settled
    if _is_broken_figure(joint.tail, flat):
        return None
    if joint.before is Sort.HEADING and headings.heading_of(joint.head) is None and joint.ends_heading(flat):
        return None
    if joint.before is Sort.HEADING and first is Sort.HEADING and not joint.after_blank and headings.is_weak(flat):
        first = Sort.TEXT
    if first is Sort.HEADING and joint.before is Sort.TEXT:
        if (
            settled
            or joint.after_blank
            or not (joint.was_full or headings.is_weak(flat) or _GOES_ON.search(joint.tail))
        ):
            return first
    elif first is not Sort.TEXT:
        return first
    if joint.before is Sort.MASTHEAD and lines.is_masthead(joint.tail + flat) and not lines.is_masthead(flat):
        return None
    if joint.following and not lines.is_masthead(joint.following[0]) and lines.is_masthead(flat + joint.following[0]):
        return Sort.MASTHEAD
    if _stands_over_heading(joint, flat) or _begins_heading(joint, flat) or _is_first_half(joint, flat):
        return Sort.HEADING
    if joint.before is Sort.SIGN_OFF:
        undated = lines.date_at_end(joint.tail) is None
        goes_on = lines.is_date_only(flat) or lines.is_sign_off(flat) or lines.is_signer(flat)
        if joint.after_blank and not (lines.is_date_only(flat) or lines.is_sign_off(flat)):
            goes_on = undated = False
        if undated and (goes_on or lines.is_signer(joint.tail + flat) or lines.is_sign_off(joint.tail + flat)):
            return None
        if undated and _is_sign_off_over(joint.tail + flat, joint.following):
            return None
        settled = True
    if lines.is_contact(flat):
        if joint.before is Sort.CONTACT:
            return None
        return Sort.CONTACT if settled or not (joint.was_full or _GOES_ON.search(joint.tail)) else None
    if _is_signature(joint, flat, settled):
        return Sort.SIGN_OFF
    if lines.ends_in_phone(joint.tail) and _PHONE_FIRST.match(flat):
        return None
    if joint.before is Sort.CONTACT:
        if joint.tail.endswith(":") and not joint.after_blank:
            return None
        goes_on = (joint.was_full and not joint.after_blank) or _CONTACT_TAIL.match(flat) is not None
        goes_on = goes_on or (_ENDS_IN_STREET.search(joint.tail) is not None and _DOOR.match(flat) is not None)
        return None if goes_on else Sort.TEXT
    if lines.BULLET.match(flat):
        return Sort.TEXT
    if lines.ends_in_phone(joint.tail) and not joint.after_blank and _CONTACT_TAIL.match(flat):
        return None
    if _ITEM.match(flat) and (settled or joint.tail.endswith((":", ";"))):
        return Sort.TEXT
    if _NUMBER.match(flat) and (joint.tail.endswith(":") or (joint.tail.endswith(("。", ";")) and not joint.was_full)):
        return Sort.TEXT
    opens = kinds.opening_kind(flat) is not None or headings.end_at_start(flat) > 0
    settled = settled or (opens and _ENDS_IN_NUMBER.search(joint.tail) is not None)
    if joint.after_blank and opens and kinds.opening_kind(joint.head) is not None:
        return Sort.TEXT
    if not settled:
        return None
    if lines.ends_in_phone(joint.tail) and _WORDS_FIRST.match(flat) and lines.ends_in_phone(flat):
        return Sort.TEXT
    if joint.before is not Sort.TEXT:
        return Sort.TEXT
    goes_on = joint.was_full and not joint.after_blank and not opens and not joint.is_indented
    return None if goes_on else Sort.TEXT


def _may_be_anothers(joint: _Joint, flat: str) -> bool:
    """Whether what seems to carry on may be the rest of another paragraph that stands behind this one's open end."""
    if not joint.after_blank or joint.is_settled or flat[0] in NEVER_FIRST:
        return False
    return not _is_broken_figure(joint.tail, flat)


_ITEM = re.compile(r"^(?:[一二三四五六七八九十]{1,3}、|\([一二三四五六七八九十]\))")
"""'二、展示时间': an item of a list begins a line, and a paragraph."""
_NUMBER = re.compile(r"^\d{1,2}[.、](?=\D)")
"""'2.报废公务车辆' may as well stand in mid-line, and begin one by chance."""
_PHONE_FIRST = re.compile(r"^(?:1[3-9]\d{9}|0\d{2,3}-?\d{7,8})(?!\d)")
"""Nothing begins with a telephone number: it is one more after the one above."""
_ENDS_IN_STREET = re.compile(r"[路街道巷村区镇乡里弄园厦场城号楼栋幢座]$")
_DOOR = re.compile(r"^[A-Z]?\d{1,5}(?:-\d{1,4})*[号栋幢座楼层室][^,。;:]{0,20}$")
"""The rest of an address that a column's end has cut: '…长安路' / '1033号'."""
_WORDS_FIRST = re.compile(r"^[\u4e00-\u9fff]{4}")
"""Each line of a heap of offers ends in a number, however long the lines are."""
_FIGURE_END = re.compile(r"(?<!\d)(?<!\d-)(0\d{0,3}-?\d{0,7}|1[3-9]\d{0,8}|[48]00-?[\d-]{0,7})-?$")
_FIGURE_START = re.compile(r"^-?\d{1,10}(?![\d年月日])")
_DATE_END = re.compile(r"(?:[12]\d{0,3}|[12]\d{3}年(?:\d{1,2}月?)?)$")
_DATE_START = re.compile(r"^\d{0,3}(?:年\d{1,2}月\d{1,2}日|月\d{1,2}日|日)$")


def _is_broken_figure(tail: str, flat: str) -> bool:
    """Whether the line carries on a telephone number or a date that the line before it began."""
    begun, rest = _FIGURE_END.search(tail[-14:]), _FIGURE_START.match(flat)
    if begun and rest and checks.is_phone(begun[0] + rest[0]) and not checks.is_phone(begun[0]):
        return True
    dated = _DATE_END.search(tail[-10:])
    return dated is not None and _DATE_START.match(flat) is not None and lines.is_date_only(dated[0] + flat)


def _begins_heading(joint: _Joint, flat: str) -> bool:
    """Whether the line is the first half of a heading broken in two: '国家税务总局…税务事项通' / '知书送达公告'."""
    if (
        not joint.following
        or joint.next_after_blank
        or len(flat) < HEADING_HALF
        or not (joint.is_settled or joint.after_blank)
    ):
        return False
    if headings.heading_of(flat) is not None or lines.date_at_end(flat) is not None:
        return False
    whole = flat
    for index, line in enumerate(joint.following[: min(HEADING_LINES - 1, joint.left_in_block)]):
        is_owner = index == 0 and people.is_organisation(flat)
        if (
            lines.date_at_end(whole) is not None
            or lines.is_date_only(line)
            or (is_owner and headings.heading_of(line) is not None)
        ):
            return False
        whole += line
        if headings.heading_of(whole) is not None and not headings.is_weak(whole):
            return True
    return False


def _is_first_half(joint: _Joint, flat: str) -> bool:
    """Whether a word or less is the first of several lines that together are a heading ('债权' / '公告'), set wide or
    with blank lines between."""
    whole = "".join(flat.split())
    if people.SIGN_OFF_WORDS.search(whole):
        return False  # '家属泣告' over '公示'
    if len(whole) > HALF_MOST or not (joint.is_settled or joint.after_blank):
        return False
    for line in joint.following[: HALVES - 1]:
        more = "".join(line.split())
        if len(more) > HALF_MOST:
            return False
        whole += more
        if kinds.heading_kind(whole) is not None:
            return True
    return False


HALVES = 4
HALF_MOST = 4
HEADING_LINES = 3
HEADING_HALF = 8


def _stands_over_heading(joint: _Joint, flat: str) -> bool:
    """Whether the line is the first of a heading of two: an organisation over '减资公告' or '公 告'."""
    if not joint.following or joint.next_after_blank or not people.is_organisation(flat):
        return False
    if headings.heading_of(joint.following[0]) is None or len(kinds.bare_heading(joint.following[0])) > HEADING_UNDER:
        return False
    return joint.after_blank or joint.before in (None, Sort.MASTHEAD, Sort.HOTLINE, Sort.SIGN_OFF)


HEADING_UNDER = 14
"""The second line of such a heading is a bare one, not another organisation's."""


def _is_signature(joint: _Joint, flat: str, settled: bool) -> bool:
    """Whether the line is who signs, perhaps with the date, or begins it."""
    settled = settled or joint.before is Sort.CONTACT or _ENDS_IN_NUMBER.search(joint.tail) is not None
    if lines.is_sign_off(flat) and (settled or (joint.after_blank and not lines.is_date_only(flat))):
        return True
    label = people.SIGNER_LABEL.match(flat)
    if label and lines.is_signer(flat[: lines.date_at_end(flat)].rstrip(" ,")):
        return settled or joint.after_blank or not _GOES_ON.search(joint.tail)
    if joint.before in (None, Sort.HEADING, Sort.MASTHEAD):
        return False
    may_end = settled or not _GOES_ON.search(joint.tail)
    if not lines.is_signer(flat):
        if settled and joint.left_in_block == 1 and people.is_sure_organisation(flat + joint.following[0]):
            return not people.is_organisation(joint.following[0])  # the rest of a name alone in the last line
        is_rest = joint.was_full and (not settled or (joint.before is Sort.CONTACT and not joint.after_blank))
        return may_end and not is_rest and _is_sign_off_over(flat, joint.following)
    if joint.is_dated or _is_sign_off_over(flat, joint.following):
        return may_end
    if not settled:
        return False
    if not joint.following or _first_sort(joint.following[0]) is Sort.HEADING or people.SIGN_OFF_WORDS.search(flat):
        return True
    stands_alone = joint.after_blank and joint.next_after_blank
    if stands_alone and people.is_organisation(flat) and lines.is_contact(joint.following[0]):
        return True  # '某某公司某办事处' over whom to call
    return people.is_sure_organisation(flat) and (not joint.is_full or joint.next_after_blank)


_PLACE = re.compile(r"[\u4e00-\u9fff]{2,6}?[省市县区镇乡]")
"""How the names of local organisations begin."""
WHOLE_NAME = 6
"""'有限公司' alone on a line is the end of a name."""


def _is_sign_off_over(flat: str, following: Sequence[str]) -> bool:
    """Whether the line and the next ones together are a sign-off ('…鞋服有' '限公司' '2025年12月' '20日')."""
    if re.search(r"\d(?!\d{0,3}[年.])", flat[: lines.date_at_end(flat)]) and not re.search(
        r"(?<!\d)(?:[12]|19\d{0,2}|20\d{0,2})$", flat
    ):
        return False  # '街88号6楼' is the rest of an address
    if lines.TERMINAL.search(flat) or people.TITLED.search(flat):
        return False
    next_is_name = bool(following) and len(following[0]) >= WHOLE_NAME
    if next_is_name and (lines.is_signer(following[0]) or lines.is_sign_off(following[0])) and not _PLACE.match(flat):
        return False  # the next line is a whole name: this one is no part of it
    whole = flat
    for line in following[: MOST_SIGNERS - 1]:
        whole += line
        if len(whole) > lines.SIGN_OFF_MOST:
            return False
        if lines.is_sign_off(whole):
            return True
    return False

"""Several notices run together in one paragraph, taken apart: at headings, bullets, and after a notice's close."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from ingest.engine.notices import kinds, lines
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
    gap_before: bool = True
    """False when it stands in the same line as the part before it."""

    @property
    def flat(self) -> str:
        return self.piece.flat


_ADORN = r"[●○■□◆◇★☆▲△▼※◎*\[\]《》<>\-=_~ ]"
_STRONG = (
    r"(?:遗失(?:作废)?(?:声明|启事|公告)|(?:公章|证件|发票|收据|合同)?(?:声明作废|作废声明)|挂失声明|(?:拟|简易)?注销(?:登记|清算)?(?:公告|声明)|(?:解散)?清算(?:组)?公告|债权(?:人)?(?:债务)?(?:申报)?公告"
    r"|减资公告|减少注册资本公告|吸收合并公告|合并公告|更名公告|(?:公司)?名称变更(?:公告|声明)|债权转让(?:暨[^,。;:]{2,8})?(?:通知)?公告|(?:网络)?拍卖公告|招标公告|招租(?:公告|启事|信息)|转让(?:启事|公告|信息)"
    r"|招聘(?:启事|信息)|招工启事|寻人启事|寻物启事|(?:失物)?招领启事|招领公告|寻亲公告|讣告|鸣谢(?:启事)?|致谢|解除劳动(?:合同|关系)(?:通知书|公告|通知)|行政处罚(?:决定书)?(?:送达)?公告|继承公告|交房公告|交付公告"
    r"|业主大会公告|迁坟(?:公告|通告)|停电(?:公告|通知)|停水(?:通知|公告)|严正声明|郑重声明|道歉声明|致歉声明|更正(?:启事|公告|声明|说明)|出租信息|转让出租|便民服务)"
)
"""Headings firm enough to be seen inside a line."""
AT_START = re.compile(
    rf"^(?:{_ADORN}*(?P<heading>{_STRONG}){_ADORN}*(?P<mark>[:：]|(?<=[\] ●■◆★☆▲*>])|(?= )|))(?=[^,。;的栏)”」了中后])"
)
BRACKETED = re.compile(r"^[●■◆★☆▲◎* ]*\[(?P<heading>[^\[\]]{2,24})\] ?[:：]?(?=.)")
INSIDE = re.compile(rf"(?<=[。!; \d日号)])(?P<heading>{_ADORN}*{_STRONG}{_ADORN}*)[:：]?(?=[^,。;的栏)”」了中后、])")

BULLETS = re.compile(r"(?<=[。;!日号 \d)废明])(?P<bullet>[●○■□◆◇★☆▲△▼※◎►]+)(?=[^●○■□◆◇★☆▲△▼※◎►,。;])")
_AFTER_CLOSE = re.compile(rf"(?:作废|无效|挂失|{lines.BARE_ANNOUNCED.pattern[:-1]})(?:声明|处理)?[。.!;,]? ?")
_MOST_SIGNATURE = 60

_LOSS_NEXT = re.compile(rf"^[^。;!?:]{{2,70}}?{kinds.LOSS_WORD}(?!了|物|者|在|的|案)")
"""A subject and its loss: the next notice of a heap ('…声明作废。李四遗失…')."""


def _part(paragraph: Paragraph, piece: Piece, sort: Sort, *, first: bool, begins: str = "") -> Part:
    return Part(sort, piece, paragraph.numbers, paragraph.after_blank and first, paragraph.narrow, begins, first)


def split(source: str, paragraph: Paragraph) -> Iterator[Part]:
    """The paragraph as one part, or as the parts of the notices run together in it."""
    if paragraph.sort not in (Sort.TEXT, Sort.SIGN_OFF, Sort.CONTACT):
        yield _part(paragraph, paragraph.piece, paragraph.sort, first=True)
        return
    marks = cut_points(paragraph.flat)
    pieces = cut(source, paragraph.piece, sorted(marks))
    offset = 0
    for index, piece in enumerate(pieces):
        why = marks.get(_origin(paragraph.piece, piece), "")
        sort = paragraph.sort if index == 0 and paragraph.sort is not Sort.TEXT else _sort_of(piece, why)
        if index == 0 and paragraph.sort is Sort.TEXT and not why:
            sort = Sort.TEXT
            why = "bullet" if lines.BULLET.match(piece.flat) else ""
        yield _part(paragraph, piece, sort, first=index == 0, begins=why)
        offset += len(piece.text)


def _origin(whole: Piece, piece: Piece) -> int:
    return whole.at.index(piece.at[0])


def _sort_of(piece: Piece, why: str) -> Sort:
    if why == "heading":
        return Sort.HEADING
    if why == "sign-off":
        return Sort.SIGN_OFF
    return Sort.TEXT


def cut_points(flat: str) -> dict[int, str]:
    """Where in a folded paragraph something new begins, and what: a heading, a bullet, an opening, a sign-off."""
    marks: dict[int, str] = {}
    start = heading_at_start(flat)
    if start:
        marks[0] = "heading"
        marks[start] = "body"
    for found in INSIDE.finditer(flat):
        if _is_new_after(flat[: found.start()]):
            marks[found.start()] = "heading"
            marks.setdefault(found.end(), "body")
    for found in BULLETS.finditer(flat):
        marks.setdefault(found.start(), "bullet")
    for found in _AFTER_CLOSE.finditer(flat):
        _after_close(flat, found.end(), marks)
    return marks


def heading_at_start(flat: str) -> int:
    """Where the body begins after a heading in the same line ('遗失声明:张三…', '[招租]店面…'), else 0."""
    found = AT_START.match(flat)
    if found and (
        found["mark"]
        or (found.end() < len(flat)
        and kinds.opening_kind(flat[found.end() :]) is not None)
        or len(found["heading"]) >= 4
    ):
        return found.end()
    bracketed = BRACKETED.match(flat)
    if bracketed and kinds.heading_kind(kinds.bare_heading(bracketed["heading"])) is not None:
        return bracketed.end()
    return 0


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

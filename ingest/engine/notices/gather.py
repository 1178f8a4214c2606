"""The parts of a page walked over in order, and gathered into drafts of notices; what is of none stays loose."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import takewhile

from ingest.engine.notices import evidence, headings, kinds, lines
from ingest.engine.notices.drafts import Draft, is_offer
from ingest.engine.notices.paragraphs import Sort
from ingest.engine.notices.split import Part
from ingest.engine.notices.text import Piece, width


class Gatherer:
    """Walks over the parts of a page. ``drafts`` are in printed order: notices, loose text, headings by themselves."""

    def __init__(self) -> None:
        self.drafts: list[Draft] = []
        self.furniture: list[Part] = []
        self._draft: Draft | None = None
        self._shared: kinds.Kind | None = None
        self._after_article = self._after_masthead = False

    def take(self, part: Part, following: Sequence[Part]) -> None:
        draft = self._draft
        if part.sort in (Sort.MASTHEAD, Sort.HOTLINE):
            self._finish()
            self.furniture.append(part)
            self._after_masthead |= part.sort is Sort.MASTHEAD
        elif part.sort is Sort.ARTICLE:
            self._finish()
            self._after_article, self._after_masthead = True, False
        elif part.sort is Sort.HEADING:
            self._heading(part)
        elif draft is None or draft.is_loose:
            self._without_notice(part, following)
        elif _begins_another(draft, part):
            self._finish(keep_kind=True)
            self._begin(part, _with_rest(part, following))
        elif _is_over(draft, part, following):
            self._finish(keep_kind=True)
            self._without_notice(part, following)
        else:
            draft.add(part)

    def finish(self) -> None:
        self._finish()

    def _heading(self, part: Part) -> None:
        draft = self._draft
        if draft is not None and draft.heading and not draft.parts and not _is_another_heading(draft, part):
            draft.heading.append(part)
        else:
            self._finish()
            self._open(Draft(heading=[part]))

    def _without_notice(self, part: Part, following: Sequence[Part]) -> None:
        whole = _with_rest(part, following)
        if part.sort is Sort.TEXT and not part.resumes and _begins_headless(part, whole):
            self._finish(keep_kind=self._draft is None)
            self._begin(part, whole)
        elif self._draft is None:
            self._open(Draft(is_loose=True), part)
        else:
            self._draft.add(part)

    def _begin(self, part: Part, whole: str) -> None:
        self._open(Draft(shared_kind=self._shared, opening=kinds.opening_kind(whole)), part)

    def _open(self, draft: Draft, *parts: Part) -> None:
        draft.add(*parts)
        draft.after_article, draft.after_masthead = self._after_article, self._after_masthead
        self._after_article = self._after_masthead = False
        self._draft = draft

    def _finish(self, *, keep_kind: bool = False) -> None:
        draft = self._draft
        if draft is not None:
            self.drafts.append(draft)
        if not keep_kind:
            self._shared = None
        elif draft is not None:
            self._shared = draft.heading_kind or draft.shared_kind
        self._draft = None


def _with_rest(part: Part, following: Sequence[Part]) -> str:
    """The text of a paragraph that goes on behind blank lines, as it would read."""
    return part.flat + "".join(each.flat for each in takewhile(lambda each: each.resumes, following))


def _is_another_heading(draft: Draft, part: Part) -> bool:
    """Whether a heading below a heading is another notice's: both say what they are, a blank line between."""
    if not part.after_blank:
        return False
    above = "".join(each.flat for each in draft.heading)
    if kinds.heading_kind(kinds.bare_heading(above + part.flat)) is not None:
        return False
    return headings.heading_of(above) is not None and headings.heading_of(part.flat) is not None


def _begins_headless(part: Part, flat: str) -> bool:
    """Whether a notice can begin here with no heading: only in the words notices begin with."""
    if evidence.article_points(flat) < 0:
        return False
    return part.begins in ("bullet", "opening") or kinds.opening_kind(flat) is not None


def _begins_another(draft: Draft, part: Part) -> bool:
    """Whether a part under the same heading is the next notice of a heap."""
    if not draft.parts or part.sort is not Sort.TEXT:
        return False
    if part.begins in ("bullet", "opening"):
        return True
    if not draft.is_closed or evidence.article_points(part.flat) < 0:
        return False
    opening = kinds.opening_kind(part.flat)
    kind = draft.heading_kind or draft.shared_kind or draft.opening
    if is_offer(draft.parts[-1].flat, kind) and is_offer(part.flat, kind):
        return True
    if opening is None:
        return False
    if part.after_blank and evidence.body_points(part.flat)[0] >= evidence.ENOUGH_BARE:
        return True
    return opening is kind or draft.has_sign_off or (kind is not None and kind.name in (kinds.LOST, "声明作废"))


CARRIES_ON_WORDS = re.compile(
    r"^(?:附|注|备注|\(|[一二三四五六七八九十]{1,3}[、,]|\d{1,2}[、.,)]|联系|特此|逾期|敬请|详情|以上"
    r"|有意[^,。;:]{0,8}者|(?:竞买|投标|报名|应聘)(?:人|者|时间|地点|手续)|标的|展示时间)"
)
"""How the further paragraphs of a notice begin: '一、拍卖标的', '附:…', '特此公告', '有意竞买者请于…'."""
_HEADLINE_MOST = 40


SIGNED_WITHIN = 3
"""A last paragraph, a contact line and then the signature: no article in between is signed and dated."""


def _is_signed_soon(following: Sequence[Part]) -> bool:
    for part in following:
        if part.sort is Sort.SIGN_OFF:
            return lines.date_at_end(part.flat) is not None
        if part.sort not in (Sort.TEXT, Sort.CONTACT) or _begins_with_headline(part):
            return False
    return False


def _is_over(draft: Draft, part: Part, following: Sequence[Part]) -> bool:
    """Whether the notice has ended before this part."""
    if not draft.parts:
        return evidence.article_points(part.flat) <= evidence.ARTICLE_MOST
    if part.sort is Sort.SIGN_OFF:
        last = draft.parts[-1]
        return last.sort is Sort.SIGN_OFF and lines.date_at_end(last.flat) is not None and part.after_blank
    if part.sort is Sort.CONTACT:
        return False
    if draft.has_sign_off:
        return True
    if not draft.is_closed or draft.parts[-1].flat.endswith(":"):
        return False
    if CARRIES_ON_WORDS.match(part.flat):
        return False
    last = draft.parts[-1]
    if last.sort is Sort.CONTACT or lines.ends_in_phone(last.flat):
        return True
    is_cut = bool(following) and following[0].resumes
    if (not is_cut and _begins_with_headline(part)) or _ENDS_CLOSED.search(draft.parts[-1].flat):
        return True
    points, _ = evidence.body_points(part.flat)
    if points == 0 and not part.after_blank and not lines.is_complete(part.flat):
        return False  # at a column's foot: what would tell stands elsewhere
    if points >= 0 and _is_signed_soon(following):
        return False
    return points <= 0 or evidence.article_points(part.flat) < 0


def _begins_with_headline(part: Part) -> bool:
    """Whether the part is a headline, or one with its article under it: a short first line and no sentence."""
    piece = part.piece
    first = piece.flat[: sum(1 for position in piece.at if position < piece.spans[0][1])]
    if len(first) > _HEADLINE_MOST or _SENTENCE.search(first) or lines.TERMINAL.search(first):
        return False
    return len(piece.spans) == 1 or width(first) + _HEADLINE_SHORTER < _span_width(piece, 1)


_SENTENCE = re.compile(r"[,。;:]|[请须凡]|\d(?:时|日|月)")
"""No headline: '有意竞买者请于4月27日17时' is a line cut by its column."""
_HEADLINE_SHORTER = 2.0
"""A line inside a paragraph is as long as the next one; a headline ends where it ends."""


def _span_width(piece: Piece, index: int) -> float:
    start, end = piece.spans[index]
    return width("".join(char for char, position in zip(piece.text, piece.at, strict=True) if start <= position < end))


_ENDS_CLOSED = re.compile(rf"(?:{lines.CLOSING.pattern})$")

"""From parts to notices: sections under a masthead, heaps under one heading, single notices between articles.

One heading over several notices stays with the first; the others have no heading and take its kind.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from ingest.engine.notices import evidence, kinds, lines, people
from ingest.engine.notices.paragraphs import Sort
from ingest.engine.notices.split import Part
from ingest.engine.notices.text import Piece, width


@dataclass(slots=True)
class Draft:
    """A notice being gathered; it never leaves this package."""

    heading: list[Part] = field(default_factory=list)
    shared_kind: kinds.Kind | None = None
    opening: kinds.Kind | None = None
    parts: list[Part] = field(default_factory=list)
    in_section: bool = False
    points: float = 0.0
    signs: tuple[str, ...] = ()

    @property
    def flat(self) -> str:
        return "".join(part.flat for part in self.parts)

    @property
    def all_parts(self) -> list[Part]:
        return [*self.heading, *self.parts]

    @property
    def heading_kind(self) -> kinds.Kind | None:
        if not self.heading:
            return None
        bare = kinds.bare_heading("".join(part.flat for part in self.heading))
        whole = kinds.heading_kind(bare)
        ending = kinds.heading_ending(bare)
        return whole or (ending[0] if ending else None)

    @property
    def is_general(self) -> bool:
        return bool(self.heading) and kinds.GENERAL_HEADING.match(kinds.bare_heading(self.heading[-1].flat)) is not None

    @property
    def has_sign_off(self) -> bool:
        return any(part.sort is Sort.SIGN_OFF for part in self.parts)

    @property
    def is_signed_by_organisation(self) -> bool:
        last = self.parts[-1].flat
        return people.is_organisation(last[: lines.date_at_end(last)].strip())

    @property
    def is_closed(self) -> bool:
        """Whether nothing more is needed: a signature with its date, or a closing formula at the end."""
        if not self.parts:
            return False
        last = self.parts[-1]
        if last.sort is Sort.SIGN_OFF:
            return True
        ended = (lines.TERMINAL.search(last.flat) is not None and not last.flat.endswith(";")) or lines.ends_in_phone(
            last.flat
        )
        ended = ended or lines.inline_sign_off(last.flat) is not None
        return self.has_sign_off or ended or last.sort is Sort.CONTACT


@dataclass(frozen=True, slots=True)
class Grouped:
    drafts: tuple[Draft, ...]
    furniture: tuple[Part, ...]


def group(parts: Sequence[Part]) -> Grouped:
    """The notices among the parts of a page, each with enough evidence, and the furniture of their sections."""
    gatherer = _Gatherer()
    for index, part in enumerate(parts):
        gatherer.take(part, parts[index + 1 : index + 1 + SIGNED_WITHIN])
    gatherer.finish()
    kept = [draft for run in gatherer.runs for draft in _confirm(run)]
    furniture = [part for part in gatherer.furniture if part.sort is Sort.HOTLINE or _stands_over(part, kept)]
    return Grouped(tuple(kept), tuple(furniture))


def _stands_over(masthead: Part, kept: Sequence[Draft]) -> bool:
    """A masthead is one when a notice follows it: within a few lines, whatever hotlines stand between."""
    line = masthead.numbers[-1]
    return any(0 < draft.all_parts[0].numbers[0] - line <= NEAR_LINES for draft in kept)


NEAR_LINES = 12
"""Blank lines, a hotline and a disclaimer stand between a masthead and its first notice."""


class _Gatherer:
    """Walks over the parts of a page; ``runs`` are neighbourhoods with nothing but notices in them."""

    def __init__(self) -> None:
        self.runs: list[list[Draft]] = [[]]
        self.furniture: list[Part] = []
        self._draft: Draft | None = None
        self._shared: kinds.Kind | None = None
        self._in_section = False

    def take(self, part: Part, following: Sequence[Part]) -> None:
        if part.sort in (Sort.MASTHEAD, Sort.HOTLINE):
            self._furniture(part)
        elif part.sort is Sort.ARTICLE:
            self._leave()
        elif part.sort is Sort.HEADING:
            self._heading(part)
        elif self._draft is None:
            self._without_draft(part)
        elif _begins_another(self._draft, part):
            self._finish(keep_kind=True)
            self._begin(part)
        elif _is_over(self._draft, part, following):
            self._finish(keep_kind=True)
            self._without_draft(part)
        else:
            self._draft.parts.append(part)

    def finish(self) -> None:
        self._finish()

    def _furniture(self, part: Part) -> None:
        self._finish()
        self.furniture.append(part)
        if part.sort is Sort.MASTHEAD:
            self._in_section = True

    def _heading(self, part: Part) -> None:
        if self._draft is not None and not self._draft.parts and self._draft.heading:
            self._draft.heading.append(part)
        else:
            self._finish()
            self._draft = Draft(heading=[part], in_section=self._in_section)

    def _without_draft(self, part: Part) -> None:
        if part.sort is Sort.TEXT and _begins_headless(part):
            self._begin(part)
        elif part.sort is Sort.TEXT or not self._in_section:
            self._leave()

    def _begin(self, part: Part) -> None:
        self._draft = Draft(
            shared_kind=self._shared, opening=kinds.opening_kind(part.flat), in_section=self._in_section
        )
        self._draft.parts.append(part)

    def _finish(self, *, keep_kind: bool = False) -> None:
        self._shared = (self._draft.heading_kind or self._draft.shared_kind) if keep_kind and self._draft else None
        if self._draft is not None and self._draft.parts:
            self.runs[-1].append(self._draft)
        self._draft = None

    def _leave(self) -> None:
        """What is no notice ends the section and the neighbourhood."""
        self._finish()
        self._in_section = False
        self.runs.append([])


def _begins_headless(part: Part) -> bool:
    """Whether a notice can begin here with no heading: only in the words notices begin with."""
    if evidence.article_points(part.flat) < 0:
        return False
    return part.begins in ("bullet", "opening") or kinds.opening_kind(part.flat) is not None


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
    if _is_offer(draft.parts[-1].flat, kind) and _is_offer(part.flat, kind):
        return True
    if opening is None:
        return False
    if part.after_blank and evidence.body_points(part.flat)[0] >= evidence.ENOUGH_BARE:
        return True
    return opening is kind or draft.has_sign_off or (kind is not None and kind.name in (kinds.LOST, "声明作废"))


OFFERS = frozenset({"便民服务", "转让出租", "招租", "招聘启事"})
"""Kinds printed in heaps under one heading, each in a line or two that ends with whom to call."""


def _is_offer(flat: str, kind: kinds.Kind | None) -> bool:
    return kind is not None and kind.name in OFFERS and lines.ends_in_phone(flat) and not lines.is_contact(flat)


_CARRIES_ON = re.compile(
    r"^(?:附|注|备注|\(|[一二三四五六七八九十]{1,3}[、,]|\d{1,2}[、.,)]|联系|特此|逾期|敬请|详情|以上)"
)
"""How the further paragraphs of a notice begin: '一、拍卖标的', '附:…', '特此公告'."""
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
    if _CARRIES_ON.match(part.flat):
        return False
    last = draft.parts[-1]
    if last.sort is Sort.CONTACT or lines.ends_in_phone(last.flat):
        return True
    if _begins_with_headline(part) or _ENDS_CLOSED.search(draft.parts[-1].flat):
        return True
    points, _ = evidence.body_points(part.flat)
    if points >= 0 and _is_signed_soon(following):
        return False
    return points <= 0 or evidence.article_points(part.flat) < 0


def _begins_with_headline(part: Part) -> bool:
    """Whether the part is a headline, or one with its article under it: a short first line and no sentence."""
    piece = part.piece
    first = piece.flat[: sum(1 for position in piece.at if position < piece.spans[0][1])]
    if len(first) > _HEADLINE_MOST or re.search(r"[,。;:]", first) or lines.TERMINAL.search(first):
        return False
    return len(piece.spans) == 1 or width(first) + _HEADLINE_SHORTER < _span_width(piece, 1)


_HEADLINE_SHORTER = 2.0
"""A line inside a paragraph is as long as the next one; a headline ends where it ends."""


def _span_width(piece: Piece, index: int) -> float:
    start, end = piece.spans[index]
    return width("".join(char for char, position in zip(piece.text, piece.at, strict=True) if start <= position < end))


_ENDS_CLOSED = re.compile(rf"(?:{lines.CLOSING.pattern})$")


def _confirm(drafts: Sequence[Draft]) -> list[Draft]:
    """The drafts with enough evidence; a sure neighbour lends some."""
    kept: list[Draft] = []
    for draft in drafts:
        points, draft.signs = evidence.body_points(draft.flat)
        if draft.heading:
            bare = kinds.bare_heading("".join(part.flat for part in draft.heading))
            points += evidence.heading_points(bare, is_general=draft.is_general)
        elif draft.shared_kind is not None:
            points += 1.0
        if _is_offer(draft.flat, draft.heading_kind):
            points += 1.0
        if draft.has_sign_off and any(
            lines.date_at_end(p.flat) is not None for p in draft.parts if p.sort is Sort.SIGN_OFF
        ):
            points += evidence.ORGANISATION_SIGNED if draft.is_signed_by_organisation else evidence.PERSON_SIGNED
        draft.points = points
    for index, draft in enumerate(drafts):
        sure_before = index > 0 and drafts[index - 1].points >= evidence.ENOUGH + 1
        is_next_offer = (
            index > 0 and bool(kept) and kept[-1] is drafts[index - 1] and _is_offer(draft.flat, draft.shared_kind)
        )
        if draft.in_section or is_next_offer or (sure_before and (draft.heading or draft.shared_kind)):
            marked = draft.heading or draft.shared_kind or draft.parts[0].begins == "bullet"
            needed = evidence.ENOUGH_IN_SECTION if marked else evidence.ENOUGH_BARE_IN_SECTION
        else:
            needed = evidence.ENOUGH if draft.heading else evidence.ENOUGH_BARE
        if draft.points >= needed:
            kept.append(draft)
    return kept


_SPEAKS_OF_LOSS = re.compile(rf"{kinds.LOSS_WORD}|作废|停用|停止使用")


def kind_of(draft: Draft) -> kinds.Kind:
    """The kind: what the heading says, unless it says nothing; then what the body says."""
    headed = draft.heading_kind or draft.shared_kind
    if draft.parts[0].begins == "bullet" and headed is not None and not headed.has_documents:
        lost = kinds.body_kind(draft.flat)  # a list of losses goes on below whatever stands between
        if lost is not None and lost.name == kinds.LOST:
            return lost
    if not draft.heading and headed is not None and headed.has_documents and not _SPEAKS_OF_LOSS.search(draft.flat):
        headed = draft.opening or headed  # below a heap of losses, without a heading of its own
    if headed is not None and not draft.is_general and headed.name not in (kinds.OTHER, "声明"):
        return headed
    body = kinds.body_kind(draft.flat)
    if body is not None and (draft.opening is None or draft.opening.name == kinds.OTHER):
        return body
    return body or draft.opening or headed or kinds.BY_NAME[kinds.OTHER]

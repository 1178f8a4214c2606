"""A notice while it is gathered: its heading, its parts, and what its kind is."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from ingest.engine.notices import kinds, lines, people
from ingest.engine.notices.paragraphs import Sort
from ingest.engine.notices.split import Part


@dataclass(slots=True)
class Draft:
    """A notice being gathered; it never leaves this package."""

    heading: list[Part] = field(default_factory=list)
    shared_kind: kinds.Kind | None = None
    opening: kinds.Kind | None = None
    parts: list[Part] = field(default_factory=list)
    """Only `add` adds to them."""
    is_loose: bool = False
    """Nothing says that a notice begins here: the rest of one, or an article."""
    after_article: bool = False
    after_masthead: bool = False
    in_section: bool = False
    has_sign_off: bool = False
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

    def add(self, *parts: Part) -> None:
        self.parts.extend(parts)
        self.has_sign_off = self.has_sign_off or any(part.sort is Sort.SIGN_OFF for part in parts)

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


OFFERS = frozenset({"便民服务", "转让出租", "招租", "招聘启事"})
"""Kinds printed in heaps under one heading, each in a line or two that ends with whom to call."""


def is_offer(flat: str, kind: kinds.Kind | None) -> bool:
    return kind is not None and kind.name in OFFERS and lines.ends_in_phone(flat) and not lines.is_contact(flat)

"""From parts to notices: sections under a masthead, heaps under one heading, single notices between articles.

One heading over several notices stays with the first; the others have no heading and take its kind.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from ingest.engine.notices import evidence, kinds, lines, people
from ingest.engine.notices.paragraphs import Sort
from ingest.engine.notices.split import Part


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
        return self.has_sign_off or lines.TERMINAL.search(last.flat) is not None or last.sort is Sort.CONTACT


@dataclass(frozen=True, slots=True)
class Grouped:
    drafts: tuple[Draft, ...]
    furniture: tuple[Part, ...]


def group(parts: Sequence[Part]) -> Grouped:
    """The notices among the parts of a page, each with enough evidence, and the furniture of their sections."""
    furniture: list[Part] = []
    drafts: list[Draft] = []
    for gathered in _gather(parts, furniture):
        drafts.extend(gathered)
    kept = _confirm(drafts)
    mastheads = [part for part in furniture if part.sort is Sort.HOTLINE or _stands_over(part, kept)]
    return Grouped(tuple(kept), tuple(mastheads))


def _stands_over(masthead: Part, kept: Sequence[Draft]) -> bool:
    """A masthead is one when a notice follows it: within a few lines, whatever hotlines stand between."""
    line = masthead.numbers[-1]
    return any(0 < draft.all_parts[0].numbers[0] - line <= NEAR_LINES for draft in kept)


NEAR_LINES = 12
"""Blank lines, a hotline and a disclaimer stand between a masthead and its first notice."""


def _gather(parts: Sequence[Part], furniture: list[Part]) -> Iterator[list[Draft]]:
    """Drafts in page order, each list one neighbourhood (nothing but notices between its first and last part)."""
    run: list[Draft] = []
    draft: Draft | None = None
    shared: kinds.Kind | None = None
    in_section = False

    def finish() -> None:
        nonlocal draft
        if draft is not None and draft.parts:
            run.append(draft)
        draft = None

    for index, part in enumerate(parts):
        if part.sort in (Sort.MASTHEAD, Sort.HOTLINE):
            finish()
            furniture.append(part)
            if part.sort is Sort.MASTHEAD:
                in_section, shared = True, None
            continue
        if part.sort is Sort.ARTICLE:
            finish()
            in_section, shared = False, None
            yield run
            run = []
            continue
        if part.sort is Sort.HEADING:
            if draft is not None and not draft.parts and draft.heading:
                draft.heading.append(part)
            else:
                finish()
                draft = Draft(heading=[part], in_section=in_section)
            shared = None
            continue
        if draft is None:
            opening = kinds.opening_kind(part.flat) if part.sort is Sort.TEXT else None
            if (
                opening is not None
                or part.begins in ("bullet", "opening")
                or (in_section and part.sort is not Sort.SIGN_OFF)
            ):
                draft = Draft(shared_kind=shared, opening=opening, in_section=in_section)
                draft.parts.append(part)
            elif not in_section:
                shared = None
                yield run
                run = []
            continue
        if _begins_another(draft, part, parts[index + 1] if index + 1 < len(parts) else None):
            shared = draft.heading_kind or draft.shared_kind
            finish()
            opening = kinds.opening_kind(part.flat)
            draft = Draft(shared_kind=shared, opening=opening, in_section=in_section)
            draft.parts.append(part)
            continue
        if _is_over(draft, part, in_section):
            shared = draft.heading_kind or draft.shared_kind
            finish()
            if in_section and evidence.article_points(part.flat) > evidence.ARTICLE_WEIGHT * 2:
                draft = Draft(shared_kind=shared, in_section=True)
                draft.parts.append(part)
            else:
                in_section, shared = False, None
                yield run
                run = []
            continue
        draft.parts.append(part)
    finish()
    yield run


def _begins_another(draft: Draft, part: Part, following: Part | None) -> bool:
    """Whether a part under the same heading is the next notice of a heap."""
    if not draft.parts or part.sort is not Sort.TEXT:
        return False
    if part.begins in ("bullet", "opening"):
        return True
    if not draft.is_closed:
        return False
    opening = kinds.opening_kind(part.flat)
    if opening is None:
        return False
    kind = draft.heading_kind or draft.shared_kind or draft.opening
    return opening is kind or draft.has_sign_off or (kind is not None and kind.name in (kinds.LOST, "声明作废"))


def _is_over(draft: Draft, part: Part, in_section: bool) -> bool:
    """Whether the notice has ended before this part."""
    if not draft.parts:
        return evidence.article_points(part.flat) <= evidence.ARTICLE_MOST
    if part.sort is Sort.SIGN_OFF:
        return (
            draft.has_sign_off
            and lines.date_at_end(draft.parts[-1].flat) is not None
            and draft.parts[-1].sort is Sort.SIGN_OFF
            and part.after_blank
        )
    if part.sort is Sort.CONTACT:
        return False
    if draft.has_sign_off:
        return True
    if not draft.is_closed:
        return False
    last = draft.parts[-1].flat
    if re.search(rf"(?:{lines.CLOSING.pattern})$", last) and not re.match(
        r"^(?:附|注|备注|\(|[一二三四五六七八九十]{1,3}[、,]|\d{1,2}[、.,)])", part.flat
    ):
        return True
    if evidence.article_points(part.flat) < 0:
        return not in_section or evidence.body_points(part.flat)[0] <= 0
    if in_section:
        return False
    return (
        part.after_blank
        and evidence.body_points(part.flat)[0] <= 0
        and not re.match(r"^(?:[一二三四五六七八九十]{1,3}[、,]|\(|\d{1,2}[、.,)])", part.flat)
    )


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
        if draft.has_sign_off and any(
            lines.date_at_end(p.flat) is not None for p in draft.parts if p.sort is Sort.SIGN_OFF
        ):
            points += evidence.ORGANISATION_SIGNED if draft.is_signed_by_organisation else evidence.PERSON_SIGNED
        draft.points = points
    for index, draft in enumerate(drafts):
        sure_before = index > 0 and drafts[index - 1].points >= evidence.ENOUGH + 1
        if draft.in_section or (sure_before and (draft.heading or draft.shared_kind)):
            needed = evidence.ENOUGH_IN_SECTION
        else:
            needed = evidence.ENOUGH if draft.heading else evidence.ENOUGH_BARE
        if draft.points >= needed:
            kept.append(draft)
    return kept


def kind_of(draft: Draft) -> kinds.Kind:
    """The kind: what the heading says, unless it says nothing; then what the body says."""
    headed = draft.heading_kind or draft.shared_kind
    if headed is not None and not draft.is_general and headed.name not in (kinds.OTHER, "声明"):
        return headed
    body = kinds.body_kind(draft.flat)
    if body is not None and (draft.opening is None or draft.opening.name == kinds.OTHER):
        return body
    return body or draft.opening or headed or kinds.BY_NAME[kinds.OTHER]

"""From parts to notices: sections under a masthead, heaps under one heading, single notices between articles.

One heading over several notices stays with the first; the others have no heading and take its kind.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ingest.engine.notices import evidence, kinds, lines
from ingest.engine.notices.drafts import Draft, is_offer
from ingest.engine.notices.gather import SIGNED_WITHIN, Gatherer
from ingest.engine.notices.owners import settle
from ingest.engine.notices.paragraphs import Sort
from ingest.engine.notices.split import Part


@dataclass(frozen=True, slots=True)
class Grouped:
    drafts: tuple[Draft, ...]
    furniture: tuple[Part, ...]


def group(source: str, parts: Sequence[Part]) -> Grouped:
    """The notices among the parts of a page, each with enough evidence, and the furniture of their sections."""
    gatherer = Gatherer()
    for index, part in enumerate(parts):
        gatherer.take(part, parts[index + 1 : index + 1 + SIGNED_WITHIN])
    gatherer.finish()
    kept = [draft for run in _runs(settle(source, gatherer.drafts)) for draft in _confirm(run)]
    furniture = [part for part in gatherer.furniture if part.sort is Sort.HOTLINE or _stands_over(part, kept)]
    return Grouped(tuple(kept), tuple(furniture))


def _runs(drafts: Sequence[Draft]) -> list[list[Draft]]:
    """Neighbourhoods with nothing but notices in them; what is no notice ends the section, too."""
    runs: list[list[Draft]] = [[]]
    in_section = False
    for draft in drafts:
        if draft.after_article:
            in_section = False
            runs.append([])
        in_section |= draft.after_masthead
        draft.in_section = in_section
        if draft.is_loose:
            if not in_section or any(part.sort is Sort.TEXT for part in draft.parts):
                in_section = False
                runs.append([])
        elif draft.parts:
            runs[-1].append(draft)
    return runs


def _stands_over(masthead: Part, kept: Sequence[Draft]) -> bool:
    """A masthead is one when a notice follows it: within a few lines, whatever hotlines stand between."""
    line = masthead.numbers[-1]
    return any(0 < draft.all_parts[0].numbers[0] - line <= NEAR_LINES for draft in kept)


NEAR_LINES = 12
"""Blank lines, a hotline and a disclaimer stand between a masthead and its first notice."""


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
        if is_offer(draft.flat, draft.heading_kind):
            points += 1.0
        if draft.has_sign_off and any(
            lines.date_at_end(p.flat) is not None for p in draft.parts if p.sort is Sort.SIGN_OFF
        ):
            points += evidence.ORGANISATION_SIGNED if draft.is_signed_by_organisation else evidence.PERSON_SIGNED
        draft.points = points
    for index, draft in enumerate(drafts):
        sure_before = index > 0 and drafts[index - 1].points >= evidence.ENOUGH + 1
        is_next_offer = (
            index > 0 and bool(kept) and kept[-1] is drafts[index - 1] and is_offer(draft.flat, draft.shared_kind)
        )
        if draft.in_section or is_next_offer or (sure_before and (draft.heading or draft.shared_kind)):
            marked = draft.heading or draft.shared_kind or draft.parts[0].begins == "bullet"
            needed = evidence.ENOUGH_IN_SECTION if marked else evidence.ENOUGH_BARE_IN_SECTION
        else:
            needed = evidence.ENOUGH if draft.heading else evidence.ENOUGH_BARE
        if draft.points >= needed:
            kept.append(draft)
    return kept

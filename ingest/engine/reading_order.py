"""In which order the sections of a story read that an extractor tore apart."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from ingest.engine.flow import Step
from ingest.engine.knowledge import pattern
from ingest.engine.sections import breaks_of
from ingest.engine.units import Unit

# The section that looks ahead is the last if it does so by so many words more than the one that stands last.
AHEAD = 1


def beginning_with(first: int, members: Sequence[int], steps: Mapping[int, Step]) -> list[int]:
    """The section of this paragraph, then the others as they stood."""
    breaks = breaks_of(members, steps)
    place = members.index(first)
    end = next((k for k in range(place + 1, len(members)) if breaks[k]), len(members))
    return [*members[place:end], *members[:place], *members[end:]]


def in_reading_order(
    units: Sequence[Unit], members: Sequence[int], steps: Mapping[int, Step], headed: Collection[int]
) -> list[int]:
    """The lead with what follows it in its frame; then the other sections as they stand on the page, but last the one
    that looks ahead. ``headed`` are the paragraphs below a subhead."""
    if list(members) == sorted(members):
        return list(members)
    lead = [members[0]]
    for n in members[1:]:
        if n < lead[-1] or n in headed or steps[n].before != lead[-1] or steps[n].is_new_frame:
            break
        lead.append(n)
    rest = sorted(set(members) - set(lead))
    sections: list[list[int]] = []
    for n, is_break in zip(rest, breaks_of(rest, steps), strict=True):
        if is_break or n in headed:
            sections.append([])
        sections[-1].append(n)
    ahead = [_looks_ahead(units[section[-1]].text) for section in sections]
    last = max(range(len(sections)), key=lambda k: (ahead[k], k), default=-1)
    if sections and ahead[last] >= ahead[-1] + AHEAD:
        sections.append(sections.pop(last))
    return [*lead, *(n for section in sections for n in section)]


def _looks_ahead(text: str) -> int:
    return len(set(pattern("looks_ahead").findall(text)))

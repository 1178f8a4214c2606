"""Which paragraph of a story a subhead announces: the first of a section that says what the subhead says."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from ingest.engine.flow import Step
from ingest.engine.topics import coverage

# A story with subheads has so many paragraphs.
LEAST_PARAGRAPHS = 3
# What a subhead shares with its section, roughly in nats.
SHARED = 3.0
SHARED_FIRST = 0.8  # more when the section's first paragraph says it already
SECTION = 4  # paragraphs of a section that are looked at
AT_BREAK = 0.8  # a section's first paragraph mostly stands at the head of a column or frame
INSIDE = -0.5
NOT_FIRST = -1.2  # the lead has no subhead
TAKEN = -2.5


def breaks_of(members: Sequence[int], steps: Mapping[int, Step]) -> list[bool]:
    """Which paragraphs do not follow the one before them in its frame."""
    return [
        place == 0 or steps[n].before != members[place - 1] or steps[n].is_new_frame for place, n in enumerate(members)
    ]


def section_end(place: int, breaks: Sequence[bool]) -> int:
    """Where the section that begins at this place ends, or what of it is looked at."""
    end = place + 1
    while end < len(breaks) and end < place + SECTION and not breaks[end]:
        end += 1
    return end


def places_in(
    weights: Mapping[str, float],
    members: Sequence[int],
    counts: Mapping[int, Mapping[str, int]],
    breaks: Sequence[bool],
    taken: Collection[int] = (),
    said_only: bool = True,
) -> list[tuple[float, int]]:
    """(worth, paragraph) for every paragraph that says anything of the subhead whose words ``weights`` holds, and,
    unless ``said_only``, for those a frame begins with."""
    found: list[tuple[float, int]] = []
    if len(members) < LEAST_PARAGRAPHS:
        return found
    ends = [is_break or n in taken for n, is_break in zip(members, breaks, strict=True)]
    says = [weights.keys() & counts[n].keys() for n in members]
    for place, n in enumerate(members):
        end = section_end(place, ends)
        said = set().union(*says[place:end])
        worth = SHARED * coverage(weights, said) if said else 0.0
        if not worth and (said_only or not place or not breaks[place]):
            continue
        worth += SHARED_FIRST * coverage(weights, counts[n])
        if place == 0:
            worth += NOT_FIRST
        else:
            worth += AT_BREAK if breaks[place] else INSIDE
        if n in taken:
            worth += TAKEN
        found.append((worth, n))
    return found

"""Part stories that were run together, where headings left without a story of their own say so.

Two short stories on one subject, or a paragraph too short to show its subject, are easily taken for one story. If a
cut at a weak seam gives a heading a story to stand over, and that is worth more than the seam held, the cut is made.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence

from ingest.engine.cohesion import APART, Context, Group, Grouping, context_of, step_odds, topic_odds
from ingest.engine.flow import Step
from ingest.engine.heads import Headings
from ingest.engine.knowledge import pattern
from ingest.engine.units import Unit

# Seams weaker than this (log odds that the story goes on) are tried, the weakest first, so many at a time.
WEAK_SEAM = 3.0
LEAST_SEAM = -2.0
TRIED = 12
ROUNDS = 8
# No page has more stories; with more, nothing is tried.
MOST_GROUPS = 60
# What a cut must gain beyond what the seam held: stories run together are rarer than true stories.
NEEDED = 1.0
# Both parts must share words with their headings; a place above a paragraph alone is no reason to cut.
FITS = 0.5
# A first paragraph that says neither when nor from whom is rather a section's.
NO_LEAD = 2.5

Match = Callable[[Grouping], Headings]


def part_by_headings(
    units: Sequence[Unit], steps: Mapping[int, Step], grouping: Grouping, match: Match
) -> tuple[Grouping, Headings]:
    """The grouping with such cuts made, and its headings. ``match`` puts headings to the stories of a grouping."""
    headings = match(grouping)
    if len(grouping.groups) > MOST_GROUPS:
        return grouping, headings
    context = context_of(units, steps)
    for _ in range(ROUNDS):
        if not _has_spare(headings):
            break
        best: tuple[float, Grouping, Headings] | None = None
        for odds, number, place in _weak_seams(units, steps, grouping, context)[:TRIED]:
            candidate = _cut(grouping, number, place)
            found = match(candidate)
            first = grouping.groups[number].members[place]
            lead = grouping.groups[number].members[0]
            if not _heads_from_spare(headings, found, candidate, first, lead):
                continue
            gain = found.score - headings.score - odds - NEEDED
            if not _reads_like_lead(units[first]):
                gain -= NO_LEAD
            if gain > 0 and (best is None or gain > best[0]):
                best = (gain, candidate, found)
        if best is None:
            break
        _, grouping, headings = best
    return grouping, headings


def _has_spare(headings: Headings) -> bool:
    """Whether a title line has no story, or shares one with others."""
    return bool(headings.left_over) or any(len(lines) > 1 for lines in headings.heads.values())


def _heads_from_spare(before: Headings, after: Headings, candidate: Grouping, first: int, lead: int) -> bool:
    """Whether the part cut off got a heading, no subhead in its place before, and both parts speak of theirs."""
    number = next(k for k, g in enumerate(candidate.groups) if g.members[0] == first)
    rest = next(k for k, g in enumerate(candidate.groups) if g.members[0] == lead)
    lines = after.heads.get(number, ())
    if not lines or set(lines) & set(before.subheads):
        return False
    return all(after.fits.get(k, 0.0) >= FITS for k in (number, rest) if k in after.heads)


def _reads_like_lead(unit: Unit) -> bool:
    return (
        unit.is_dateline
        or pattern("opens_story").match(unit.text) is not None
        or pattern("letter_opening").match(unit.text) is not None
    )


def _weak_seams(
    units: Sequence[Unit], steps: Mapping[int, Step], grouping: Grouping, context: Context
) -> list[tuple[float, int, int]]:
    """(odds that the story goes on, group, place of the cut), weakest first."""
    seams: list[tuple[float, int, int]] = []
    for number, g in enumerate(grouping.groups):
        left: Counter[str] = Counter()
        size = 0
        for place in range(1, len(g.members)):
            above, n = g.members[place - 1], g.members[place]
            left.update(grouping.counts[above])
            size += len(units[above].text)
            if pattern("carries_on").match(units[n].text):
                continue
            right: Counter[str] = Counter()
            for member in g.members[place:]:
                right.update(grouping.counts[member])
            rest = sum(len(units[member].text) for member in g.members[place:])
            touches = steps[n].before in g.members and not units[n].is_dateline
            prior = step_odds(units, n, steps[n], context) if touches else APART
            odds = prior + topic_odds(grouping.topics.vector(left), grouping.topics.vector(right), size, rest)
            # A seam that holds nothing speaks for the cut; sections put together from afar held little to begin with.
            odds = max(odds, LEAST_SEAM if touches else 0.0)
            if odds < WEAK_SEAM:
                seams.append((odds, number, place))
    return sorted(seams)


def _cut(grouping: Grouping, number: int, place: int) -> Grouping:
    g = grouping.groups[number]
    parts = []
    for members in (g.members[:place], g.members[place:]):
        counts: Counter[str] = Counter()
        for n in members:
            counts.update(grouping.counts[n])
        parts.append(Group(members, counts, g.begins, g.has_dateline, min(g.confidence, 0.7)))
    kept = [*grouping.groups[:number], *parts, *grouping.groups[number + 1 :]]
    return Grouping(tuple(sorted(kept, key=lambda group: group.members)), grouping.topics, grouping.counts)

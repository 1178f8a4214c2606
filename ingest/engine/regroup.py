"""Mend the grouping of paragraphs with what the headings say: parts that stand wrong are cut off, moved or joined.

Grouping goes from paragraph to paragraph, and so can't see that three headings are left for two stories, or that a
section fits a story further down better than the one it stands below. Here such changes of the whole grouping are
weighed: what the texts share, where they stand, whether each story keeps one beginning, and how well the headings
then find their stories. The best change is made, until none is for the better.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from math import sqrt

from ingest.engine.cohesion import (
    APART,
    PAGE_FLOOR,
    TOPIC_LEAST,
    TOPIC_LEAST_IN_ORDER,
    Group,
    Grouping,
    context_of,
    sized_odds,
    step_odds,
)
from ingest.engine.flow import Step
from ingest.engine.heads import Headings
from ingest.engine.knowledge import pattern
from ingest.engine.topics import topics_over
from ingest.engine.units import Unit

# No page has more stories; with more, nothing is changed.
MOST_GROUPS = 60
# Changes made at most, and weighed with the headings for each.
ROUNDS = 10
TRIED = 12
# What a change must gain: the grouping is right more often than not.
NEEDED = 1.0
HEADS = 0.7  # of what the headings say; what they say is said by the same words in part
HEADLESS = 1.0  # for each story that has no heading any more
# A part cut off and the rest must share words with their headings; a place above a paragraph alone is no reason to cut.
FITS = 0.5
# A single line above a section is its subhead as readily as a heading, so no merge is refused for its sake.
HEAD_TO_SUBHEAD = -1.0
LEADLESS = 0.65  # for each nat by which a story's likeliest beginning is none
BEFORE_LEAD = 1.0  # a section above its story's beginning
NEVER = -50.0  # both have a dateline

Match = Callable[[Grouping], Headings]


class Kind(StrEnum):
    CUT = "cut"  # a group falls into two
    MOVE = "move"  # paragraphs that stand together go to another group
    MERGE = "merge"


# What texts and places must say at least for a change to be weighed with the headings: no heading made good for less.
LEAST = {Kind.CUT: -3.0, Kind.MOVE: -1.5, Kind.MERGE: -1.0}


@dataclass(frozen=True, slots=True)
class Change:
    kind: Kind
    odds: float
    former: tuple[int, ...]
    """Groups, by number, that go."""
    parts: tuple[tuple[int, ...], ...]
    """The members of those that take their place."""


def regroup(
    units: Sequence[Unit], steps: Mapping[int, Step], grouping: Grouping, match: Match
) -> tuple[Grouping, Headings]:
    """The grouping so mended, and its headings. ``match`` puts headings to the stories of a grouping."""
    headings = match(grouping)
    if len(grouping.groups) > MOST_GROUPS:
        return grouping, headings
    page = _Page(units, steps, grouping)
    for _ in range(ROUNDS):
        best: tuple[float, Grouping, Headings] | None = None
        changes = sorted(page.changes(grouping), key=lambda change: (-change.odds, change.former, change.parts))
        for change in changes[:TRIED]:
            candidate = page.changed(grouping, change)
            found = match(candidate)
            gain = change.odds + _said_by_headings(change, grouping, headings, candidate, found) - NEEDED
            if gain > 0 and (best is None or gain > best[0]):
                best = (gain, candidate, found)
        if best is None:
            break
        _, grouping, headings = best
    return grouping, headings


def _said_by_headings(change: Change, before: Grouping, headings: Headings, after: Grouping, found: Headings) -> float:
    gain = HEADS * (found.score - headings.score)
    gain += HEADLESS * (_headless(before, headings) - _headless(after, found))
    if change.kind is Kind.CUT and not _is_headed(change, headings, after, found):
        return min(0.0, gain)
    if change.kind is Kind.MERGE:
        single = [headings.heads[k][0] for k in change.former if len(headings.heads.get(k, ())) == 1]
        if not set(single).isdisjoint(found.subheads):
            return max(HEAD_TO_SUBHEAD, gain)
    return gain


def _headless(grouping: Grouping, headings: Headings) -> int:
    return sum(1 for number in range(len(grouping.groups)) if number not in headings.heads)


def _is_headed(change: Change, before: Headings, after: Grouping, found: Headings) -> bool:
    """Whether the part cut off got a heading, no subhead in its place before, and both parts speak of theirs."""
    numbers = [number for number, group in enumerate(after.groups) if group.members in change.parts]
    lines = found.heads.get(numbers[-1], ())
    if not lines or not set(lines).isdisjoint(before.subheads):
        return False
    return all(found.fits.get(number, 0.0) >= FITS for number in numbers if number in found.heads)


class _Page:
    """What is known of the paragraphs whatever the grouping: how much each two share, and where they stand."""

    def __init__(self, units: Sequence[Unit], steps: Mapping[int, Step], grouping: Grouping) -> None:
        self.units, self.steps, self.counts, self.leads = units, steps, grouping.counts, grouping.leads
        context = context_of(units, steps)
        self.in_order = context.in_order
        self.priors = {n: step_odds(units, n, step, context) for n, step in steps.items()}
        topics = topics_over([group.counts for group in grouping.groups], PAGE_FLOOR)
        self.vectors = {n: topics.vector(grouping.counts[n]) for n in steps}
        self.products: dict[tuple[int, int], float] = {}

    def product(self, a: int, b: int) -> float:
        """Of the vectors of two paragraphs; those of groups are sums of these."""
        key = (a, b) if a < b else (b, a)
        if key not in self.products:
            one, other = sorted((self.vectors[a], self.vectors[b]), key=len)
            self.products[key] = sum(value * other[pair] for pair, value in one.items() if pair in other)
        return self.products[key]

    def products_of(self, one: Sequence[int], other: Sequence[int]) -> float:
        return sum(self.product(a, b) for a in one for b in other)

    def size(self, members: Sequence[int]) -> int:
        return sum(len(self.units[n].text) for n in members)

    def lead(self, members: Sequence[int]) -> float:
        return max(self.leads[n] for n in members)

    def has_dateline(self, members: Sequence[int]) -> bool:
        return any(self.units[n].is_dateline for n in members)

    def together(self, one: Sequence[int], other: Sequence[int]) -> float:
        """Log odds that they are of one story, by what they share and where they stand."""
        if self.has_dateline(one) and self.has_dateline(other):
            return NEVER
        lengths = self.products_of(one, one) * self.products_of(other, other)
        likeness = self.products_of(one, other) / sqrt(lengths) if lengths else 0.0
        odds = sized_odds(likeness, self.size(one), self.size(other))
        touching = [
            self.priors[n]
            for here, there in ((one, set(other)), (other, set(one)))
            for n in here
            if self.steps[n].before in there and self.priors[n] > NEVER
        ]
        if touching:
            odds = max(TOPIC_LEAST_IN_ORDER if self.in_order else TOPIC_LEAST, odds) + max(touching)
        else:
            odds += APART
        return odds - max(0.0, min(self.lead(one), self.lead(other)))

    def lacking(self, *groups: Sequence[int]) -> float:
        """What it costs that some of these groups have no paragraph that looks like a beginning."""
        return LEADLESS * sum(max(0.0, -self.lead(members)) for members in groups)

    def changes(self, grouping: Grouping) -> list[Change]:
        groups = [group.members for group in grouping.groups]
        found: list[Change] = []
        for number, members in enumerate(groups):
            found.extend(self.cuts(number, members))
            if not self.in_order:
                found.extend(self.moves(number, groups))
            for other in range(number + 1, len(groups)):
                joined = tuple(sorted((*members, *groups[other])))
                odds = self.together(members, groups[other])
                odds += self.lacking(members, groups[other]) - self.lacking(joined)
                found.append(Change(Kind.MERGE, odds, (number, other), (joined,)))
        return [change for change in found if change.odds >= LEAST[change.kind]]

    def cuts(self, number: int, members: tuple[int, ...]) -> list[Change]:
        found = []
        for place in range(1, len(members)):
            one, other = members[:place], members[place:]
            if pattern("carries_on").match(self.units[other[0]].text):
                continue
            odds = self.lacking(members) - self.lacking(one, other) - self.together(one, other)
            found.append(Change(Kind.CUT, odds, (number,), (one, other)))
        return found

    def moves(self, number: int, groups: Sequence[tuple[int, ...]]) -> list[Change]:
        members = groups[number]
        found = []
        for piece in self.pieces(members):
            rest = tuple(n for n in members if n not in piece)
            if not rest:
                continue
            held = self.together(piece, rest)
            for other, theirs in enumerate(groups):
                if other == number:
                    continue
                joined = tuple(sorted((*piece, *theirs)))
                odds = self.together(piece, theirs) - held
                odds += self.lacking(members, theirs) - self.lacking(rest, joined)
                if any(self.leads[n] > 0 and n > piece[-1] for n in theirs):
                    odds -= BEFORE_LEAD
                found.append(Change(Kind.MOVE, odds, (number, other), (rest, joined)))
        return found

    def pieces(self, members: Sequence[int]) -> list[tuple[int, ...]]:
        """Runs of paragraphs with nothing between them, and what can be cut off at their ends."""
        runs: list[list[int]] = []
        for n in members:
            step = self.steps[n]
            if runs and step.before == runs[-1][-1] and not step.titles and not step.bylines:
                runs[-1].append(n)
            else:
                runs.append([n])
        found = [tuple(run) for run in runs]
        for run in runs:
            for place in range(1, len(run)):
                found += [tuple(run[:place]), tuple(run[place:])]
        return found

    def changed(self, grouping: Grouping, change: Change) -> Grouping:
        kept = [group for number, group in enumerate(grouping.groups) if number not in change.former]
        confidence = min(0.7, *(grouping.groups[number].confidence for number in change.former))
        for members in change.parts:
            counts: Counter[str] = Counter()
            for n in members:
                counts.update(self.counts[n])
            kept.append(Group(members, counts, self.lead(members), self.has_dateline(members), confidence))
        return Grouping(
            tuple(sorted(kept, key=lambda group: group.members)), grouping.topics, grouping.counts, grouping.leads
        )

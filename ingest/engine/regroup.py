"""Mend the grouping of paragraphs with what the headings say: parts that stand wrong are cut off, moved or joined.

Grouping goes from paragraph to paragraph, and so can't see that three headings are left for two stories, or that a
section fits a story further down better than the one it stands below. Here such changes of the whole grouping are
weighed: what the texts share, where they stand, whether each story keeps one beginning, and how well the headings
then find their stories. The best change is made, until none is for the better.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import combinations
from math import sqrt

from ingest.engine.bylines import credited
from ingest.engine.cohesion import (
    APART,
    BESIDE_TABLE,
    PAGE_FLOOR,
    TOPIC_LEAST_IN_ORDER,
    Group,
    Grouping,
    context_of,
    step_odds,
)
from ingest.engine.flow import Step
from ingest.engine.heads import Headings
from ingest.engine.knowledge import pattern
from ingest.engine.leads import known_leads
from ingest.engine.likeness import GRID, TOPIC_LEAST, Measures, Widths, sized_odds, widths_of
from ingest.engine.orphans import free_bylines
from ingest.engine.senses import Sense, agreement, sense_of_all
from ingest.engine.titles import parallel_lines
from ingest.engine.topics import Topics, Vector, pairs_of, product, square, topics_over
from ingest.engine.units import Unit, Use

# No page has more stories; with more, nothing is changed.
MOST_GROUPS = 60
# Changes weighed with the headings before one is made, and in all: each is a matching of all headings anew.
TRIED = 10
MOST_TRIED = 48
# What a change must gain: the grouping is right more often than not.
NEEDED = 1.0
# Of two stories a section is of the one it is more like far more often than each likeness alone says: for a move their
# difference counts so much more. (Fitted on 575 sections of written pages: 0.7.)
RATHER = 0.4
PARTED = 2.0  # by so much at least
HEADS = 1.0  # of what the headings say
HEADLESS = 1.0  # for each story that has no heading any more
# A part cut off and the rest must share words with their headings; a place above a paragraph alone is no reason to cut.
FITS = 0.5
# A single line above a section is its subhead as readily as a heading, so no merge is refused for its sake.
HEAD_TO_SUBHEAD = -1.0
LEADLESS = 0.5  # for each nat by which a story's likeliest beginning is none
BEFORE_LEAD = -1.0  # a section above its story's beginning
SEARCHED = 0.7  # confidence in a story put together so
# Where so many of a page's stories begin plainly, each that does not, and finds no byline either, costs so much.
PLAIN_BEGINNINGS = 0.75
UNSIGNED = 1.0
# A dateline that names nobody opens a long story: its byline stands elsewhere, over any of its sections. So another
# beginning costs nothing, and a section is more likely its own than another's.
LONG_STORY = -2.0
NEVER = -50.0  # both have a dateline
NO_LEAD = -9.0  # a title is no beginning

Match = Callable[[Grouping], Headings]


class Kind(StrEnum):
    CUT = "cut"  # a group falls into two
    PART = "part"  # the same, around two title lines of which it speaks
    MOVE = "move"  # paragraphs that stand together go to another group
    MERGE = "merge"


# What texts and places must say at least for a change to be weighed with the headings: no heading made good for less.
LEAST = {Kind.CUT: -3.0, Kind.PART: -5.5, Kind.MOVE: -1.5, Kind.MERGE: -1.0}
# What headings gain where a story is parted between two of them, for the order in which changes are tried.
HOPED = {Kind.PART: 4.0}
# A story is parted around title lines of which it says so much, more than any other does; these first.
SAID = 0.25
SEEDS = 4
MOST_PARTED = 40  # paragraphs: each is held against each; no story that swallowed another had more
# A shorter line is a label.
LEAST_SEED = 5


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
    refused: set[tuple[tuple[int, ...], ...]] = set()
    left = MOST_TRIED
    while left > 0:
        page.see(grouping, headings)
        # Two groups of two stories each are much alike: what stands wrong is put right before anything is joined.
        best: tuple[tuple[bool, float], Grouping, Headings] | None = None
        changes = [change for change in page.changes(grouping) if change.parts not in refused]
        changes.sort(key=lambda change: (-change.odds - HOPED.get(change.kind, 0.0), change.former, change.parts))
        for change in changes[: min(left, TRIED)]:
            left -= 1
            candidate = page.changed(grouping, change)
            found = match(candidate)
            gain = change.odds + _said_by_headings(change, grouping, headings, candidate, found)
            gain += UNSIGNED * (page.spare(grouping) - page.spare(candidate)) - NEEDED
            if gain <= 0:
                refused.add(change.parts)
            elif best is None or (change.kind is not Kind.MERGE, gain) > best[0]:
                best = ((change.kind is not Kind.MERGE, gain), candidate, found)
        if best is None:
            break
        _, grouping, headings = best
    return grouping, headings


def _said_by_headings(change: Change, before: Grouping, headings: Headings, after: Grouping, found: Headings) -> float:
    gain = HEADS * (found.score - headings.score)
    gain += HEADLESS * (_headless(before, headings) - _headless(after, found))
    if change.kind is Kind.PART and found.score - headings.score < PARTED:
        return NEVER
    if change.kind in (Kind.CUT, Kind.PART) and not _is_headed(change, headings, after, found):
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


@dataclass(frozen=True, slots=True)
class _Part:
    """Paragraphs taken together: the square of their vector's length, their text's length, their beginning, sense."""

    norm: float
    size: int
    lead: float
    has_dateline: bool
    is_unsigned: bool
    """Its dateline names nobody, and no byline stands above."""
    widths: Widths
    is_table: bool
    sense: Sense


@dataclass(frozen=True, slots=True)
class _Seed:
    """Title lines set tight, taken for a part of what they head."""

    title: int
    """Its first line, by unit number."""
    part: _Part
    pairs: Mapping[str, float]
    shared: Mapping[int, float]
    """By paragraph, the product of their vectors."""


class _Page:
    """What is known of the paragraphs whatever the grouping: how much each two share, and where they stand."""

    def __init__(self, units: Sequence[Unit], steps: Mapping[int, Step], grouping: Grouping) -> None:
        self.units, self.steps, self.counts = units, steps, grouping.counts
        self.leads: dict[int, float] = {**grouping.leads}
        context = context_of(units, steps)
        self.in_order = context.in_order
        self.unsigned = {
            n for n, step in steps.items() if units[n].is_dateline and not step.bylines and not credited(units[n].text)
        }
        begun = sum(1 for group in grouping.groups if group.begins)
        self.is_signed = not context.in_order and begun >= PLAIN_BEGINNINGS * len(grouping.groups)
        self.free = free_bylines(units, steps)
        self.least = TOPIC_LEAST_IN_ORDER if context.in_order else TOPIC_LEAST
        # The links from each paragraph to those above and below it on the page.
        self.links: dict[int, list[tuple[int, float]]] = {n: [] for n in steps}
        for n, step in steps.items():
            odds = step_odds(units, n, step, context)
            if step.before is not None and odds > NEVER:
                self.links[n].append((step.before, odds))
                self.links[step.before].append((n, odds))
        self.measures = Measures(widths_of(units, list(steps)))
        topics = topics_over([group.counts for group in grouping.groups], PAGE_FLOOR)
        vectors = {n: topics.vector(grouping.counts[n]) for n in steps}
        self.shared = _products(vectors)
        self.single = {n: self.part((n,)) for n in steps}
        # How groups part around two titles, once found; the first is empty where all goes with one.
        self.sides: dict[tuple[tuple[int, ...], int, int], tuple[tuple[int, ...], tuple[int, ...]]] = {}
        titles = [n for n, unit in enumerate(units) if unit.use is Use.TITLE]
        self.series = {titles[place] for place in parallel_lines([units[n].text for n in titles])}
        self.seeds = [] if context.in_order else [self._seed(run, topics, vectors) for run in _tight_titles(units)]

    def _seed(self, run: Sequence[int], topics: Topics, vectors: Mapping[int, Vector]) -> _Seed:
        texts = [self.units[n].text for n in run]
        vector = topics.vector(sum((pairs_of(text) for text in texts), Counter()))
        size = sum(len(text) for text in texts)
        part = _Part(square(vector), size, NO_LEAD, False, False, {}, False, sense_of_all(texts))
        return _Seed(run[0], part, vector, {n: product(vector, other) for n, other in vectors.items()})

    def see(self, grouping: Grouping, headings: Headings) -> None:
        """How likely each paragraph begins its story, now that it is known which titles are its story's."""
        heads = {k: [n for n in lines if n not in self.series] for k, lines in headings.heads.items()}
        groups = [group.members for group in grouping.groups]
        self.leads = known_leads(self.units, self.steps, grouping.leads, groups, heads)

    def spare(self, grouping: Grouping) -> int:
        """Stories without any beginning beyond as many as there are bylines that stand over none; 0 on other pages."""
        if not self.is_signed:
            return 0
        return max(0, sum(1 for g in grouping.groups if max(self.leads[n] for n in g.members) <= 0) - self.free)

    def part(self, members: Sequence[int]) -> _Part:
        norm = 0.0
        for a in members:
            row = self.shared[a]
            for b in members:
                norm += row[b]
        return self.sized(members, norm)

    def sized(self, members: Sequence[int], norm: float) -> _Part:
        return _Part(
            norm,
            sum([len(self.units[n].text) for n in members]),
            max([self.leads[n] for n in members]),
            any(self.units[n].is_dateline for n in members),
            any(n in self.unsigned for n in members),
            widths_of(self.units, members),
            self.units[members[0]].is_listed,
            sense_of_all(self.units[n].text for n in members),
        )

    def touch(self, members: Sequence[int], others: Collection[int]) -> float | None:
        """The best link from one of these paragraphs to one of those, if they touch."""
        best: float | None = None
        for n in members:
            for other, odds in self.links[n]:
                if other in others and (best is None or odds > best):
                    best = odds
        return best

    def alike(self, one: _Part, other: _Part, product: float) -> float:
        """Log odds that they are of one story, by what they share."""
        lengths = one.norm * other.norm
        likeness = product / sqrt(lengths) if lengths > 0 else 0.0
        return sized_odds(likeness, agreement(one.sense, other.sense), one.size, other.size)

    def together(self, one: _Part, other: _Part, product: float, touch: float | None) -> float:
        """Log odds that they are of one story, by what they share and where they stand."""
        if one.has_dateline and other.has_dateline:
            return NEVER
        odds = self.alike(one, other, product)
        if touch is not None:
            odds = max(self.least, odds) + touch
        else:
            odds += APART + (BESIDE_TABLE if one.is_table != other.is_table else 0.0)
        both = max(0.0, min(one.lead, other.lead))
        if (one.is_unsigned and not other.has_dateline) or (other.is_unsigned and not one.has_dateline):
            both = LONG_STORY
        return odds + self.measures.odds(one.widths, other.widths) - both

    def changes(self, grouping: Grouping) -> list[Change]:
        table = _Table(self, [group.members for group in grouping.groups])
        found: list[Change] = []
        for number in range(len(table.groups)):
            found += table.cuts(number)
            found += table.merges(number)
            found += table.parts_around(number)
            if not self.in_order:
                found += table.moves(number)
        return [change for change in found if change.odds >= LEAST[change.kind]]

    def changed(self, grouping: Grouping, change: Change) -> Grouping:
        kept = [group for number, group in enumerate(grouping.groups) if number not in change.former]
        confidence = min(SEARCHED, *(grouping.groups[number].confidence for number in change.former))
        for members in change.parts:
            counts: Counter[str] = Counter()
            for n in members:
                counts.update(self.counts[n])
            part = self.sized(members, 0.0)
            kept.append(Group(members, counts, part.lead, part.has_dateline, confidence))
        return Grouping(
            tuple(sorted(kept, key=lambda group: group.members)), grouping.topics, grouping.counts, grouping.leads
        )


def _products(vectors: Mapping[int, Vector]) -> dict[int, dict[int, float]]:
    """The product of the vectors of each two paragraphs; those of parts are sums of these."""
    shared: dict[int, dict[int, float]] = {n: {} for n in vectors}
    for a, one in vectors.items():
        for b in shared[a]:
            shared[b][a] = shared[a][b]
        for b, other in vectors.items():
            if b >= a:
                shared[a][b] = shared[b][a] = product(one, other)
    return shared


def _tight_titles(units: Sequence[Unit]) -> list[list[int]]:
    """Title lines without a blank line between them."""
    runs: list[list[int]] = []
    for n, unit in enumerate(units):
        if unit.use is not Use.TITLE:
            continue
        if runs and runs[-1][-1] == n - 1 and not unit.gap:
            runs[-1].append(n)
        else:
            runs.append([n])
    return [run for run in runs if sum(len(units[n].text) for n in run) >= LEAST_SEED]


class _Table:
    """One grouping, and how much each paragraph shares with each of its groups."""

    def __init__(self, page: _Page, groups: Sequence[tuple[int, ...]]) -> None:
        self.page, self.groups = page, groups
        self.sets = [frozenset(members) for members in groups]
        self.parts = [page.part(members) for members in groups]
        self.seeds = self._seeds()
        self.shared = {n: [sum([row[m] for m in members]) for members in groups] for n, row in page.shared.items()}

    def _seeds(self) -> list[list[_Seed]]:
        """For each group the titles it speaks of more than any other group does."""
        found: list[list[tuple[float, int, _Seed]]] = [[] for _ in self.groups]
        if not self.page.seeds:
            return [[] for _ in self.groups]
        said = [{pair for n in members for pair in self.page.counts[n]} for members in self.groups]
        for place, seed in enumerate(self.page.seeds):
            total = sum(seed.pairs.values())
            shares = [sum(value for pair, value in seed.pairs.items() if pair in words) for words in said]
            best = max(range(len(shares)), key=lambda number: shares[number], default=None)
            if best is not None and shares[best] >= SAID * total > 0:
                found[best].append((-shares[best], place, seed))
        return [[seed for _, _, seed in sorted(seeds, key=lambda s: s[:2])[:SEEDS]] for seeds in found]

    def merges(self, number: int) -> list[Change]:
        found = []
        members, mine = self.groups[number], self.parts[number]
        for other in range(number + 1, len(self.groups)):
            theirs = self.parts[other]
            product = sum([self.shared[n][other] for n in members])
            odds = self.page.together(mine, theirs, product, self.page.touch(members, self.sets[other]))
            odds += _lacking(mine.lead, theirs.lead) - _lacking(max(mine.lead, theirs.lead))
            joined = tuple(sorted((*members, *self.groups[other])))
            found.append(Change(Kind.MERGE, odds, (number, other), (joined,)))
        return found

    def cuts(self, number: int) -> list[Change]:
        members = self.groups[number]
        found = []
        for one, other in _halves(members, [self.page.units[n].measure for n in members]):
            if pattern("carries_on").match(self.page.units[other[0]].text):
                continue
            found.append(self._parted(Kind.CUT, number, one, other))
        return found

    def parts_around(self, number: int) -> list[Change]:
        """Ways to part a group by which of two titles its paragraphs go with, wherever they stand."""
        members = self.groups[number]
        found = []
        for first, second in combinations(self.seeds[number] if len(members) <= MOST_PARTED else (), 2):
            key = (members, first.title, second.title)
            if key not in self.page.sides:
                self.page.sides[key] = self._sides(members, first, second)
            one, other = self.page.sides[key]
            if one:
                found.append(self._parted(Kind.PART, number, one, other))
        return found

    def _parted(self, kind: Kind, number: int, one: tuple[int, ...], other: tuple[int, ...]) -> Change:
        left, right, product = self._apart(number, one, other)
        odds = _lacking(self.parts[number].lead) - _lacking(left.lead, right.lead)
        odds -= self.page.together(left, right, product, self.page.touch(one, frozenset(other)))
        return Change(kind, odds, (number,), (one, other))

    def _sides(self, members: Sequence[int], *seeds: _Seed) -> tuple[tuple[int, ...], tuple[int, ...]]:
        """The paragraphs that go with either title: the clearest ones choose first, and the others go with them."""
        page = self.page
        parts = [seed.part for seed in seeds]
        shared = [{n: seed.shared[n] for n in members} for seed in seeds]
        sides: tuple[list[int], list[int]] = ([], [])
        odds: tuple[dict[int, float], dict[int, float]] = ({}, {})
        free = list(members)
        changed = [0, 1]
        while free:
            for k in changed:
                for n in free:
                    touch = page.touch((n,), sides[k])
                    odds[k][n] = page.together(page.single[n], parts[k], shared[k][n], touch)
            n = max(free, key=lambda n: (abs(odds[0][n] - odds[1][n]), -n))
            k = 0 if odds[0][n] >= odds[1][n] else 1
            free.remove(n)
            sides[k].append(n)
            parts[k] = page.sized(sides[k], parts[k].norm + page.single[n].norm + 2 * shared[k][n])
            row = page.shared[n]
            for other in free:
                shared[k][other] += row[other]
            changed = [k]
        one, other_side = sorted(tuple(sorted(side)) for side in sides)
        return one, other_side

    def moves(self, number: int) -> list[Change]:
        members, whole = self.groups[number], self.parts[number]
        found = []
        for piece in _pieces(members, self.page.steps):
            inside = frozenset(piece)
            rest = tuple(n for n in members if n not in inside)
            if not rest:
                continue
            mine, left, product = self._apart(number, piece, rest)
            held = self.page.together(mine, left, product, self.page.touch(piece, frozenset(rest)))
            here = self.page.alike(mine, left, product)
            for other, theirs in enumerate(self.parts):
                if other == number:
                    continue
                product = sum([self.shared[n][other] for n in piece])
                odds = self.page.together(mine, theirs, product, self.page.touch(piece, self.sets[other])) - held
                odds += RATHER * (self.page.alike(mine, theirs, product) - here)
                odds += _lacking(whole.lead, theirs.lead) - _lacking(left.lead, max(mine.lead, theirs.lead))
                if any(self.page.leads[n] > 0 for n in self.groups[other] if n > piece[-1]):
                    odds += BEFORE_LEAD
                if odds >= LEAST[Kind.MOVE]:
                    joined = tuple(sorted((*piece, *self.groups[other])))
                    found.append(Change(Kind.MOVE, odds, (number, other), (rest, joined)))
        return found

    def _apart(self, number: int, one: Sequence[int], rest: Sequence[int]) -> tuple[_Part, _Part, float]:
        """Two parts of a group and the product of their vectors."""
        part = self.page.part(one)
        product = sum([self.shared[n][number] for n in one]) - part.norm
        return part, self.page.sized(rest, self.parts[number].norm - part.norm - 2 * product), product


def _lacking(*leads: float) -> float:
    """What it costs that some of the stories have no paragraph that looks like a beginning."""
    return LEADLESS * sum([max(0.0, -lead) for lead in leads])


def _halves(members: tuple[int, ...], measures: Sequence[float]) -> list[tuple[tuple[int, ...], tuple[int, ...]]]:
    """Ways to part a group: above and below a place, or by the measure it is set in."""
    found = [(members[:place], members[place:]) for place in range(1, len(members))]
    for measure in sorted(set(measures) - {0.0}):
        inside = tuple(n for n, other in zip(members, measures, strict=True) if abs(other - measure) <= GRID)
        rest = tuple(n for n in members if n not in inside)
        if rest:
            found.append((min(inside, rest), max(inside, rest)))
    return list(dict.fromkeys(found))


def _pieces(members: Sequence[int], steps: Mapping[int, Step]) -> list[tuple[int, ...]]:
    """Runs of paragraphs with nothing between them, and what can be cut off at their ends."""
    runs: list[list[int]] = []
    for n in members:
        step = steps[n]
        if runs and step.before == runs[-1][-1] and not step.titles and not step.bylines and not step.is_new_frame:
            runs[-1].append(n)
        else:
            runs.append([n])
    found = [tuple(run) for run in runs]
    for run in runs:
        for place in range(1, len(run)):
            found += [tuple(run[:place]), tuple(run[place:])]
    return found

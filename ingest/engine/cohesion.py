"""Gather paragraphs into stories by what they are about and by standing together.

Every paragraph starts as a group of its own. Neighbours are merged first, best evidence first; then groups that stand
apart but speak of the same names and things. Nothing here knows titles: those come after, and may merge more.
"""

from __future__ import annotations

import heapq
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import log, sqrt

from ingest.engine.bylines import signed
from ingest.engine.flow import Step
from ingest.engine.knowledge import pattern
from ingest.engine.topics import Topics, Vector, cosine, topics_of, topics_over
from ingest.engine.units import Unit

# Halves of one story share 0.05 (cosine, median), of two stories 0.003; 0.012 is where both are as likely.
EVEN_COSINE = 0.012
TOPIC_SLOPE = 2.6
TOPIC_MOST = 5.0
TOPIC_LEAST = -4.0
# A paragraph this long (in characters) shows what it is about; a shorter one that shares nothing proves less.
TELLING_LENGTH = 160

# Evidence that the next paragraph on the page goes on with the story, in nats.
NEIGHBOUR = 1.2
SECOND_CHANCE = 0.8  # once the pieces have grown, what they share can be trusted more
PAST_TITLE = -2.0  # one title line between may be a subhead
PAST_TITLES = -1.6  # two or more look like a new headline
PAST_BYLINE = -2.5
INTERRUPTED = -2.0  # the paragraph above is continued elsewhere
AFTER_SIGNATURE = -3.0  # （记者 张三） ends a story
AFTER_ATTENDANCE = -1.5  # 市领导甲、乙参加活动。
LEANS_BACK = 1.0  # 据介绍, 此外, 会议强调 …
OPENS = -1.0  # 昨日, 记者从……获悉
LETTER = -4.0  # 编辑同志：
OTHER_MEASURE = -0.8
WIDE_GAP = -0.4
# Groups that stand apart must agree much better, and more so when both have a beginning of their own.
APART = -2.6
BOTH_BEGIN = -4.0
# Beyond this many groups only near ones are compared, to stay linear on hostile pages.
MOST_GROUPS = 150
NEAR = 24


@dataclass(frozen=True, slots=True)
class Group:
    """Paragraphs (unit numbers, in source order) of one story. ``confidence`` is that of the weakest merge."""

    members: tuple[int, ...]
    counts: Counter[str]
    begins: bool
    """One of its paragraphs opens a story: a dateline, or a byline above."""
    has_dateline: bool
    confidence: float = 0.99


@dataclass(frozen=True, slots=True)
class Grouping:
    groups: tuple[Group, ...]
    topics: Topics
    counts: Mapping[int, Counter[str]]


def group(units: Sequence[Unit], body: Sequence[int], steps: Mapping[int, Step]) -> Grouping:
    """Groups in order of their first paragraph."""
    topics, counted = topics_of([units[n].text for n in body])
    counts = dict(zip(body, counted, strict=True))
    start = [
        Group((n,), counts[n], units[n].is_dateline or bool(steps[n].bylines), units[n].is_dateline) for n in body
    ]
    merged = _merge_neighbours(units, start, steps, topics)
    # Once pieces of stories are known, what many of them say is no longer what few paragraphs say.
    topics = topics_over([g.counts for g in merged])
    merged = _merge_apart(merged, topics, units, steps)
    return Grouping(tuple(sorted(merged, key=lambda g: g.members)), topics, counts)


def topic_odds(a: Vector, b: Vector, shorter: int) -> float:
    """Log odds that two texts belong to one story, from what they share."""
    odds = TOPIC_SLOPE * log((cosine(a, b) + 0.002) / EVEN_COSINE)
    odds = max(TOPIC_LEAST, min(TOPIC_MOST, odds))
    return odds * min(1.0, sqrt(shorter / TELLING_LENGTH))


def step_odds(units: Sequence[Unit], number: int, step: Step) -> float:
    """Log odds, before any reading of the text, that a paragraph goes on with the story of the one above it."""
    if step.before is None or units[number].is_dateline:
        return float("-inf")
    above, unit = units[step.before], units[number]
    odds = NEIGHBOUR
    if len(step.titles) == 1:
        odds += PAST_TITLE
    elif step.titles:
        odds += PAST_TITLES
    if step.bylines:
        odds += PAST_BYLINE
    if step.is_interruption:
        odds += INTERRUPTED
    if signed(above.text):
        odds += AFTER_SIGNATURE
    if pattern("attendance").match(above.text[:200]):
        odds += AFTER_ATTENDANCE
    if pattern("letter_opening").match(unit.text):
        odds += LETTER
    elif pattern("carries_on").match(unit.text):
        odds += LEANS_BACK
    elif pattern("opens_story").match(unit.text):
        odds += OPENS
    if above.measure and unit.measure and abs(above.measure - unit.measure) > 2.5:
        odds += OTHER_MEASURE
    if unit.gap >= 3 and not unit.measure:
        odds += WIDE_GAP
    return odds


def _size(units: Sequence[Unit], members: Sequence[int]) -> int:
    return sum(len(units[n].text) for n in members)


def _join(a: Group, b: Group, odds: float) -> Group:
    confidence = min(a.confidence, b.confidence, 1 / (1 + 2.718281828 ** -max(-4.0, odds)))
    counts = Counter(a.counts)
    counts.update(b.counts)
    return Group(
        tuple(sorted((*a.members, *b.members))),
        counts,
        a.begins or b.begins,
        a.has_dateline or b.has_dateline,
        confidence,
    )


def _merge_neighbours(
    units: Sequence[Unit], start: Sequence[Group], steps: Mapping[int, Step], topics: Topics
) -> list[Group]:
    """Merge along the steps from paragraph to paragraph, best odds first, while the odds are for it."""
    groups: dict[int, Group] = dict(enumerate(start))
    place = {n: index for index, g in groups.items() for n in g.members}
    version = dict.fromkeys(groups, 0)
    vectors: dict[int, Vector] = {index: topics.vector(g.counts) for index, g in groups.items()}
    edges = {n: (step.before, step_odds(units, n, step)) for n, step in steps.items() if step.before is not None}
    touching: dict[int, set[int]] = {index: set() for index in groups}
    for n, (before, _) in edges.items():
        touching[place[n]].add(n)
        touching[place[before]].add(n)
    heap: list[tuple[float, int, int, int, int, int]] = []

    def push(n: int) -> None:
        before, prior = edges[n]
        a, b = place[before], place[n]
        if a == b or prior == float("-inf"):
            return
        # Only what stands next to the seam says whether the story goes on: a long story has many topics.
        shorter = min(_size(units, groups[a].members), _size(units, groups[b].members))
        odds = prior + topic_odds(vectors[a], vectors[b], shorter)
        if groups[b].begins and n == groups[b].members[0] and groups[a].begins:
            odds += BOTH_BEGIN / 2
        if odds > 0:
            heapq.heappush(heap, (-odds, n, a, version[a], b, version[b]))

    for n in sorted(edges):
        push(n)
    while heap:
        minus, _, a, va, b, vb = heapq.heappop(heap)
        if a not in groups or b not in groups or version[a] != va or version[b] != vb:
            continue
        if groups[a].has_dateline and groups[b].has_dateline:
            continue
        groups[a] = _join(groups[a], groups[b], -minus)
        for n in groups[b].members:
            place[n] = a
        touching[a] |= touching.pop(b)
        del groups[b], vectors[b]
        version[a] += 1
        vectors[a] = topics.vector(groups[a].counts)
        for n in sorted(touching[a]):
            push(n)
    return list(groups.values())


def _merge_apart(
    groups: list[Group], topics: Topics, units: Sequence[Unit], steps: Mapping[int, Step]
) -> list[Group]:
    """Merge groups that do not touch: a section far from its story. Best odds first; touching ones get another chance."""
    groups = sorted(groups, key=lambda g: g.members)
    place = {n: index for index, g in enumerate(groups) for n in g.members}
    touch: dict[tuple[int, int], float] = {}
    for n, step in steps.items():
        if step.before is not None and place[n] != place[step.before]:
            pair = (min(place[n], place[step.before]), max(place[n], place[step.before]))
            touch[pair] = max(touch.get(pair, APART), step_odds(units, n, step) + SECOND_CHANCE)
    vectors = [topics.vector(g.counts) for g in groups]
    sizes = [_size(units, g.members) for g in groups]
    alive = [True] * len(groups)
    while True:
        best: tuple[float, int, int] | None = None
        reach = len(groups) if len(groups) <= MOST_GROUPS else NEAR
        for a in range(len(groups)):
            if not alive[a]:
                continue
            for b in range(a + 1, min(len(groups), a + 1 + reach)):
                if not alive[b] or (groups[a].has_dateline and groups[b].has_dateline):
                    continue
                prior = touch.get((a, b), APART)
                odds = prior + topic_odds(vectors[a], vectors[b], min(sizes[a], sizes[b]))
                if groups[a].begins and groups[b].begins:
                    odds += BOTH_BEGIN
                if odds > 0 and (best is None or odds > best[0]):
                    best = (odds, a, b)
        if best is None or len(groups) > MOST_GROUPS * 4:
            return [g for g, is_alive in zip(groups, alive, strict=True) if is_alive]
        odds, a, b = best
        groups[a] = _join(groups[a], groups[b], odds)
        vectors[a] = topics.vector(groups[a].counts)
        sizes[a] += sizes[b]
        alive[b] = False
        for x, y in [pair for pair in touch if b in pair]:
            other = y if x == b else x
            odds_there = touch.pop((x, y))
            if other != a:
                pair = (min(a, other), max(a, other))
                touch[pair] = max(touch.get(pair, APART), odds_there)

"""Gather paragraphs into stories by what they are about and by standing together.

Every paragraph starts as a group of its own. Neighbours are merged first, best evidence first; then groups that stand
apart but speak of the same names and things. Nothing here knows titles: those come after, and may merge more.
"""

from __future__ import annotations

import heapq
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from ingest.engine.bylines import credited, signed
from ingest.engine.flow import Step
from ingest.engine.knowledge import pattern
from ingest.engine.leads import CONTINUED, lead_odds, opens_column
from ingest.engine.likeness import TOPIC_LEAST, Measures, Said, said, topic_odds, widths_of
from ingest.engine.measures import usual_gap
from ingest.engine.topics import Topics, pairs_of, topics_over
from ingest.engine.units import Unit, Use

# A page may hold one story only, whose words are then all over the page: rarity on the page counts for less than half.
PAGE_FLOOR = 0.6
# Where the page is in order, what stands together belongs together, however the subject changes.
TOPIC_LEAST_IN_ORDER = -2.8

# Evidence that the next paragraph on the page goes on with the story, in nats.
NEIGHBOUR = 2.1
NEIGHBOUR_IN_ORDER = 3.0
TABLE = 12.0  # lines of a table stand together
BESIDE_TABLE = -4.0  # and a table is an item
SAME_BLOCK = 5.0  # in columns, no blank line between them: of 238 such paragraphs 237 were of one story
# A frame begins with the paragraph (`frames`), for certain; less in proportion, nothing where it is unlikely.
NEW_FRAME = -3.1
FRAME_MAY_BEGIN = 0.2
SECOND_CHANCE = 0.8  # the same once the pieces have grown, where the page is in order
# On a page whose stories have their headings right above, one title line between paragraphs is a subhead, two or more
# are a new heading. On a torn page title lines between paragraphs may belong anywhere.
PAST_TITLE_IN_ORDER = -1.5
PAST_TITLES_IN_ORDER = -3.0
# Subheads of one story are of one form; a heading stands below a wider gap than a subhead does.
LIKE_OTHER_TITLES = 0.9  # for each of two other clusters of the same form
GAP_ABOVE_TITLE = -1.5
MARKED_TITLE = 2.5  # ● 声音 一楼住户想不通
COLUMN_ABOVE = -3.0  # a column's name opens a story
PAST_TITLE = -2.0
PAST_TITLES = -2.0
PAST_BYLINE = -4.0
INTERRUPTED = -2.0  # the paragraph above is continued elsewhere
AFTER_SIGNATURE = -3.0  # （记者 张三） ends a story
AFTER_ATTENDANCE = -1.5  # 市领导甲、乙参加活动。
LEANS_BACK = 1.0  # 据介绍, 此外, 会议强调 …
OPENS = -1.0  # 昨日, 记者从……获悉
LETTER = -4.0  # 编辑同志：
WIDE_GAP = -0.4
WIDE_GAP_IN_COLUMNS = -2.0  # more blank lines than columns have between them part frames
# Groups that stand apart must agree better; what it costs that both have a beginning, their `lead` says, if one is
# not the byline over the other.
APART = -1.6
COMPLEMENTARY = -1.0
# Beyond this many groups only near ones are compared, to stay linear on hostile pages.
MOST_GROUPS = 150
NEAR = 24
MOST_FORMS = 60
# Share of the plain beginnings on a page that have a title right above them, where the page is in order.
IN_ORDER = 0.8
# So many title lines and bylines below the last paragraph of a page stand over no story.
HEAP = 3


@dataclass(frozen=True, slots=True)
class Group:
    """Paragraphs (unit numbers, in source order) of one story. ``confidence`` is that of the weakest merge."""

    members: tuple[int, ...]
    counts: Counter[str]
    lead: float
    """Log odds that its likeliest beginning is one."""
    has_dateline: bool
    confidence: float = 0.99

    @property
    def begins(self) -> bool:
        """One of its paragraphs plainly opens a story: a dateline, or a byline above."""
        return self.lead > 0


@dataclass(frozen=True, slots=True)
class Grouping:
    groups: tuple[Group, ...]
    topics: Topics
    counts: Mapping[int, Counter[str]]
    leads: Mapping[int, float]
    """By paragraph: log odds that it is the first of its story."""


@dataclass(frozen=True, slots=True)
class Context:
    """What the page as a whole says about title lines between paragraphs."""

    in_order: bool
    """Most stories that plainly begin (a dateline, a byline above) have a title right above them; no heap is left."""
    title_odds: Mapping[int, float]
    """By paragraph: log odds that the title lines above it are subheads, from their form and setting."""
    usual_gap: int
    """Blank lines that mostly stand between paragraphs."""


def context_of(units: Sequence[Unit], steps: Mapping[int, Step]) -> Context:
    begins = [step for n, step in steps.items() if units[n].is_dateline or step.bylines]
    last = max(steps, default=-1)
    heap = sum(1 for unit in units[last + 1 :] if unit.use in (Use.TITLE, Use.BYLINE))
    in_order = heap < HEAP and sum(1 for step in begins if step.titles) >= IN_ORDER * len(begins)
    inner = {n: step for n, step in steps.items() if step.titles and not step.bylines and not units[n].is_dateline}
    forms = {n: tuple(_form(units[t].text) for t in step.titles) for n, step in inner.items()}
    likely = Counter(forms.values()).most_common(MOST_FORMS)
    odds: dict[int, float] = {}
    for n, step in inner.items():
        alike = sum(count for form, count in likely if _alike(form, forms[n])) - 1
        odds[n] = LIKE_OTHER_TITLES * min(2, alike)
        if units[step.titles[0]].gap >= 3:
            odds[n] += GAP_ABOVE_TITLE
        if opens_column(units, step):
            odds[n] += COLUMN_ABOVE
        elif any(pattern("bullet").match(units[t].text) for t in step.titles):
            odds[n] += MARKED_TITLE
    return Context(in_order, odds, usual_gap([units[n].gap for n in steps]))


def _form(text: str) -> tuple[int, int, bool]:
    """Clauses, length and quotation of a title line."""
    return text.count(" ") + 1, len(text), text.startswith("“") and text.endswith("”")


def _alike(a: Sequence[tuple[int, int, bool]], b: Sequence[tuple[int, int, bool]]) -> bool:
    return len(a) == len(b) and all(
        x[0] == y[0] and abs(x[1] - y[1]) <= 3 and x[2] == y[2] for x, y in zip(a, b, strict=True)
    )


def group(
    units: Sequence[Unit], body: Sequence[int], steps: Mapping[int, Step], openings: Collection[int] = ()
) -> Grouping:
    """Groups in order of their first paragraph. ``openings`` are known to begin a story."""
    context = context_of(units, steps)
    counts = {n: pairs_of(units[n].text) for n in body}
    topics = topics_over(list(counts.values()), PAGE_FLOOR)
    leads = {n: CONTINUED if n in openings else lead_odds(units, n, steps[n], in_order=context.in_order) for n in body}
    start = [Group((n,), counts[n], leads[n], units[n].is_dateline) for n in body]
    measures = Measures(widths_of(units, body))
    merged = _merge_neighbours(units, start, steps, topics, measures, context)
    # Once pieces of stories are known, what many of them say is no longer what few paragraphs say.
    topics = topics_over([g.counts for g in merged], PAGE_FLOOR)
    merged = _merge_apart(merged, topics, measures, units, steps, context)
    return Grouping(tuple(sorted(merged, key=lambda g: g.members)), topics, counts, leads)


def step_odds(units: Sequence[Unit], number: int, step: Step, context: Context) -> float:
    """Log odds, before any reading of the text, that a paragraph goes on with the story of the one above it."""
    if step.before is None or units[number].is_dateline:
        return float("-inf")
    above, unit = units[step.before], units[number]
    if above.is_listed and unit.is_listed:
        return TABLE
    if above.is_listed or unit.is_listed:
        return BESIDE_TABLE
    odds = NEIGHBOUR_IN_ORDER if context.in_order else NEIGHBOUR
    if unit.measure and above.measure and not unit.gap and unit.order == above.order + 1 and not step.is_new_frame:
        odds = SAME_BLOCK
    elif unit.begins_frame > FRAME_MAY_BEGIN:
        odds += NEW_FRAME * unit.begins_frame
    if len(step.titles) == 1:
        odds += PAST_TITLE_IN_ORDER if context.in_order else PAST_TITLE
    elif step.titles:
        odds += PAST_TITLES_IN_ORDER if context.in_order else PAST_TITLES
    odds += context.title_odds.get(number, 0.0)
    if step.is_interruption:
        odds += INTERRUPTED
    if step.bylines:
        odds += PAST_BYLINE
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
    if unit.gap >= 3 and not unit.measure:
        odds += WIDE_GAP
    elif unit.measure and unit.gap > context.usual_gap:
        odds += WIDE_GAP_IN_COLUMNS
    return odds


def _complement(units: Sequence[Unit], steps: Mapping[int, Step], a: Group, b: Group) -> bool:
    """A byline over one and a dateline without names in the other: two frames of one story."""
    for one, other in ((a, b), (b, a)):
        if one.has_dateline or not other.has_dateline:
            continue
        lead = next(n for n in other.members if units[n].is_dateline)
        if not credited(units[lead].text) and not steps[lead].bylines:
            return True
    return False


def _said(units: Sequence[Unit], topics: Topics, g: Group) -> Said:
    return said(topics, g.counts, [units[n].text for n in g.members])


def _join(a: Group, b: Group, odds: float) -> Group:
    confidence = min(a.confidence, b.confidence, 1 / (1 + 2.718281828 ** -max(-4.0, odds)))
    counts = Counter(a.counts)
    counts.update(b.counts)
    return Group(
        tuple(sorted((*a.members, *b.members))),
        counts,
        max(a.lead, b.lead),
        a.has_dateline or b.has_dateline,
        confidence,
    )


def _merge_neighbours(
    units: Sequence[Unit],
    start: Sequence[Group],
    steps: Mapping[int, Step],
    topics: Topics,
    measures: Measures,
    context: Context,
) -> list[Group]:
    """Merge along the steps from paragraph to paragraph, best odds first, while the odds are for it."""
    groups: dict[int, Group] = dict(enumerate(start))
    least = TOPIC_LEAST_IN_ORDER if context.in_order else TOPIC_LEAST
    place = {n: index for index, g in groups.items() for n in g.members}
    version = dict.fromkeys(groups, 0)
    says: dict[int, Said] = {index: _said(units, topics, g) for index, g in groups.items()}
    widths = {index: widths_of(units, g.members) for index, g in groups.items()}
    edges = {
        n: (step.before, step_odds(units, n, step, context)) for n, step in steps.items() if step.before is not None
    }
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
        odds = prior + max(least, topic_odds(says[a], says[b])) + measures.odds(widths[a], widths[b])
        odds -= max(0.0, min(groups[a].lead, groups[b].lead))
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
        widths[a] += widths.pop(b)
        del groups[b], says[b]
        version[a] += 1
        says[a] = _said(units, topics, groups[a])
        for n in sorted(touching[a]):
            push(n)
    return list(groups.values())


def _merge_apart(
    groups: list[Group],
    topics: Topics,
    measures: Measures,
    units: Sequence[Unit],
    steps: Mapping[int, Step],
    context: Context,
) -> list[Group]:
    """Merge groups that do not touch: a section far from its story. Best odds first; touching ones get a second try."""
    groups = sorted(groups, key=lambda g: g.members)
    again = SECOND_CHANCE if context.in_order else 0.0
    least = TOPIC_LEAST_IN_ORDER if context.in_order else TOPIC_LEAST
    place = {n: index for index, g in enumerate(groups) for n in g.members}
    touch: dict[tuple[int, int], float] = {}
    for n, step in steps.items():
        if step.before is not None and place[n] != place[step.before]:
            pair = (min(place[n], place[step.before]), max(place[n], place[step.before]))
            touch[pair] = max(touch.get(pair, APART), step_odds(units, n, step, context) + again)
    says = [_said(units, topics, g) for g in groups]
    widths = [widths_of(units, g.members) for g in groups]
    reach = len(groups) if len(groups) <= MOST_GROUPS else NEAR
    alive = set(range(len(groups)))
    odds: dict[tuple[int, int], float] = {}

    def weigh(a: int, b: int) -> None:
        one, other = groups[a], groups[b]
        if b - a > reach or (one.has_dateline and other.has_dateline):
            return
        topic = topic_odds(says[a], says[b])
        worth = touch[a, b] + max(least, topic) if (a, b) in touch else APART + topic
        worth += measures.odds(widths[a], widths[b])
        if (a, b) not in touch and units[one.members[0]].is_listed != units[other.members[0]].is_listed:
            worth += BESIDE_TABLE
        if one.begins and other.begins:
            both = _complement(units, steps, one, other)
            worth += COMPLEMENTARY if both else -min(one.lead, other.lead)
        if worth > 0:
            odds[a, b] = worth

    for a in sorted(alive):
        for b in range(a + 1, len(groups)):
            weigh(a, b)
    while odds and len(groups) <= MOST_GROUPS * 4:
        a, b = max(odds, key=lambda pair: (odds[pair], -pair[0], -pair[1]))
        groups[a] = _join(groups[a], groups[b], odds[a, b])
        says[a] = _said(units, topics, groups[a])
        widths[a] += widths[b]
        alive.remove(b)
        for x, y in [pair for pair in touch if b in pair]:
            other = y if x == b else x
            odds_there = touch.pop((x, y))
            if other != a:
                pair = (min(a, other), max(a, other))
                touch[pair] = max(touch.get(pair, APART), odds_there)
        odds = {pair: worth for pair, worth in odds.items() if a not in pair and b not in pair}
        for k in sorted(alive - {a}):
            weigh(min(a, k), max(a, k))
    return [groups[k] for k in sorted(alive)]

"""Give groups of paragraphs without any beginning to the story they fit best."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace

from ingest.engine.cohesion import Group, Grouping, context_of, step_odds
from ingest.engine.flow import Step
from ingest.engine.heads import Headings
from ingest.engine.knowledge import pattern
from ingest.engine.likeness import said, topic_odds
from ingest.engine.topics import pairs_of, topics_over
from ingest.engine.units import Unit, Use

# With more groups than any page has stories, orphans stay what they are.
MOST_GROUPS = 150
# A group without heading, dateline or byline joins another story at these odds; alone it would be an article
# without any beginning, which papers do not print.
ORPHAN = -0.4
# With title lines above it may be one, or a section below its subhead.
HEADED_ORPHAN = -0.4
# A weak likeness is enough when no other story comes near.
LEAST_ADOPTION = -2.0
CLEAR_MARGIN = 1.5
# Standing right below a story proves nothing for a section that shares no word with it.
NEXT_BUT_FOREIGN = -3.0
# Words of the heading count for its story as often as this.
HEADING_WEIGHT = 2


def adopt_orphans(
    units: Sequence[Unit],
    steps: Mapping[int, Step],
    grouping: Grouping,
    stories: Sequence[Sequence[int]],
    headings: Headings,
) -> Grouping:
    """Give groups without any beginning to the story they fit best, now that headings say more about the stories."""
    groups = dict(enumerate(grouping.groups))
    if len(groups) > MOST_GROUPS:
        return grouping
    context = context_of(units, steps)
    topics = topics_over([g.counts for g in grouping.groups])
    for number, lines in headings.heads.items():
        counts = Counter(groups[number].counts)
        for line in lines:
            for pair in pairs_of(units[line].text):
                counts[pair] += HEADING_WEIGHT
        groups[number] = replace(groups[number], counts=counts)
    orphans = [
        k
        for k in sorted(groups)
        if (k not in headings.heads or not context.in_order)
        and not groups[k].begins
        and not _is_letter(units, groups[k])
        and not units[groups[k].members[0]].is_listed
    ]
    orphans.sort(key=lambda k: sum(len(units[n].text) for n in groups[k].members))
    free = free_bylines(units, steps)
    left = len(orphans)
    for orphan in orphans:
        mine = groups[orphan]
        alone = said(topics, mine.counts, [units[n].text for n in mine.members])
        ranked: list[tuple[float, int]] = []
        for other in sorted(groups):
            if other == orphan:
                continue
            theirs = [units[n].text for n in groups[other].members]
            odds = topic_odds(alone, said(topics, groups[other].counts, theirs))
            odds += HEADED_ORPHAN if orphan in headings.heads else ORPHAN
            first = mine.members[0]
            if steps[first].before in groups[other].members and odds > NEXT_BUT_FOREIGN:
                odds += 2.0 + min(1.5, max(-1.5, step_odds(units, first, steps[first], context)))
            ranked.append((odds, -other))
        ranked.sort(reverse=True)
        margin = ranked[0][0] - ranked[1][0] if len(ranked) > 1 else 0.0
        is_spare = left > free
        left -= 1
        if ranked and (ranked[0][0] > 0 or (is_spare and ranked[0][0] > LEAST_ADOPTION and margin >= CLEAR_MARGIN)):
            odds, other = ranked[0][0], -ranked[0][1]
            host = groups[other]
            counts = Counter(host.counts)
            counts.update(mine.counts)
            groups[other] = replace(
                host,
                members=tuple(sorted((*host.members, *mine.members))),
                counts=counts,
                confidence=min(host.confidence, mine.confidence, 0.5 + max(0.0, min(0.45, odds / 10))),
            )
            del groups[orphan]
    kept = sorted(groups.values(), key=lambda g: g.members)
    return Grouping(tuple(kept), grouping.topics, grouping.counts, grouping.leads)


def free_bylines(units: Sequence[Unit], steps: Mapping[int, Step]) -> int:
    """Bylines that stand over no paragraph: as many stories may have lost their beginning."""
    held = {n for step in steps.values() for n in step.bylines}
    return sum(
        1
        for n, unit in enumerate(units)
        if unit.use is Use.BYLINE and n not in held and not (n and units[n - 1].use is Use.BYLINE)
    )


def _is_letter(units: Sequence[Unit], g: Group) -> bool:
    return pattern("letter_opening").match(units[g.members[0]].text) is not None

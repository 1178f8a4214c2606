"""Put subheads before the paragraphs they announce, where they stand or where they were torn from.

A long story is printed as frames, and each frame but the first has its subhead. So on a torn page subheads and the
story's beginning are given to sections together, one to each: what has no subhead is where the story begins.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from ingest.engine.flow import LINES_TO_MEASURE, OTHER_MEASURE
from ingest.engine.heads import Headings
from ingest.engine.knowledge import pattern
from ingest.engine.leads import BORROWED
from ingest.engine.matching import best_links
from ingest.engine.scene import Scene
from ingest.engine.sections import NOT_FIRST, breaks_of, places_in, section_end
from ingest.engine.senses import Sense, agreement, sense_of_all
from ingest.engine.titles import cuts_word, parallel_lines
from ingest.engine.topics import Topics, coverage, pairs_of, topics_over
from ingest.engine.units import Unit

# What a torn-off subhead must share with a section to be set before it (`sections`).
NEEDED = 1.3
# A line that can only be a subhead needs less.
NEEDED_IF_SURE = 0.2
# One that was found to be a subhead gets a section of its own for so little, and else shares one.
NEEDED_OF_SUBHEAD = -1.0
# What else speaks for a place. Of 45 subheads torn off on written pages 36 belong at the head of a frame.
AT_FRAME = 1.5
RUN_ON = -1.5
OWN_STORY = 2.0  # the story the matching of headings gave it to
AGREED = 2.0  # both are about like things, more than other sections are
IN_PLACE = 1.5  # it stands there; but on a torn page it may stand above any section
# What speaks for a section being the first of its story.
LEAD = 0.5  # of the log odds of its first paragraph
STANDS_FIRST = 0.5
SET_WIDE = 4.0  # leads are set wider than sections are
SAID_BY_HEAD = 4.0  # and say what the headline says, in their first paragraphs
OPENING = 2
HAS_SUBHEAD = -4.0
EVERY = 50.0  # every story has one


@dataclass(frozen=True, slots=True)
class Subheads:
    before: Mapping[int, tuple[tuple[int, ...], ...]]
    """Paragraph to the runs of title units set before it; the lines of one run are one subhead."""
    left_over: tuple[int, ...]
    first: Mapping[int, int]
    """By story the paragraph it begins with: the one section that has no subhead."""


@dataclass(frozen=True, slots=True)
class _Line:
    """A subhead to be placed, by its title units."""

    run: tuple[int, ...]
    needed: float
    story: int | None = None
    """Whose it is, if that is known …"""
    here: int | None = None
    """… and the paragraph it stands above."""


@dataclass(frozen=True, slots=True)
class _Place:
    """A paragraph a subhead may be set before."""

    is_break: bool
    """A frame begins with it."""
    sense: Sense
    """What it and the rest of its section are about."""


def place_subheads(
    units: Sequence[Unit], scene: Scene, headings: Headings, leads: Mapping[int, float], *, in_order: bool
) -> Subheads:
    """Where the subheads go. ``leads``: log odds of each paragraph for being its story's first. On a page in order a
    subhead that stands above a section stays there."""
    before: dict[int, list[tuple[int, ...]]] = {}
    lines: list[_Line] = []
    for run in line_runs(units, headings.subheads):
        below = next((n for n, step in scene.steps.items() if run[0] in step.titles), None)
        if below is None:
            continue
        if in_order:
            before.setdefault(below, []).append(tuple(run))
        else:
            lines.append(_Line(tuple(run), NEEDED_OF_SUBHEAD, scene.story_of[below], below))
    lines += [
        _Line(tuple(run), NEEDED_OF_SUBHEAD, headings.torn[run[0]]) for run in line_runs(units, tuple(headings.torn))
    ]
    alike = parallel_lines([units[n].text for n in headings.left_over])
    sure = {n for k, n in enumerate(headings.left_over) if k in alike or pattern("bullet").match(units[n].text)}
    for run in line_runs(units, headings.left_over):
        lines.append(_Line(tuple(run), NEEDED_IF_SURE if run[0] in sure else NEEDED))
    topics = topics_over([counts for members in scene.stories for counts in _sections(scene, members)])
    places = _places(units, scene) if lines else {}
    worth: dict[tuple[int, int], float] = {}
    for number, line in enumerate(lines):
        for n, gain in _worth_of_places(units, scene, topics, places, line, before).items():
            worth[number, n] = gain
    for story, members in enumerate(scene.stories):
        heads = headings.heads.get(story, ())
        for n, odds in _beginnings(units, scene, topics, members, leads, heads).items():
            worth[len(lines) + story, n] = EVERY + odds + (HAS_SUBHEAD if n in before else 0.0)
    given = dict(best_links(worth))
    first = {story: given[len(lines) + story] for story in range(len(scene.stories)) if len(lines) + story in given}
    left: list[int] = []
    for number, line in enumerate(lines):
        place = given.get(number, line.here)
        if place is None and line.story is not None:
            own = [n for n in scene.stories[line.story] if (number, n) in worth]
            place = max(own, key=lambda n: (worth[number, n], -n), default=None)
        if place is None:
            left.extend(line.run)
        else:
            before.setdefault(place, []).append(line.run)
    return Subheads({n: tuple(sorted(runs)) for n, runs in before.items()}, tuple(left), first)


def _places(units: Sequence[Unit], scene: Scene) -> dict[int, _Place]:
    found: dict[int, _Place] = {}
    for members in scene.stories:
        breaks = breaks_of(members, scene.steps)
        for place, n in enumerate(members):
            section = members[place : section_end(place, breaks)]
            found[n] = _Place(breaks[place], sense_of_all(units[k].text for k in section))
    return found


def _sections(scene: Scene, members: Sequence[int]) -> list[Counter[str]]:
    """The words of each section of a story."""
    found: list[Counter[str]] = []
    for n, is_break in zip(members, breaks_of(members, scene.steps), strict=True):
        if is_break:
            found.append(Counter())
        found[-1].update(scene.counts[n])
    return found


def _beginnings(
    units: Sequence[Unit],
    scene: Scene,
    topics: Topics,
    members: Sequence[int],
    leads: Mapping[int, float],
    heads: Collection[int],
) -> dict[int, float]:
    """The paragraphs a story may begin with, and what speaks for each: the first ones of its sections."""
    datelines = [n for n in members if units[n].is_dateline]
    starts = [n for n, is_break in zip(members, breaks_of(members, scene.steps), strict=True) if is_break]
    if datelines or len(starts) < 2:
        return {members[0]: 0.0}
    weights = {pair: topics[pair] for t in heads for pair in pairs_of(units[t].text)}
    narrowest = min(units[n].measure for n in starts)
    found = {}
    for n in starts:
        lead = leads[n]
        if scene.steps[n].bylines and not set(scene.steps[n].titles).issubset(heads):
            lead = min(BORROWED, lead)  # for the order within a story one title of another is enough
        found[n] = LEAD * lead + (STANDS_FIRST if n == members[0] else 0.0)
        place = members.index(n)
        said = set().union(*(scene.counts[k] for k in members[place : place + OPENING]))
        found[n] += SAID_BY_HEAD * coverage(weights, said)
        if narrowest and len(units[n].widths) >= LINES_TO_MEASURE and units[n].measure - narrowest > OTHER_MEASURE:
            found[n] += SET_WIDE
    return found


def line_runs(units: Sequence[Unit], numbers: Sequence[int]) -> list[list[int]]:
    """Lines without a blank line between them are one subhead, and so are lines that cut a word."""
    runs: list[list[int]] = []
    for n in sorted(numbers):
        if (
            runs
            and units[n].order == units[runs[-1][-1]].order + 1
            and len(runs[-1]) < 3
            and (units[n].gap == 0 or cuts_word(units[n - 1].text, units[n].text))
        ):
            runs[-1].append(n)
        else:
            runs.append([n])
    return runs


def _worth_of_places(
    units: Sequence[Unit],
    scene: Scene,
    topics: Topics,
    places: Mapping[int, _Place],
    line: _Line,
    taken: Collection[int],
) -> dict[int, float]:
    """By paragraph, what speaks for the subhead announcing it."""
    weights = {pair: topics[pair] for n in line.run for pair in pairs_of(units[n].text)}
    sense = sense_of_all(units[n].text for n in line.run)
    found: dict[int, float] = {}
    agreed: dict[int, float] = {}
    for members in scene.stories:
        breaks = [places[n].is_break for n in members]
        for worth, n in places_in(weights, members, scene.counts, breaks, taken, said_only=False):
            found[n] = worth + (AT_FRAME if places[n].is_break else RUN_ON) - (NOT_FIRST if n == members[0] else 0.0)
            agreed[n] = agreement(sense, places[n].sense)
    if line.here is not None:
        found.setdefault(line.here, 0.0)
        found[line.here] += IN_PLACE
    usual = sum(agreed.values()) / max(1, len(agreed))
    worths: dict[int, float] = {}
    for n, worth in found.items():
        worth += AGREED * (agreed.get(n, usual) - usual)
        if line.story is None and worth - AT_FRAME < line.needed:
            continue
        worths[n] = worth - line.needed + (OWN_STORY if scene.story_of[n] == line.story else 0.0)
    return worths

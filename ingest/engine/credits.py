"""Give each byline to its story."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from ingest.engine.bylines import credited, parse_byline, signed, split_names
from ingest.engine.furniture import section_of
from ingest.engine.heads import Headings
from ingest.engine.knowledge import pattern
from ingest.engine.matching import assign
from ingest.engine.scene import Scene
from ingest.engine.titles import is_column_name
from ingest.engine.units import Unit, Use

# Worth of a byline at a story, roughly in nats.
ABOVE_LEAD = 3.0
ABOVE_PART = 1.5
ABOVE_DATELINE = -1.5  # 本报讯 names its writer, or needs none
UNDER_HEADING = 2.6
AT_END = 1.2
AT_END_IN_BRACKETS = 3.2
CREDITED_ALREADY = -3.0
NEEDS_ONE = 0.8
SOMEWHERE = 0.1
MOST = 60
LONGEST_NAME = 4


def with_bare_bylines(units: Sequence[Unit]) -> tuple[Unit, ...]:
    """The units, a name alone between a heading and its text being a byline."""
    known = {name for unit in units if unit.use is Use.BYLINE for name in parse_byline(unit.text) or ()}
    known |= {name for unit in units if unit.is_dateline for name in credited(unit.text)}
    found = list(units)
    for n, unit in enumerate(units):
        name = unit.text.replace(" ", "")
        if unit.use is not Use.TITLE or not 2 <= len(name) <= LONGEST_NAME:
            continue
        if name not in known:
            names = split_names(name, sure=False)
            if names is None or len(names) > 1 or section_of(name) or is_column_name(name):
                continue
        is_under_heading = n > 0 and units[n - 1].use is Use.TITLE and unit.gap <= 1
        is_above_text = n + 1 < len(units) and units[n + 1].use is Use.BODY and not units[n + 1].is_dateline
        if is_above_text and is_under_heading:
            found[n] = replace(unit, use=Use.BYLINE, reason="标题和正文之间的人名")
    return tuple(found)


def give_bylines(units: Sequence[Unit], scene: Scene, headings: Headings) -> Mapping[int | None, tuple[int, ...]]:
    """Byline units by story; under None those no story wants."""
    runs = _runs(units)
    if not runs:
        return {}
    stories = range(len(scene.stories))
    if not scene.stories:
        return {None: tuple(n for run in runs for n in run)}
    credit = [_has_credit(units, scene, story) for story in stories]
    table = [[_worth(units, scene, headings, run, story, credit[story]) for story in stories] for run in runs]
    given: dict[int | None, list[int]] = {}
    if len(runs) <= MOST and len(scene.stories) <= 4 * MOST:
        costs = [[-worth for worth in row] + [0.0] * len(runs) for row in table]
        picks = [k if k < len(scene.stories) and table[r][k] > 0 else None for r, k in enumerate(assign(costs))]
    else:
        picks = [max(stories, key=lambda s, r=row: (r[s], -s)) for row in table]  # type: ignore[misc]
    for run, story in zip(runs, picks, strict=True):
        given.setdefault(story, []).extend(run)
    for number in given.pop(None, []):  # a story may have two: one above, one at its end
        place = _nearest(units, scene, number)
        given.setdefault(place, []).append(number)
    return {story: tuple(sorted(numbers)) for story, numbers in given.items()}


def _runs(units: Sequence[Unit]) -> list[list[int]]:
    """Byline lines right under each other are one byline."""
    runs: list[list[int]] = []
    for n, unit in enumerate(units):
        if unit.use is not Use.BYLINE:
            continue
        if runs and runs[-1][-1] == n - 1 and unit.gap <= 1 and len(runs[-1]) < 4 and not _is_closed(unit.text):
            runs[-1].append(n)
        else:
            runs.append([n])
    return runs


def _is_closed(text: str) -> bool:
    return text[:1] in tuple("（(□■○●◎")


def _has_credit(units: Sequence[Unit], scene: Scene, story: int) -> bool:
    members = scene.stories[story]
    return any(units[n].is_dateline and credited(units[n].text) for n in members) or bool(
        members and signed(units[members[-1]].text)
    )


def _worth(
    units: Sequence[Unit], scene: Scene, headings: Headings, run: Sequence[int], story: int, is_credited: bool
) -> float:
    worth = SOMEWHERE
    members = scene.stories[story]
    is_closed = _is_closed(units[run[0]].text) or pattern("source_note").match(units[run[0]].text) is not None
    below = next((n for n, step in scene.steps.items() if run[-1] in step.bylines), None)
    if below is not None and below in members:
        worth += ABOVE_LEAD if below == members[0] else ABOVE_PART
        if units[below].is_dateline:
            worth += ABOVE_DATELINE
        if is_closed and below != members[0]:
            worth -= 1.0
    before = run[0] - 1
    if before >= 0:
        if units[before].use is Use.TITLE and before in headings.heads.get(story, ()):
            worth += UNDER_HEADING
        if before in members and scene.steps.get(run[0]) is None:
            worth += AT_END_IN_BRACKETS if is_closed and units[run[0]].text[:1] in "（(" else AT_END
    if is_credited:
        worth += CREDITED_ALREADY
    else:
        worth += NEEDS_ONE
    return worth


def _nearest(units: Sequence[Unit], scene: Scene, number: int) -> int | None:
    for n in range(number - 1, -1, -1):
        if n in scene.story_of:
            return scene.story_of[n]
    return next((scene.story_of[n] for n in range(number, len(units)) if n in scene.story_of), None)

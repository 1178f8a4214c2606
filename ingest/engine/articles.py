"""Divide the units of a page into stories: paragraphs by topic and neighbourhood, then headings, bylines, captions."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace

from ingest.engine.captions import late_captions, names_scene, owner_of_caption
from ingest.engine.choices import LABEL_LENGTH
from ingest.engine.cohesion import Group, Grouping, context_of, group
from ingest.engine.credits import give_bylines, with_bare_bylines
from ingest.engine.flow import Step, steps_of
from ingest.engine.furniture import section_of
from ingest.engine.heads import Headings, match_headings
from ingest.engine.knowledge import pattern
from ingest.engine.leads import known_leads
from ingest.engine.orphans import adopt_orphans
from ingest.engine.plain import read_in_order
from ingest.engine.reading_order import beginning_with, in_reading_order
from ingest.engine.regroup import regroup
from ingest.engine.scene import Scene
from ingest.engine.stories import NO_JUMPS, Division, Jumps, Story
from ingest.engine.subheads import place_subheads
from ingest.engine.text import width_of
from ingest.engine.titles import is_column_name
from ingest.engine.topics import coverage, pairs_of, topics_over
from ingest.engine.units import Unit, Use

# No page has more units. A longer text is read part by part, and a far longer one in its own order: both take linear
# time, while what is decided for a page as a whole (stories, headings) may take longer for each unit more.
MOST_UNITS = 150
MOST_UNITS_IN_PARTS = 4000
# A part ends where a story may begin, if it can, in its last so many units.
LOOKED_BACK = 50
# A longer line about nothing on the page is no slogan.
LONGEST_SLOGAN = 30
# A caption with more units than this between it and the paragraph above says little by its place.
CLOSE = 3
# A heading and the caption beside it are one picture's when so much of the heading is said in the caption.
PICTURED = 0.45
# A jump line and the white space behind it are no longer than this.
JUMP_REACH = 24
AFAR = 0.3


def divide(units: Sequence[Unit], jumps: Jumps = NO_JUMPS) -> Division:
    if len(units) > MOST_UNITS_IN_PARTS:
        return read_in_order(units)
    parts = [_divide_page(part, _within(jumps, part)) for part in _parts(units)]
    return Division(
        tuple(story for part in parts for story in part.stories),
        tuple(unit for part in parts for unit in part.furniture),
    )


def _parts(units: Sequence[Unit]) -> list[Sequence[Unit]]:
    """The units of one page, or of a longer text in parts no longer than a page."""
    parts: list[Sequence[Unit]] = []
    start = 0
    while len(units) - start > MOST_UNITS:
        end = start + MOST_UNITS
        places = range(end, end - LOOKED_BACK, -1)
        end = next((n for n in places if units[n].is_dateline and units[n - 1].use is Use.BODY), end)
        parts.append(units[start:end])
        start = end
    return [*parts, units[start:]]


def _within(jumps: Jumps, units: Sequence[Unit]) -> Jumps:
    """The jump lines beside these units."""
    if not units:
        return NO_JUMPS
    low = min(unit.start for unit in units) - JUMP_REACH
    high = max(span[1] for unit in units for span in unit.spans) + JUMP_REACH
    return Jumps(
        tuple(jump for jump in jumps.origins if low <= jump[0] <= high),
        tuple(jump for jump in jumps.targets if low <= jump[0] <= high),
    )


def _divide_page(units: Sequence[Unit], jumps: Jumps) -> Division:
    units = with_bare_bylines(units)
    captions = late_captions(units, _inside_paragraphs(units))
    captions |= {n for n, unit in enumerate(units) if unit.use is Use.CAPTION}
    steps = steps_of(units, captions)
    body = sorted(steps)
    resumed = {n: page for n, page in _resumed(units, jumps).items() if n not in captions}
    grouping = group(units, body, steps, frozenset(_first_paragraphs(units, steps, resumed)))
    columns = frozenset(n for n in range(len(units)) if n not in resumed and _is_lone_column(units, n, captions))
    reserved = captions | columns | {n for n in resumed if units[n].use is Use.TITLE}
    stories = [_lead_first(units, g, steps) for g in grouping.groups]
    scene = _scene(units, steps, stories, grouping, reserved)
    if not context_of(units, steps).in_order:
        scene = replace(scene, unlikely=frozenset(k for k, g in enumerate(grouping.groups) if not g.begins))
    headings = match_headings(scene)
    grouping = adopt_orphans(units, steps, grouping, stories, headings)

    def match(candidate: Grouping) -> Headings:
        leads_first = [_lead_first(units, g, steps) for g in candidate.groups]
        return match_headings(_scene(units, steps, leads_first, candidate, reserved))

    grouping, headings = regroup(units, steps, grouping, match)
    stories = [_lead_first(units, g, steps) for g in grouping.groups]
    scene = _scene(units, steps, stories, grouping, reserved)
    return _assemble(units, scene, grouping, headings, captions, columns, resumed, jumps)


def _resumed(units: Sequence[Unit], jumps: Jumps) -> dict[int, str]:
    """Units that stand right behind a 上接 line, with the page it names: there a story from another page goes on."""
    found: dict[int, str] = {}
    for position, page in jumps.origins:
        after = [(unit.start, n) for n, unit in enumerate(units) if 0 <= unit.start - position <= JUMP_REACH]
        if after and units[min(after)[1]].use in (Use.TITLE, Use.BODY):
            found[min(after)[1]] = page
    return found


def _first_paragraphs(units: Sequence[Unit], steps: Mapping[int, Step], resumed: Mapping[int, str]) -> dict[int, str]:
    """The paragraphs with which continued stories go on: behind the jump line or behind its subhead."""
    found: dict[int, str] = {}
    for n, page in resumed.items():
        below = n if n in steps else next((k for k in sorted(steps) if n in steps[k].titles), None)
        if below is not None:
            found[below] = page
    return found


def _continued(units: Sequence[Unit], scene: Scene, jumps: Jumps) -> dict[int, str]:
    """Stories that go on elsewhere: those of the paragraph before each 下转 line."""
    found: dict[int, str] = {}
    for position, page in jumps.targets:
        before = [(span[0], n) for n in scene.steps for span in units[n].spans if span[0] < position]
        if before:
            found[scene.story_of[max(before)[1]]] = page
    return found


def _inside_paragraphs(units: Sequence[Unit]) -> dict[int, bool]:
    """Which units stand inside a paragraph that was cut in two around them."""
    inside: dict[int, bool] = {}
    owner = {f: n for n, unit in enumerate(units) for f in unit.fragments}
    for unit in units:
        for left, right in zip(unit.fragments, unit.fragments[1:], strict=False):
            if 1 < right - left <= 4:
                for fragment in range(left + 1, right):
                    if fragment in owner:
                        inside[owner[fragment]] = True
    return inside


def _scene(
    units: Sequence[Unit],
    steps: Mapping[int, Step],
    stories: Sequence[Sequence[int]],
    grouping: Grouping,
    reserved: frozenset[int],
) -> Scene:
    story_of = {n: number for number, members in enumerate(stories) for n in members}
    topics = topics_over([g.counts for g in grouping.groups])
    return Scene(units, steps, stories, topics, grouping.counts, reserved, story_of)


def _is_lone_column(units: Sequence[Unit], number: int, captions: Collection[int]) -> bool:
    """A column's name on a line by itself, known by its form."""
    unit = units[number]
    return (
        unit.use is Use.TITLE
        and number not in captions
        and (is_column_name(unit.text) or section_of(unit.text) is not None)
    )


def _lead_first(units: Sequence[Unit], g: Group, steps: Mapping[int, Step]) -> list[int]:
    """The paragraphs in reading order: the run with the story's beginning first, the others as they stand."""
    members = list(g.members)
    lead = next((n for n in members if units[n].is_dateline), None)
    if lead is None:
        lead = next((n for n in members if steps[n].bylines), members[0])
        if lead != members[0] and pattern("carries_on").match(units[lead].text):
            lead = members[0]
    if lead == members[0]:
        return members
    inside = set(members)
    run = [lead]
    while True:
        following = [n for n in members if n not in run and steps[n].before == run[-1] and not steps[n].titles]
        if not following:
            break
        run.append(following[0])
    return [*run, *(n for n in members if n not in run and n in inside)]


def _assemble(
    units: Sequence[Unit],
    scene: Scene,
    grouping: Grouping,
    headings: Headings,
    captions: frozenset[int],
    columns: frozenset[int],
    resumed: Mapping[int, str],
    jumps: Jumps,
) -> Division:
    bylines = give_bylines(units, scene, headings)
    furniture = [unit for unit in units if unit.use is Use.FURNITURE]
    opening = tuple(n for n in sorted(resumed) if units[n].use is Use.TITLE)
    placed = place_subheads(
        units,
        scene,
        replace(headings, subheads=tuple(sorted({*headings.subheads, *opening}))),
        known_leads(units, scene.steps, grouping.leads, scene.stories, headings.heads),
        in_order=context_of(units, scene.steps).in_order,
    )
    begun = {scene.story_of[n]: page for n, page in _first_paragraphs(units, scene.steps, resumed).items()}
    going_on = _continued(units, scene, jumps)
    head_texts = {k: "".join(units[n].text for n in lines) for k, lines in headings.heads.items()}
    around = _around(units, scene)
    owned_captions: dict[int | None, list[Unit]] = {}
    for n in sorted(captions):
        above, below = around(n)
        nearness = 1.0 if above is None or units[n].order - units[above].order <= CLOSE else AFAR
        owner, _ = owner_of_caption(
            units[n], scene.stories, scene.counts, head_texts, scene.topics, above, below, scene.story_of, nearness
        )
        owned_captions.setdefault(owner, []).append(units[n])
    column_of: dict[int, Unit] = {}
    for n in sorted(columns):
        story = _story_of_column(units, scene, headings, n, around(n))
        if story is not None and story not in column_of:
            column_of[story] = units[n]
        else:
            furniture.append(units[n])
    loose: list[Story] = []
    alone = sum(1 for k in range(len(scene.stories)) if k not in headings.heads)
    doubt = (alone + len(headings.left_over)) / max(1, len(scene.stories))
    lone_bylines = bylines.get(None, ())
    for run in _runs(units, placed.left_over):
        pictured = _picture_beside(units, scene, run, captions)
        if pictured is not None:
            for held in owned_captions.values():
                if units[pictured] in held:
                    held.remove(units[pictured])
            loose.append(Story(titles=tuple(units[n] for n in run), captions=(units[pictured],), margin=0.0))
            continue
        caption_of = _story_of_late_caption(units, scene, run, around, bool(captions))
        if caption_of is not None:
            owned_captions.setdefault(caption_of, []).extend(units[n] for n in run)
        elif (labelled := _labelled_story(units, scene, headings, run, around)) is not None and (
            labelled not in column_of
        ):
            column_of[labelled] = units[run[0]]
        elif _is_slogan(units, scene, run):
            furniture.extend(units[n] for n in run)
        else:
            loose.append(Story(titles=tuple(units[n] for n in run), margin=0.0))
    stories = []
    for number, members in enumerate(scene.stories):
        parts: list[tuple[Unit, ...]] = []
        first = placed.first.get(number, members[0])
        if first != members[0]:
            members = beginning_with(first, members, scene.steps)
        for n in in_reading_order(units, members, scene.steps, placed.before):
            parts.extend(tuple(units[t] for t in run) for run in placed.before.get(n, ()))
            parts.append((units[n],))
        stories.append(
            Story(
                tuple(parts),
                tuple(units[n] for n in headings.heads.get(number, ())),
                column_of.get(number),
                tuple(units[n] for n in bylines.get(number, ())),
                tuple(owned_captions.get(number, ())),
                begun.get(number),
                going_on.get(number),
                grouping.groups[number].confidence,
                headings.margins.get(number, 0.0),
                headings.fits.get(number, 0.0),
                doubt,
            )
        )
    stories.extend(loose)
    if owned_captions.get(None):
        stories.append(Story(captions=tuple(owned_captions[None]), margin=0.0))
    stories.extend(Story(byline=(units[n],), margin=0.0) for n in lone_bylines)
    stories.sort(key=_first_place)
    return Division(tuple(stories), tuple(furniture))


def _first_place(story: Story) -> int:
    if story.body:
        return story.body[0][0].order
    return min(unit.order for unit in (*story.titles, *story.captions, *story.byline))


def _around(units: Sequence[Unit], scene: Scene):  # type: ignore[no-untyped-def]
    """For a unit, the paragraphs that physically stand above and below it."""
    marks = sorted((f, n) for n in scene.steps for f in units[n].fragments)
    places = [f for f, _ in marks]

    def find(number: int) -> tuple[int | None, int | None]:
        from bisect import bisect

        at = bisect(places, units[number].fragments[0])
        return (marks[at - 1][1] if at else None, marks[at][1] if at < len(marks) else None)

    return find


def _story_of_column(
    units: Sequence[Unit], scene: Scene, headings: Headings, number: int, around: tuple[int | None, int | None]
) -> int | None:
    """A column's name stands above its heading or its story; else below its story."""
    if section_of(units[number].text) is not None and all(u.use is Use.FURNITURE for u in units[:number]):
        return None  # the section's name in the head of the page
    for story, lines in headings.heads.items():
        if lines and 0 < units[lines[0]].order - units[number].order <= 2:
            return story
    above, below = around
    if section_of(units[number].text) is not None and above is None:
        return None  # the section's name in the head of the page
    if below is not None:
        return scene.story_of.get(below)
    return scene.story_of.get(above) if above is not None else None


def _runs(units: Sequence[Unit], numbers: Sequence[int]) -> list[list[int]]:
    """Left-over title lines that stand together, and so are one heading."""
    runs: list[list[int]] = []
    for n in sorted(numbers):
        if runs and units[n].order == units[runs[-1][-1]].order + 1 and units[n].gap <= 1 and len(runs[-1]) < 3:
            runs[-1].append(n)
        else:
            runs.append([n])
    return runs


def _story_of_late_caption(  # type: ignore[no-untyped-def]
    units: Sequence[Unit], scene: Scene, run: Sequence[int], around, has_captions: bool
) -> int | None:
    """A short line that names a scene, on a page with other captions, or a picture at the page's end: the story above
    it, else below."""
    if len(run) > 1:
        return None
    above, below = around(run[0])
    if not names_scene(units[run[0]].text, has_captions) and not _ends_page(units, run[0], above):
        return None
    near = above if above is not None else below
    return scene.story_of.get(near) if near is not None else None


def _ends_page(units: Sequence[Unit], number: int, above: int | None) -> bool:
    """Whether the line stands below the page's last paragraph and speaks of what is told there: a picture's name."""
    text = units[number].text
    if above is None or not 2 <= len(text) <= LABEL_LENGTH or pattern("slogan").search(text):
        return False
    if units[number].order != units[above].order + 1 or any(u.use is not Use.FURNITURE for u in units[number + 1 :]):
        return False
    told = "".join(unit.text for unit in units[:number] if unit.use is Use.BODY)
    return any(pair in told for pair in pairs_of(text))


def _picture_beside(units: Sequence[Unit], scene: Scene, run: Sequence[int], captions: frozenset[int]) -> int | None:
    """The caption next to a left-over heading that speaks of the same: a picture with a heading and no story."""
    weights = {pair: scene.topics[pair] for n in run for pair in pairs_of(units[n].text)}
    for n in (run[0] - 1, run[-1] + 1):
        if n in captions and coverage(weights, pairs_of(units[n].text)) >= PICTURED:
            return n
    return None


def _labelled_story(  # type: ignore[no-untyped-def]
    units: Sequence[Unit], scene: Scene, headings: Headings, run: Sequence[int], around
) -> int | None:
    """A few characters right above a heading or a story's first paragraph name its column."""
    text = units[run[0]].text
    if len(run) > 1 or not 2 <= len(text) <= LABEL_LENGTH or pattern("slogan").search(text):
        return None
    for story, lines in headings.heads.items():
        if lines and units[lines[0]].order == units[run[0]].order + 1:
            return story
    _, below = around(run[0])
    if below is not None and units[below].order == units[run[0]].order + 1:
        story = scene.story_of[below]
        return story if scene.stories[story][0] == below else None
    return None


def _is_slogan(units: Sequence[Unit], scene: Scene, run: Sequence[int]) -> bool:
    """A motto of the paper or a public notice: short, and about nothing the page reports, or of the known form."""
    text = " ".join(units[n].text for n in run)
    if pattern("slogan").search(text):
        return True
    if units[run[0]].order == 0 or (run[0] > 0 and all(units[k].use is Use.FURNITURE for k in range(run[0]))):
        return True  # above everything else and nobody's heading: it belongs to the page's head
    return width_of(text) <= LONGEST_SLOGAN

"""Put title lines to stories: one matching over the whole page.

Title lines come in printed order; neighbouring ones may form one heading. Every heading looks for a story without one,
by the words they share and by where it stands; a line between two paragraphs of one story may be its subhead instead.
All choices of a page are made together, so a heap of headings at the page's end comes apart as well as clean pages do.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from ingest.engine.captions import names_scene
from ingest.engine.flow import Step
from ingest.engine.knowledge import pattern
from ingest.engine.sections import breaks_of, places_in
from ingest.engine.titles import parallel_lines, runs_on
from ingest.engine.topics import Topics, coverage, pairs_of
from ingest.engine.units import Unit, Use

# Kicker, headline over two lines, deck over two: no heading has more lines than this.
MOST_LINES = 5
# Partial choices kept; the page's heap rarely has more than a dozen headings.
BEAM = 80
# With more title lines than any page has, fewer.
MOST_TITLES = 150
NARROW_BEAM = 8
# A pair of characters in more stories than this tells none of them apart.
COMMON = 60
# Stories a line may go to: those sharing most words with it, and its neighbours.
CANDIDATES = 5

# Worth of a choice, roughly in nats.
SHARED = 3.0  # all its words are in the story
SHARED_WITH_LEAD = 2.5  # and in its first paragraphs
ABOVE_LEAD = 2.5  # the heading stands right above where the story begins
ABOVE_PART = 0.5  # above another of its paragraphs
NO_BEGINNING = -2.5  # the story may be a section of another, and the line its subhead
BELOW = 0.8  # right below the story's last paragraph
SUBHEAD_IN_PLACE = 2.2  # between two paragraphs of one story
SUBHEAD_AFTER_GAP = -0.8
OUT_OF_PLACE = -1.6  # above another section than the one it follows
SUBHEAD_TORN = -1.2  # away from its section
SAID_BY_LEAD = 1.5  # what the lead says is rather in the headline
IN_PLACE_SHARE = 0.4  # of that, where its place says enough
PARALLEL_SUBHEAD = 1.5  # others of its form stand near
LONGEST_SUBHEAD = 14
PER_CHARACTER = -0.4  # beyond that
SECOND_LINE = -0.3
MOST_SUBHEAD_LINES = 2
TORN = -10
NO_HEADING = 1.5  # a subhead whose story has no heading is rather its heading
MARKED = 2.0  # ● and 一、 make a subhead
PARALLEL = -2.5  # 现状 …, 困境 …, 出路 …: lines of one form are subheads
LEFT_OVER = -0.6  # the line goes nowhere
EXTRA_LINE = -0.2
FAR_LINES = -0.8  # a heading does not hold blank space
SPLIT_TIGHT = -1.6  # lines without a blank line between them belong together
SPLIT_WORD = -3.0  # nor does a heading end inside a word or a quotation
SLOGAN = -3.0  # 节约用水 人人有责: a public notice, if no story speaks of it
LABEL = -1.5  # four characters no story repeats: a column's name
LABEL_LENGTH = 6
SPOKEN_OF = 1.2  # affinity from which a line is about a story
DASH_FIRST = -3.0  # —— opens a deck, never a heading
AFTER_DASH = -1.5


@dataclass(frozen=True, slots=True)
class Headings:
    heads: Mapping[int, tuple[int, ...]]
    """Story number to title units, in printed order."""
    subheads: tuple[int, ...]
    """Title units that stand where they belong, between paragraphs."""
    left_over: tuple[int, ...]
    margins: Mapping[int, float]
    """How much better than the next story each heading fits, in nats."""
    score: float = 0.0
    """Worth of all choices together."""
    torn: Mapping[int, int] = field(default_factory=dict)
    """Title units that are subheads torn from their sections, to their story's number."""
    fits: Mapping[int, float] = field(default_factory=dict)
    """How much of the words of its best line each story's heading shares with it, in nats."""


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a title unit stands: the paragraphs around its cluster and its place in it."""

    cluster: int
    above: int | None
    below: int | None
    is_first: bool
    is_last: bool


@dataclass(frozen=True, slots=True)
class _State:
    """A choice for all lines so far: the last pick, and the state before it."""

    score: float = 0.0
    used: int = 0
    """The stories that have a heading, a bit for each."""
    pick: tuple[int, int, int] = (0, 0, 0)
    """(first line, last line, story); story -1 is left over, -2 a subhead in place, -10 and below one torn off."""
    before: _State | None = None

    @property
    def picks(self) -> list[tuple[int, int, int]]:
        """All picks, in printed order."""
        found = []
        state = self
        while state.before is not None:
            found.append(state.pick)
            state = state.before
        return found[::-1]


@dataclass(frozen=True, slots=True)
class Scene:
    """What the matching looks at."""

    units: Sequence[Unit]
    steps: Mapping[int, Step]
    stories: Sequence[Sequence[int]]
    """Unit numbers of each story's paragraphs; the lead first."""
    topics: Topics
    counts: Mapping[int, Counter[str]]
    reserved: frozenset[int] = frozenset()
    """Title units with another use already (captions, column names)."""
    story_of: Mapping[int, int] = field(default_factory=dict)
    unlikely: frozenset[int] = frozenset()
    """Stories without any beginning of their own: perhaps sections of others."""

    def breaks(self, story: int) -> list[bool]:
        """Which paragraphs of a story do not follow the one before them on the page."""
        return breaks_of(self.stories[story], self.steps)


def match_headings(scene: Scene) -> Headings:
    titles = [n for n, u in enumerate(scene.units) if u.use is Use.TITLE and n not in scene.reserved]
    if not titles:
        return Headings({}, (), (), {})
    places = _places(scene, titles)
    words = [_weights(scene.topics, scene.units[n].text) for n in titles]
    affinity = _affinities(scene, titles, words)
    shows = any(u.use is Use.CAPTION or (u.use is Use.BODY and n not in scene.steps) for n, u in enumerate(scene.units))
    alike = parallel_lines([scene.units[n].text for n in titles])
    final = _search(
        scene,
        titles,
        places,
        affinity,
        [
            _strange(scene.units[n].text, a) + (PARALLEL if k in alike else 0.0)
            for k, (n, a) in enumerate(zip(titles, affinity, strict=True))
        ],
        [
            {} if names_scene(scene.units[n].text, shows) else _as_subhead(scene, w, scene.units[n].text, k in alike, a)
            for k, (n, w, a) in enumerate(zip(titles, words, affinity, strict=True))
        ],
    )
    heads: dict[int, tuple[int, ...]] = {}
    subheads: list[int] = []
    left: list[int] = []
    torn: dict[int, int] = {}
    margins: dict[int, float] = {}
    fits: dict[int, float] = {}
    for first, last, story in final.picks:
        lines = tuple(titles[k] for k in range(first, last + 1))
        if story >= 0:
            heads[story] = lines
            sums = [sum(affinity[k].get(s, 0.0) for k in range(first, last + 1)) for s in range(len(scene.stories))]
            own = sums.pop(story)
            fits[story] = max(affinity[k].get(story, 0.0) for k in range(first, last + 1))
            margins[story] = own - max(sums, default=0.0)
        elif story == -2:
            subheads.extend(lines)
        elif story <= TORN:
            torn |= dict.fromkeys(lines, TORN - story)
        else:
            left.extend(lines)
    return Headings(heads, tuple(subheads), tuple(left), margins, final.score, torn, fits)


def _as_subhead(
    scene: Scene, weights: Mapping[str, float], text: str, is_parallel: bool, affinity: Mapping[int, float]
) -> dict[int, float]:
    """By story, what speaks for the line as a subhead of one of its sections."""
    form = PARALLEL_SUBHEAD if is_parallel else 0.0
    if pattern("bullet").match(text):
        form += MARKED
    width = len(text.replace(" ", ""))
    form += PER_CHARACTER * max(0, width - LONGEST_SUBHEAD)
    found: dict[int, float] = {}
    for story in sorted(affinity, key=lambda s: (-affinity[s], s))[:CANDIDATES]:
        members = scene.stories[story]
        places = places_in(weights, members, scene.counts, scene.breaks(story))
        if places:
            lead = scene.counts[members[0]]
            found[story] = form + max(places)[0] - SAID_BY_LEAD * coverage(weights, lead)
    return found


def _strange(text: str, affinity: Mapping[int, float]) -> float:
    """What it costs to take the line for part of a heading though no story speaks of it."""
    if max(affinity.values(), default=0.0) >= SPOKEN_OF:
        return 0.0
    if pattern("slogan").search(text):
        return SLOGAN
    return LABEL if len(text) <= LABEL_LENGTH else 0.0


def _weights(topics: Topics, text: str) -> dict[str, float]:
    return {pair: topics.weight(pair) for pair in pairs_of(text)}


def _affinities(scene: Scene, titles: Sequence[int], words: Sequence[Mapping[str, float]]) -> list[dict[int, float]]:
    """For each line its worth to each story that shares words with it."""
    holders: dict[str, list[int]] = {}
    leads: list[Counter[str]] = []
    for number, members in enumerate(scene.stories):
        lead: Counter[str] = Counter()
        seen: set[str] = set()
        for place, n in enumerate(members):
            if place < 2:
                lead.update(scene.counts[n])
            seen.update(scene.counts[n])
        leads.append(lead)
        for pair in seen:
            holders.setdefault(pair, []).append(number)
    found: list[dict[int, float]] = []
    for weights in words:
        total = sum(weights.values()) or 1.0
        shares: dict[int, float] = {}
        for pair in sorted(weights):
            for story in holders.get(pair, [])[:COMMON]:
                gain = SHARED + (SHARED_WITH_LEAD if pair in leads[story] else 0.0)
                shares[story] = shares.get(story, 0.0) + gain * weights[pair] / total
        found.append(shares)
    return found


def _places(scene: Scene, titles: Sequence[int]) -> list[_Place]:
    above: dict[int, int | None] = {}
    below: dict[int, int | None] = {}
    clusters: dict[int, int] = {}
    wanted = set(titles)
    for number in sorted(scene.steps):
        step = scene.steps[number]
        for t in step.titles:
            above[t], below[t], clusters[t] = step.before, number, number
    last_body = max((f for n in scene.steps for f in scene.units[n].fragments), default=-1)
    owner = {f: n for n in scene.steps for f in scene.units[n].fragments}
    places = []
    for t in titles:
        if t not in clusters:
            above[t], below[t], clusters[t] = owner.get(last_body), None, -1
    order = [t for t in titles if t in wanted]
    for k, t in enumerate(order):
        first = k == 0 or clusters[order[k - 1]] != clusters[t]
        last = k == len(order) - 1 or clusters[order[k + 1]] != clusters[t]
        places.append(_Place(clusters[t], above[t], below[t], first, last))
    return places


def _search(
    scene: Scene,
    titles: Sequence[int],
    places: Sequence[_Place],
    affinity: Sequence[Mapping[int, float]],
    strange: Sequence[float],
    as_subhead: Sequence[Mapping[int, float]],
) -> _State:
    """Best choices over all lines, by a beam over the lines in printed order."""
    beams: list[dict[int, _State]] = [{} for _ in range(len(titles) + 1)]
    beams[0][0] = _State()
    width = BEAM if len(titles) <= MOST_TITLES else NARROW_BEAM
    for at in range(len(titles)):
        states = sorted(beams[at].values(), key=_order)[:width]
        beams[at] = {}
        if not states:
            continue
        options = _options(scene, titles, places, affinity, strange, as_subhead, at)
        for last, story, gain in options:
            bit = 1 << story if story >= 0 else 0
            reached = beams[last + 1]
            pick = (at, last, story)
            for state in states:
                if bit & state.used:
                    continue
                used = state.used | bit
                score = state.score + gain
                held = reached.get(used)
                if held is None or score > held.score + 1e-9:
                    reached[used] = _State(score, used, pick, state)
    return min(beams[-1].values(), key=lambda s: (-s.score + NO_HEADING * _headless(s), s.used))


def _order(state: _State) -> tuple[float, int]:
    return -state.score, state.used


def _headless(state: _State) -> int:
    """Subheads given to stories that got no heading."""
    return sum(1 for _, _, story in state.picks if story <= TORN and not state.used >> (TORN - story) & 1)


def _options(
    scene: Scene,
    titles: Sequence[int],
    places: Sequence[_Place],
    affinity: Sequence[Mapping[int, float]],
    strange: Sequence[float],
    as_subhead: Sequence[Mapping[int, float]],
    at: int,
) -> list[tuple[int, int, float]]:
    """(last line, story, worth) of everything a heading starting at this line can be."""
    units, place = scene.units, places[at]
    start_cost = 0.0
    if not place.is_first and units[titles[at]].gap == 0:
        start_cost = SPLIT_TIGHT
    if not place.is_first and runs_on(units[titles[at] - 1].text, units[titles[at]].text):
        start_cost += SPLIT_WORD
    if units[titles[at]].text.startswith("—"):
        start_cost += DASH_FIRST
    is_marked = pattern("bullet").match(units[titles[at]].text) is not None
    options = [(at, -1, LEFT_OVER + (start_cost if start_cost <= SPLIT_WORD else start_cost / 2))]
    here = scene.story_of.get(place.above) if place.above is not None else None
    there = scene.story_of.get(place.below) if place.below is not None else None
    for last in range(at, min(len(titles), at + MOST_SUBHEAD_LINES)):
        if last > at and (units[titles[last]].gap or units[titles[last]].order != units[titles[last - 1]].order + 1):
            break
        broken = start_cost + SECOND_LINE * (last - at)
        inside = here is not None and here == there
        if there is not None and place.below is not None and not units[place.below].is_dateline:
            # Between two paragraphs of a story, or right above one of a section torn from it.
            said = max(as_subhead[k].get(there, 0.0) for k in range(at, last + 1))
            worth = SUBHEAD_IN_PLACE + broken
            if units[titles[at]].gap >= 3:
                worth += SUBHEAD_AFTER_GAP
            if inside:
                options.append((last, -2, worth + IN_PLACE_SHARE * said))
            elif places[last].is_last and place.below != scene.stories[there][0]:
                options.append((last, -2, worth + OUT_OF_PLACE + said))
        for story in as_subhead[at]:
            worth = sum(as_subhead[k].get(story, 0.0) for k in range(at, last + 1)) / (last - at + 1)
            options.append((last, TORN - story, SUBHEAD_TORN + worth + broken))
    total: Counter[int] = Counter()
    form = start_cost - (2 * MARKED if is_marked else 0.0)
    for last in range(at, min(len(titles), at + MOST_LINES)):
        if last > at:
            if places[last].cluster != place.cluster:
                break
            if pattern("bullet").match(units[titles[last]].text):
                break
            if units[titles[last]].order != units[titles[last - 1]].order + 1:
                break  # a column's name, a byline or a caption stands between
            gap = units[titles[last]].gap
            form += EXTRA_LINE + (FAR_LINES if gap >= 2 else -0.2 if gap else 0.0)
            if units[titles[last - 1]].text.startswith("—"):
                form += AFTER_DASH
            if last - at >= 3:
                form -= 0.7
        form += strange[last]
        for story, worth in affinity[last].items():
            total[story] += worth  # type: ignore[assignment]
        nearby = {s for s in (here, there) if s is not None}
        ranked = sorted(total, key=lambda s: (-total[s], s))[:CANDIDATES]
        for story in sorted(nearby.union(ranked)):
            options.append((last, story, form + total[story] + _position(scene, places, at, last, story)))
    return options


def _position(scene: Scene, places: Sequence[_Place], at: int, last: int, story: int) -> float:
    worth = NO_BEGINNING if story in scene.unlikely else 0.0
    below, above = places[last].below, places[at].above
    lead = scene.stories[story][0] if scene.stories[story] else None
    if places[last].is_last and below is not None and scene.story_of.get(below) == story:
        worth += ABOVE_LEAD if below == lead else ABOVE_PART
    if places[at].is_first and above is not None and scene.story_of.get(above) == story:
        worth += BELOW
    return worth

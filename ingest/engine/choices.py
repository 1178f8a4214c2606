"""What a title line, or a run of them, may be, and what speaks for it: heading of a story, subhead, nothing.

Every worth is a sum of the terms below, in nats; `ingest.engine.heads` takes the choices of a page that are worth most
together. The terms were set by hand, then fitted halfway: an averaged perceptron over whole pages (generated ones of
even seeds, the sample and the hand-made pages), held near what was set by hand.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ingest.engine.captions import names_scene
from ingest.engine.knowledge import pattern
from ingest.engine.scene import Scene
from ingest.engine.sections import LEAST_PARAGRAPHS, places_in
from ingest.engine.senses import agreement, sense_of, sense_of_all
from ingest.engine.text import width_of
from ingest.engine.titles import parallel_lines, runs_on
from ingest.engine.topics import Topics, coverage, pairs_of
from ingest.engine.units import Use

# Kicker, headline over two lines, deck over two: no heading has more lines than this.
MOST_LINES = 5
MOST_SUBHEAD_LINES = 2
# Blank lines the margin above the page's first line is worth.
TOP = 2
# A pair of characters in more stories than this tells none of them apart.
COMMON = 60
# With more stories than any page has, only the words of a line say whose it is.
MOST_STORIES = 40
# Stories a line may go to: those its words speak for most, and its neighbours.
CANDIDATES = 5
LIKELY = 0.35  # a story that its words speak for less is not tried, in nats

# --- a heading, by what its lines say ---
HEADING = -0.3  # for being one at all
SHARED = 2.8  # all words of a line are in the story
SHARED_WITH_LEAD = 1.9  # and in its first paragraphs
RARE = 1.4  # so many rare words that it is no chance
RARE_ENOUGH = 40.0  # weight of four or five rare pairs of characters
AGREED = 1.0  # its characters are about what the story is about, more than about the page's others
SLOGAN = -3.0  # 节约用水 人人有责: a public notice, if no story speaks of it
LABEL = -0.4  # four characters no story repeats: a column's name
LABEL_LENGTH = 6
SPOKEN_OF = 0.22  # share of a line's words from which it is about a story
# --- by its lines' form ---
EXTRA_LINE = -0.3
FOURTH_LINE = -0.8
FAR_LINES = -0.9  # a heading does not hold blank space
SHORT_HEADING = -1.4  # a few characters are a label or a subhead
SHORT = 7.0
PARALLEL = -1.6  # 现状 …, 困境 …, 出路 …: lines of one form are subheads
MARKED_HEADING = -4.0  # ● and 一、 make a subhead
DASH_FIRST = -3.0  # —— opens a deck, never a heading
AFTER_DASH = -1.1
WITH_DASH = 0.5  # what stands above —— is a headline
# Headings that lost their stories lie in a heap of five lines or more: of 41 lines outside it on pages set as the
# sample city page all were subheads, on pages torn in other ways every eighth.
LINES_IN_HEAP = 5
OUTSIDE_HEAP = -1.0
# --- by its place ---
ABOVE_LEAD = 0.6  # right above where the story begins
ABOVE_PART = -0.7  # above another of its paragraphs
BELOW = -0.4  # right below the story's last paragraph
NO_BEGINNING = -2.0  # the story may be a section of another, and the line its subhead
SIGNED = 0.3  # a byline follows, and the story has no dateline
# --- any run ---
SPLIT_TIGHT = -1.5  # lines without a blank line between them belong together
SPLIT_WORD = -3.0  # nor does a heading end inside a word or a quotation
SPLIT_CLOSE = -0.8  # there is less space between lines of a heading than around it
# --- a subhead ---
IN_PLACE = 1.5  # between two paragraphs of one story
NOT_LAST = -0.9  # with other lines between it and its section
AFTER_GAP = -0.7
OUT_OF_PLACE = -1.4  # above another section than the one it follows
SAID_BELOW = 0.9  # its section says what it says
TORN_OFF = -0.7  # away from its section
SAID_BY_SECTION = 0.5
SAID_BY_LEAD = -1.1  # what the lead says is rather in the headline
PARALLEL_SUBHEAD = 0.9  # others of its form stand near
MARKED = 1.2
LONGEST_SUBHEAD = 14
PER_CHARACTER = -0.2  # beyond that
SECOND_LINE = -0.4
# --- neither ---
LEFT_OVER = 0.0
LEFT_TIGHT = -0.75
LEFT_CLOSE = -0.6
# --- after the heading before it ---
NEXT_STORY = 0.6  # heads heaped together are often in the order of their stories
LATER_STORY = 0.2

# Picks that are no heading's; a subhead torn from its section of a story is -10 and below.
LEFT, INSIDE, TORN = -1, -2, -10
Choice = tuple[int, int, float]
"""(last line, story or one of the above, worth)"""


@dataclass(frozen=True, slots=True)
class Shares:
    """How much of a line a story says, each from 0 to 1."""

    whole: float
    lead: float
    rare: float
    agreed: float
    """How much better than the stories of the page do on average the story agrees with the line about what it is."""


@dataclass(frozen=True, slots=True)
class TitleLine:
    """A title line, what is known of its words, and where it stands: the paragraphs around its cluster."""

    number: int
    text: str
    gap: int
    cluster: int
    above: int | None
    below: int | None
    is_first: bool
    is_last: bool
    is_close: bool
    """The space above it is less than elsewhere in its cluster."""
    is_outside: bool
    """It stands outside the heap its page has."""
    weights: Mapping[str, float]
    shares: Mapping[int, Shares]
    is_parallel: bool
    is_marked: bool
    is_scene: bool
    """It may as well be a caption."""

    @property
    def strange(self) -> bool:
        """No story speaks of it."""
        return max((s.whole for s in self.shares.values()), default=0.0) < SPOKEN_OF

    def said(self, story: int) -> float:
        """What its words are worth for a heading of the story."""
        s = self.shares.get(story)
        return s.whole * SHARED + s.lead * SHARED_WITH_LEAD + s.rare * RARE if s is not None else 0.0

    def agrees(self, story: int) -> float:
        """What it is worth for a title of the story, heading or subhead, that both are about like things."""
        s = self.shares.get(story)
        return s.agreed * AGREED if s is not None else 0.0


def title_lines(scene: Scene) -> list[TitleLine]:
    """The title lines of a page in printed order."""
    numbers = [n for n, u in enumerate(scene.units) if u.use is Use.TITLE and n not in scene.reserved]
    texts = [scene.units[n].text for n in numbers]
    weights = [_weights(scene.topics, text) for text in texts]
    shares = _shares(scene, texts, weights)
    alike = parallel_lines(texts)
    shows = any(u.use is Use.CAPTION or (u.use is Use.BODY and n not in scene.steps) for n, u in enumerate(scene.units))
    cluster_of: dict[int, int] = {t: n for n, step in scene.steps.items() for t in step.titles}
    last_body = max((f, n) for n in scene.steps for f in scene.units[n].fragments)[1] if scene.steps else None
    clusters = [cluster_of.get(n, -1) for n in numbers]
    widest: dict[int, int] = {}
    for n, cluster in zip(numbers, clusters, strict=True):
        gap = scene.units[n].gap if scene.units[n].order else TOP
        widest[cluster] = max(widest.get(cluster, 0), gap)
    sizes = Counter(clusters)
    has_heap = any(size >= LINES_IN_HEAP for size in sizes.values())
    found = []
    for k, n in enumerate(numbers):
        cluster = clusters[k]
        found.append(
            TitleLine(
                number=n,
                text=texts[k],
                gap=scene.units[n].gap,
                cluster=cluster,
                above=scene.steps[cluster].before if cluster >= 0 else last_body,
                below=cluster if cluster >= 0 else None,
                is_first=k == 0 or clusters[k - 1] != cluster,
                is_last=k == len(numbers) - 1 or clusters[k + 1] != cluster,
                is_close=scene.units[n].gap < widest[cluster],
                is_outside=has_heap and sizes[cluster] < LINES_IN_HEAP,
                weights=weights[k],
                shares=shares[k],
                is_parallel=k in alike,
                is_marked=pattern("bullet").match(texts[k]) is not None,
                is_scene=names_scene(texts[k], shows),
            )
        )
    return found


def _weights(topics: Topics, text: str) -> dict[str, float]:
    return {pair: topics[pair] for pair in pairs_of(text)}


def _shares(scene: Scene, texts: Sequence[str], lines: Sequence[Mapping[str, float]]) -> list[dict[int, Shares]]:
    """For each line what every story that shares words with it says of it."""
    holders: dict[str, list[int]] = {pair: [] for weights in lines for pair in weights}
    leads: list[set[str]] = []
    for number, members in enumerate(scene.stories):
        leads.append(set().union(*(scene.counts[n] for n in members[:2])))
        for pair in holders.keys() & set().union(*(scene.counts[n] for n in members)):
            holders[pair].append(number)
    senses = []
    if len(scene.stories) <= MOST_STORIES:
        senses = [sense_of_all(scene.units[n].text for n in members) for members in scene.stories]
    found = []
    for text, weights in zip(texts, lines, strict=True):
        sense = sense_of(text)
        agreed = defaultdict(float, {story: agreement(sense, other) for story, other in enumerate(senses)})
        usual = sum(agreed.values()) / max(1, len(agreed))
        total = sum(weights.values()) or 1.0
        whole: defaultdict[int, float] = defaultdict(float)
        lead: defaultdict[int, float] = defaultdict(float)
        for pair in sorted(weights):
            for story in holders[pair][:COMMON]:
                whole[story] += weights[pair]
                if pair in leads[story]:
                    lead[story] += weights[pair]
        found.append(
            {
                s: Shares(whole[s] / total, lead[s] / total, min(1.0, whole[s] / RARE_ENOUGH), agreed[s] - usual)
                for s in sorted(whole.keys() | agreed.keys())
            }
        )
    return found


def choices(scene: Scene, lines: Sequence[TitleLine], at: int) -> list[Choice]:
    """Everything a run that starts at this line can be."""
    split = _split(scene, lines, at)
    return [_left_over(lines, at), *_subheads(scene, lines, at, split), *_headings(scene, lines, at, split)]


def _is_tight(lines: Sequence[TitleLine], at: int) -> bool:
    return not lines[at].is_first and lines[at].gap == 0


def _cuts(scene: Scene, lines: Sequence[TitleLine], at: int) -> bool:
    return not lines[at].is_first and runs_on(scene.units[lines[at].number - 1].text, lines[at].text)


def _split(scene: Scene, lines: Sequence[TitleLine], at: int) -> float:
    """What it costs to begin a run here."""
    worth = 0.0
    if _is_tight(lines, at):
        worth += SPLIT_TIGHT
    if _cuts(scene, lines, at):
        worth += SPLIT_WORD
    if not lines[at].is_first and lines[at].is_close:
        worth += SPLIT_CLOSE
    return worth


def _left_over(lines: Sequence[TitleLine], at: int) -> Choice:
    worth = 0.0 + LEFT_OVER
    if _is_tight(lines, at):
        worth += LEFT_TIGHT
    if not lines[at].is_first and lines[at].is_close:
        worth += LEFT_CLOSE
    return at, LEFT, worth


def _joined(lines: Sequence[TitleLine], last: int) -> bool:
    """Whether nothing stands between a line and the one before it: no column's name, byline or caption."""
    return lines[last].number == lines[last - 1].number + 1 and lines[last].cluster == lines[last - 1].cluster


def _is_signed(scene: Scene, line: TitleLine) -> bool:
    after = line.number + 1
    return after < len(scene.units) and scene.units[after].use is Use.BYLINE and scene.units[after].gap <= 1


def _subheads(scene: Scene, lines: Sequence[TitleLine], at: int, split: float) -> list[Choice]:
    found: list[Choice] = []
    line = lines[at]
    if line.text.startswith("—"):
        return found
    here = scene.story_of.get(line.above) if line.above is not None else None
    there = scene.story_of.get(line.below) if line.below is not None else None
    for last in range(at, min(len(lines), at + MOST_SUBHEAD_LINES)):
        if last > at and (lines[last].gap or not _joined(lines, last)):
            break
        form = split + SECOND_LINE * (last - at)
        run = lines[at : last + 1]
        if any(part.is_parallel for part in run):
            form += PARALLEL_SUBHEAD
        if line.is_marked:
            form += MARKED
        width = sum(len(part.text.replace(" ", "")) for part in run)
        form += PER_CHARACTER * max(0, width - LONGEST_SUBHEAD)
        weights = {pair: weight for part in run for pair, weight in part.weights.items()}
        if there is not None and line.below is not None and not scene.units[line.below].is_dateline:
            members = scene.stories[there]
            sections = {n: said for said, n in places_in(weights, members, scene.counts, scene.breaks(there))}
            worth = IN_PLACE + form + SAID_BELOW * sections.get(line.below, 0.0)
            worth += sum(part.agrees(there) for part in run)
            if not lines[last].is_last:
                worth += NOT_LAST
            if line.gap >= 3:
                worth += AFTER_GAP
            if here == there:
                found.append((last, INSIDE, worth))
            elif lines[last].is_last and line.below != members[0]:
                found.append((last, INSIDE, worth + OUT_OF_PLACE))
        if line.is_scene:
            continue
        shares = line.shares
        speaking = (s for s in shares if shares[s].whole)
        for story in sorted(speaking, key=lambda s: (-shares[s].whole - shares[s].lead, s))[:CANDIDATES]:
            members = scene.stories[story]
            if len(members) < LEAST_PARAGRAPHS:
                continue
            places = places_in(weights, members, scene.counts, scene.breaks(story))
            if not places:
                continue
            worth = TORN_OFF + form + SAID_BY_SECTION * max(places)[0]
            worth += sum(part.agrees(story) for part in run)
            worth += SAID_BY_LEAD * coverage(weights, scene.counts[members[0]])
            found.append((last, TORN - story, worth))
    return found


def _headings(scene: Scene, lines: Sequence[TitleLine], at: int, split: float) -> list[Choice]:
    found: list[Choice] = []
    line = lines[at]
    neighbours = {scene.story_of[n] for n in (line.above, line.below) if n is not None and n in scene.story_of}
    form = HEADING + split
    if line.text.startswith("—"):
        form += DASH_FIRST
    if line.is_marked:
        form += MARKED_HEADING
    if line.is_outside:
        form += OUTSIDE_HEAP
    said: Counter[int] = Counter()
    width = 0.0
    for last in range(at, min(len(lines), at + MOST_LINES)):
        part = lines[last]
        if last > at:
            if not _joined(lines, last) or part.is_marked:
                break
            form += EXTRA_LINE
            if part.gap >= 2:
                form += FAR_LINES
            if lines[last - 1].text.startswith("—"):
                form += AFTER_DASH
            if part.text.startswith("—"):
                form += WITH_DASH
            if last - at > 2:
                form += FOURTH_LINE
        if part.strange and pattern("slogan").search(part.text):
            form += SLOGAN
        elif part.strange and len(part.text) <= LABEL_LENGTH:
            form += LABEL
        if part.is_parallel:
            form += PARALLEL
        width += width_of(part.text)
        short = SHORT_HEADING if width < SHORT else 0.0
        for story in part.shares:
            said[story] += part.said(story) + part.agrees(story)  # type: ignore[assignment]
        ranked = sorted((s for s in said if said[s] >= LIKELY), key=lambda s: (-said[s], s))[:CANDIDATES]
        for story in sorted(neighbours.union(ranked)):
            found.append((last, story, form + short + said[story] + _place(scene, lines, at, last, story)))
    return found


def _place(scene: Scene, lines: Sequence[TitleLine], at: int, last: int, story: int) -> float:
    worth = 0.0
    if story in scene.unlikely:
        worth += NO_BEGINNING
    below, above = lines[last].below, lines[at].above
    lead = scene.stories[story][0] if scene.stories[story] else None
    if lines[last].is_last and below is not None and scene.story_of.get(below) == story:
        worth += ABOVE_LEAD if below == lead else ABOVE_PART
    if lines[at].is_first and above is not None and scene.story_of.get(above) == story:
        worth += BELOW
    if lead is not None and not scene.units[lead].is_dateline and _is_signed(scene, lines[last]):
        worth += SIGNED
    return worth

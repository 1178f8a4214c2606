"""Put title lines to stories: one matching over the whole page.

Title lines come in printed order; neighbouring ones may form one heading. Every heading looks for a story without one,
by the words they share and by where it stands; a line between two paragraphs of one story may be its subhead instead.
All choices of a page are made together, so a heap of headings at the page's end comes apart as well as clean pages do.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from ingest.engine.choices import INSIDE, LATER_STORY, NEXT_STORY, TORN, TitleLine, choices, title_lines
from ingest.engine.scene import Scene

# Partial choices kept; the page's heap rarely has more than a dozen headings.
BEAM = 80
# With more title lines than any page has, fewer.
MOST_TITLES = 150
NARROW_BEAM = 8
# A subhead whose story has no heading is rather its heading.
NO_HEADING = 1.5


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


_Pick = tuple[int, int, int]
"""(first line, last line, story); or, instead of the story, what `choices` says."""
# A choice for all lines so far: (its worth, less than nought if it is worth something, so that states sort best first;
# the stories that have a heading, a bit for each; the story of the last heading; the last pick; the state before it).
_State = tuple[float, int, int, _Pick, Any]


def _picks(state: _State) -> list[_Pick]:
    """All picks, in printed order."""
    found = []
    while state[4] is not None:
        found.append(state[3])
        state = state[4]
    return found[::-1]


def match_headings(scene: Scene) -> Headings:
    lines = title_lines(scene)
    if not lines:
        return Headings({}, (), (), {})
    score, picks = _search(scene, lines)
    heads: dict[int, tuple[int, ...]] = {}
    subheads: list[int] = []
    left: list[int] = []
    torn: dict[int, int] = {}
    margins: dict[int, float] = {}
    fits: dict[int, float] = {}
    for first, last, story in picks:
        run = lines[first : last + 1]
        numbers = tuple(line.number for line in run)
        if story >= 0:
            heads[story] = numbers
            sums = [sum(line.said(s) for line in run) for s in range(len(scene.stories))]
            own = sums.pop(story)
            fits[story] = max(line.said(story) for line in run)
            margins[story] = own - max(sums, default=0.0)
        elif story == INSIDE:
            subheads.extend(numbers)
        elif story <= TORN:
            torn |= dict.fromkeys(numbers, TORN - story)
        else:
            left.extend(numbers)
    return Headings(heads, tuple(subheads), tuple(left), margins, score, torn, fits)


def _search(scene: Scene, lines: Sequence[TitleLine]) -> tuple[float, list[_Pick]]:
    """Best choices over all lines and what they are worth, by a beam over the lines in printed order."""
    beams: list[dict[int, _State]] = [{} for _ in range(len(lines) + 1)]
    beams[0][0] = (0.0, 0, -1, (0, 0, 0), None)
    width = BEAM if len(lines) <= MOST_TITLES else NARROW_BEAM
    for at in range(len(lines)):
        states = sorted(beams[at].values())[:width]  # no two have used the same stories
        beams[at] = {}
        if not states:
            continue
        for last, story, gain in choices(scene, lines, at):
            bit = 1 << story if story >= 0 else 0
            reached = beams[last + 1]
            pick = (at, last, story)
            for state in states:
                cost, used, head, _, _ = state
                if bit & used:
                    continue
                cost -= gain
                if bit:
                    used |= bit
                    if story == head + 1:
                        cost -= NEXT_STORY
                    elif story > head:
                        cost -= LATER_STORY
                    head = story
                held = reached.get(used)
                if held is None or cost < held[0] - 1e-9:
                    reached[used] = (cost, used, head, pick, state)
    final = min(beams[-1].values(), key=lambda state: (state[0] + NO_HEADING * _headless(state), state[1]))
    return -final[0], _picks(final)


def _headless(state: _State) -> int:
    """Subheads given to stories that got no heading."""
    return sum(1 for _, _, story in _picks(state) if story <= TORN and not state[1] >> (TORN - story) & 1)

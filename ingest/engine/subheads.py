"""Put subheads before the paragraphs they announce, where they stand or where they were torn from."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ingest.engine.heads import Headings
from ingest.engine.knowledge import pattern
from ingest.engine.scene import Scene
from ingest.engine.sections import breaks_of, places_in
from ingest.engine.titles import cuts_word, parallel_lines
from ingest.engine.topics import pairs_of
from ingest.engine.units import Unit

# What a torn-off subhead must share with a section to be set before it (`sections`).
NEEDED = 1.3
# A line that can only be a subhead needs less.
NEEDED_IF_SURE = 0.2
ANYWHERE = -9.0


@dataclass(frozen=True, slots=True)
class Subheads:
    before: Mapping[int, tuple[tuple[int, ...], ...]]
    """Paragraph to the runs of title units set before it; the lines of one run are one subhead."""
    left_over: tuple[int, ...]


def place_subheads(units: Sequence[Unit], scene: Scene, headings: Headings) -> Subheads:
    before: dict[int, list[tuple[int, ...]]] = {}
    for run in line_runs(units, headings.subheads):
        below = next((n for n, step in scene.steps.items() if run[0] in step.titles), None)
        if below is not None:
            before.setdefault(below, []).append(tuple(run))
    left: list[int] = []
    alike = parallel_lines([units[n].text for n in headings.left_over])
    sure = {n for k, n in enumerate(headings.left_over) if k in alike or pattern("bullet").match(units[n].text)}
    for run in line_runs(units, tuple(headings.torn)):
        place = _best_place(units, scene, run, before, ANYWHERE, [scene.stories[headings.torn[run[0]]]])
        if place is None:
            left.extend(run)
        else:
            before.setdefault(place, []).append(tuple(run))
    for run in line_runs(units, headings.left_over):
        place = _best_place(units, scene, run, before, NEEDED_IF_SURE if run[0] in sure else NEEDED, scene.stories)
        if place is None:
            left.extend(run)
        else:
            before.setdefault(place, []).append(tuple(run))
    return Subheads({n: tuple(runs) for n, runs in before.items()}, tuple(left))


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


def _best_place(
    units: Sequence[Unit],
    scene: Scene,
    run: Sequence[int],
    before: Mapping[int, Sequence[tuple[int, ...]]],
    needed: float,
    stories: Sequence[Sequence[int]],
) -> int | None:
    weights: Counter[str] = Counter()
    for n in run:
        weights.update({pair: scene.topics[pair] for pair in pairs_of(units[n].text)})
    best: tuple[float, int] | None = None
    for members in stories:
        for worth, n in places_in(weights, members, scene.counts, breaks_of(members, scene.steps), before):
            if worth >= needed and (best is None or worth > best[0]):
                best = (worth, n)
    return best[1] if best else None

"""How sure an article is, as a probability that an editor would change nothing in it.

What may be wrong with a story is put into a few signs, each of them a number cut into steps. Every step has points,
their sum a share of exact articles; both were fitted by `benchmarks.engine_confidence` and are data
(`knowledge/confidence.toml`). What they are worth is written in `benchmarks/README.md`.
"""

from __future__ import annotations

import tomllib
from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise

from ingest.engine.knowledge import HERE
from ingest.engine.stories import Story
from ingest.engine.text import ends_sentence
from ingest.engine.units import Unit, Use

SURE = 0.95
"""The mark of the topmost step. What it held on pages the points were not fitted on: `benchmarks/README.md`."""

# The steps of each sign begin at these numbers.
STEPS: Mapping[str, tuple[float, ...]] = {
    # --- what the stages know of their own doubts ---
    "joint": (0.7, 0.8, 0.88, 0.95),  # the weakest join of a paragraph
    "merge": (0.6, 0.75, 0.9, 0.95, 0.985),  # the weakest merge of its paragraphs into one story
    "margin": (0.5, 1.0, 2.0, 4.0),  # how much better the heading fits this story than the next
    "fit": (0.5, 1.5, 3.0, 5.0),  # how much of the heading the story says
    # --- the heading ---
    "titles": (1, 2, 3, 4),
    "shortest_title": (6, 9, 12),
    "longest_title": (9, 12, 18, 24, 34),
    "title_gap": (1, 2),  # blank lines inside it
    "heading_near": (1,),  # it stands right above the lead
    # --- the body ---
    "paragraphs": (1, 2, 4, 6, 8),
    "subheads": (1, 4),
    "captions": (1, 2),
    "shortest_paragraph": (20, 40, 60),
    "begins": (1, 2),  # by a byline, by a dateline
    "open": (1,),  # paragraphs whose last sentence is not complete
    "ends": (1,),  # the last one is complete
    "measures": (0.6, 1.6),  # how far its columns differ
    "full_ends": (1, 2),  # paragraphs that end in a full line, and so may go on
    "full_firsts": (1, 2),  # paragraphs whose first line is full, and so may go on from another
    "one_liners": (0.01, 0.5),
    # --- its place ---
    "between": (1, 3),  # units of others among its own
    "apart": (1,),  # paragraphs that stand apart
    "naked": (1, 2, 3),  # places where it touches another story's text and nothing stands between
    # --- the page ---
    "page_whole": (0.15, 0.5, 0.8, 0.99),  # share of stories nothing stands between
    "page_unbegun": (1, 2, 3),  # stories that begin like none
    "page_doubt": (0.01, 0.15, 0.4),  # share of stories and headings without a partner
    "page_merge": (0.6, 0.7, 0.8, 0.9, 0.97),  # the weakest merge of all
    "page_joint": (0.7, 0.8, 0.9, 0.97),
    "page_captions": (1, 2, 3),
}
# A last line this near to the measure is full; a first line is as much shorter as its indent.
FULL = 1.5
FULL_FIRST = 1.2
# A heading stands within so many units above its lead, bylines not counted.
NEAR = 3
Signs = tuple[int, ...]


@dataclass(frozen=True, slots=True)
class _Body:
    """A story's units by what they are."""

    paragraphs: Sequence[Unit]
    units: Sequence[Unit]
    """All but its captions and column, in page order."""

    @property
    def between(self) -> int:
        return self.units[-1].order - self.units[0].order + 1 - len(self.units) if self.units else 0

    @property
    def joint(self) -> float:
        return min((unit.confidence for unit in self.paragraphs if len(unit.fragments) > 1), default=1.0)


def signs_of(stories: Sequence[Story]) -> list[Signs]:
    """For every story of a page the step each sign is at, in the order of `STEPS`."""
    bodies = [_body(story) for story in stories]
    owner = {unit.order: (k, unit) for k, body in enumerate(bodies) for unit in body.units}
    unbegun = sum(1 for s, b in zip(stories, bodies, strict=True) if b.paragraphs and not _begins(s, b))
    page = {
        "page_whole": sum(1 for body in bodies if not body.between) / max(1, len(bodies)),
        "page_unbegun": float(unbegun),
        "page_merge": min((story.confidence for story in stories), default=1.0),
        "page_joint": min((body.joint for body in bodies), default=1.0),
        "page_captions": float(sum(len(story.captions) for story in stories)),
    }
    found = []
    for number, (story, body) in enumerate(zip(stories, bodies, strict=True)):
        values = page | _values(story, body) | {"naked": _naked(number, body, owner)}
        found.append(tuple(bisect_right(steps, values[name]) for name, steps in STEPS.items()))
    return found


def _body(story: Story) -> _Body:
    paragraphs = [part[0] for part in story.body if part[0].use is Use.BODY]
    units = [*story.titles, *story.byline, *(unit for part in story.body for unit in part)]
    return _Body(paragraphs, sorted(units, key=lambda unit: unit.order))


def _begins(story: Story, body: _Body) -> int:
    if body.paragraphs and body.paragraphs[0].is_dateline:
        return 2
    return 1 if story.byline else 0


def _values(story: Story, body: _Body) -> dict[str, float]:
    paragraphs, titles = body.paragraphs, story.titles
    lengths = [len(unit.text) for unit in titles]
    gap = paragraphs[0].order - titles[-1].order if paragraphs and titles else 0
    measures = [unit.measure for unit in paragraphs if unit.measure]
    return {
        "joint": body.joint,
        "merge": story.confidence,
        "margin": story.margin,
        "fit": story.fit,
        "titles": len(titles),
        "shortest_title": min(lengths, default=0),
        "longest_title": max(lengths, default=0),
        "title_gap": max((unit.gap for unit in titles[1:]), default=0),
        "heading_near": float(0 < gap <= NEAR + len(story.byline)),
        "paragraphs": len(paragraphs),
        "subheads": len(story.body) - len(paragraphs),
        "captions": len(story.captions),
        "shortest_paragraph": min((len(unit.text) for unit in paragraphs), default=0),
        "begins": _begins(story, body),
        "open": sum(1 for unit in paragraphs if not ends_sentence(unit.text)),
        "ends": float(bool(paragraphs) and ends_sentence(paragraphs[-1].text)),
        "measures": max(measures) - min(measures) if measures else 0.0,
        "full_ends": sum(1 for unit in paragraphs if _is_full(unit, -1, FULL)),
        "full_firsts": sum(1 for unit in paragraphs if not unit.is_dateline and _is_full(unit, 0, FULL_FIRST)),
        "one_liners": sum(1 for unit in paragraphs if len(unit.widths) == 1) / max(1, len(paragraphs)),
        "between": body.between,
        "apart": sum(1 for left, right in pairwise(paragraphs) if not 0 < right.order - left.order <= NEAR),
        "page_doubt": story.page_doubt,
    }


def _is_full(unit: Unit, line: int, slack: float) -> bool:
    return len(unit.widths) > 1 and unit.measure > 0 and unit.widths[line] > unit.measure - slack


def _naked(number: int, body: _Body, owner: Mapping[int, tuple[int, Unit]]) -> int:
    """How often text of this story and another's stand side by side, and neither plainly begins there."""
    found = 0
    for unit in body.paragraphs:
        for beside, opens in ((unit.order - 1, unit), (unit.order + 1, None)):
            other, neighbour = owner.get(beside, (number, unit))
            if other != number and neighbour.use is Use.BODY and not (opens or neighbour).is_dateline:
                found += 1
    return found


@cache
def tables() -> tuple[float, tuple[tuple[float, ...], ...], tuple[float, ...], tuple[float, ...]]:
    """Where scores start, the points of each sign's steps, the scores where shares rise, and the shares."""
    data = tomllib.loads((HERE / "confidence.toml").read_text("utf-8"))
    shares = data["shares"]
    return (
        data["start"],
        tuple(tuple(data["points"][name]) for name in STEPS),
        tuple(share["from"] for share in shares[1:]),
        tuple(share["exact"] for share in shares),
    )


def score(signs: Signs) -> float:
    start, points, *_ = tables()
    return start + sum(table[step] for table, step in zip(points, signs, strict=True))


def confidences(stories: Sequence[Story]) -> list[float]:
    """The share of articles like these that are exact, for each story of a page."""
    *_, marks, shares = tables()
    return [shares[bisect_right(marks, score(signs))] for signs in signs_of(stories)]

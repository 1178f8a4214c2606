"""How sure an article is, as a probability that an editor would change nothing in it.

A logistic model over what the stages know of their own doubts, fitted by `benchmarks.engine_confidence`; what it is
worth is written in `benchmarks/README.md`.
"""

from __future__ import annotations

from itertools import pairwise
from math import exp, log

from ingest.engine.stories import Story
from ingest.engine.text import ends_sentence
from ingest.engine.units import Use

SURE = 0.95
"""Items below this are shown to the editor first. It promises less than it should: see `benchmarks/README.md`."""


def features(story: Story) -> tuple[float, ...]:
    """What speaks for and against, each about 0 to 1."""
    paragraphs = [part[0] for part in story.body if part[0].use is Use.BODY]
    subheads = len(story.body) - len(paragraphs)
    joints = min((unit.confidence for unit in paragraphs if len(unit.fragments) > 1), default=0.99)
    gap = paragraphs[0].order - story.titles[-1].order if paragraphs and story.titles else 0
    begins = bool(paragraphs) and (paragraphs[0].is_dateline or bool(story.byline))
    orders = [unit.order for unit in paragraphs]
    apart = sum(1 for left, right in pairwise(orders) if not 0 < right - left <= 3)
    return (
        1.0,
        log(max(0.01, joints) / (1.005 - min(1.0, joints))) / 5,
        log(max(0.01, story.confidence) / (1.005 - min(1.0, story.confidence))) / 5,
        min(1.0, max(0.0, story.margin) / 6),
        1.0 if story.titles else 0.0,
        1.0 if 0 < gap <= 3 + len(story.byline) else 0.0,
        1.0 if begins else 0.0,
        float(any(not ends_sentence(unit.text) for unit in paragraphs)),
        min(1.0, len(paragraphs) / 10),
        min(1.0, subheads / 3),
        min(1.0, apart / 2),
        float(bool(story.captions)),
        min(1.0, max(0, len(story.titles) - 2) / 2),
        min(1.0, story.fit / 5.5),
        min(1.0, story.page_doubt),
        float(story.in_order),
        float(any(unit.measure for unit in paragraphs)),
        float(all(len(unit.fragments) == 1 for unit in paragraphs)),
        float(len(paragraphs) <= 1),
    )


# Printed by `python -m benchmarks.engine_confidence`.
WEIGHTS = (
    -3.18, 0.68, 2.43, 1.91, 0.74, -0.33, 0.88, -1.27, -1.41, -1.93,
    -3.15, -1.64, -2.93, -0.14, -1.91, 1.02, -0.90, 0.17, -0.69,
)  # fmt: skip


def item_confidence(story: Story) -> float:
    total = sum(weight * value for weight, value in zip(WEIGHTS, features(story), strict=True))
    return 1 / (1 + exp(-max(-20.0, min(20.0, total))))

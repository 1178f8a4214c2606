"""Fit the weights of an article's confidence, and say what they are worth on pages they were not fitted on.

    python -m benchmarks.engine_confidence --pages 200

Fitted on generated pages of even seeds, judged on as many of odd seeds from 2001 and on the hand-made pages. Prints
the weights for `ingest.engine.confidence`, and how many articles above each mark are exact.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator
from math import exp
from pathlib import Path
from typing import Any

from ingest.engine import confidence, layout_to_json, pipeline, read_page
from ingest.engine.stories import Story
from tests.ingest.engine import handmade
from tests.ingest.engine.pagegen import make_page
from tests.ingest.engine.pagegen.score import is_exact, match

MARKS = (0.5, 0.7, 0.8, 0.85, 0.9, 0.93, 0.95, 0.97, 0.98, 0.99)
RIDGE = 2.0
STEPS = 600
Sample = tuple[tuple[float, ...], bool]


def samples(text: str, gold: dict[str, Any]) -> Iterator[Sample]:
    """Features of each article read from a page, and whether it is exact."""
    seen: list[tuple[float, ...]] = []
    original = pipeline.article

    def recorded(story: Story) -> Any:
        seen.append(confidence.features(story))
        return original(story)

    pipeline.article = recorded
    try:
        items = layout_to_json(read_page(text))["items"]
    finally:
        pipeline.article = original
    back = {j: i for i, j in match(gold["items"], items).items()}
    for j, found in enumerate(seen):
        yield found, j in back and is_exact(gold["items"][back[j]], items[j])


def generated(first: int, pages: int) -> list[Sample]:
    return [
        s for seed in range(first, first + 2 * pages, 2) for p in [make_page(seed)] for s in samples(p.text, p.gold)
    ]


def by_hand() -> list[Sample]:
    found: list[Sample] = []
    for gold in sorted(Path(handmade.__file__).parent.glob("*/gold.json")):
        text = (gold.parent / "page.txt").read_text("utf-8")
        found.extend(samples(text, json.loads(gold.read_text("utf-8"))))
    return found


def probability(weights: list[float], values: tuple[float, ...]) -> float:
    total = sum(w * v for w, v in zip(weights, values, strict=True))
    return 1 / (1 + exp(-max(-20.0, min(20.0, total))))


def fit(data: list[Sample]) -> list[float]:
    """Logistic regression by gradient descent, with a ridge on all but the constant."""
    weights = [0.0] * len(data[0][0])
    rate = 4.0 / len(data)
    for _ in range(STEPS):
        slope = [0.0] * len(weights)
        for values, right in data:
            error = right - probability(weights, values)
            for k, value in enumerate(values):
                slope[k] += error * value
        for k in range(len(weights)):
            weights[k] += rate * (slope[k] - (RIDGE * weights[k] / 2 if k else 0.0))
    return weights


def report(name: str, weights: list[float], data: list[Sample]) -> None:
    print(f"{name}: {len(data)} articles, {sum(right for _, right in data)} exact")
    for mark in MARKS:
        above = [right for values, right in data if probability(weights, values) >= mark]
        if above:
            print(f"  {mark:.2f} and above: {sum(above)} of {len(above)} exact, {sum(above) / len(above):.3f}")


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.engine_confidence")
    parser.add_argument("--pages", type=int, default=200)
    options = parser.parse_args()
    even = generated(2, options.pages)
    weights = fit(even)
    print("WEIGHTS = (" + ", ".join(f"{weight:.2f}" for weight in weights) + ")")
    report("even seeds (fitted on)", weights, even)
    report("odd seeds", weights, generated(2001, options.pages))
    report("made by hand", weights, by_hand())


if __name__ == "__main__":
    main()

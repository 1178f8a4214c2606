"""Fit the confidence of articles, and say what it is worth on pages it was not fitted on.

    python -m benchmarks.engine_confidence --pages 400            # fit and judge
    python -m benchmarks.engine_confidence --pages 400 --write    # … and keep the points and shares
    python -m benchmarks.engine_confidence --judge                # judge what is kept

Points are fitted on generated pages of even seeds: a logistic model over the steps of `ingest.engine.confidence`, with
a ridge. The share of exact articles by score comes from the same pages, each fold scored by points fitted on the
others, and never falls as the score rises. Judged on odd seeds from 2001, and on all pages that people wrote.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
from collections.abc import Iterator, Sequence
from math import exp, sqrt
from pathlib import Path
from typing import Any, NamedTuple
from unittest.mock import patch

from ingest.engine import confidence, layout_to_json, read_page
from ingest.engine.articles import divide
from ingest.engine.confidence import STEPS, SURE, Signs
from ingest.engine.knowledge import HERE
from ingest.engine.stories import Division
from tests.ingest.engine import handmade
from tests.ingest.engine.pagegen import make_page
from tests.ingest.engine.pagegen.score import is_exact, match

MARKS = (0.5, 0.6, 0.7, 0.8, 0.9, SURE)
RIDGE = 2.0
ROUNDS = 300
FOLDS = 5
# Folders of pages that people wrote.
WRITTEN = ("handmade", "unseen", "second", "third", "fourth", "fifth")
# No step of the shares is made of fewer articles.
LEAST_IN_STEP = 60
TABLE = HERE / "confidence.toml"


class Sample(NamedTuple):
    signs: Signs
    exact: bool
    page: int


class Model(NamedTuple):
    start: float
    points: list[list[float]]

    def score(self, signs: Signs) -> float:
        return self.start + sum(table[step] for table, step in zip(self.points, signs, strict=True))


def samples(text: str, gold: dict[str, Any], page: int) -> Iterator[Sample]:
    """The signs of each article read from a page, and whether it is exact."""
    seen: list[Division] = []

    def recorded(*given: Any) -> Division:
        seen.append(divide(*given))
        return seen[-1]

    with patch("ingest.engine.pipeline.divide", recorded):
        items = layout_to_json(read_page(text))["items"]
    back = {j: i for i, j in match(gold["items"], items).items()}
    for j, signs in enumerate(confidence.signs_of(seen[0].stories)):
        yield Sample(signs, j in back and is_exact(gold["items"][back[j]], items[j]), page)


def of_seed(seed: int) -> list[Sample]:
    page = make_page(seed)
    return list(samples(page.text, page.gold, seed))


def generated(first: int, pages: int) -> list[Sample]:
    with multiprocessing.Pool(2) as pool:
        return [s for found in pool.imap(of_seed, range(first, first + 2 * pages, 2), chunksize=5) for s in found]


def by_hand(folder: Path) -> list[Sample]:
    return [
        sample
        for number, gold in enumerate(sorted(folder.glob("*/gold.json")))
        for sample in samples(
            (gold.parent / "page.txt").read_text("utf-8"), json.loads(gold.read_text("utf-8")), number
        )
    ]


def fit(data: Sequence[Sample]) -> Model:
    """Logistic regression on the steps by gradient ascent, each weight with a pace of its own."""
    starts, size = [], 1
    for steps in STEPS.values():
        starts.append(size)
        size += len(steps) + 1
    rows = [[0, *(start + step for start, step in zip(starts, sample.signs, strict=True))] for sample in data]
    weights, paces = [0.0] * size, [1e-6] * size
    for _ in range(ROUNDS):
        slope = [-RIDGE * weight for weight in weights]
        slope[0] = 0.0
        for row, sample in zip(rows, data, strict=True):
            error = sample.exact - 1 / (1 + exp(-sum(weights[k] for k in row)))
            for k in row:
                slope[k] += error
        for k, rise in enumerate(slope):
            paces[k] += rise * rise
            weights[k] += 0.5 * rise / sqrt(paces[k])
    points = [
        [round(weight, 2) for weight in weights[start : start + len(steps) + 1]]
        for start, steps in zip(starts, STEPS.values(), strict=True)
    ]
    return Model(round(weights[0], 2), points)


def rising_shares(scored: Sequence[tuple[float, bool]]) -> list[tuple[float, float]]:
    """(score from which it holds, share of exact articles), never falling: neighbours that would fall are pooled."""
    pools: list[tuple[float, int, int]] = []
    for score, exact in sorted(scored):
        pools.append((score, int(exact), 1))
        while len(pools) > 1 and (
            pools[-2][2] < LEAST_IN_STEP or pools[-2][1] * pools[-1][2] >= pools[-1][1] * pools[-2][2]
        ):
            _, right, size = pools.pop()
            first, more, others = pools.pop()
            pools.append((first, more + right, others + size))
    if len(pools) > 1 and pools[-1][2] < LEAST_IN_STEP:
        _, right, size = pools.pop()
        first, more, others = pools.pop()
        pools.append((first, more + right, others + size))
    return [(round(first, 2), round((right + 1) / (size + 2), 3)) for first, right, size in pools]


def write(model: Model, shares: Sequence[tuple[float, float]]) -> None:
    lines = [
        "# Written by `python -m benchmarks.engine_confidence --write`. `points` by sign, one for each of its steps;",
        "# `shares` of exact articles by the sum of points and `start`. The signs: `ingest.engine.confidence`.",
        f"start = {model.start}",
        "shares = [",
        *(f"    {{ from = {first}, exact = {exact} }}," for first, exact in shares),
        "]",
        "",
        "[points]",
        *(f"{name} = {points}" for name, points in zip(STEPS, model.points, strict=True)),
    ]
    TABLE.write_text("\n".join(lines) + "\n", "utf-8")


def report(name: str, model: Model, shares: Sequence[tuple[float, float]], data: Sequence[Sample]) -> None:
    found = []
    for sample in data:
        score = model.score(sample.signs)
        share = next((exact for first, exact in reversed(shares) if score >= first), shares[0][1])
        found.append((share, sample.exact))
    print(f"{name}: {len(data)} articles, {sum(sample.exact for sample in data)} exact")
    for mark in MARKS:
        above = [exact for share, exact in found if share >= mark]
        if above:
            print(f"  {mark:.2f} and above: {sum(above)} of {len(above)} exact, {sum(above) / len(above):.3f}")
    below = [exact for share, exact in found if share < MARKS[0]]
    if below:
        print(f"  below {MARKS[0]:.2f}: {sum(below)} of {len(below)} exact, {sum(below) / len(below):.3f}")


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.engine_confidence")
    parser.add_argument("--pages", type=int, default=400)
    parser.add_argument("--write", action="store_true")
    parser.add_argument("--judge", action="store_true", help="do not fit: judge what is kept")
    options = parser.parse_args()
    if options.judge:
        start, points, marks, exact = confidence.tables()
        model = Model(start, [list(table) for table in points])
        shares = list(zip((float("-inf"), *marks), exact, strict=True))
    else:
        even = generated(2, options.pages)
        folds = [[s for s in even if s.page // 2 % FOLDS == fold] for fold in range(FOLDS)]
        scored: list[tuple[float, bool]] = []
        for fold in folds:
            others = fit([s for other in folds if other is not fold for s in other])
            scored.extend((others.score(s.signs), s.exact) for s in fold)
        model, shares = fit(even), rising_shares(scored)
        print("shares:", shares)
        report("even seeds (fitted on)", model, shares, even)
        if options.write:
            write(model, shares)
    report("odd seeds", model, shares, generated(2001, options.pages // 2))
    sets = [Path(handmade.__file__).parents[1] / name for name in WRITTEN]
    report("written", model, shares, [sample for folder in sets for sample in by_hand(folder)])


if __name__ == "__main__":
    main()

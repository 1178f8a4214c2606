"""Fit the engine's weights together: what editors would still have to do over many pages, after every small change.

    python -m benchmarks.engine_fit --minutes 40 --state fit.json   # search on one half of the pages, on from the file
    python -m benchmarks.engine_fit --judge --state fit.json        # what was found, on both halves, set by set
    python -m benchmarks.engine_fit --judge --with seams.PARTS=0.8  # or any weights

The search changes one weight or a few at a time, keeps what is better, and gives up a change as soon as it is plainly
worse. Halves: the even and odd pages of every written set, generated pages of even and odd seeds, and pages made anew
of the articles of either half (`tests.ingest.engine.pagegen.remix`). Nothing found counts that the other half denies.
"""

from __future__ import annotations

import argparse
import ast
import importlib
import json
import random
import time
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any

from ingest.engine import layout_to_json
from ingest.engine.articles import divide
from ingest.engine.assemble import article
from ingest.engine.fragments import Fragment, fragments_of
from ingest.engine.joins import join
from ingest.engine.lines import split_lines
from ingest.engine.metadata import printed_date
from ingest.engine.notices import find_notices
from ingest.engine.rows import read_rows
from ingest.engine.stories import Jumps
from ingest.engine.types import Item, PageLayout
from ingest.engine.units import Unit, units_of
from tests.ingest.engine import golden
from tests.ingest.engine.pagegen import make_page
from tests.ingest.engine.pagegen.remix import remix
from tests.ingest.engine.pagegen.score import score_page

HERE = Path(__file__).parents[1]
WRITTEN = HERE / "tests/ingest/engine"
SETS = ("handmade", "unseen", "second", "third")
REMIXED = {"city": 40, "front": 10, "feature": 8, "mixed": 10}
GENERATED = {"city": 14, "mixed": 10, "front": 6, "feature": 6}
# How much an editor's operation counts: a person's page is worth more than a made one, the samples are to stay perfect.
WORTH = {"samples": 10.0, "remix": 0.7, "generated": 0.5}
# What breaks ties: a change that makes paragraphs and items right without sparing an operation is for the better.
PER_ITEM, PER_PARAGRAPH = 0.3, 0.1
BLOCKS = 5
# A change is given up when it has gained less than so much after a block.
GIVEN_UP = (-1.5, 0.2, 0.3, 0.4)
NEEDED = 0.5  # a smaller gain is chance
# The modules whose weights are fitted, in nats all of them, but for these.
JOINS = ("joins", "seams", "columns")
DIVISION = ("likeness", "cohesion", "leads", "orphans", "regroup", "choices", "sections", "heads")
FIXED = (
    "NEVER", "TABLE", "IN_ORDER", "SEARCHED", "GRID", "COSINE_FLOOR", "SHORT", "COMMON", "FORBIDDEN_START", "DATELINE",
    "CONTINUED",
)  # fmt: skip
STEP = 0.25  # of a weight
LEAST_STEP = 0.15

Config = Mapping[str, float]


@dataclass(frozen=True)
class Page:
    name: str
    kind: str
    gold: Mapping[str, Any]
    fragments: tuple[Fragment, ...]
    jumps: Jumps
    notices: tuple[Item, ...]

    @property
    def worth(self) -> float:
        return WORTH.get(self.kind, 1.0)


def prepare(name: str, kind: str, gold: Mapping[str, Any], text: str) -> Page:
    """The page as far as no weight that is fitted has a say."""
    lines = split_lines(text)
    claimed = find_notices(text, lines, printed_date=printed_date(lines))
    reading = read_rows(text, lines, frozenset(number - 1 for number in claimed.used))
    jumps = Jumps(reading.jumps_from, reading.jumps_on)
    return Page(name, kind, gold, tuple(fragments_of(reading.rows)), jumps, tuple(claimed.notices))


def pages(half: int) -> list[Page]:
    """The pages of one half, 0 or 1, mixed so that each block holds some of every kind."""
    found = []
    golds = []
    for name in SETS:
        for number, path in enumerate(sorted(WRITTEN.glob(f"{name}/*/gold.json"))):
            gold = json.loads(path.read_text("utf-8"))
            if number % 2 == half:
                found.append(prepare(path.parent.name, name, gold, (path.parent / "page.txt").read_text("utf-8")))
                golds.append(gold)
    golds = [gold for gold in golds if sum(item["type"] == "article" for item in gold["items"]) > 1]
    for kind, count in REMIXED.items():
        for seed in range(half, 2 * count, 2):
            made = remix(golds, seed, kind)
            found.append(prepare(f"remix {seed}:{kind}", "remix", made.gold, made.text))
    for kind, count in GENERATED.items():
        for seed in range(4000 + half, 4000 + 2 * count, 2):
            made = make_page(seed, kind)
            found.append(prepare(f"{seed}:{kind}", "generated", made.gold, made.text))
    random.Random(half).shuffle(found)
    for path in golden.pages():
        gold = json.loads(golden.expected_file(path).read_text("utf-8"))
        found.append(prepare(path.stem, "samples", gold, path.read_bytes().decode("utf-8")))
    return found


def read(page: Page, units: Sequence[Unit]) -> Mapping[str, int]:
    articles = [article(story, 0.0) for story in divide(units, page.jumps).stories]
    layout = PageLayout(items=(*articles, *page.notices))
    return score_page(page.gold, layout_to_json(layout))


# --- weights: constants of the engine's modules, wherever they were imported to ---


@cache
def module(name: str) -> ModuleType:
    return importlib.import_module(f"ingest.engine.{name}")


@cache
def holders() -> Mapping[str, tuple[ModuleType, ...]]:
    """For each constant, as module.NAME, the modules that hold it."""
    found: defaultdict[str, list[ModuleType]] = defaultdict(list)
    for path in sorted((HERE / "ingest/engine").glob("*.py")):
        if path.stem.startswith("__"):
            continue
        for node in ast.parse(path.read_text("utf-8")).body:
            if isinstance(node, ast.ImportFrom) and node.module and node.module.startswith("ingest.engine."):
                owner = node.module.rsplit(".", 1)[1]
                for alias in node.names:
                    found[f"{owner}.{alias.name}"].append(module(path.stem))
    return {key: tuple(value) for key, value in found.items()}


def weights() -> dict[str, float]:
    """All that are fitted."""
    return {
        f"{name}.{key}": value
        for name in (*JOINS, *DIVISION)
        for key, value in vars(module(name)).items()
        if isinstance(value, float) and key.isupper() and key not in FIXED and _owns(name, key)
    }


@cache
def _owns(name: str, key: str) -> bool:
    tree = ast.parse((HERE / f"ingest/engine/{name}.py").read_text("utf-8"))
    return any(
        isinstance(node, ast.Assign) and any(isinstance(t, ast.Name) and t.id == key for t in node.targets)
        for node in tree.body
    )


def use(config: Config) -> None:
    for key, value in config.items():
        owner, name = key.split(".")
        for place in (module(owner), *holders().get(key, ())):
            setattr(place, name, value)


# --- the search ---


class Bench:
    """The pages of a half, and what a configuration makes of them."""

    def __init__(self, half: int) -> None:
        self.pages = pages(half)
        self.start = weights()
        self.units: dict[tuple[str, tuple[tuple[str, float], ...]], Sequence[Unit]] = {}
        # What is right already can only get worse: it is looked at last.
        self.pages.sort(key=lambda page: not _loss(page, read(page, self._units(page, ()))))

    def loss(self, config: Config, least: Sequence[float] | None = None) -> list[float]:
        """The loss after each block; fewer blocks when it was given up, being worse than ``least`` is there."""
        use({**self.start, **config})
        asked = tuple(sorted((k, v) for k, v in config.items() if k.split(".")[0] in JOINS))
        total, found = 0.0, []
        size = -(-len(self.pages) // BLOCKS)
        for block in range(BLOCKS):
            for page in self.pages[block * size : (block + 1) * size]:
                total += _loss(page, read(page, self._units(page, asked)))
            found.append(total)
            if least is not None and block < len(GIVEN_UP) and total > least[block] - GIVEN_UP[block]:
                break
        use(self.start)
        return found

    def _units(self, page: Page, asked: tuple[tuple[str, float], ...]) -> Sequence[Unit]:
        """What was joined with these weights, kept for the last few sets of them."""
        key = (page.name, asked)
        if key not in self.units:
            if len(self.units) > 4 * len(self.pages):
                self.units.clear()
            self.units[key] = units_of(page.fragments, join(page.fragments))
        return self.units[key]


def _loss(page: Page, count: Mapping[str, int]) -> float:
    items = count["item_gold"] - count["item_hit"]
    paragraphs = count["para_gold"] - count["para_hit"]
    return page.worth * (count["edits"] + PER_ITEM * items + PER_PARAGRAPH * paragraphs)


def search(minutes: float, state: Path, seed: int, only: Sequence[str]) -> None:
    rng = random.Random(seed)
    bench = Bench(0)
    config: dict[str, float] = json.loads(state.read_text("utf-8")) if state.exists() else {}
    best = bench.loss(config)
    print(f"{len(bench.pages)} pages, loss {best[-1]:.1f}", flush=True)
    end = time.monotonic() + 60 * minutes
    queue: list[dict[str, float]] = []
    tried = 0
    while time.monotonic() < end:
        if not queue:
            now = {**bench.start, **config}
            queue = _changes({key: now[key] for key in now if key.startswith(tuple(only))}, rng)
        change = queue.pop()
        tried += 1
        found = bench.loss({**config, **change}, best)
        if len(found) == BLOCKS and found[-1] < best[-1] - NEEDED:
            before = {**bench.start, **config}
            told = ", ".join(f"{key} {before[key]:g} > {value:g}" for key, value in change.items())
            print(f"{time.strftime('%H:%M')} {tried} tried, loss {best[-1]:.1f} > {found[-1]:.1f}: {told}", flush=True)
            config |= change
            best = found
            state.write_text(json.dumps(config, indent=1), "utf-8")
            if len(change) == 1:  # the same way again
                ((key, value),) = change.items()
                queue.append({key: round(value + value - before[key], 3)})


def _changes(now: Config, rng: random.Random) -> list[dict[str, float]]:
    """Every weight up and down, and as many changes of a few at once, in any order."""
    found = []
    for key, value in now.items():
        step = max(LEAST_STEP, STEP * abs(value)) * rng.choice([0.6, 1.0, 2.0])
        found += [{key: round(value + step, 3)}, {key: round(value - step, 3)}]
    for _ in range(len(now) // 2):
        some = rng.sample(sorted(now), 4)
        steps = {key: max(LEAST_STEP, STEP * abs(now[key])) * rng.gauss(0, 1) for key in some}
        found.append({key: round(now[key] + step, 3) for key, step in steps.items()})
    rng.shuffle(found)
    return found


def judge(config: Config) -> None:
    """Edits and exact items of both halves, set by set, before and after."""
    start = weights()
    for half, name in ((0, "chosen"), (1, "judged")):
        totals: dict[str, list[Counter[str]]] = defaultdict(lambda: [Counter(), Counter()])
        for page in pages(half):
            for after, asked in enumerate((start, {**start, **config})):
                use(asked)
                count = read(page, units_of(page.fragments, join(page.fragments)))
                for kind in (page.kind, "all"):
                    totals[kind][after].update(count)
        use(start)
        print(name)
        for kind, (before, now) in sorted(totals.items()):
            print(
                f"  {kind:10} {before['pages']:4} pages  edits {before['edits']:4} > {now['edits']:4}"
                f"  items {before['item_hit']:4} > {now['item_hit']:4} of {before['item_gold']:4}"
                f"  paragraphs {before['para_hit']:4} > {now['para_hit']:4} of {before['para_gold']:4}"
            )


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.engine_fit", description=__doc__.splitlines()[0])
    parser.add_argument("--state", type=Path, help="where the weights found are kept, as JSON")
    parser.add_argument("--minutes", type=float, default=10.0)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", nargs="*", default=[""], metavar="MODULE[.NAME]", help="search among these only")
    parser.add_argument("--judge", action="store_true", help="no search: what the weights found are worth")
    parser.add_argument("--with", dest="given", nargs="*", default=[], metavar="MODULE.NAME=VALUE")
    options = parser.parse_args()
    config = json.loads(options.state.read_text("utf-8")) if options.judge and options.state else {}
    config |= {key: float(value) for key, value in (text.split("=") for text in options.given)}
    if options.judge:
        judge(config)
    else:
        search(options.minutes, options.state or Path("fit.json"), options.seed, options.only)


if __name__ == "__main__":
    main()

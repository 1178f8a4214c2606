"""The damages by name: when each acts, how often, and in which kind of text.

A damage is called once for a page, with a generator of its own, so switching one off leaves the others as they were.
Its rate is the chance that it acts on a page at all; ``rates.toml`` gives it by kind of page. It adds its name to
`Page.acted` only when it changed something, so a benchmark can say which damages cost what.
"""

from __future__ import annotations

import random
import tomllib
from collections.abc import Callable
from pathlib import Path

from tests.ingest.engine.pagegen.model import Chunk, Page

Damage = Callable[[Page, random.Random], bool]
STAGES: dict[str, dict[str, Damage]] = {"text": {}, "style": {}, "lines": {}, "order": {}}


def stage(name: str) -> Callable[[Damage], Damage]:
    def register(function: Damage) -> Damage:
        STAGES[name][function.__name__] = function
        return function

    return register


def heads_of(page: Page) -> list[Chunk]:
    return [chunk for chunk in page.chunks if chunk.kind == "head"]


def _read_rates() -> dict[str, dict[str, float]]:
    table: dict[str, dict[str, float]] = tomllib.loads((Path(__file__).parent / "rates.toml").read_text("utf-8"))
    table["classified"] = {**table["feature"], **table["classified"]}
    names = sorted({name for rates in table.values() for name in rates})
    table["mixed"] = {name: 0.6 * max(rates.get(name, 0.0) for rates in table.values()) for name in names}
    return table


RATES = _read_rates()
# A damage that only one of the flows knows: recognisers do not break lines, PDF text does not write `...`.
ONLY = {
    "ellipsis_artefacts": "paragraphs", "paragraphs_torn": "paragraphs", "half_width_marks": "paragraphs",
    "spaced_out_lines": "columns", "measure_changes": "columns", "hung_quote_blank": "columns",
    "blank_after_swallowed": "columns", "paragraphs_without_blank": "columns", "subhead_two_lines": "columns",
}  # fmt: skip


def run(stage_name: str, page: Page, seed: str, rates: dict[str, float]) -> None:
    for name, function in STAGES[stage_name].items():
        rng = random.Random(f"{seed}:{name}")
        rate = rates.get(name, 0.0)
        if ONLY.get(name, page.flow) != page.flow or rng.random() >= rate:
            continue
        if function(page, rng):
            page.acted.add(name)


def names() -> tuple[str, ...]:
    return tuple(name for group in STAGES.values() for name in group)

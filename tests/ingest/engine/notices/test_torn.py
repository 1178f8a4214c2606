"""Pages of notices that columns have torn come together again, and nothing of them is lost."""

from __future__ import annotations

import json
from collections import Counter

from ingest.engine import layout_to_json, read_page
from tests.ingest.engine.notices.torn import torn_page
from tests.ingest.engine.pagegen.score import measures, score_page

SEEDS = range(100, 112)
MOST_EDITS = 3.0
"""A page, of about a dozen notices."""
ITEMS = 0.85


def test_torn_notices_come_together() -> None:
    count: Counter[str] = Counter()
    for seed in SEEDS:
        text, gold = torn_page(seed)
        count.update(score_page(gold, json.loads(json.dumps(layout_to_json(read_page(text)))), text))
    measured = measures(count)
    print(measured, count["edits"] / len(SEEDS))
    assert count["lost"] == count["added"] == 0
    assert count["edits"] <= MOST_EDITS * len(SEEDS)
    assert (measured["items"] or 0.0) >= ITEMS

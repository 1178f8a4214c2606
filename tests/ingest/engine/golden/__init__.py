"""The five seeds and the layouts they must give. These change only by ``python -m tests.ingest.engine.golden``."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from ingest.engine import layout_to_json, read_page

HERE = Path(__file__).parent
SEEDS = HERE.parents[3] / "seeds"


def pages() -> list[Path]:
    return sorted(SEEDS.glob("*.txt"))


def expected_file(page: Path) -> Path:
    return HERE / page.stem / "layout.json"


def read(page: Path) -> dict[str, Any]:
    """The layout without what only follows from the rest: blocks, ids and confidences."""
    layout = layout_to_json(read_page(page.read_bytes().decode("utf-8"), source=page.name))
    del layout["blocks"]
    for item in layout["items"]:
        del item["confidence"]
        for block in item["body"]:
            del block["id"], block["confidence"], block["spans"]
    return layout

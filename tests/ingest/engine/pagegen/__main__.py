"""Write generated pages and their truth into a folder, as a scorer wants them."""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from tests.ingest.engine.pagegen import KINDS, make_page


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.ingest.engine.pagegen", description=__doc__)
    parser.add_argument("out", type=Path, help="gets pages/*.txt and gold/*.json")
    parser.add_argument("--pages", type=int, default=300)
    parser.add_argument("--seed", type=int, default=2, help="the first seed; every second one follows")
    parser.add_argument("--kind", choices=KINDS)
    parser.add_argument("--damage", type=float, default=1.0)
    options = parser.parse_args()
    for folder in ("pages", "gold"):
        (options.out / folder).mkdir(parents=True, exist_ok=True)
    for seed in range(options.seed, options.seed + 2 * options.pages, 2):
        page = make_page(seed, options.kind, options.damage)
        name = f"{seed:05}_{page.gold['kind']}"
        gold = {**page.gold, "source": f"{name}.txt"}
        (options.out / "pages" / f"{name}.txt").write_text(page.text, "utf-8")
        (options.out / "gold" / f"{name}.json").write_text(json.dumps(gold, ensure_ascii=False, indent=1), "utf-8")


if __name__ == "__main__":
    main()

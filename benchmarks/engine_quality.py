"""How well the engine rebuilds generated pages, by kind of page and by damage.

    python -m benchmarks.engine_quality --pages 300                 # even seeds: for developing rules
    python -m benchmarks.engine_quality --pages 300 --held-out      # odd seeds: for judging them
    python -m benchmarks.engine_quality --save before.json          # keep the figures …
    python -m benchmarks.engine_quality --against before.json       # … and list gains and losses per page
    python -m benchmarks.engine_quality --show 1284:city            # one page: text, truth, what went wrong
    python -m benchmarks.engine_quality --kind city --only sections_apart,subheads_detached   # single damages

Rules may be made by looking at even seeds only. On held-out seeds look at figures, never at pages.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import time
from collections import Counter, defaultdict
from itertools import pairwise
from pathlib import Path
from typing import Any

from tests.ingest.engine.pagegen import DAMAGES, KINDS, make_page
from tests.ingest.engine.pagegen.score import faults, is_exact, match, measures, score_page

COLUMNS = (
    "para", "order", "head", "titles", "authors", "caps", "kinds", "fields", "items", "edits", "lost", "added",
)  # fmt: skip
BINS = (0.0, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.98, 0.99, 1.01)


def run_engine(text: str, name: str) -> dict[str, Any]:
    from ingest.engine import layout_to_json, read_page  # late: the generator is of use without an engine

    return json.loads(json.dumps(layout_to_json(read_page(text, source=name))))


def measure(job: tuple[int, str | None, float, dict[str, float]]) -> dict[str, Any]:
    seed, kind, damage, rates = job
    page = make_page(seed, kind, damage, rates)
    name = f"{seed}:{page.gold['kind']}"
    start = time.perf_counter()
    try:
        system = run_engine(page.text, name)
    except Exception as error:  # noqa: BLE001  a crash is a page with nothing right, and is reported
        system = {"items": []}
        crash = f"{type(error).__name__}: {error}"
    else:
        crash = ""
    spent = time.perf_counter() - start
    items = page.gold["items"]
    back = {j: i for i, j in match(items, system["items"]).items()}
    sure = [
        (item.get("confidence", 1.0), j in back and is_exact(items[back[j]], item))
        for j, item in enumerate(system["items"])
    ]
    date_right = page.gold["date"] is None or system.get("date") == page.gold["date"]
    return {
        "name": name, "kind": page.gold["kind"], "damages": page.gold["damages"], "seconds": spent, "crash": crash,
        "count": score_page(page.gold, system, page.text), "sure": sure, "date_right": date_right,
        "newspaper_right": page.gold["newspaper"] is None or system.get("newspaper") == page.gold["newspaper"],
        "faults": [f"crash: {crash}"] if crash else faults(page.gold, system), "chars": len(page.text),
    }  # fmt: skip


def line(name: str, count: Counter[str]) -> str:
    found = measures(count)
    cells = [f"{found[key]:7.3f}" if isinstance(found[key], float) else f"{found[key]:7d}" for key in COLUMNS]
    return f"{name:30.30}{count['pages']:6d}" + "".join(cells)


def report(rows: list[dict[str, Any]], worst: int) -> None:
    by_kind: defaultdict[str, Counter[str]] = defaultdict(Counter)
    by_damage: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for row in rows:
        for name in ("TOTAL", row["kind"]):
            by_kind[name].update(row["count"])
        for name in row["damages"]:
            by_damage[name].update(row["count"])
    print(f"{'':30}{'pages':>6}" + "".join(f"{key:>7}" for key in COLUMNS))
    for name in [*(kind for kind in KINDS if kind in by_kind), "TOTAL"]:
        print(line(name, by_kind[name]))
    print("\nby damage, worst first")
    for name in sorted(by_damage, key=lambda key: measures(by_damage[key])["items"]):
        print(line(name, by_damage[name]))
    print("\nconfidence of items, and the share of them that is exact")
    for low, high in pairwise(BINS):
        inside = [right for row in rows for sure, right in row["sure"] if low <= sure < high]
        if inside:
            print(f"  {low:.2f} to {min(high, 1.0):.2f}: {sum(inside) / len(inside):.3f} of {len(inside)}")
    seconds, chars = sum(row["seconds"] for row in rows), sum(row["chars"] for row in rows)
    dates, papers = (sum(row[key] for row in rows) / len(rows) for key in ("date_right", "newspaper_right"))
    crashes = sum(bool(row["crash"]) for row in rows)
    print(
        f"\n{len(rows)} pages, {crashes} crashed, dates {dates:.3f}, newspapers {papers:.3f},"
        f" {len(rows) / seconds:.1f} pages/s, {chars / seconds:,.0f} characters/s in one process"
    )
    print("\nworst pages")
    for row in sorted(rows, key=lambda row: -row["count"]["edits"])[:worst]:
        print(f"\n{row['name']}  edits {row['count']['edits']}  {' '.join(row['damages'])}")
        for fault in row["faults"][:14]:
            print(f"    {fault}")


def compare(rows: list[dict[str, Any]], before: dict[str, Any]) -> None:
    changes = []
    for row in rows:
        old = before.get(row["name"])
        if old is not None and (old["edits"], old["items"]) != (row["count"]["edits"], row["count"]["item_hit"]):
            changes.append((row["count"]["edits"] - old["edits"], old, row))
    changes.sort(key=lambda change: change[0])
    better, worse = sum(change[0] < 0 for change in changes), sum(change[0] > 0 for change in changes)
    print(f"\nagainst the figures before: {better} pages better, {worse} worse")
    for delta, old, row in changes:
        count = row["count"]
        items = f"items {old['items']} → {count['item_hit']} of {count['item_gold']}"
        print(f"  {delta:+4d} edits  {row['name']:18} {old['edits']} → {count['edits']}, {items}")


def show(name: str, damage: float) -> None:
    seed, _, kind = name.partition(":")
    page = make_page(int(seed), kind or None, damage)
    print(page.text)
    print("\n" + "=" * 80 + f"\ndamages: {' '.join(page.gold['damages'])}\n")
    for item in page.gold["items"]:
        heads = [item.get(key) for key in ("column", "kicker", "headline", "heading", "byline")]
        print(" | ".join(filter(None, [*heads, *item.get("deck", []), *item.get("captions", [])])))
        for block in item["body"]:
            print(f"    {block['role'][:4]}  {block['text']}")
    for fault in faults(page.gold, run_engine(page.text, name)):
        print(fault)


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.engine_quality", description=__doc__.splitlines()[0])
    parser.add_argument("--pages", type=int, default=300)
    parser.add_argument("--first", type=int, default=0, help="the number of the first page, not its seed")
    parser.add_argument("--held-out", action="store_true", help="odd seeds instead of even ones")
    parser.add_argument("--kind", choices=KINDS)
    parser.add_argument("--damage", type=float, default=1.0)
    parser.add_argument("--only", help="only these damages, at full rate; names with commas, or `none`")
    parser.add_argument("--worst", type=int, default=8)
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--save", type=Path)
    parser.add_argument("--against", type=Path)
    parser.add_argument("--show", metavar="SEED[:KIND]")
    options = parser.parse_args()
    if options.show:
        show(options.show, options.damage)
        return
    first = 2 * options.first + (1 if options.held_out else 2)
    rates: dict[str, float] = {}
    if options.only:
        options.damage = 0.0
        rates = {name: 1.0 for name in options.only.split(",") if name != "none"}
        if unknown := sorted(set(rates) - set(DAMAGES)):
            parser.error(f"no such damage: {', '.join(unknown)}; there are {', '.join(DAMAGES)}")
    jobs = [(seed, options.kind, options.damage, rates) for seed in range(first, first + 2 * options.pages, 2)]
    with multiprocessing.Pool(options.jobs) as pool:
        rows = pool.map(measure, jobs, chunksize=8)
    report(rows, 0 if options.held_out else options.worst)
    if options.against:
        compare(rows, json.loads(options.against.read_text("utf-8"))["pages"])
    if options.save:
        pages = {row["name"]: {"edits": row["count"]["edits"], "items": row["count"]["item_hit"]} for row in rows}
        total: Counter[str] = Counter()
        for row in rows:
            total.update(row["count"])
        options.save.write_text(json.dumps({"total": measures(total), "pages": pages}, indent=1), "utf-8")


if __name__ == "__main__":
    main()

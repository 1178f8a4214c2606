"""How fast pages go in: jieba cutting the same text (the floor), the engine alone, `ingest` with 1 and 2 workers, and
the same with layouts that are known beforehand, which leaves what is not the engine.

python -m benchmarks.ingest                     # 400 pages, SQLite in a temporary folder
python -m benchmarks.ingest --known --pages 3000 --keep FOLDER     # pages and layouts are made once, for minutes
DATABASE_URL=… python -m benchmarks.ingest --workers 2     # into an empty PostgreSQL database, one run each

Every figure is wall time of processes of their own, one after the other; peak memory is that of the largest process.
With known layouts the start is told apart: what the first page alone takes, brought into a database of its own (on
SQLite).
"""

from __future__ import annotations

import argparse
import datetime
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from tests.ingest.engine.pagegen import KINDS, make_page

ALONE = """
import sys, time, json
from pathlib import Path
from ingest.engine import read_page
number, of = map(int, sys.argv[2:] or (0, 1))
files = sorted(Path(sys.argv[1]).rglob("*.txt"))[number::of]
read_page("春耕全面展开\\n")
start = time.perf_counter()
for file in files:
    read_page(file.read_text("utf-8"), source=file.name)
print(time.perf_counter() - start)
"""
ITEMS = """
import django; django.setup()
from articles.models import Article, Notice
print(Article.objects.count() + Notice.objects.count())
"""
WORDS = """
import django; django.setup()
from articles.words import keywords
keywords("春耕")  # the first time in a data folder jieba makes its cache
"""
CUTTING = """
import sys, time, logging
import jieba, jieba.posseg
from pathlib import Path
jieba.setLogLevel(logging.WARNING)
texts = [file.read_text("utf-8") for file in sorted(Path(sys.argv[1]).rglob("*.txt"))]
list(jieba.cut("晋江")); list(jieba.posseg.cut("晋江"))
for cut in (jieba.cut, jieba.posseg.cut):
    start = time.perf_counter()
    for text in texts:
        for _ in cut(text):
            pass
    print(time.perf_counter() - start)
"""


def make_pages(folder: Path, number: int) -> int:
    """Generated pages of all kinds in turn, eight to a day; how many characters they have."""
    kinds = list(KINDS)
    rows = ["file,newspaper,date,page,section"]
    size = 0
    for i in range(number):
        name = f"{i // 500:03}/{i:06}.txt"
        (folder / name).parent.mkdir(exist_ok=True)
        # A control character in a column is put aside; in the middle of a text the page is refused, as it should be.
        text = make_page(i, kinds[i % len(kinds)]).text.replace("\x02", "■")
        size += len(text)
        (folder / name).write_text(text, "utf-8")
        day = datetime.date(2001, 1, 1) + datetime.timedelta(days=i // 8)
        rows.append(f"{name},青溪日报,{day},{i % 8 + 1},")
    (folder / "manifest.csv").write_text("\n".join(rows) + "\n", "utf-8")
    return size


def alone(pages: Path, processes: int) -> float:
    """Seconds the engine alone takes for the pages, shared out among so many processes; the slowest counts."""
    parts = [[sys.executable, "-c", ALONE, str(pages), str(number), str(processes)] for number in range(processes)]
    running = [subprocess.Popen(part, stdout=subprocess.PIPE, text=True) for part in parts]
    return max(float(each.communicate()[0]) for each in running)


def run(*command: str, data: Path | None = None) -> tuple[float, str, float]:
    """Seconds, output, and the peak memory in MB of the largest process."""
    env = {**os.environ, "SERVE_HTTP": "1", "DJANGO_SETTINGS_MODULE": "jjcms.settings"}
    if data is not None:
        env["JJCMS_DATA_DIR"] = str(data)
    start = time.perf_counter()
    watched = [sys.executable, "-c", _WATCH, *command]
    done = subprocess.run(watched, env=env, capture_output=True, text=True)
    seconds = time.perf_counter() - start
    if done.returncode:
        raise SystemExit(done.stderr or done.stdout)
    *lines, memory = done.stdout.rstrip("\n").split("\n")
    return seconds, "\n".join(lines), float(memory)


def known(pages: Path, layouts: Path, workers: int, data: Path, report: Path) -> tuple[float, float, int]:
    """Bring pages in as laid out: seconds, seconds of processor time, items in the database afterwards."""
    run(sys.executable, "manage.py", "migrate", "--verbosity", "0", data=data)
    run(sys.executable, "-c", WORDS, data=data)
    before = os.times()
    given = ["--layouts", str(layouts), "--workers", str(workers), "--report", str(report), "--verbosity", "0"]
    run(sys.executable, "manage.py", "ingest", str(pages), *given, data=data)
    after = os.times()
    spent = after.children_user + after.children_system - before.children_user - before.children_system
    seconds = json.loads(report.read_text("utf-8").splitlines()[-1])["seconds"]
    return seconds, spent, int(run(sys.executable, "-c", ITEMS, data=data)[1])


_WATCH = """
import resource, subprocess, sys
code = subprocess.run(sys.argv[1:]).returncode
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024, flush=True)
sys.exit(code)
"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pages", type=int, default=400)
    parser.add_argument("--workers", type=int, nargs="*", default=[1, 2])
    parser.add_argument("--known", action="store_true", help="only with layouts that are known")
    parser.add_argument("--keep", type=Path, metavar="FOLDER", help="for pages and layouts: made there, or found")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="jjcms-bench-") as temporary:
        kept = options.keep or Path(temporary)
        pages, layouts = kept / "pages", kept / "layouts.jsonl"
        report = Path(temporary) / "known.jsonl"
        manage = [sys.executable, "manage.py"]
        quiet = ["--verbosity", "0"]
        if not layouts.exists():
            pages.mkdir(parents=True)
            print(f"{options.pages} pages, {make_pages(pages, options.pages):,} characters")
            dry = Path(temporary) / "dry"
            written = kept / "unfinished.jsonl"
            run(*manage, "ingest", str(pages), "--dry-run", "--json", str(written), "--workers", "2", *quiet, data=dry)
            written.rename(layouts)
        total = sum(1 for _ in pages.rglob("*.txt"))
        first = Path(temporary) / "first"
        (first / "000").mkdir(parents=True)
        shutil.copy(pages / "000" / "000000.txt", first / "000")
        for workers in options.workers:
            start = 0.0
            if not os.environ.get("DATABASE_URL"):
                start = known(first, layouts, workers, Path(temporary) / f"start{workers}", report)[0]
            seconds, spent, items = known(pages, layouts, workers, Path(temporary) / f"known{workers}", report)
            print(
                f"known layouts, {workers} worker(s) {total / seconds:.1f} pages/s, {items / seconds:.0f} items/s"
                f" ({items} items in {seconds:.1f} s); {items / (seconds - start):.0f} after a start of {start:.1f} s;"
                f" {spent:.1f} s of processor time",
                flush=True,
            )
        if options.known:
            return
        words, tags = map(float, run(sys.executable, "-c", CUTTING, str(pages))[1].split())
        print(f"jieba.cut alone        {total / words:8.1f} pages/s")
        print(f"jieba.posseg alone     {total / tags:8.1f} pages/s")
        for workers in options.workers:
            engine = total / alone(pages, workers)
            print(f"engine alone, {workers} process(es) {engine:8.1f} pages/s")
            data = Path(temporary) / f"data{workers}"
            run(*manage, "migrate", *quiet, data=data)
            report = Path(temporary) / "report.jsonl"
            command = [*manage, "ingest", str(pages), "--workers", str(workers), "--report", str(report)]
            _, _, memory = run(*command, "--verbosity", "0", data=data)
            said = json.loads(report.read_text("utf-8").splitlines()[-1])
            rate = said["total"] / said["seconds"]
            counts = ", ".join(f"{name} {count}" for name, count in said["outcomes"].items() if count)
            share = rate / engine
            print(f"ingest, {workers} worker(s)    {rate:8.1f} pages/s  {share:.0%} of the engine alone")
            print(f"                       {memory:8.0f} MB in the largest process; {counts}")


if __name__ == "__main__":
    main()

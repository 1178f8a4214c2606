"""An import killed again and again, against one that ran through: ``python -m benchmarks.drill [--pages 20000]``.

Generated short pages are brought in twice by two workers, each time into an empty SQLite database of its own (or those
of `--into URL URL`): once undisturbed, once killed (`kill -9`, with all workers) at moments that chance names, and run
again after each. Both must hold the same; the memory of all processes, shared pages counted once, is told by tenths
of the work, and the rate beside that of the engine alone on the same pages.
"""

from __future__ import annotations

import argparse
import contextlib
import hashlib
import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path

from benchmarks import short_pages
from benchmarks.ingest import ALONE

DIGEST = """
import hashlib, json
import django; django.setup()
from articles.models import (
    Article, Credit, Finding, HistoryEntry, Issue, Notice, NoticeNumber, Page, TopicLink,
)
from ingest.models import ImportOutcome, Provenance, Source

told = {}
def tell(model, *names, page="", item=""):
    # Places instead of numbers: which number a row gets is a matter of who came first.
    more = [name for name in (page, *item.split()) if name]
    digest, rows = hashlib.sha256(), []
    for row in model.objects.values_list(*more, *names).iterator(chunk_size=2000):
        keys, rest = row[: len(more)], row[len(more) :]
        where = pages[keys[0]] if page else next(items[n, k] for n, k in zip(more, keys) if k) if item else ()
        rows.append(repr((where, rest)))
    for row in sorted(rows):
        digest.update(row.encode())
    told[model.__name__] = [len(rows), digest.hexdigest()]

placed = Page.objects.values_list("pk", "issue__newspaper__name", "issue__date", "number")
pages = {pk: (name, str(date), number) for pk, name, date, number in placed}
items = {}
for model, name in ((Article, "article"), (Notice, "notice")):
    for pk, page, position in model.objects.values_list("pk", "page", "position"):
        items[name, pk] = (pages[page], position)
tell(Issue, "newspaper__name", "date", "date_state", "date_basis")
tell(Page, "section", "furniture", "removed", "unplaced", page="pk")
tell(Source, "sha256", "name", "read_with", "outside", page="page")
tell(Article, "position", "content_hash", "version", "work_state", "keywords", page="page")
tell(Notice, "position", "content_hash", "version", "work_state", page="page")
tell(Provenance, "item_key", "written", "pieces", item="article notice")
tell(Credit, "contributor__name", "role", "position", item="article")
tell(TopicLink, "topic__name", "score", "state", item="article")
tell(NoticeNumber, "kind", "value", item="notice")
tell(Finding, "key", "kind", "message", "quote", page="page")
tell(HistoryEntry, "target", "act", "version", "reason", "content_hash")
tell(ImportOutcome, "name", "kind", "reason", "sha256")
print(json.dumps(told))
"""


class Site:
    """A database of its own."""

    def __init__(self, folder: Path, url: str) -> None:
        self.env = {**os.environ, "JJCMS_DATA_DIR": str(folder), "SERVE_HTTP": "1"}
        self.env |= {"DJANGO_SETTINGS_MODULE": "jjcms.settings", **({"DATABASE_URL": url} if url else {})}
        self.say("manage.py", "migrate", "--verbosity", "0")

    def say(self, *command: str) -> str:
        return subprocess.run(
            [sys.executable, *command], env=self.env, check=True, capture_output=True, text=True
        ).stdout

    def start(self, pages: Path, report: Path) -> subprocess.Popen[bytes]:
        command = ["manage.py", "ingest", str(pages), "--workers", "2", "--verbosity", "0", "--report", str(report)]
        return subprocess.Popen(
            [sys.executable, *command], env=self.env, start_new_session=True, stdout=subprocess.DEVNULL
        )

    def holds(self) -> dict[str, list[object]]:
        found: dict[str, list[object]] = json.loads(self.say("-c", DIGEST))
        return found


def lines(report: Path) -> int:
    """How many files the run has told of so far."""
    with contextlib.suppress(OSError):
        return report.read_bytes().count(b"\n")
    return 0


def memory(pid: int) -> float:
    """Of a process and those it started, in MB; what they share counts once (Pss), what the system keeps of files does
    not count."""
    total = 0
    with contextlib.suppress(OSError):
        for each in (pid, *map(int, Path(f"/proc/{pid}/task/{pid}/children").read_text().split())):
            said = Path(f"/proc/{each}/smaps_rollup").read_text()
            total += next(int(line.split()[1]) for line in said.splitlines() if line.startswith("Pss_Anon:"))
    return total / 1024


def follow(process: subprocess.Popen[bytes], report: Path, look: Callable[[int], bool]) -> int:
    """Ask `look` with the number of files done until it says stop or the run has ended; how many there were."""
    done = 0
    while process.poll() is None:
        done = lines(report)
        if look(done):
            break
        time.sleep(0.25)
    return lines(report)


def through(site: Site, pages: Path, report: Path, total: int) -> float:
    """Undisturbed; pages a second."""
    peaks = [0.0] * 10

    def look(done: int) -> bool:
        tenth = min(9, 10 * done // total)
        peaks[tenth] = max(peaks[tenth], memory(process.pid))
        return False

    process = site.start(pages, report)
    follow(process, report, look)
    said = json.loads(report.read_text("utf-8").splitlines()[-1])
    print(
        f"ran through: {said['outcomes']} in {said['seconds']:.0f} s, {total / said['seconds']:.1f} pages/s", flush=True
    )
    print("peak memory by tenths of the work, MB: " + " ".join(f"{peak:.0f}" for peak in peaks), flush=True)
    return float(total / said["seconds"])


def killed(site: Site, pages: Path, report: Path, total: int, times: int, chance: random.Random) -> None:
    moments = sorted(chance.sample(range(1, total * 19 // 20), times))
    begun = time.monotonic()
    for moment in moments:
        process = site.start(pages, report)
        follow(process, report, lambda done, moment=moment: done >= moment)  # type: ignore[misc]
        time.sleep(chance.random())  # in the middle of something
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        print(f"killed after {lines(report)} of {total}", flush=True)
        time.sleep(1)  # PostgreSQL notices a lost client a moment later
    process = site.start(pages, report)
    process.wait()
    said = json.loads(report.read_text("utf-8").splitlines()[-1])
    print(
        f"the last run: {said['outcomes']} in {said['seconds']:.0f} s; all {time.monotonic() - begun:.0f} s", flush=True
    )


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pages", type=int, default=20_000)
    parser.add_argument("--kills", type=int, default=10)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument(
        "--together", action="store_true", help="both at once: half the time, and the rate says nothing"
    )
    parser.add_argument("--into", nargs=2, default=["", ""], metavar="URL", help="two empty databases")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="jjcms-drill-") as temporary:
        folder = Path(temporary)
        pages = folder / "pages"
        short_pages.write(pages, range(options.pages))
        sample = folder / "sample"
        short_pages.write(sample, range(min(500, options.pages)))
        command = [sys.executable, "-c", ALONE, str(sample)]
        alone = min(500, options.pages) / float(subprocess.check_output(command))
        print(f"the engine alone, one process: {alone:.1f} pages/s", flush=True)
        sites = [Site(folder / name, url) for name, url in zip(("through", "killed"), options.into, strict=True)]
        drill = threading.Thread(
            target=killed,
            args=(sites[1], pages, folder / "killed.jsonl", options.pages, options.kills, random.Random(options.seed)),
        )
        if options.together:
            drill.start()
        rate = through(sites[0], pages, folder / "through.jsonl", options.pages)
        print(f"two workers do {rate / alone:.2f} of the engine alone in one process", flush=True)
        if not options.together:
            drill.start()
        drill.join()
        one, other = (site.holds() for site in sites)
    different = [name for name in one if one[name] != other[name]]
    counts = ", ".join(f"{name} {count}" for name, (count, _) in one.items())
    fingerprint = hashlib.sha256(json.dumps(one, sort_keys=True).encode()).hexdigest()[:16]
    print(f"both hold {counts}: {fingerprint}" if not different else f"DIFFERENT: {different} {one} {other}")
    return 1 if different else 0


if __name__ == "__main__":
    sys.exit(main())

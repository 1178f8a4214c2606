"""Endurance: readers, editors and an import at once for ten minutes, and the invariants afterwards.

python -m benchmarks.soak                       # ten minutes, SQLite in a temporary folder
python -m benchmarks.soak --seconds 30 --pages 40 --teams 2 --readers 2
python -m tests.postgres python -m benchmarks.soak

Serves and asks on this machine only, and ends by itself. The import is killed (`kill -9`) on the way and run again.
The database must be empty; its rows stay in it. The exit code is 1 when anything was not as it must be.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any

from benchmarks import short_pages
from benchmarks.serving import Server, children
from benchmarks.soak_checks import broken
from benchmarks.soak_people import PASSWORD, Record, Team, mark_of, read_on, search_on


def set_up(folder: Path, pages: int, teams: int) -> list[int]:
    """Accounts, a newspaper of two stages, and the pages that editors work on."""
    os.environ |= {"JJCMS_DATA_DIR": str(folder / "data"), "SERVE_HTTP": "1"}
    os.environ["DJANGO_SETTINGS_MODULE"] = "jjcms.settings"
    import django

    django.setup()
    from django.contrib.auth.models import Group, User
    from django.core.management import call_command

    from articles.actions.stages import set_stages
    from articles.models import Page, StageKind
    from articles.people import engine_user
    from ingest.newspapers import newspaper_named

    call_command("migrate", verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)
    if Page.objects.exists():
        sys.exit("The database is not empty.")
    for number in range(teams):
        for name, role in (("editor", "编辑"), ("chief", "主编")):
            user = User.objects.create_user(f"soak-{name}-{number}", password=PASSWORD, is_staff=True)
            user.groups.add(Group.objects.get(name=role))
    paper = newspaper_named(short_pages.NEWSPAPER)
    set_stages(newspaper=paper, stages=[("初审", StageKind.FIRST), ("终审", StageKind.FINAL)], actor=engine_user())
    short_pages.write(folder / "first", range(pages), _mark)
    call_command("ingest", str(folder / "first"), verbosity=0)
    return list(Page.objects.values_list("pk", flat=True))


def _mark(number: int, place: int) -> str:
    return mark_of(3 * number + place)


def import_on(folder: Path, record: Record, stop: threading.Event, seconds: float, kills: int) -> None:
    """The import over and over the same folder: killed, run again, and asked to stop at the end."""
    command = [sys.executable, "manage.py", "ingest", str(folder), "--workers", "2", "--verbosity", "0"]
    for turn in range(kills + 1):
        process = subprocess.Popen(
            command, start_new_session=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
        )
        is_over = stop.wait(seconds / (kills + 1)) or turn == kills
        if process.poll() is None:
            if is_over:
                process.send_signal(signal.SIGINT)
            else:
                os.killpg(process.pid, signal.SIGKILL)
                record.counts["imports killed"] += 1
        said = process.communicate(timeout=120)[0]
        # Asked to stop before it had begun, it ends by the signal itself.
        if process.returncode not in (0, 130, -signal.SIGKILL, -signal.SIGINT):
            record.fault(f"the import ended with {process.returncode}: {said[-2000:]}")
        if is_over:
            return


def memory(pid: int) -> int:
    """Of a process and its children, in MB."""
    total = 0
    for each in (pid, *children(pid)):
        with contextlib.suppress(OSError):
            lines = Path(f"/proc/{each}/status").read_text().splitlines()
            total += next(int(line.split()[1]) for line in lines if line.startswith("VmRSS")) // 1024
    return total


def run(folder: Path, options: argparse.Namespace) -> Record:
    pages = set_up(folder, options.pages, options.teams)
    record, stop = Record(), threading.Event()
    more = range(options.pages, options.pages + options.imported)
    short_pages.write(folder / "more", more, _mark)
    from django.db import connections

    connections.close_all()
    day = short_pages.day_of(0)
    fixed = [
        "/", "/topics/", "/notices/", "/notices/open/", "/contributors/", "/corrections/", "/sitemap.xml",
        "/sitemap-news.xml", "/api/v1/articles/", "/about/", "/on/01-01/",
    ]  # fmt: skip
    with Server("jjcms.wsgi", folder / "data", options.workers, port=_free_port()) as server:
        port = server.port
        slug = _slug()
        fixed += [f"/p/{slug}/", f"/p/{slug}/{day}/", f"/p/{slug}/{day}/1/", f"/p/{slug}/{day.year}/"]
        fixed += [f"/p/{slug}/feed.xml", "/a/1/", "/a/2/", "/n/1/"]
        marks = [_mark(number, 2) for number in range(options.pages)]  # notices: nobody publishes those
        work: list[tuple[Callable[..., None], tuple[Any, ...]]] = [
            *((read_on, (port, record, stop, 100 + n, fixed)) for n in range(options.readers)),
            (search_on, (port, record, stop, 7, marks)),
            *((Team(port, record, n, options.teams, pages).work, (stop,)) for n in range(options.teams)),
            (import_on, (folder / "more", record, stop, options.seconds, options.kills)),
        ]
        threads = [threading.Thread(target=_watched(record, act), args=given) for act, given in work]
        begun = time.monotonic()
        for thread in threads:
            thread.start()
        at_first = 0
        while time.monotonic() - begun < options.seconds:
            time.sleep(min(5.0, options.seconds / 10))
            at_first = at_first or (memory(server.process.pid) if time.monotonic() - begun > options.seconds / 5 else 0)
        at_last = memory(server.process.pid)
        stop.set()
        for thread in threads:
            thread.join()
    if server.process.returncode:
        record.fault(f"the server ended with {server.process.returncode}")
    print(f"memory of the server: {at_first} MB after a fifth of the time, {at_last} MB at the end")
    return record


def _slug() -> str:
    from django.db import connections

    from articles.models import Newspaper

    found = Newspaper.objects.get(name=short_pages.NEWSPAPER).slug
    connections.close_all()
    return found


def _watched(record: Record, act: Callable[..., None]) -> Callable[..., None]:
    def watched(*given: Any) -> None:
        try:
            act(*given)
        except Exception:  # noqa: BLE001 - whatever ends a thread is a fault
            record.fault(traceback.format_exc())

    return watched


def _free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port: int = found.getsockname()[1]
        return port


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=600)
    parser.add_argument("--pages", type=int, default=200, help="pages that editors work on")
    parser.add_argument(
        "--imported", type=int, default=6000, help="pages for the import, which need not come to its end"
    )
    parser.add_argument("--kills", type=int, default=4, help="how often the import is killed and run again")
    parser.add_argument("--teams", type=int, default=3)
    parser.add_argument("--readers", type=int, default=4)
    parser.add_argument("--workers", type=int, default=2)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="jjcms-soak-") as temporary:
        record = run(Path(temporary), options)
        record.faults += broken(record)
        from ingest.models import Source

        record.counts["pages imported"] = Source.objects.count() - options.pages
    for name, count in sorted(record.counts.items()):
        print(f"{name:28} {count:8}")
    for kind, times in sorted(record.times.items()):
        times.sort()
        p50, p99 = (1000 * times[int(len(times) * share)] for share in (0.5, 0.99))
        print(f"{kind:28} p50 {p50:6.0f} ms   p99 {p99:6.0f} ms   at most {1000 * times[-1]:6.0f} ms")
    for said in record.faults[:40]:
        print(f"FAULT: {said}")
    print(f"{len(record.faults)} faults in {options.seconds:.0f} s")
    return 1 if record.faults else 0


if __name__ == "__main__":
    sys.exit(main())

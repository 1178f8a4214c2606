"""Requests a second and latency of each kind of public page under gunicorn, beside a constant-template view.

python -m benchmarks.serving DATA_DIR            # a data folder with published content, as `make run` leaves it
python -m benchmarks.serving DATA_DIR --seconds 5 --clients 8

Client and server share this machine, so the client's own cost is in every figure; the processor time of the server
per request, which does not have it, stands beside. "Not kept" is the site without its cache of pages: the database is
asked for every request, and a page of the same rows is remembered (decision 0103); "laid out" is without that either.
"Made anew" is the site as it runs, each time under another mark of what is public, which costs packing, and SQLite what
it had read.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import signal
import socket
import sqlite3
import subprocess
import sys
import threading
import time
import urllib.request
from pathlib import Path

PORT = 8399


def processor_seconds(pids: list[int]) -> float:
    ticks = 0
    for pid in pids:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        ticks += int(fields[11]) + int(fields[12])
    return ticks / os.sysconf("SC_CLK_TCK")


def children(pid: int) -> list[int]:
    return [int(each) for each in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


class Server:
    def __init__(self, module: str, data: Path, workers: int, *, port: int = PORT, **more: str) -> None:
        self.port = port
        env = {**os.environ, "JJCMS_DATA_DIR": str(data), "SERVE_HTTP": "1", "WEB_WORKERS": str(workers), **more}
        command = [sys.executable, "-m", "gunicorn", "--config", "jjcms/gunicorn.py", "--bind", f"127.0.0.1:{port}"]
        command += ["--max-requests", "0"]  # the processor time of a worker that ends is lost
        self.process = subprocess.Popen([*command, module], env=env)
        for _ in range(600):  # until a worker answers: it loads its dictionary first
            with contextlib.suppress(OSError):
                urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=30).close()
                break
            time.sleep(0.1)

    def __enter__(self) -> Server:
        return self

    def __exit__(self, *_: object) -> None:
        self.process.send_signal(signal.SIGTERM)
        self.process.wait()

    @property
    def seconds(self) -> float:
        return processor_seconds([self.process.pid, *children(self.process.pid)])


def ask(connection: socket.socket, request: bytes) -> tuple[int, int]:
    """Status and size."""
    connection.sendall(request)
    data = b""
    while b"\r\n\r\n" not in data:
        more = connection.recv(65536)
        if not more:
            raise ConnectionError
        data += more
    head, _, body = data.partition(b"\r\n\r\n")
    length = next(int(line[16:]) for line in head.split(b"\r\n") if line.lower().startswith(b"content-length: "))
    while len(body) < length:
        body += connection.recv(65536)
    return int(head.split(b" ", 2)[1]), length


def measure(server: Server, path: str, *, seconds: float, clients: int, renew: object = None) -> dict[str, float]:
    request = (
        f"GET {path} HTTP/1.1\r\nHost: localhost:{PORT}\r\nAccept-Encoding: gzip\r\nConnection: keep-alive\r\n\r\n"
    ).encode()
    times: list[float] = []
    failed = 0
    end = time.perf_counter() + seconds

    def client() -> None:
        nonlocal failed
        connection = socket.create_connection(("127.0.0.1", PORT), 10)
        while time.perf_counter() < end:
            start = time.perf_counter()
            try:
                status, _ = ask(connection, request)
            except (OSError, ConnectionError):
                connection = socket.create_connection(("127.0.0.1", PORT), 10)
                continue
            failed += status != 200
            times.append(time.perf_counter() - start)
            if callable(renew):
                renew()

    before = server.seconds
    threads = [threading.Thread(target=client) for _ in range(clients)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    spent = server.seconds - before
    times.sort()
    return {
        "rate": len(times) / seconds,
        "p50": 1000 * times[len(times) // 2],
        "p99": 1000 * times[int(len(times) * 0.99)],
        "cpu": 1000 * spent / len(times),
        "failed": failed,
    }


def pages(data: Path) -> dict[str, str]:
    """One address of each kind, of what is public now."""
    script = (
        "import django, json; django.setup()\n"
        "from articles.models import Snapshot\n"
        "live = Snapshot.objects.live().select_related('newspaper')\n"
        "a = live.articles().order_by('-date', '-pk').first(); n = live.notices().first()\n"
        "issue = f'/p/{a.newspaper.slug}/{a.date}/'\n"
        "print(json.dumps({'front': '/', 'issue': issue, 'page': f'{issue}{a.page_number}/',"
        " 'article': a.get_absolute_url(), 'notice': n.get_absolute_url() if n else '/notices/',"
        " 'notices': '/notices/', 'topics': '/topics/', 'feed': f'/p/{a.newspaper.slug}/feed.xml'}))"
    )
    env = {**os.environ, "JJCMS_DATA_DIR": str(data), "SERVE_HTTP": "1", "DJANGO_SETTINGS_MODULE": "jjcms.settings"}
    done = subprocess.run([sys.executable, "-c", script], env=env, capture_output=True, text=True, check=True)
    found: dict[str, str] = json.loads(done.stdout)
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path)
    parser.add_argument("--seconds", type=float, default=4)
    parser.add_argument("--clients", type=int, default=8)
    parser.add_argument("--workers", type=int, default=2)
    options = parser.parse_args()
    data = options.data.absolute()
    how = {"seconds": options.seconds, "clients": options.clients}
    with Server("benchmarks.floor", data, options.workers) as server:
        measure(server, "/", seconds=1, clients=options.clients)
        floor = measure(server, "/", **how)
    show("constant template (floor)", floor, floor)
    without = "benchmarks.uncached_settings"
    for memory, told in (("", "not kept"), ("0", "laid out")):
        more = {"DJANGO_SETTINGS_MODULE": without, "PAGE_MEMORY": memory}
        with Server("jjcms.wsgi", data, options.workers, **more) as server:
            for name, path in pages(data).items():
                measure(server, path, seconds=0.5, clients=options.clients)
                show(f"{name}, {told}", measure(server, path, **how), floor)
    with Server("jjcms.wsgi", data, options.workers) as server:
        for name, path in pages(data).items():
            measure(server, path, seconds=0.5, clients=options.clients)
            show(f"{name}, kept", measure(server, path, **how), floor)
        database = sqlite3.connect(data / "db.sqlite3", isolation_level=None, check_same_thread=False, timeout=20)
        lock = threading.Lock()

        def renew() -> None:
            with lock:
                database.execute("UPDATE articles_publicversion SET token = lower(hex(randomblob(16)))")

        renew()
        for name, path in pages(data).items():
            show(f"{name}, made anew", measure(server, path, renew=renew, **how), floor)


def show(name: str, found: dict[str, float], floor: dict[str, float]) -> None:
    print(
        f"{name:28} {found['rate']:7.0f}/s  ×{found['rate'] / floor['rate']:.2f} of the floor"
        f"  p50 {found['p50']:6.1f} ms  p99 {found['p99']:6.1f} ms"
        f"  server {found['cpu']:.2f} ms/request ×{floor['cpu'] / found['cpu']:.2f}  failed {found['failed']:.0f}",
        flush=True,
    )


if __name__ == "__main__":
    main()

"""The web server under readers: started anew with new code or settings, no request is lost."""

from __future__ import annotations

import http.client
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from tests.test_run import ROOT, free_port

pytestmark = pytest.mark.once


@pytest.fixture
def server(tmp_path: Path) -> Iterator[tuple[subprocess.Popen[bytes], int]]:
    clean = {
        name: value for name, value in os.environ.items() if name not in {"DATABASE_URL", "DJANGO_SETTINGS_MODULE"}
    }
    env = clean | {"JJCMS_DATA_DIR": str(tmp_path), "SERVE_HTTP": "1", "DEBUG": "1", "WEB_WORKERS": "2"}
    subprocess.run([sys.executable, "manage.py", "migrate", "--verbosity", "0"], cwd=ROOT, env=env, check=True)
    port = free_port()
    command = [sys.executable, "-m", "gunicorn", "--config", "jjcms/gunicorn.py", "--bind", f"127.0.0.1:{port}"]
    process = subprocess.Popen([*command, "jjcms.wsgi"], cwd=ROOT, env=env)
    for _ in range(600):
        if is_answered(port):
            break
        time.sleep(0.1)
    yield process, port
    process.send_signal(signal.SIGTERM)
    assert process.wait(timeout=60) == 0


def is_answered(port: int) -> bool:
    with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=30)) as connection:
        try:
            return ask(connection, "/readyz") == 200
        except OSError:
            return False


def ask(connection: http.client.HTTPConnection, path: str) -> int:
    connection.request("GET", path)
    answer = connection.getresponse()
    answer.read()
    return answer.status


def workers(process: subprocess.Popen[bytes]) -> set[str]:
    return set(Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split())


def test_a_restart_loses_no_request(server):
    """Readers with connections that are kept open, and readers who come anew each time."""
    process, port = server
    before = workers(process)
    assert len(before) == 2
    is_over = threading.Event()
    answers: list[int | str] = []

    def read(path: str, *, stays: bool) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        while not is_over.is_set():
            try:
                answers.append(ask(connection, path))
            except (OSError, http.client.HTTPException) as problem:
                answers.append(repr(problem))
                connection.close()
            if not stays:
                connection.close()
            time.sleep(0.01)
        connection.close()

    readers = [threading.Thread(target=read, args=(path,), kwargs={"stays": stays})
               for path in ("/", "/notices/") for stays in (True, False)]  # fmt: skip
    for reader in readers:
        reader.start()
    try:
        time.sleep(1)
        process.send_signal(signal.SIGHUP)
        end = time.monotonic() + 120
        while before & workers(process) and time.monotonic() < end:
            time.sleep(0.1)
        asked = len(answers)
        while len(answers) < asked + 20 and time.monotonic() < end:
            time.sleep(0.1)
    finally:
        is_over.set()
        for reader in readers:
            reader.join()
    assert not before & workers(process), "the old workers are still there"
    assert set(answers) == {200} and len(answers) >= asked + 20

"""`make run`, as the README says: set up, print addresses and one-time passwords, serve; again: quick, data kept."""

from __future__ import annotations

import contextlib
import os
import re
import signal
import socket
import subprocess
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
pytestmark = pytest.mark.once


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def get(url: str) -> tuple[int, str]:
    with urllib.request.urlopen(url, timeout=10) as answer:
        return answer.status, answer.read().decode()


@contextlib.contextmanager
def make_run(data: Path, port: int) -> Iterator[tuple[str, str]]:
    """Start `make run`, wait until it serves, yield its address and what it printed; stop it afterwards."""
    dropped = {"DATABASE_URL", "SECRET_KEY", "SERVE_HTTP", "DJANGO_SETTINGS_MODULE", "MAKEFLAGS"}
    env = {name: value for name, value in os.environ.items() if name not in dropped}
    log = data.parent / f"run-{time.monotonic_ns()}.log"
    with log.open("wb") as out:
        process = subprocess.Popen(
            ["make", "run", f"PORT={port}"],
            cwd=ROOT,
            env={**env, "JJCMS_DATA_DIR": str(data)},
            stdout=out,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    try:
        address = f"http://localhost:{port}"
        for _ in range(600):
            assert process.poll() is None, log.read_text("utf-8")
            with contextlib.suppress(OSError):
                get(address + "/")
                break
            time.sleep(0.2)
        else:
            pytest.fail("make run 没有开始服务：" + log.read_text("utf-8"))
        yield address, log.read_text("utf-8")
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGTERM)
        process.wait(timeout=30)


def test_make_run_serves_the_seeds_and_a_second_run_keeps_them(tmp_path):
    port, data = free_port(), tmp_path / "数据 与 空格"
    with make_run(data, port) as (address, printed):
        assert f"http://localhost:{port}/" in printed
        assert re.search(r"zhubian\s+\S{10,}", printed), printed
        status, front = get(address + "/")
        assert status == 200
        articles = re.findall(r'href="(/a/\d+/)"', front)
        assert articles, "首页没有稿件"
        assert get(address + articles[0])[0] == 200
        admin = get(address + "/admin/")[1]
        sheet = re.search(r'href="(/static/[^"]+\.css)"', admin)
        assert sheet and get(address + sheet[1])[0] == 200
    with make_run(data, port) as (address, again):
        assert not re.search(r"zhubian\s+\S{16,}", again), "密码只显示一次"
        assert get(address + articles[0])[0] == 200

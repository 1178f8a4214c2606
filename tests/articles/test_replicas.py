"""Public pages come from the copy while it has all that readers may see, and never when it has not."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory

from articles import replicas
from articles.actions import publishing
from articles.models import Article
from articles.people import engine_user
from tests import factories
from tests.articles.public.test_cache import READER, publish_again
from tests.ingest.test_concurrency import ROOT, environment

COPY = "副本日报"


class Web:
    """A web process with that copy, and what its pages hold."""

    def __init__(self, tmp_path: Path, copy: Path) -> None:
        env = environment(tmp_path) | {"DEBUG": "1", "REPLICA_URL": f"sqlite:///{copy}"}
        reader = READER.replace('"大桥昨日通车" in response.content.decode()', "response.content.decode().split()")
        self.process = subprocess.Popen(
            [sys.executable, "-c", reader], env=env, cwd=ROOT, text=True,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE,
        )  # fmt: skip

    def __call__(self, path: str) -> tuple[str, str]:
        assert self.process.stdin is not None and self.process.stdout is not None
        self.process.stdin.write(path + "\n")
        self.process.stdin.flush()
        status, _, text = self.process.stdout.readline().partition(" ")
        return status, text


@pytest.fixture
def article(transactional_db: None) -> Article:
    if connection.vendor != "sqlite":
        pytest.skip("a second file stands for the copy that PostgreSQL would keep")
    made = factories.article(headline="大桥通车", on=factories.page())
    factories.published(made)
    made.refresh_from_db()
    return made


@pytest.fixture
def web(tmp_path: Path, article: Article) -> Iterator[Web]:
    """The copy says another name of the newspaper under the same mark: so a page shows where it is from."""
    copy = tmp_path / "copy.sqlite3"
    with sqlite3.connect(copy) as made:
        connection.connection.backup(made)
        mark = made.execute("SELECT token FROM articles_publicversion").fetchone()
        made.execute("UPDATE articles_newspaper SET name = ?", [COPY])
        made.execute("UPDATE articles_publicversion SET token = ?", mark)
    made.close()
    web = Web(tmp_path, copy)
    yield web
    web.process.communicate(timeout=60)


def test_pages_and_search_come_from_a_copy_that_is_level(web, article):
    for path in (f"/a/{article.pk}/", "/", "/search/?q=大桥", "/api/v1/articles/"):
        status, text = web(path)
        assert status == "200" and COPY in text, path


def test_a_copy_that_is_behind_is_not_asked(web, article):
    path = f"/a/{article.pk}/"
    assert COPY in web(path)[1]
    publish_again(article)
    status, text = web(path)
    assert status == "200" and "大桥昨日通车" in text and COPY not in text
    publishing.withdraw(item=Article.objects.get(pk=article.pk), actor=engine_user(), reason="失实")
    assert web(path)[0] == "410" and COPY not in web("/search/?q=大桥")[1]


def test_a_copy_that_is_gone_keeps_no_page_back(tmp_path, article):
    web = Web(tmp_path, tmp_path / "empty.sqlite3")
    status, text = web(f"/a/{article.pk}/")
    web.process.communicate(timeout=60)
    assert status == "200" and "大桥通车" in text


@pytest.mark.parametrize(
    ("method", "path", "where"),
    [
        ("get", "/a/1/", "replica"),
        ("head", "/search/", "replica"),
        ("post", "/notices/lookup/", "default"),
        ("get", "/admin/articles/article/", "default"),
    ],
)
def test_editors_and_whoever_sends_something_read_the_database_itself(settings, monkeypatch, method, path, where):
    monkeypatch.setitem(settings.DATABASES, "replica", {})
    monkeypatch.setattr(replicas, "_is_level", lambda: True)
    router = replicas.Router()

    def view(request: HttpRequest) -> HttpResponse:
        return HttpResponse(f"{replicas.reading()} {router.db_for_read(Article)} {router.db_for_write(Article)}")

    request: Any = getattr(RequestFactory(), method)(path)
    read = "replica" if where == "replica" else None
    assert replicas.ReplicaMiddleware(view)(request).content.decode() == f"{where} {read} default"
    assert replicas.reading() == "default"  # and afterwards


def test_nothing_migrates_the_copy():
    assert replicas.Router().allow_migrate("replica", "articles") is False
    assert replicas.Router().allow_migrate("default", "articles") is None

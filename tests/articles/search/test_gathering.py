"""What a mass import turns on in PostgreSQL's inverted index is turned off again, however it ends."""

from __future__ import annotations

import signal

import psycopg
import pytest
from django.core.management import call_command
from django.db import connection

from articles.models import Article
from articles.search import gathering, search
from articles.search.types import Query, Scope, Term
from tests import factories
from tests.ingest.test_concurrency import start

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif("connection.vendor != 'postgresql'", reason="of PostgreSQL's inverted index"),
]

HOLDS = "import django; django.setup()\nfrom articles.search import gathering\ngathering.begin(); print('on'); input()"


@pytest.fixture
def other(tmp_path):
    """Another process that gathers."""
    process = start(tmp_path, "-u", "-c", HOLDS, stdin=-1)
    assert process.stdout is not None and process.stdout.readline() == "on\n"
    yield process
    process.kill()
    process.communicate()
    gathering.end()


def is_on() -> bool:
    with connection.cursor() as cursor:
        return gathering._is_on(cursor)


def pages_gathered() -> int:
    """How many pages of gathered rows there were; none afterwards."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT gin_clean_pending_list('search_tokens')")
        return int(cursor.fetchone()[0])


def found(word: str) -> list[int]:
    return [hit.pk for hit in search(Query(all_of=((Term(word),),)), scope=Scope.DRAFTS).hits]


def test_what_is_gathered_is_found_and_merged_at_the_end(other):
    article = factories.article(headline="陈埭")
    assert is_on() and found("陈埭") == [article.pk]
    gathering.end(patience="100ms")
    assert is_on(), "the other one is still at work"
    other.communicate("done\n", timeout=30)
    gathering.end()
    assert not is_on() and found("陈埭") == [article.pk]
    assert pages_gathered() == 0
    Article.objects.filter(pk=article.pk).update(headline="深沪")
    assert pages_gathered() == 0 and found("深沪") == [article.pk]


@pytest.mark.parametrize("after", ["an import", "migrate"])
def test_killed_it_is_turned_off_by_whoever_comes_next(other, after, tmp_path):
    other.send_signal(signal.SIGKILL)
    other.wait()
    factories.article(headline="陈埭")
    assert is_on()
    if after == "migrate":
        call_command("migrate", verbosity=0)
    else:
        pages = tmp_path / "pages"
        pages.mkdir()
        (pages / "1.txt").write_text("春耕全面展开\n本报讯（记者 王小明）各乡镇备足种子化肥，确保农时。\n", "utf-8")
        call_command("ingest", str(pages), workers=2, verbosity=0)
    assert not is_on() and pages_gathered() == 0


def test_while_somebody_looks_into_the_index_it_stays_as_it_is(monkeypatch):
    monkeypatch.setattr(gathering, "_PATIENCE", (0.05, 0.05))
    settings = connection.get_connection_params()
    settings.pop("cursor_factory", None), settings.pop("context", None)
    with psycopg.connect(**settings) as reader:
        reader.execute("SELECT count(*) FROM articles_searchdoc WHERE key = 1")
        gathering.begin()
        assert not is_on()
    gathering.begin()
    assert is_on()
    gathering.end()
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_unlock_all()")


def test_a_role_that_does_not_own_the_index_goes_on_without():
    with connection.cursor() as cursor:
        cursor.execute("CREATE ROLE jjcms_of_a_test")
        try:
            cursor.execute("SET ROLE jjcms_of_a_test")
            gathering.begin()
            cursor.execute("RESET ROLE")
            assert not is_on()
        finally:
            cursor.execute("RESET ROLE")
            cursor.execute("SELECT pg_advisory_unlock_all()")
            cursor.execute("DROP ROLE jjcms_of_a_test")

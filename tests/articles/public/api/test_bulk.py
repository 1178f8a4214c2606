"""A year as JSON Lines: all that is public, item for item as the interface tells it, in bounded memory."""

from __future__ import annotations

import json
import tracemalloc

import pytest

from articles.actions import publishing
from articles.people import engine_user
from articles.public.api import bulk
from articles.public.reading import public_paper
from tests import factories
from tests.articles.public.api.test_endpoints import API, HOST, ask, check
from tests.articles.public.conftest import HIDDEN, IDENTITY, PHONE
from tests.articles.public.test_queries import fill

YEAR = f"{API}bulk/qingxi-2024.jsonl"


def rows_of(response):
    assert response.status_code == 200 and response.headers["Content-Type"].startswith("application/jsonl")
    text = response.getvalue().decode()
    assert text.endswith("\n")
    return [json.loads(line) for line in text.splitlines()]


def test_a_year_is_every_item_as_the_interface_tells_it(edition, reader):
    rows = rows_of(reader.get(YEAR))
    for row in rows:
        check("Article" if row["type"] == "article" else "NoticeOnPage", row)
    assert [row["date"] for row in rows] == sorted((row["date"] for row in rows), reverse=True)
    told = {(row["type"], row["id"]): row for row in rows}
    assert told["article", edition.lead.pk] == ask(reader, f"{API}articles/{edition.lead.pk}/")
    listed = ask(reader, f"{API}articles/?newspaper=qingxi&limit=100")["items"]
    assert {pk for kind, pk in told if kind == "article"} == {item["id"] for item in listed}
    text = json.dumps(rows, ensure_ascii=False)
    assert HOST in text and not [marker for marker in (HIDDEN, IDENTITY, PHONE) if marker in text]


def test_chunks_join_without_gap_or_repeat(edition, reader, monkeypatch):
    whole = rows_of(reader.get(YEAR))
    for size in (1, 2, len(whole)):
        monkeypatch.setattr(bulk, "CHUNK", size)
        assert rows_of(reader.get(YEAR)) == whole


def test_what_is_withdrawn_while_it_runs_comes_no_more(edition, monkeypatch):
    monkeypatch.setattr(bulk, "CHUNK", 1)
    found = public_paper("qingxi")
    assert found
    running = bulk.lines(found.paper, 2024, str)
    first = json.loads(next(running))
    assert first["id"] != edition.lead.pk
    publishing.withdraw(item=edition.lead, actor=engine_user(), reason="失实。")
    assert "全县瞩目" not in b"".join(running).decode()


@pytest.mark.parametrize("path", ["bulk/qingxi-2019.jsonl", "bulk/unseen-2024.jsonl"])
def test_a_year_that_is_not_there_answers_404(edition, reader, path):
    assert reader.get(API + path).json()["status"] == 404


def test_a_parameter_is_refused(edition, reader):
    assert reader.get(f"{YEAR}?x=1").json()["parameter"] == "x"


def test_asking_for_the_headers_reads_no_row(edition, reader, django_assert_num_queries):
    with django_assert_num_queries(1):
        response = reader.head(YEAR)
    assert response.status_code == 200 and response.getvalue() == b""


@pytest.mark.once
def test_memory_does_not_grow_with_the_year(db):
    fill(3_000)
    found = public_paper("qingxi")
    assert found

    def peak(rows: int) -> int:
        tracemalloc.start()
        for _, _ in zip(range(rows), bulk.lines(found.paper, 2024, str), strict=False):
            pass
        _, most = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        return most

    few, many = peak(400), peak(3_000)
    assert many < few * 1.5, (few, many)


def test_empty_archive(db, reader):
    factories.newspaper()
    assert reader.get(YEAR).status_code == 404 and ask(reader, f"{API}bulk/")["items"] == []

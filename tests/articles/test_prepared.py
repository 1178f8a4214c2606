"""A prepared query answers as the query it was made from, at any time and for any value."""

from __future__ import annotations

import datetime
import threading
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from articles import clock
from articles.actions import publishing
from articles.models import Newspaper, Snapshot
from articles.people import engine_user
from articles.prepared import Prepared
from tests import factories

pytestmark = pytest.mark.django_db

DAY = datetime.date(2024, 3, 5)


def of_paper(slug: str, since: datetime.date, most: int) -> Any:
    live = Snapshot.objects.live().filter(newspaper__slug=slug, date__gte=since, page_number__lte=most)
    return live.select_related("newspaper").order_by("pk")


@pytest.fixture
def three():
    made = []
    for number, (slug, date) in enumerate([("qingxi", DAY), ("baisha", DAY), ("qingxi", DAY.replace(day=9))], 1):
        paper = factories.newspaper(name=f"{slug}报", slug=slug)
        article = factories.article(on=factories.page(paper=paper, date=date, number=number), headline=f"第{number}")
        made.append(factories.published(article))
    return made


def test_rows_are_those_of_the_query_for_any_values(three, django_assert_num_queries):
    ready: Prepared[Any] = Prepared(of_paper, slug=str, since=datetime.date, most=int)
    asked: tuple[dict[str, Any], ...] = (
        {"slug": "qingxi", "since": DAY, "most": 9},
        {"slug": "baisha", "since": DAY, "most": 9},
        {"slug": "qingxi", "since": DAY.replace(day=6), "most": 9},
        {"slug": "qingxi", "since": DAY, "most": 1},
        {"slug": "no'body\"%s", "since": DAY, "most": 1},
        {"slug": "", "since": DAY, "most": -1},
    )
    for values in asked:
        with django_assert_num_queries(1):
            found = ready(**values)
        assert found == list(of_paper(**values))
        assert [(row.title, row.newspaper.name, row.content) for row in found] == [
            (row.title, row.newspaper.name, row.content) for row in of_paper(**values)
        ]


def test_time_goes_on(three, monkeypatch):
    later = factories.article(
        on=factories.page(paper=Newspaper.objects.get(slug="qingxi"), number=7), headline="以后", corrected=True
    )
    due = timezone.now() + datetime.timedelta(hours=1)
    publishing.publish(item=later, actor=engine_user(), at=due)
    ready: Prepared[Any] = Prepared(of_paper, slug=str, since=datetime.date, most=int)
    values: dict[str, Any] = {"slug": "qingxi", "since": DAY, "most": 9}
    assert len(ready(**values)) == 2
    monkeypatch.setattr("django.utils.timezone.now", lambda: due)
    assert len(ready(**values)) == 3
    with clock.as_of(due - datetime.timedelta(seconds=1)):
        assert len(ready(**values)) == 2


def test_a_time_from_elsewhere_is_refused_when_it_is_built(three):
    ready: Prepared[Any] = Prepared(lambda: Snapshot.objects.filter(live_from__lte=timezone.now()))
    with pytest.raises(ValueError, match="stand still"):
        ready()


def test_a_value_that_the_query_does_not_use_is_refused(three):
    with pytest.raises(ValueError, match="nothing in the query"):
        Prepared(lambda slug: Newspaper.objects.all(), slug=str)(slug="x")
    with pytest.raises(TypeError, match="wanted"):
        Prepared(lambda slug: Newspaper.objects.filter(slug=slug), slug=str)(name="x")


def test_values_and_tuples_too(three):
    rows: Prepared[Any] = Prepared(lambda slug: Newspaper.objects.filter(slug=slug).values("name"), slug=str)
    assert rows(slug="baisha") == [{"name": "baisha报"}]
    pairs: Prepared[Any] = Prepared(
        lambda slug: Newspaper.objects.filter(slug=slug).values_list("name", "slug"), slug=str
    )
    assert pairs(slug="qingxi") == [("qingxi报", "qingxi")]


@pytest.mark.django_db(transaction=True)
def test_threads_do_not_mix_their_values(three):
    ready: Prepared[Any] = Prepared(of_paper, slug=str, since=datetime.date, most=int)
    wrong: list[object] = []

    def ask(slug):
        try:
            for _ in range(30):
                found = ready(slug=slug, since=DAY, most=9)
                wrong.extend(row for row in found if row.newspaper.slug != slug)
                if len(found) != {"qingxi": 2, "baisha": 1}[slug]:
                    wrong.append(found)
        finally:
            connection.close()

    threads = [threading.Thread(target=ask, args=(slug,)) for slug in ("qingxi", "baisha") * 2]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []

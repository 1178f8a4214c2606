"""How many queries a page runs: the same few with 10 items and with 1,000."""

from __future__ import annotations

import datetime
import re

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from articles.models import (
    AnyItem,
    Article,
    Contributor,
    Correction,
    CorrectionSubject,
    Issue,
    Notice,
    Page,
    Snapshot,
    SnapshotContributor,
    SnapshotTopic,
    Topic,
)
from articles.people import engine_user
from articles.public import sitemaps
from articles.search.searching import CANDIDATES
from tests import factories

LAST = datetime.date(2024, 6, 30)
PER_ISSUE = 25

# The most queries each may run, whatever the archive's size.
MOST = {
    "/": 4,
    "/p/qingxi/": 3,
    "/p/qingxi/2024/": 2,
    f"/p/qingxi/{LAST}/": 4,
    f"/p/qingxi/{LAST}/1/": 3,
    f"/p/qingxi/{LAST}/1/broadsheet/": 3,
    "article": 2,
    "notice": 2,
    "/notices/": 4,
    "/notices/?kind=遗失声明&newspaper=qingxi&since=2024-01-01": 5,
    "/notices/open/": 2,
    "/notices/lookup/": 0,
    "/corrections/": 4,
    "proof": 2,
    "/topics/": 1,
    "/t/bridge/": 5,
    "/on/06-30/": 2,
    "/contributors/": 1,
    "contributor": 5,
    "/p/qingxi/feed.xml": 2,
    "/t/bridge/feed.xml": 3,
    "contributor feed": 3,
    "/notices/feed.xml": 1,
    "/notices/feed.xml?kind=遗失声明&newspaper=qingxi": 2,
    "/search/": 0,
    "/search/?q=大桥": 9,
    "/search/?q=大桥&sort=date": 7,
    "/search/?q=大桥 报纸:青溪日报 专题:大桥&sort=date": 12,
    "/search/?q=没有的": 6,
    "/search/?q=大桥 没有的": 10,
    "/search/feed.xml?q=大桥": 3,
    "/search/complete.json?q=大桥": 6,
    "/opensearch.xml": 0,
    "/api/v1/search/?q=大桥": 6,
    "/api/v1/": 0,
    "/api/v1/newspapers/": 1,
    "/api/v1/newspapers/qingxi/": 1,
    "/api/v1/issues/": 2,
    "/api/v1/issues/?newspaper=qingxi&since=2024-01-01&before=2024-06-30.1": 2,
    f"/api/v1/issues/qingxi/{LAST}/": 4,
    f"/api/v1/issues/qingxi/{LAST}/1/": 2,
    "/api/v1/articles/": 2,
    "/api/v1/articles/?newspaper=qingxi&until=2024-06-30": 2,
    "api article": 1,
    "/api/v1/notices/": 2,
    "/api/v1/notices/?newspaper=qingxi&kind=遗失声明": 2,
    "api notice": 2,
    "/api/v1/topics/": 1,
    "/api/v1/topics/bridge/articles/": 4,
    "/api/v1/contributors/?after=1": 1,
    "api contributor": 4,
    "/api/v1/corrections/": 2,
    "/api/v1/bulk/": 1,
    "/sitemap.xml": 2,
    "/sitemap-site.xml": 2,
    "/sitemap-people-1.xml": 1,
    "/sitemap-news.xml": 1,
    f"/p/qingxi/sitemap-{LAST:%Y-%m}.xml": 2,
}

# By relevance, when every result is read: none has to be counted, and none found by its headline besides.
OF_FEW = {"/search/?q=大桥": 8, "/api/v1/search/?q=大桥": 4}


def fill(items: int) -> None:
    """That many live items, half of them notices, in issues of 25 on three pages, every article in a topic."""
    paper = factories.newspaper()
    actor = engine_user()
    now = timezone.now()
    topic = Topic.objects.create(name="大桥", slug="bridge")
    many = [Topic(name=f"专题{n}", slug=f"topic-{n}") for n in range(items // 10)]
    Topic.objects.bulk_create(many)
    reporter = Contributor.objects.create(name="王小明")
    people = Contributor.objects.bulk_create(Contributor(name=f"通讯员{n}") for n in range(items // 10))
    for start in range(0, items, PER_ISSUE):
        date = LAST - datetime.timedelta(start // PER_ISSUE)
        issue = Issue.objects.create(newspaper=paper, date=date, date_state="confirmed")
        pages = [Page.objects.create(issue=issue, number=number, section="要闻") for number in (1, 2, 3)]
        count = min(PER_ISSUE, items - start)
        articles = [Article(page=pages[n % 3], position=n, content_hash="x") for n in range(0, count, 2)]
        notices = [Notice(page=pages[n % 3], position=n, content_hash="x") for n in range(1, count, 2)]
        Article.objects.bulk_create(articles)
        Notice.objects.bulk_create(notices)
        made = Snapshot.objects.bulk_create(
            [_snapshot(item, issue=issue, now=now, actor=actor) for group in (articles, notices) for item in group]
        )
        SnapshotTopic.objects.bulk_create(
            SnapshotTopic(snapshot=snapshot, topic=one, date=date)
            for snapshot in made
            if snapshot.article_id
            for one in (topic, many[start % len(many)])
        )
        SnapshotContributor.objects.bulk_create(
            SnapshotContributor(snapshot=snapshot, contributor=one, date=date)
            for snapshot in made
            if snapshot.article_id
            for one in (reporter, people[start % len(people)])
        )
    told = Correction.objects.create(text="应为两公里。", at=now, by=actor)
    CorrectionSubject.objects.create(correction=told, article=Article.objects.earliest("pk"))


def _snapshot(item: AnyItem, *, issue: Issue, now: datetime.datetime, actor: User) -> Snapshot:
    is_article = isinstance(item, Article)
    content = factories.article_content() | {"credits": [], "topics": []} if is_article else factories.notice_content()
    assert issue.newspaper and issue.date and item.page.number
    return Snapshot(
        **{item.snapshot_key: item},
        number=1,
        live_from=now,
        published_at=now,
        published_by=actor,
        source_hash="x",
        newspaper=issue.newspaper,
        issue=issue,
        date=issue.date,
        page_number=item.page.number,
        section="要闻",
        position=item.position,
        notice_kind="" if is_article else "遗失声明",
        title=f"标题{item.pk}",
        content=content,
    )


def api_path(name: str, first: dict[str, Snapshot]) -> str:
    kind = name.removeprefix("api ")
    if kind == "contributor":
        return f"/api/v1/contributors/{Contributor.objects.get(name='王小明').pk}/articles/"
    return f"/api/v1/{kind}s/{first[kind].article_id or first[kind].notice_id}/"


@pytest.mark.parametrize("items", [10, 1_000])
def test_queries_do_not_grow_with_the_archive(db, reader, items, monkeypatch):
    monkeypatch.setattr(sitemaps, "PEOPLE", 10**9)  # numbers go on from test to test
    fill(items)
    assert connection.features.supports_json_field  # Django asks the database once
    newest = Snapshot.objects.order_by("-date", "pk")
    first = {"article": newest.articles()[0], "notice": newest.notices()[0]}
    ran = {}
    for name in MOST:
        path = first[name].get_absolute_url() if name in first else name
        path = f"{first['notice'].get_absolute_url()}proof/" if name == "proof" else path
        if name.startswith("contributor"):
            path = Contributor.objects.get(name="王小明").get_absolute_url() + ("feed.xml" if "feed" in name else "")
        if name.startswith("api "):
            path = api_path(name, first)
        with CaptureQueriesContext(connection) as queries:
            response = reader.get(path)
        assert response.status_code == 200, path
        ran[name] = len(queries)
        for query in queries:
            # OFFSET 0 passes over nothing: it keeps PostgreSQL from putting a query into the one around it.
            assert not re.search(r" OFFSET (?!0\b)", query["sql"]) and "COUNT(" not in query["sql"], path
    assert ran == (MOST if items > CANDIDATES else MOST | OF_FEW)


# A scan of a large table, under its own name or as U0, V1 … in a subquery, that walks no index.
_FULL_SCAN = re.compile(r"SCAN (?:articles_(?:snapshot(?:topic|contributor)?|issue|article|notice|page)|[U-Z]\d+)$")


@pytest.mark.once
def test_no_page_reads_a_whole_table(db, reader):
    """SQLite says beforehand what it will read. PostgreSQL, with so few rows, rightly reads whole tables."""
    if connection.vendor != "sqlite":
        return
    fill(200)
    factories.newspaper(name="空报", slug="empty")  # a newspaper without items must not be searched for through all
    factories.published(factories.notice(on=factories.page(paper=factories.newspaper(name="小报", slug="small"))))
    first = Snapshot.objects.order_by("-date", "pk")
    items = [first.articles()[0].get_absolute_url(), first.notices()[0].get_absolute_url()]
    items.append(Contributor.objects.get(name="王小明").get_absolute_url())
    firsts = {"article": first.articles()[0], "notice": first.notices()[0]}
    items += [api_path(name, firsts) for name in MOST if name.startswith("api ")]
    more = ["/notices/?newspaper=small", "/notices/?kind=讣告", "/t/bridge/?before=2024-06-01.5", "/nothing/"]
    for path in [*(path for path in MOST if path.startswith("/")), *items, *more]:
        with CaptureQueriesContext(connection) as queries:
            reader.get(path)
        for query in queries:
            with connection.cursor() as cursor:
                cursor.execute("EXPLAIN QUERY PLAN " + query["sql"])
                plan = [row[-1] for row in cursor.fetchall()]
            assert not [step for step in plan if _FULL_SCAN.match(step)], (path, plan)


def test_later_pages_of_a_list_cost_no_more(db, reader, django_assert_num_queries):
    fill(1_000)
    with django_assert_num_queries(4):
        reader.get("/notices/?before=2024-06-01.5")
    with django_assert_num_queries(4):
        reader.get("/t/bridge/?before=2024-06-01.5")

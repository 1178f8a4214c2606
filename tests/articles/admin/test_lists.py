"""Lists and screens ask a constant number of questions, whatever the number of rows, and never count the archive."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from articles.admin.base import BoundedPaginator
from articles.admin.filters import span
from articles.models import Article, Finding, Issue, Page, Topic, TopicLink
from tests import factories
from tests.articles.admin.rows import fill

pytestmark = pytest.mark.django_db

LISTS = (
    "newspaper", "issue", "page", "article", "notice", "topic", "contributor",
    "finding", "historyentry", "snapshot", "withdrawal", "office",
    "assignment", "comment",
)  # fmt: skip


@pytest.fixture
def as_root(admin_user):
    client = Client()
    client.force_login(admin_user)
    return client


def queries(client, url):
    client.get(url)  # warms what a process keeps, such as content types
    with CaptureQueriesContext(
        connection,
    ) as seen:
        assert client.get(url).status_code == 200
    return len(seen)


def test_every_list_asks_as_often_for_1000_rows_as_for_10(as_root):
    filtered = ("?q=通车", "?publication=ready", "?publication=changed", "?date=1990-01", "?doubt=open")
    lists = [f"admin:articles_{name}_changelist" for name in LISTS] + [
        "admin:auth_user_changelist",
        "admin:auth_group_changelist",
    ]
    urls = [*map(reverse, lists), *(reverse("admin:articles_article_changelist") + query for query in filtered)]
    home, second = reverse("admin:index"), reverse("admin:articles_article_changelist") + "?p=2"

    fill(10)
    few = {url: queries(as_root, url) for url in (*urls, home)}
    fill(50)  # more than one page of a list
    more = {url: queries(as_root, url) for url in (*urls, home, second)}
    fill(940)
    many = {url: queries(as_root, url) for url in (*urls, home, second)}
    assert {url: many[url] for url in few} == few
    assert many == more
    # session, user, count, rows and a filter or two; issues read the pages shown as well
    assert max(count for url, count in many.items() if url != home) <= 8
    assert many[home] <= 12


def test_screens_ask_as_often_for_a_page_of_1000_items_as_for_one_of_10(as_root):
    page = factories.page()
    fill(5, on=page)
    article, notice = page.articles.all()[0], page.notices.all()[0]

    def add_to_one(count):
        page_findings = [
            Finding(page=page, key=f"p{article.findings.count()}-{n}", kind="x", message="疑") for n in range(count)
        ]
        for finding in page_findings[: count // 2]:
            finding.article = article
        Finding.objects.bulk_create(page_findings)
        free = Topic.objects.exclude(links__article=article)[:count]
        TopicLink.objects.bulk_create(TopicLink(article=article, topic=topic) for topic in free)
        Page.objects.bulk_create(
            Page(issue=page.issue, number=Page.objects.count() + 2 + n) for n in range(count // 10)
        )

    urls = [
        reverse("admin:articles_page_change", args=[page.pk]),
        reverse("admin:articles_page_history", args=[page.pk]),
        reverse("admin:articles_page_publish", args=[page.pk]),
        reverse("admin:articles_article_change", args=[article.pk]),
        reverse("admin:articles_article_history", args=[article.pk]),
        reverse("admin:articles_notice_change", args=[notice.pk]),
        reverse("admin:articles_issue_change", args=[page.issue_id]),
        *(reverse(f"admin:articles_{name}_change", args=[pk]) for name, pk in one_of_each()),
    ]
    add_to_one(10)
    before = {url: queries(as_root, url) for url in urls}
    fill(495, on=page)
    add_to_one(200)
    after = {url: queries(as_root, url) for url in urls}
    assert after == before
    assert max(before.values()) <= 24


def one_of_each():
    from django.apps import apps

    for name in ("newspaper", "topic", "contributor", "finding", "historyentry", "snapshot", "withdrawal"):
        yield name, apps.get_model("articles", name).objects.order_by("pk").first().pk


def test_counting_stops_at_the_limit(monkeypatch):
    monkeypatch.setattr(BoundedPaginator, "limit", 3)
    fill(5)
    paginator = BoundedPaginator(Article.objects.order_by("pk"), 2)
    with CaptureQueriesContext(connection) as seen:
        assert (paginator.count, paginator.is_cut, paginator.num_pages) == (3, True, 2)
    assert "LIMIT 4" in seen[0]["sql"]


def test_a_cut_list_says_so(as_root, monkeypatch):
    monkeypatch.setattr(BoundedPaginator, "limit", 3)
    fill(5)
    assert "只列出前 3 条" in as_root.get(reverse("admin:articles_article_changelist")).content.decode()


def test_the_second_page_continues_where_the_first_ended(as_root):
    fill(60)
    url = reverse("admin:articles_article_changelist")
    seen = [row.pk for page in ("1", "2") for row in as_root.get(url, {"p": page}).context["cl"].result_list]
    assert len(seen) == len(set(seen)) == 60


@pytest.mark.parametrize(
    ("text", "days"),
    [("2025", ("2025-01-01", "2026-01-01")), ("2025-12", ("2025-12-01", "2026-01-01")),
     ("2025-12-20", ("2025-12-20", "2025-12-21")), ("2025/2", ("2025-02-01", "2025-03-01")),
     ("2025-13", None), ("昨天", None), ("9999", None), ("2025-1-2-3", None), ("", None), ("²⁰²⁵", None)],
)  # fmt: skip
def test_dates_are_read_as_year_month_or_day(text, days):
    found = span(text)
    assert (found and tuple(day.isoformat() for day in found)) == days


@pytest.mark.parametrize("query", ["date=昨天", "publication=x", "doubt=x", "newspaper=x", "newspaper=²", "topics=x"])
def test_a_filter_nobody_understands_never_shows_everything(as_root, query):
    fill(3)
    response = as_root.get(f"{reverse('admin:articles_article_changelist')}?{query}", follow=True)
    assert not response.context["cl"].result_list


def test_search_finds_words_and_numbers(as_root):
    page = factories.page()
    found = factories.article(on=page, headline="五店市灯会")
    factories.article(on=page, headline="别的")
    url = reverse("admin:articles_article_changelist")
    for term in ("店市", str(found.pk)):
        assert [a.pk for a in as_root.get(url, {"q": term}).context["cl"].result_list] == [found.pk]
    assert not as_root.get(url, {"q": "²" * 30}).context["cl"].result_list


def test_publication_filters_agree_with_what_readers_see(as_root):
    page = factories.page()
    live = factories.article(on=page)
    factories.published(live)
    ready = factories.article(on=page, corrected=True)
    factories.article(on=page)
    url = reverse("admin:articles_article_changelist")

    def found(state):
        return [a.pk for a in as_root.get(url, {"publication": state}).context["cl"].result_list]

    assert (found("live"), found("ready"), found("changed"), found("withdrawn")) == ([live.pk], [ready.pk], [], [])


def test_incomplete_issues_are_found(as_root):
    issue = factories.page().issue
    Issue.objects.filter(pk=issue.pk).update(expected_pages=4)
    response = as_root.get(reverse("admin:articles_issue_changelist"), {"complete": "no"})
    assert [i.pk for i in response.context["cl"].result_list] == [issue.pk]


def test_a_list_without_rows_says_what_will_stand_there(as_root):
    for name in ("article", "notice", "page", "correction", "comment", "assignment", "oldaddress"):
        text = as_root.get(reverse(f"admin:articles_{name}_changelist")).content.decode()
        assert "还没有" in text and 'name="action"' not in text, name
    text = as_root.get(reverse("admin:articles_article_changelist") + "?publication=live").content.decode()
    assert '没有符合条件的稿件。<a href="?">去掉条件，看全部</a>' in text
    assert "还没有" not in text.partition('class="empty-list"')[2].partition("</p>")[0]

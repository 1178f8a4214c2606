"""The report: who may see it, what it says, and what it costs."""

from __future__ import annotations

import datetime
import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from articles.actions.signing import sign
from articles.actions.teamwork import assign
from articles.admin.reports import AGES, ageing
from articles.models import Article, Stage, StageKind
from articles.roles import ROLES, permissions_of
from tests import factories
from tests.articles.admin.conftest import client_for
from tests.articles.admin.rows import fill

pytestmark = pytest.mark.django_db


def report(**query):
    text = "&".join(f"{name}={value}" for name, value in query.items())
    return reverse("admin:articles_issue_report") + (f"?{text}" if text else "")


@pytest.fixture
def signed(chief, editor):
    """An article two people signed, the second with more errors than the limit allows."""
    paper = factories.newspaper()
    stages = [
        Stage.objects.create(newspaper=paper, name=name, kind=StageKind.PROOF, position=position)
        for position, name in enumerate(("一校", "二校"), 1)
    ]
    article = factories.article(headline="题", text="字" * 999)
    for stage, actor, errors in zip(stages, (chief, editor), (0, 2), strict=True):
        sign(item=article, stage=stage, actor=actor, base_version=1, errors=errors)
    return article


@pytest.mark.parametrize("role", ROLES)
def test_who_may_see_it(role, signed):
    client = client_for(role)
    wanted = 200 if "articles.report_issue" in permissions_of(role) else 403
    assert client.get(report()).status_code == wanted
    assert client.get(reverse("admin:articles_issue_errors", args=[signed.page.issue_id])).status_code == wanted
    assert ("进度与差错" in client.get(reverse("admin:index")).content.decode()) == (wanted == 200)


def test_it_tells_stages_people_and_issues_in_tables_beside_the_charts(as_chief, chief, editor, signed):
    assign(subject=signed, assignee=editor, actor=chief, due_on=datetime.date(2020, 1, 1))
    text = as_chief.get(report()).content.decode()
    assert text.count('role="img"') == 2 and "万分之三" in text
    assert re.search(r'<th scope="row">二校</th><td>\s*<span class="is-over">20.0', text)
    row = re.search(r'<th scope="row">zhubian</th>(.*?)</tr>', text, re.DOTALL)
    assert row is not None and "20.0" in row[1]
    row = re.search(r'<th scope="row">bianji</th>(.*?)</tr>', text, re.DOTALL)
    assert row is not None and re.findall(r'"number">(\d+)', row[1]) == ["1", "1", "0", "1", "1000"]
    assert reverse("admin:articles_issue_errors", args=[signed.page.issue_id]) in text
    assert "style=" not in text.partition('id="content-main"')[2] and "<script>" not in text


def test_an_issue_is_told_page_by_page(as_chief, signed):
    factories.page(number=2, section="副刊")
    text = as_chief.get(reverse("admin:articles_issue_errors", args=[signed.page.issue_id])).content.decode()
    assert "第1版：要闻" in text and "第2版：副刊" in text and "整期" in text and "还没有见报的文字" in text
    assert as_chief.get(reverse("admin:articles_issue_errors", args=[999_999])).status_code == 404


def test_newspaper_and_span_narrow_it(as_chief, signed):
    other = factories.newspaper(name="青山晚报", slug="qingshan")
    assert "这段时间没有签字" in as_chief.get(report(newspaper=other.pk)).content.decode()
    assert "二校" in as_chief.get(report(newspaper=factories.newspaper().pk, span=365)).content.decode()
    assert as_chief.get(report(newspaper="x", span="7000")).status_code == 200


def test_ages_are_those_of_the_last_change(signed):
    ready = factories.article(on=signed.page, headline="待校的")
    ages = dict(ageing(None))
    assert ages["待校"] == [1, 0, 0, 0, 0] and ages["可见报"] == [1, 0, 0, 0, 0] and ages["等校对"] == [1, 0, 0, 0, 0]
    for column, (_, fresh, _) in enumerate(AGES):
        at = timezone.now() - datetime.timedelta(days=fresh, minutes=5)
        Article.objects.filter(pk=ready.pk).update(updated_at=at)
        assert dict(ageing(None))["待校"] == [int(n == column) for n in range(len(AGES))]
    other = factories.newspaper(name="青山晚报", slug="qingshan")
    assert {sum(numbers) for _, numbers in ageing(other)} == {0}


def test_an_empty_site_has_a_report_too(as_chief):
    text = as_chief.get(report()).content.decode()
    assert "这段时间没有签字" in text and "没有人签字" in text


def test_it_asks_as_often_for_1000_rows_as_for_10(as_chief, signed):
    def count(address):
        as_chief.get(address)
        with CaptureQueriesContext(connection) as seen:
            assert as_chief.get(address).status_code == 200
        return len(seen)

    urls = [report(), reverse("admin:articles_issue_errors", args=[signed.page.issue_id])]
    fill(5, on=signed.page)
    before = [count(url) for url in urls]
    fill(495, on=signed.page)
    assert [count(url) for url in urls] == before
    assert max(before) <= 20

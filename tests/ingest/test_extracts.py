"""The source beside a published article, for readers: its own lines only, and none before it is public."""

from __future__ import annotations

import pytest
from django.test import Client

from articles.actions import publishing
from articles.actions.topics import decide_topics
from articles.models import Article, Page, Snapshot, SnapshotExtract, Topic
from articles.people import engine_user
from tests import factories
from tests.articles.public import markup
from tests.articles.public.conftest import edit, piece
from tests.articles.public.test_pages import body_of, in_order
from tests.ingest.desk.makers import page_with_source

pytestmark = pytest.mark.django_db


@pytest.fixture
def article() -> Article:
    page = page_with_source()
    page.unplaced = []  # what stands there holds up publication
    page.save()
    return Article.objects.get(page=page)


def address(article: Article) -> str:
    return f"{article.get_absolute_url()}extracted/"


def test_an_article_is_shown_beside_the_lines_it_was_made_from(article):
    reader = Client()
    body_of(reader, address(article), 404)
    factories.published(article)
    html = body_of(reader, address(article))
    assert in_order(
        html, "主题", "青溪大桥通车", "第1段", "大桥通车。", "<li>本报讯昨日，大桥通车。</li>", "桥长三百米。"
    )
    for of_neighbours in ("王小明", "散落的文字", "热线电话", "遗失"):
        assert of_neighbours not in html
    assert markup.read(html).metas["robots"] == "noindex, follow"
    assert f'href="{address(article)}"' in body_of(reader, article.get_absolute_url())


def test_a_correction_is_shown_beside_what_was_read_and_what_was_taken_out_is_not(article):
    edit(article, body=[piece("本报讯昨曰，大桥通车。", key="s12")])
    Page.objects.update(unplaced=[])  # where the other paragraph went
    article.refresh_from_db()
    factories.published(article)
    html = body_of(Client(), address(article))
    assert in_order(html, "昨曰", "昨日") and "桥长" not in html


def test_added_text_has_no_lines(article):
    edit(article, body=[*article.body, piece("编者按。", key="e1")])
    article.refresh_from_db()
    factories.published(article)
    assert in_order(body_of(Client(), address(article)), "编者按。", "来源文字里没有这一处")


def test_it_stays_with_the_article_when_topics_change_and_goes_when_it_is_withdrawn(article):
    factories.published(article)
    topic = Topic.objects.create(name="大桥", slug="bridge")
    decide_topics(article=article, confirm=[topic], actor=engine_user())
    assert SnapshotExtract.objects.count() == 2
    body_of(Client(), address(article))
    article.refresh_from_db()
    publishing.withdraw(item=article, actor=engine_user(), reason="失实。")
    assert "失实。" in body_of(Client(), address(article), 410)


def test_an_article_without_a_source_has_none():
    made = factories.article()
    factories.published(made)
    html = body_of(Client(), made.get_absolute_url())
    assert "提取原文" not in html and not SnapshotExtract.objects.filter(snapshot__in=Snapshot.objects.live()).exists()
    body_of(Client(), address(made), 404)

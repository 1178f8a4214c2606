"""People: what they signed, as far as readers may see it."""

from __future__ import annotations

import datetime

import pytest

from articles.actions import publishing
from articles.actions.credits import Named, set_credits
from articles.actions.topics import decide_topics
from articles.models import Article, Contributor, Topic
from articles.people import engine_user
from tests import factories
from tests.articles.public.test_pages import body_of, in_order

pytestmark = pytest.mark.django_db


def signed(*names: str, day: int = 5, headline: str = "青溪大桥建成通车") -> Article:
    article = factories.article(on=factories.page(date=datetime.date(2024, 3, day)), headline=headline)
    credits = [Named("reporter", name) for name in names]
    set_credits(article=article, credits=credits, actor=engine_user(), may_add=True)
    article.refresh_from_db()
    return article


def page_of(name: str) -> str:
    return Contributor.objects.get(name=name).get_absolute_url()


def test_a_contributor_has_a_page_of_everything_signed_newest_first(reader):
    for day, headline in ((5, "旧稿"), (7, "新稿")):
        factories.published(signed("王小明", "林大志", day=day, headline=headline))
    assert in_order(body_of(reader, page_of("王小明")), "王小明", "新稿", "青溪日报", "旧稿")
    assert in_order(body_of(reader, "/contributors/"), "王小明", "2024年3月7日")


def test_an_article_leads_to_its_people_in_the_order_it_names_them(reader):
    snapshot = factories.published(signed("王小明", "安可"))
    html = body_of(reader, snapshot.get_absolute_url())
    assert in_order(html, "作者", f'href="{page_of("王小明")}"', f'href="{page_of("安可")}"')


def test_nobody_is_shown_before_an_article_of_theirs_is_public_or_after_it_was_withdrawn(reader):
    article = signed("王小明")
    body_of(reader, page_of("王小明"), 404)
    factories.published(article)
    body_of(reader, page_of("王小明"))
    article.refresh_from_db()
    publishing.withdraw(item=article, actor=engine_user(), reason="失实。")
    body_of(reader, page_of("王小明"), 404)
    assert "王小明" not in body_of(reader, "/contributors/")


def test_credits_changed_after_publication_are_seen_with_the_next_one(reader):
    article = signed("王小明")
    factories.published(article)
    article.refresh_from_db()
    set_credits(article=article, credits=[Named("author", "林大志")], actor=engine_user(), may_add=True)
    body_of(reader, page_of("林大志"), 404)
    body_of(reader, page_of("王小明"))
    article.refresh_from_db()
    factories.published(article)
    body_of(reader, page_of("林大志"))
    body_of(reader, page_of("王小明"), 404)


def test_a_decision_about_topics_keeps_the_people(reader):
    article = signed("王小明")
    factories.published(article)
    topic = Topic.objects.create(name="大桥", slug="bridge")
    decide_topics(article=article, confirm=[topic], actor=engine_user())
    assert "青溪大桥建成通车" in body_of(reader, page_of("王小明"))


def test_the_pages_refuse_what_they_do_not_know(reader):
    factories.published(signed("王小明"))
    assert "<code>before</code>" in body_of(reader, page_of("王小明") + "?before=x", 400)
    body_of(reader, "/contributors/?page=2", 400)
    body_of(reader, "/c/999/", 404)

"""What else to read: stories with topics, names and rare words in common."""

from __future__ import annotations

import pytest

from articles.actions.topics import decide_topics
from articles.models import Snapshot, Topic
from articles.people import engine_user
from articles.search import related as module
from articles.search.related import Related, candidates, nearest, question
from tests import factories

pytestmark = pytest.mark.django_db


def published(headline: str, text: str = "本报讯 正文。", *topics: Topic, number: int = 1) -> Snapshot:
    article = factories.article(on=factories.page(number=number), headline=headline, text=text)
    if topics:
        decide_topics(article=article, confirm=topics, actor=engine_user())
    return factories.published(article)


def related(story: Snapshot, *, size: int = 6) -> list[Related]:
    asked = question(story, [topic.pk for topic in story.topics.all()])
    return nearest(asked, candidates(asked), size=size)


@pytest.fixture
def story() -> Snapshot:
    return published("五里桥滨海湿地公园开工", "本报讯 滨海湿地公园开工。")


def test_rare_words_of_the_headline_bring_stories_together(story):
    again = published("滨海湿地公园迎来候鸟", number=2)
    in_text = published("周末去哪儿", "本报讯 滨海的湿地很美，公园里人多。", number=3)
    published("学校开学", number=4)
    assert [hit.pk for hit in related(story)] == [again.article_id, in_text.article_id]
    assert [hit.pk for hit in related(story, size=1)] == [again.article_id]


def test_the_rarest_words_come_first_and_topics_have_a_share(story, monkeypatch):
    monkeypatch.setattr(module, "_BY_WORDS", 2)
    monkeypatch.setattr(module, "_CANDIDATES", 3)
    topic = Topic.objects.create(name="桥", slug="bridges")
    asked = question(story, [topic.pk])
    rare = asked.rare if asked is not None else {}
    assert len(rare) >= 3
    words = sorted(rare, key=lambda word: -rare[word])
    rarest = published("甲", f"本报讯 {words[0]}，{words[1]}。", number=2)
    about = [published("丙", "本报讯 丙。", topic, number=number) for number in (3, 4)]
    for number in (5, 6, 7):
        published("乙", f"本报讯 {words[-1]}，{words[-2]}。", number=number)
    asked = question(story, [topic.pk])
    assert {row[1] for row in candidates(asked)} == {story.article_id, rarest.article_id, about[-1].article_id}


def test_topics_in_common_count():
    topic = Topic.objects.create(name="桥", slug="bridges")
    one, other = published("甲", "本报讯。", topic), published("乙", "本报讯。", topic, number=2)
    [found] = related(one)
    assert (found.pk, found.title, found.newspaper, found.date) == (other.article_id, "乙", "青溪日报", other.date)


def test_never_itself_drafts_or_notices(story):
    factories.article(on=factories.page(number=2), headline="滨海湿地公园迎来候鸟")
    factories.published(factories.notice(on=factories.page(number=3), text="滨海湿地公园开工公告"))
    assert related(story) == []


def test_nothing_to_go_by():
    assert related(published("的", "的。")) == []


def test_one_query(story, django_assert_num_queries):
    for number in range(2, 8):
        published(f"滨海湿地公园第{number}期", number=number)
    fresh = Snapshot.objects.prefetch_related("topics").get(pk=story.pk)
    with django_assert_num_queries(1):
        assert len(related(fresh)) == 6

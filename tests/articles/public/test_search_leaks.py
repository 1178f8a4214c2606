"""What is not public is found by no search, in no form: page, facets, feed, JSON, completion, advice."""

from __future__ import annotations

import datetime

import pytest
from django.utils import timezone

from articles.actions import publishing
from articles.actions.topics import decide_topics
from articles.models import Topic, TopicState
from articles.people import engine_user
from tests import factories
from tests.articles.public.conftest import HIDDEN, IDENTITY, PHONE, edit, piece
from tests.articles.public.test_contributors import signed

DOORS = ("/search/", "/search/?sort=date", "/search/feed.xml", "/search/complete.json", "/api/v1/search/")


def answers(reader, text):
    """What every door says to this question."""
    for door in DOORS:
        path, _, sort = door.partition("?sort=")
        response = reader.get(path, {"q": text} | ({"sort": sort} if sort else {}))
        assert response.status_code in {200, 400}
        if "json" in response.headers["Content-Type"]:
            yield door, str(response.json())
        else:
            yield door, response.content.decode()


# Ways to the hidden texts of the archive that do not say the word which marks them.
QUESTIONS = [
    *(
        "bukejian",
        "不可间",
        "草稿",
        "定时",
        "撤下",
        "撤下的公告",
        "无日期",
        "没见报",
        "下期",
        "错字标题",
        "改动",
        "提议",
    ),
    *("推荐", "报纸:unseen", "类型:公告", "2024", "早稻 改动", "报纸:青溪日报", "2024-03-12", "版面:1", "版名:要闻"),
    *("开镰 或 草稿", "tiyi", "dingshi", "专题:proposed", "专题:suggested", "标题:标题"),
]


@pytest.mark.parametrize("text", QUESTIONS)
def test_no_way_leads_to_what_is_hidden(edition, reader, text):
    hidden = (edition.draft, edition.scheduled, edition.withdrawn, edition.withdrawn_notice)
    for door, said in answers(reader, text):
        assert HIDDEN not in said, door
        for item in hidden:
            assert f'{item.get_absolute_url()}"' not in said and f"{item.get_absolute_url()}'" not in said, door


@pytest.mark.parametrize(
    "text", [HIDDEN, f"标题:草稿{HIDDEN}", f"定时{HIDDEN}", f"撤下{HIDDEN}", f"作者:{HIDDEN}", f"2024 {HIDDEN}"]
)
def test_what_is_hidden_has_no_results(edition, reader, text):
    html = reader.get("/search/", {"q": text}).content.decode()
    assert "没有找到" in html and "是不是要找" not in html and HIDDEN not in html.partition("可以只找")[2]
    assert "<entry>" not in reader.get("/search/feed.xml", {"q": text}).content.decode()
    assert reader.get("/search/complete.json", {"q": text}).json()[1:] == [[], [], []]
    assert reader.get("/api/v1/search/", {"q": text}).json()["items"] == []


@pytest.mark.parametrize("text", [f"报纸:{HIDDEN}报", f"专题:提议{HIDDEN}", f"专题:推荐{HIDDEN}2"])
def test_a_name_that_is_not_public_is_refused_like_one_that_does_not_exist(edition, reader, text):
    refused = [reader.get("/search/", {"q": asked}) for asked in (text, text.replace(HIDDEN, "不存在"))]
    assert [one.status_code for one in refused] == [400, 400]
    assert refused[0].content.decode().replace(HIDDEN, "不存在") == refused[1].content.decode()


@pytest.mark.parametrize("number", [PHONE, IDENTITY, PHONE[3:], PHONE[-6:], IDENTITY[6:14]])
def test_personal_numbers_are_neither_found_nor_shown(edition, reader, number):
    assert "没有找到" in reader.get("/search/", {"q": f"“{number}”"}).content.decode()
    for text in ("王小明", "大桥全长", "遗失身份证", "类型:公告"):
        for door, said in answers(reader, text):
            assert number not in said, door


def test_a_scheduled_article_is_found_from_its_moment_on_and_not_before(db, reader, monkeypatch):
    due = timezone.now() + datetime.timedelta(hours=3)
    publishing.publish(item=factories.article(headline="潮汐表公布", corrected=True), actor=engine_user(), at=due)
    assert not any("潮汐表公布" in said for _, said in answers(reader, "潮汐表"))
    monkeypatch.setattr(timezone, "now", lambda: due + datetime.timedelta(seconds=1))
    for door, said in answers(reader, "潮汐表"):
        assert "<mark>潮汐表</mark>公布" in said or "潮汐表公布" in said, door


def test_what_is_withdrawn_is_gone_at_once_and_so_are_its_topic_and_author(db, reader):
    topic = Topic.objects.create(name="海堤加固", slug="haidi")
    article = signed("司马相", headline="堤坝合龙")
    decide_topics(article=article, confirm=[topic], actor=engine_user())
    article.refresh_from_db()
    factories.published(article)
    for typed, completed in (("司马", "司马相"), ("海堤", "海堤加固"), ("堤坝", "堤坝合龙")):
        assert reader.get("/search/complete.json", {"q": typed}).json()[1] == [completed]
    article.refresh_from_db()
    publishing.withdraw(item=article, actor=engine_user(), reason="失实。")
    for text in ("司马", "海堤", "simaxiang", "haidi", "堤霸", "dibahelong", "2024", "司马想"):
        for door, said in answers(reader, text):
            assert not any(name in said for name in ("司马相", "海堤加固", "堤坝合龙")), (door, text)


def test_words_of_a_draft_are_no_advice(db, reader):
    """A guess is offered only when it finds something that is public."""
    factories.article(headline="长护险草案", text="长护险。")
    live = factories.article(on=factories.page(number=2), headline="失能家庭", text="失能家庭。")
    factories.published(live)
    edit(live, body=[piece("失能家庭参加长护险。")])
    for text in ("常护险", "zhanghuxian"):
        assert "是不是要找" not in reader.get("/search/", {"q": text}).content.decode()


def test_topics_nobody_decided_on_are_not_completed(db, reader):
    Topic.objects.create(name="提议中的专题", slug="tiyi", state=TopicState.PROPOSED)
    Topic.objects.create(name="空的专题", slug="kong")
    assert reader.get("/search/complete.json", {"q": "专题"}).json()[1] == []

"""What is offered where nothing is found, and while one types."""

from __future__ import annotations

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from articles.actions.topics import decide_topics
from articles.models import Topic
from articles.people import engine_user
from tests import factories
from tests.articles.public.test_contributors import signed
from tests.articles.public.test_search import addresses, page


def meant(reader, text):
    html = page(reader, text)
    found = re.search(r'是不是要找 <a href="([^"]+)">([^<]+)</a>', html)
    return (found[2], addresses(reader.get(found[1].replace("&amp;", "&")).content.decode())) if found else None


def titled(headline, number, **more):
    article = factories.article(on=factories.page(number=number), headline=headline, **more)
    factories.published(article)
    return article.get_absolute_url()


@pytest.fixture
def archive(db):
    return {
        "insurance": titled("长护险惠及失能家庭", 1, text="晋江长护险试点以来，吴志朴教授作了介绍。"),
        "lights": titled("五店市灯会", 2, text="五店市今晚亮灯。"),
        "safety": titled("安全生产百日攻坚", 3, text="陈埭镇检查安全生产。"),
    }


@pytest.mark.parametrize(
    ("typed", "text", "which"),
    [
        ("zhanghuxian", "长护险", "insurance"),
        ("常护险", "长护险", "insurance"),
        ("晋江 常护险", "晋江 长护险", "insurance"),
        ("标题:“五点市” 2024", "标题:“五店市” 2024", "lights"),
        ("吴智朴", "吴志朴", "insurance"),  # a name no dictionary has: what stands in the archive decides
        ("陈棣", "陈埭", "safety"),
        ("anquanshengchan", "安全生产", "safety"),
    ],
)
def test_who_finds_nothing_hears_what_would_find_something(archive, reader, typed, text, which):
    assert meant(reader, typed) == (text, [archive[which]])


def test_a_guess_that_finds_nothing_is_not_offered(archive, reader):
    assert meant(reader, "医样结合") is None
    assert meant(reader, "常护险 灯会") is None  # 长护险 is there, but not with the other word
    assert meant(reader, "常护险 2020") is None


def test_words_that_do_not_stand_together_are_offered_one_by_one(archive, reader):
    html = page(reader, "长护险 五店市 没有这句")
    assert re.findall(r'<a href="/search/\?q=[^"]+">([^<]+)</a>[、<]', html.split("可以只找")[1]) == [
        "长护险",
        "五店市",
    ]


def test_words_that_stand_elsewhere_are_offered_without_the_narrowings(archive, reader):
    html = page(reader, "报纸:青溪日报 长护险 2020 -灯会")
    assert re.findall(r'<a href="/search/\?q=[^"]+">([^<]+)</a>[、<]', html.split("可以只找")[1]) == ["长护险 -灯会"]
    assert "是不是要找" not in html


def test_who_asks_for_a_number_is_led_to_where_numbers_are_looked_up(archive, reader):
    for text in ("13905951234", "王小明 139 0595 1234", "35058219900101123X"):
        assert 'href="/notices/lookup/">按号码查公告' in page(reader, text)
    for text in ("没有这句", "12345 热线没有"):
        assert 'href="/notices/lookup/">按号码查公告' not in page(reader, text)


def complete(reader, text):
    response = reader.get("/search/complete.json", {"q": text})
    assert response.status_code == 200 and response.headers["X-Robots-Tag"] == "noindex"
    typed, texts, whats, urls = response.json()
    assert typed == text and len(texts) == len(whats) == len(urls) and len(set(urls)) == len(urls)
    for url in urls:
        assert reader.get(url).status_code == 200
    return list(zip(whats, texts, strict=True))


def test_what_is_typed_is_completed_by_topics_people_and_headlines(archive, reader):
    article = signed("王小明", day=9, headline="长护险三周年")
    topic = Topic.objects.create(name="长期护理保险", slug="ltci")
    decide_topics(article=article, confirm=[topic], actor=engine_user())
    article.refresh_from_db()
    factories.published(article)
    assert complete(reader, "王") == [("作者", "王小明")]
    assert complete(reader, "小明") == [("作者", "王小明")]
    assert complete(reader, "wangxm") == [("作者", "王小明")]
    assert complete(reader, "护理") == [("专题", "长期护理保险")]
    assert complete(reader, "chqhl") == [("专题", "长期护理保险")]
    assert complete(reader, "长护") == [("标题", "长护险三周年"), ("标题", "长护险惠及失能家庭")]
    assert complete(reader, "changhuxian") == [("标题", "长护险三周年"), ("标题", "长护险惠及失能家庭")]
    assert complete(reader, "长护险 三周年") == [("标题", "长护险三周年")]
    assert complete(reader, "长护险 作者:王小明") == [("标题", "长护险三周年")]
    for nothing in ("", " ", "没有", "“长", "2024", "-长护险", "作者:王小明"):
        assert complete(reader, nothing) == []


def test_one_headline_is_offered_once(db, reader):
    for number in range(1, 4):
        titled("今日天气", number)
    assert complete(reader, "天气") == [("标题", "今日天气")]


@pytest.mark.parametrize("typed", ["林大", "lind", "长护险", "changhuxian"])
def test_completing_asks_the_database_as_often_whatever_the_archive_holds(archive, reader, typed):
    counts = []
    for days in (range(6, 8), range(8, 28)):
        for day in days:
            factories.published(signed(f"林大{day}", day=day, headline=f"长护险{day}"))
        with CaptureQueriesContext(connection) as queries:
            reader.get("/search/complete.json", {"q": typed})
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 12

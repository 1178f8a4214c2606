"""Feeds: valid Atom, the full text, masked, with ids that last."""

from __future__ import annotations

import time
from urllib.parse import quote
from xml.etree import ElementTree as ET

import feedparser  # type: ignore[import-untyped]
import pytest

from articles.actions import credits, topics
from articles.actions.credits import Named
from articles.models import Contributor
from articles.people import engine_user
from tests import factories
from tests.articles.public.conftest import IDENTITY, PHONE

ATOM = "{http://www.w3.org/2005/Atom}"
HOST = "http://testserver"


def valid(response):
    """What a feed reader makes of it, after the rules of RFC 4287 that a lenient one would not insist on."""
    assert response.status_code == 200 and response.headers["Content-Type"].startswith("application/atom+xml")
    tree = ET.fromstring(response.content)
    assert tree.tag == f"{ATOM}feed"
    for one in (tree, *tree.iter(f"{ATOM}entry")):
        for name in ("id", "title", "updated"):
            assert len(one.findall(f"{ATOM}{name}")) == 1 and one.findtext(f"{ATOM}{name}"), name
        assert (one.findtext(f"{ATOM}id") or "").startswith(HOST)
        assert len([link for link in one.findall(f"{ATOM}link") if link.get("rel", "alternate") == "alternate"]) == 1
    for entry in tree.iter(f"{ATOM}entry"):
        assert entry.findtext(f"{ATOM}author/{ATOM}name") and len(entry.findall(f"{ATOM}content")) == 1
    ids = [entry.findtext(f"{ATOM}id") for entry in tree.iter(f"{ATOM}entry")]
    assert len(ids) == len(set(ids))
    parsed = feedparser.parse(response.content)
    assert not parsed.bozo and parsed.version == "atom10" and parsed.feed.updated_parsed
    assert all(entry.updated_parsed and entry.published_parsed for entry in parsed.entries)
    return parsed


def self_link(parsed):
    return next(link.href for link in parsed.feed.links if link.rel == "self")


def test_the_feed_of_a_newspaper_has_the_full_text_and_lasting_ids(edition, reader):
    parsed = valid(reader.get("/p/qingxi/feed.xml?utm_source=x"))
    entry = next(entry for entry in parsed.entries if entry.title == "青溪大桥建成通车")
    assert entry.id == entry.link == HOST + edition.lead.get_absolute_url()
    text = entry.content[0].value
    for part in ("<h2>一桥飞架</h2>", "全县瞩目", "两岸车程缩短一小时", "▲大桥全景", "139＊＊＊＊＊＊＊＊"):
        assert part in text
    assert [tag.term for tag in entry.tags] == ["头条", "跨江大桥"] and entry.author == "王小明"
    assert parsed.feed.title == "青溪日报" and self_link(parsed) == f"{HOST}/p/qingxi/feed.xml"
    assert all(edition.notice.get_absolute_url() not in entry.id for entry in parsed.entries)


@pytest.mark.parametrize("whose", ["topic", "contributor"])
def test_a_topic_and_a_contributor_can_be_followed(edition, reader, whose):
    path = edition.topic.get_absolute_url() if whose == "topic" else f"/c/{edition.author.pk}/"
    parsed = valid(reader.get(f"{path}feed.xml"))
    assert [entry.title for entry in parsed.entries] == ["青溪大桥建成通车"]
    assert parsed.feed.link == HOST + (quote(path) if whose == "contributor" else path)
    page = reader.get(path).content.decode()
    assert f'type="application/atom+xml" href="{HOST}{path}feed.xml"' in page


def test_notices_can_be_followed_by_kind_with_their_numbers_masked(edition, reader):
    parsed = valid(reader.get("/notices/feed.xml?kind=遗失声明&utm_source=x"))
    [entry] = parsed.entries
    assert entry.id == HOST + edition.notice.get_absolute_url()
    assert "声明作废" in entry.content[0].value and IDENTITY not in str(parsed) and PHONE not in str(parsed)
    assert self_link(parsed) == f"{HOST}/notices/feed.xml?kind={quote('遗失声明')}"
    assert valid(reader.get("/notices/feed.xml?kind=讣告")).entries == []
    assert reader.get("/notices/feed.xml").headers["X-Robots-Tag"] == "noindex"


@pytest.mark.parametrize(("query", "name"), [("kind=没有", "kind"), ("since=2024-01-01", "since"), ("x=1", "x")])
def test_a_wrong_choice_of_notices_is_refused_by_name(edition, reader, query, name):
    response = reader.get(f"/notices/feed.xml?{query}")
    assert response.status_code == 400 and name in response.content.decode()


def test_a_notice_printed_twice_is_one_entry(db, reader):
    for number in (1, 2):
        page = factories.page(number=number)
        factories.published(factories.notice(on=page, text="青溪县丰茂粮行遗失公章一枚，声明作废。" * 2))
    assert len(valid(reader.get("/notices/feed.xml")).entries) == 1


def test_an_empty_feed_is_valid_and_does_not_change_with_the_clock(db, reader, monkeypatch):
    first = reader.get("/notices/feed.xml")
    assert valid(first).entries == []
    later = time.time() + 3600
    monkeypatch.setattr("time.time", lambda: later)
    assert reader.get("/notices/feed.xml", headers={"if-none-match": first.headers["ETag"]}).status_code == 304


def test_a_feed_of_odd_text_is_still_well_formed(db, reader):
    paper = factories.newspaper(name="青溪\x0b日报")
    factories.published(
        factories.article(on=factories.page(paper=paper), headline="甲<乙>&丙", text="a]]>b <script> 结束")
    )
    parsed = valid(reader.get("/p/qingxi/feed.xml"))
    [entry] = parsed.entries
    assert entry.title_detail.value == "甲<乙>&丙" and parsed.feed.title == "青溪日报"
    raw = ET.fromstring(reader.get("/p/qingxi/feed.xml").content).findtext(f"{ATOM}entry/{ATOM}content") or ""
    assert "&lt;script&gt;" in raw and "a]]&gt;b" in raw


def test_a_credit_that_changes_the_person_but_not_the_name_moves_the_entry(edition, reader):
    namesake = [Named("reporter", "王小明", "晚报")]
    edition.lead.refresh_from_db()
    credits.set_credits(article=edition.lead, credits=namesake, actor=engine_user(), may_add=True)
    edition.lead.refresh_from_db()
    factories.published(edition.lead)
    other = Contributor.objects.get(note="晚报")
    assert reader.get(f"/c/{edition.author.pk}/feed.xml").status_code == 404
    assert [entry.author for entry in valid(reader.get(f"/c/{other.pk}/feed.xml")).entries] == ["王小明"]


def test_a_decision_about_topics_leaves_the_authors(edition, reader):
    topics.decide_topics(article=edition.lead, reject=[edition.topic], actor=engine_user())
    assert len(valid(reader.get(f"/c/{edition.author.pk}/feed.xml")).entries) == 1
    assert reader.get(edition.topic.get_absolute_url() + "feed.xml").status_code == 404  # it was the only one

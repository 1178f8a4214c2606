"""What heads say to machines, and that no text can get out of its place."""

from __future__ import annotations

import json

import pytest

from articles.models import Snapshot
from articles.public.citation import gbt7714
from articles.templatetags.newspaper import json_ld
from tests import factories
from tests.articles.public import markup
from tests.articles.public.conftest import DAY

HOSTILE = (
    "</script><script>alert(1)</script><img src=x onerror=alert(1)> ]]> <!-- \" ' & {{ 7|add:7 }} {% now 'Y' %} \u2028"
)


def document_of(reader, path):
    document = markup.read(reader.get(path).content.decode())
    assert document.faults == []
    return document


def test_an_article_is_a_news_article_of_a_printed_issue(edition, reader):
    snapshot = Snapshot.objects.live().get(article=edition.lead)
    path = edition.lead.get_absolute_url()
    document = document_of(reader, path)
    [data] = document.data
    url = f"http://testserver{path}"
    assert document.canonical == data["url"] == data["@id"] == document.metas["og:url"] == url
    assert data["@type"] == "NewsArticle" and data["headline"] == "青溪大桥建成通车"
    assert (data["printEdition"], data["printPage"], data["printSection"]) == ("2024-03-05", "1", "要闻")
    assert data["datePublished"] == "2024-03-05" and data["dateModified"] == snapshot.live_from.isoformat(
        timespec="seconds"
    )
    assert data["author"] == [{"@type": "Person", "name": "王小明"}]
    assert data["about"] == [{"@type": "Thing", "name": "跨江大桥"}]
    assert data["isPartOf"]["@type"] == "PublicationIssue"
    assert data["isPartOf"]["isPartOf"]["name"] == data["publisher"]["name"] == "青溪日报"
    assert document.metas["og:type"] == "article" and document.metas["og:title"].startswith("青溪大桥建成通车")
    assert document.metas["article:section"] == "要闻" and "139＊" not in document.metas["description"]


def test_the_site_calls_itself_what_the_settings_say(edition, reader, settings):
    settings.SITE_NAME = "泉州数字报"
    front = document_of(reader, "/")
    assert front.metas["og:site_name"] == front.metas["og:title"] == "泉州数字报"
    assert front.data[0]["name"] == "泉州数字报"
    assert "<title>分类公告 · 泉州数字报</title>" in reader.get("/notices/").content.decode()


def test_every_page_has_one_canonical_address_a_description_and_a_title(edition, reader, settings):
    settings.NOTICE_INDEX_YEARS = 900  # the notice is of 2024
    paths = ["/", "/p/qingxi/", "/p/qingxi/2024/", f"/p/qingxi/{DAY}/", f"/p/qingxi/{DAY}/1/", "/notices/", "/topics/"]
    paths += [
        "/notices/open/",
        "/notices/lookup/",
        "/about/",
        edition.topic.get_absolute_url(),
        edition.notice.get_absolute_url(),
    ]
    titles = set()
    for path in paths:
        document = document_of(reader, path + "?utm_source=x")
        assert document.canonical == f"http://testserver{path}"
        assert document.metas["description"] and document.metas["og:description"]
        titles.add(document.title)
    assert len(titles) == len(paths)


def test_an_issue_is_a_publication_issue(edition, reader):
    [data] = document_of(reader, f"/p/qingxi/{DAY}/").data
    assert data["@type"] == "PublicationIssue" and data["datePublished"] == "2024-03-05"


def test_hostile_text_in_every_field_stays_text(db, reader):
    hostile = HOSTILE.replace("\u2028", "")
    paper = factories.newspaper(name=hostile[:60], slug="hostile")
    paper.description = hostile
    paper.save()
    page = factories.page(paper=paper, section="<b>版&")
    article = factories.article(
        on=page,
        column=hostile[:100],
        kicker=hostile,
        headline=hostile,
        deck=[hostile],
        byline=hostile,
        body=[{"id": "s1", "role": "subhead", "text": HOSTILE}, {"id": "s2", "role": "paragraph", "text": HOSTILE}],
        captions=[{"id": "c1", "text": HOSTILE}],
        continued_from="<i>第一版",
        continued_on="\"'><b>",
    )
    fields = dict.fromkeys(("declarant", "contact", "address", "deadline", "uscc"), hostile)
    notice = factories.notice(on=page, heading=hostile[:200], text=HOSTILE, fields={**fields, "documents": [hostile]})
    from articles.actions import topics
    from articles.models import Topic
    from articles.people import engine_user

    topic = Topic.objects.create(name=hostile[:40], slug="hostile", description=hostile)
    topics.decide_topics(article=article, confirm=[topic], actor=engine_user())
    for item in (article, notice):
        factories.published(item)
    item_paths = [item.get_absolute_url() for item in (article, notice)]
    paths = ["/", "/p/hostile/", "/p/hostile/2024/", f"/p/hostile/{DAY}/", f"/p/hostile/{DAY}/1/", "/notices/"]
    for path in [*paths, "/topics/", "/t/hostile/", *item_paths, f"/p/hostile/{DAY}/7/"]:
        html = reader.get(path).content.decode()
        document = markup.read(html)
        assert document.faults == [], path
        assert "img" not in document.tags and "alert(1)</script>" not in html
        assert document.tags.count("script") <= 2 and "b" not in document.tags
        assert "{{ 7|add:7 }}" in document.text or path not in item_paths
    assert document_of(reader, item_paths[0]).data[0]["headline"] == hostile


@pytest.mark.parametrize("text", [HOSTILE, "</SCRIPT >", "<!--<script>", "&lt;", "\u2029", "中文", "\\u003c/script>"])
def test_json_ld_holds_any_text_and_gives_it_back(text):
    html = json_ld({"headline": text, text: [text]})
    inside = html.removeprefix('<script type="application/ld+json">').removesuffix("</script>")
    assert not set("<>&\u2028\u2029") & set(inside)
    assert json.loads(inside) == {"headline": text, text: [text]}


@pytest.mark.parametrize(
    ("authors", "expected"),
    [
        (["丁文祥"], "丁文祥. 数字革命与竞争国际化[N]. 中国青年报, 2000-11-20(15)."),  # the standard's own example
        ([], "数字革命与竞争国际化[N]. 中国青年报, 2000-11-20(15)."),
        (["甲", "乙", "丙"], "甲, 乙, 丙. 数字革命与竞争国际化[N]. 中国青年报, 2000-11-20(15)."),
        (["甲", "乙", "丙", "丁"], "甲, 乙, 丙, 等. 数字革命与竞争国际化[N]. 中国青年报, 2000-11-20(15)."),
    ],
)
def test_citations_follow_the_standard(authors, expected):
    import datetime

    date = datetime.date(2000, 11, 20)
    assert (
        gbt7714(authors=authors, title="数字革命与竞争国际化", newspaper="中国青年报", date=date, page=15) == expected
    )

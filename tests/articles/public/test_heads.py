"""What heads say to machines, and that no text can get out of its place."""

from __future__ import annotations

import json
from urllib.parse import quote

import pytest
from django.utils import timezone
from jsonschema import Draft202012Validator, FormatChecker  # type: ignore[import-untyped]

from articles.actions.correcting import issue_correction
from articles.models import CorrectionKind, Snapshot
from articles.people import engine_user
from articles.public.citation import gbt7714
from articles.public.linked_data import dateline
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
    assert data["datePublished"] == "2024-03-05" and data["dateModified"] == timezone.localtime(
        snapshot.live_from
    ).isoformat(timespec="seconds")
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
    searches = [
        f"/search/?q={quote(text)}" for text in ("alert onerror", hostile, hostile.replace('"', ""), "专题:<b>")
    ]
    for path in [*paths, "/topics/", "/t/hostile/", *item_paths, f"/p/hostile/{DAY}/7/", *searches]:
        html = reader.get(path).content.decode()
        document = markup.read(html)
        assert document.faults == [], path
        assert "img" not in document.tags and "alert(1)</script>" not in html
        assert document.tags.count("script") <= 3 and "b" not in document.tags
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


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("本报讯（记者 王小明）昨日，大桥通车。", "本报讯"),
        ("本报讯 早稻开镰。", "本报讯"),
        ("新华社福州12月20日电 记者获悉。", "新华社福州12月20日电"),
        ("海都讯（记者 王小明）昨日。", ""),  # no word says that this is a newspaper's name
        ("昨日，本报讯 说。", ""),
        ("本报讯昨日。", ""),
    ],
)
def test_the_dateline_is_what_stands_before_the_first_words(text, expected):
    assert dateline({"body": [{"role": "subhead", "text": "小标题"}, {"role": "paragraph", "text": text}]}) == expected


def test_an_articles_data_is_as_the_vocabulary_says(edition, reader):
    """Every member is one of NewsArticle's, with a value of its expected type."""
    issue_correction(
        items=[edition.lead], kind=CorrectionKind.CORRECTION, text="三公里应为两公里。", actor=engine_user()
    )
    [data] = document_of(reader, edition.lead.get_absolute_url()).data
    schema = {
        "type": "object",
        "additionalProperties": False,
        "required": ["@context", "@type", "@id", "headline", "datePublished", "printPage", "isPartOf", "publisher"],
        "$defs": {
            "thing": {"type": "object", "required": ["@type", "name"], "properties": {"url": {"format": "uri"}}},
            "text": {"type": "string", "minLength": 1},
        },
        "properties": {
            "@context": {"const": "https://schema.org"},
            "@type": {"const": "NewsArticle"},
            **{name: {"type": "string", "format": "uri"} for name in ("@id", "url", "mainEntityOfPage")},
            **{
                name: {"$ref": "#/$defs/text"}
                for name in ("headline", "alternativeHeadline", "description", "articleSection", "inLanguage")
            },
            **{name: {"$ref": "#/$defs/text"} for name in ("printEdition", "printPage", "printSection", "dateline")},
            "datePublished": {"type": "string", "format": "date"},
            "dateModified": {"type": "string", "format": "date-time"},
            "isAccessibleForFree": {"const": True},
            "publisher": {"$ref": "#/$defs/thing"},
            "author": {"type": "array", "items": {"$ref": "#/$defs/thing"}},
            "about": {"type": "array", "items": {"$ref": "#/$defs/thing"}},
            "correction": {
                "type": "array",
                "items": {
                    "type": "object",
                    "additionalProperties": False,
                    "required": ["@type", "text", "datePublished"],
                    "properties": {
                        "@type": {"const": "CorrectionComment"},
                        "text": {"$ref": "#/$defs/text"},
                        "datePublished": {"type": "string", "format": "date-time"},
                    },
                },
            },
            "isPartOf": {
                "type": "object",
                "additionalProperties": False,
                "required": ["@type", "datePublished", "isPartOf"],
                "properties": {
                    "@type": {"const": "PublicationIssue"},
                    "url": {"type": "string", "format": "uri"},
                    "issueNumber": {"$ref": "#/$defs/text"},
                    "datePublished": {"type": "string", "format": "date"},
                    "isPartOf": {"$ref": "#/$defs/thing"},
                },
            },
        },
    }
    Draft202012Validator(schema, format_checker=FormatChecker()).validate(data)
    assert set(data) == set(schema["properties"])  # type: ignore[call-overload]
    assert data["correction"][0]["text"] == "更正：三公里应为两公里。" and data["dateline"] == "本报讯"

"""What readers find, and how it is shown. What must not be found is in test_search_leaks."""

from __future__ import annotations

import re
from urllib.parse import quote
from xml.etree import ElementTree as ET

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests import factories
from tests.articles.public import markup
from tests.articles.public.conftest import DAY, edit, piece
from tests.articles.search.test_query import SIGNS


def page(reader, text, **more):
    response = reader.get("/search/", {"q": text, **more})
    assert response.status_code == 200, response.content.decode()
    html = response.content.decode()
    document = markup.read(html)
    assert document.faults == []
    return html


def addresses(html):
    return re.findall(r'<h2 class="entry-title"><a href="([^"]+)"', html)


def test_a_word_finds_what_has_it_with_marks_in_title_and_text(edition, reader):
    html = page(reader, "青溪大桥 -旧闻")
    assert set(addresses(html)) == {edition.lead.get_absolute_url(), edition.jumped.get_absolute_url()}
    assert "<mark>青溪大桥</mark>建成通车</a>" in html
    assert "昨日，<mark>青溪大桥</mark>建成通车。" in html
    assert "共 2 条" in html


def test_what_stands_only_beside_the_body_is_shown_too(edition, reader):
    for word in ("两岸车程", "大桥全景", "文/图"):
        html = page(reader, word)
        assert addresses(html) == [edition.lead.get_absolute_url()]
        assert f"<mark>{word}</mark>" in html


def test_notices_are_found_by_their_masked_text(edition, reader):
    html = page(reader, "不慎遗失身份证 类型:公告")
    assert addresses(html) == [edition.notice.get_absolute_url()]
    assert "＊＊" in html


def test_narrowings_stand_as_chips_that_can_be_taken_off(edition, reader):
    html = page(reader, "旧闻 报纸:白沙晚报 2024", sort="date")
    assert len(addresses(html)) == 1 and "白沙晚报旧闻" in re.sub("</?mark>", "", html)
    assert f'href="/search/?q={quote("旧闻")}+2024&amp;sort=date" aria-label="去掉“报纸：白沙晚报”"' in html
    assert "去掉“日期：2024年”" in html


def test_part_of_a_newspapers_name_will_do_when_one_has_it(edition, reader):
    assert len(addresses(page(reader, "报纸:白沙"))) == 1
    assert len(addresses(page(reader, "报纸:qingxi 2024-03-02"))) == 1


def test_every_facet_leads_to_as_many_results_as_it_says(edition, reader):
    html = page(reader, "青溪 或 白沙 或 早稻 或 遗失")
    facets = re.findall(r'<a href="([^"]+)" rel="nofollow">([^<]+?) <span class="facet-count">(\d+)', html)
    assert {label for _, label, _ in facets} >= {"青溪日报", "白沙晚报", "稿件", "公告", "跨江大桥"}
    for url, label, count in facets:
        narrowed = reader.get(url.replace("&amp;", "&")).content.decode()
        assert f"共 {count} 条" in narrowed and len(addresses(narrowed)) == int(count), label


def test_paging_shows_every_result_once(db, reader):
    on = factories.page()
    for number in range(45):
        factories.published(factories.article(on=on, headline=f"早稻开镰之{number}", text="早稻开镰。"))
    for sort in ("date", "relevance"):
        seen, url = [], f"/search/?q={quote('早稻')}&sort={sort}"
        for _ in range(3):
            html = reader.get(url).content.decode()
            seen += addresses(html)
            following = re.search(r'rel="next nofollow" href="([^"]+)"', html)
            url = following[1].replace("&amp;", "&") if following else ""
        assert url == "" and len(seen) == len(set(seen)) == 45
        assert ("回到最新" if sort == "date" else "回到第一页") in html
        back = re.search(r'rel="prev nofollow" href="([^"]+)"', html)
        assert back is not None and ("更新的" if sort == "date" else "上一页") in html
        assert addresses(reader.get(back[1].replace("&amp;", "&")).content.decode()) == seen[20:40]


def test_without_a_word_the_page_asks_for_one(edition, reader):
    for query in ("", "?q=", "?q=%20"):
        response = reader.get(f"/search/{query}")
        html = response.content.decode()
        assert response.status_code == 200 and "怎样找得准" in html and "search-head" not in html
        assert markup.read(html).faults == []


def test_nothing_found_says_so(edition, reader):
    html = page(reader, "没有这样的字句")
    assert "没有找到" in html and addresses(html) == []


@pytest.mark.parametrize(
    ("text", "says", "wrong"),
    [
        ("大桥 “通车", "第 4 个字的引号 “ 没有另一半", "“"),
        ("大桥 2024-13", "日历上没有“2024-13”", "2024-13"),
        ("报纸:没有报 大桥", "没有叫“没有报”的报纸：有", "报纸:没有报"),
        ("报纸:报", "不止一份报纸叫“报”", "报纸:报"),
        ("专题:没有", "没有叫“没有”的专题", "专题:没有"),
        ("-<b>", "只有排除的词", "-&lt;b&gt;"),
    ],
)
def test_a_wrong_query_is_explained_where_it_is_wrong_and_finds_nothing(edition, reader, text, says, wrong):
    response = reader.get("/search/", {"q": text})
    html = response.content.decode()
    assert response.status_code == 400 and response.headers["Cache-Control"] == "no-store"
    assert says in html and f"<mark>{wrong}</mark>" in html and addresses(html) == []
    assert markup.read(html).faults == []
    feed = reader.get("/search/feed.xml", {"q": text})
    assert feed.status_code == 400 and "<code>q</code>" in feed.content.decode()


@pytest.mark.parametrize(
    ("query", "name"),
    [
        ("q=a&sort=x", "sort"),
        ("q=a&sort=DATE", "sort"),
        ("q=大桥&after=x", "after"),
        ("q=大桥&sort=date&after=-1", "after"),
        ("q=大桥&sort=date&after=r20.5", "after"),  # a place in another order
        ("q=a&q=b", "q"),
        ("q=%00", "q"),
        ("q=a&page=2", "page"),
    ],
)
def test_a_wrong_parameter_answers_400_and_names_it(edition, reader, query, name):
    response = reader.get(f"/search/?{query}")
    assert response.status_code == 400
    assert f"<code>{name}</code>" in response.content.decode()


def test_search_pages_are_not_for_search_engines(edition, reader):
    assert 'content="noindex' not in reader.get("/search/").content.decode()
    assert 'content="noindex' in page(reader, "大桥")


def test_any_query_is_a_feed(edition, reader):
    response = reader.get("/search/feed.xml", {"q": "青溪大桥 -续 -旧闻"})
    tree = ET.fromstring(response.content)
    space = {"a": "http://www.w3.org/2005/Atom"}
    assert [entry.findtext("a:title", namespaces=space) for entry in tree.findall("a:entry", space)] == [
        "青溪大桥建成通车"
    ]
    links = {link.get("rel"): link.get("href", "") for link in tree.findall("a:link", space)}
    query = f"?q={quote('青溪大桥')}+-{quote('续')}+-{quote('旧闻')}"
    assert links["self"].endswith(f"/search/feed.xml{query}") and links["alternate"].endswith(f"/search/{query}")
    assert f'href="http://testserver/search/feed.xml{query}"' in page(reader, "青溪大桥 -续 -旧闻")


def test_browsers_are_told_how_to_search(edition, reader):
    response = reader.get("/opensearch.xml")
    assert response.headers["Content-Type"].startswith("application/opensearchdescription+xml")
    tree = ET.fromstring(response.content)
    space = {"o": "http://a9.com/-/spec/opensearch/1.1/"}
    template = next(one for one in tree.findall("o:Url", space) if one.get("type") == "text/html").get("template", "")
    assert template == "http://testserver/search/?q={searchTerms}"
    assert len(tree.findtext("o:ShortName", "", space)) <= 16
    for path in ("/", f"/p/qingxi/{DAY}/", "/nothing/"):
        assert 'rel="search" type="application/opensearchdescription+xml"' in reader.get(path).content.decode()


def test_every_page_has_a_search_box_and_the_search_page_only_its_own(edition, reader):
    for path in ("/", f"/p/qingxi/{DAY}/", edition.lead.get_absolute_url(), "/notices/", "/nothing/"):
        html = reader.get(path).content.decode()
        assert html.count('action="/search/"') == 1 and 'name="q"' in html
    assert reader.get("/search/").content.decode().count('action="/search/"') == 1


def test_text_from_a_page_cannot_become_markup(edition, reader):
    evil = factories.article(
        on=factories.page(number=9),
        headline="<script>alert(1)</script>早稻&amp;",
        body=[piece("早稻<img src=x>&lt;早稻")],
    )
    factories.published(evil)
    html = page(reader, "早稻 script")
    assert "<script>alert" not in html and "<img" not in html
    assert "&lt;<mark>script</mark>&gt;" in html and "&amp;lt;<mark>早稻</mark>" in html
    assert "<script" not in page(reader, "<script>alert(1)</script>").split("<main")[1]


def test_a_correction_changes_what_is_found_at_once(edition, reader):
    assert addresses(page(reader, "开镰收割")) == [edition.second.get_absolute_url()]
    factories.published(edit(edition.second, body=[piece("早稻丰收。")]))
    assert addresses(page(reader, "开镰收割")) == []
    assert addresses(page(reader, "早稻丰收")) == [edition.second.get_absolute_url()]


def test_what_is_too_much_to_count_says_so(edition, reader, monkeypatch):
    asked = "青溪 或 旧闻 或 早稻"
    found = re.search(r"共 (\d+) 条", page(reader, asked, sort="date"))
    assert found is not None
    most = int(found[1]) - 1  # which of them are counted is the database's choice: all but one still differ
    for name in ("searching.EXACT_TOTAL", "searching.FACETED", "types.EXACT_TOTAL"):
        monkeypatch.setattr(f"articles.search.{name}", most)
    html = page(reader, asked, sort="date")
    assert f"超过 {most} 条" in html and "只统计了其中" in html


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.text(alphabet=SIGNS + "*^%_'\\\"&<>大桥青溪\U00020000", max_size=24) | st.text(max_size=16))
def test_no_question_breaks_any_door(edition, reader, text):
    for path in ("/search/", "/search/feed.xml", "/search/complete.json", "/api/v1/search/"):
        response = reader.get(path, {"q": text})
        assert response.status_code in {200, 400}, path
        if path == "/search/":
            assert markup.read(response.content.decode()).faults == []

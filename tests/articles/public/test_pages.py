"""What each public page shows."""

from __future__ import annotations

import datetime

import pytest
from django.test import Client

from articles.actions import publishing, topics
from articles.people import engine_user
from tests import factories
from tests.articles.public import markup
from tests.articles.public.conftest import DAY

ISSUE = f"/p/qingxi/{DAY}/"


def body_of(reader: Client, path: str, status: int = 200) -> str:
    response = reader.get(path)
    assert response.status_code == status, path
    html = response.content.decode()
    assert markup.read(html).faults == [], path
    return html


def in_order(html: str, *words: str) -> bool:
    """Whether the words stand in the body one after the other."""
    place = html.index("<body")
    for word in words:
        place = html.find(word, place)
        if place < 0:
            return False
        place += len(word)
    return True


@pytest.mark.parametrize("path", ["/", "/notices/", "/topics/", "/about/"])
def test_an_empty_site_is_friendly(db, reader, path):
    html = body_of(reader, path)
    assert path == "/about/" or "还没有" in html


def test_the_front_page_shows_the_latest_issue_of_each_newspaper_with_headlines_by_weight(edition, reader):
    html = body_of(reader, "/")
    assert in_order(html, "青溪日报", "2024年3月5日 星期二", "青溪大桥建成通车", "早稻开镰")
    assert "白沙晚报旧闻" in html and "青溪日报旧闻" not in html
    assert f'href="{ISSUE}"' in html and f'href="{ISSUE}4/"' in html
    assert "遗失声明：王小明" in html and 'href="/t/%E8%B7%A8' in html


def test_a_newspaper_shows_its_latest_issue_and_its_years(edition, reader):
    html = body_of(reader, "/p/qingxi/")
    assert "早稻开镰" in html and 'href="/p/qingxi/2024/"' in html and 'href="/p/qingxi/2024-03-02/"' in html


def test_a_year_is_a_calendar_of_its_issues(edition, reader):
    html = body_of(reader, "/p/qingxi/2024/")
    assert html.count('href="/p/qingxi/2024-03-0') == 2
    assert 'aria-label="2024年3月5日 星期二"' in html


def test_the_calendar_has_leap_days_and_year_ends(db, reader):
    for date in (datetime.date(2024, 2, 29), datetime.date(2024, 12, 30), datetime.date(2024, 12, 31)):
        factories.published(factories.article(on=factories.page(date=date)))
    html = body_of(reader, "/p/qingxi/2024/")
    assert html.count('href="/p/qingxi/2024-') == 3


def test_a_year_between_without_issues_says_so_and_one_outside_is_missing(db, reader):
    for year in (2020, 2022):
        factories.published(factories.article(on=factories.page(date=datetime.date(year, 5, 1))))
    assert "2021年没有已上线的期次" in body_of(reader, "/p/qingxi/2021/")
    body_of(reader, "/p/qingxi/2019/", 404)


def test_an_issue_has_page_and_title_navigation_and_its_neighbours(edition, reader):
    html = body_of(reader, ISSUE)
    assert in_order(html, "第1版：要闻", "第4版：分类广告", "青溪大桥建成通车", "早稻开镰", "更正后的标题")
    assert "上一期" in html and 'href="/p/qingxi/2024-03-02/"' in html and "已是最新一期" in html
    assert "下一期" in body_of(reader, "/p/qingxi/2024-03-02/")


def test_an_issue_says_how_many_pages_are_missing(edition, reader):
    edition.lead.refresh_from_db()
    issue = edition.lead.page.issue
    issue.expected_pages = 8
    issue.save()
    assert "本期应有 8 版，已上线 2 版，还缺第2、3、5、6、7、8版。" in body_of(reader, ISSUE)


def test_a_whole_issue_says_that_it_is_whole(db, reader):
    page = factories.page()
    page.issue.expected_pages = 1
    page.issue.save()
    factories.published(factories.article(on=page))
    assert "全 1 版，齐全" in body_of(reader, ISSUE)


def test_the_front_page_tells_of_topics_with_their_newest_story(edition, reader):
    later = factories.article(on=factories.page(date=DAY + datetime.timedelta(1)), headline="大桥收费方案公布")
    topics.decide_topics(article=later, confirm=[edition.topic], actor=engine_user())
    assert in_order(body_of(reader, "/"), "专题", "跨江大桥", "青溪大桥建成通车", "2024年3月5日")
    factories.published(later)
    assert in_order(body_of(reader, "/"), "专题", "跨江大桥", "大桥收费方案公布", "2024年3月6日")


def test_a_page_shows_its_items_in_reading_order(edition, reader):
    html = body_of(reader, ISSUE + "1/")
    assert in_order(html, "全县瞩目", "青溪大桥建成通车", "两岸车程缩短一小时", "本报记者 王小明", "早稻开镰")
    assert "下一版 第4版：分类广告" in html and "没有上一版" in html
    assert "上一版 第1版：要闻" in body_of(reader, ISSUE + "4/")


def test_an_article_shows_every_part_of_it(edition, reader):
    html = body_of(reader, edition.lead.get_absolute_url())
    assert in_order(
        html,
        "头条</p>",
        "全县瞩目",
        "<h1>青溪大桥建成通车</h1>",
        "两岸车程缩短一小时",
        "总投资十二亿元",
        "本报记者 王小明 文/图",
        "刊于《青溪日报》",
        "第1版：要闻",
        "<h2>一桥飞架</h2>",
        "下转第四版",
        "▲大桥全景。",
        "跨江大桥",
        "下一篇",
        "[N]. 青溪日报, 2024-03-05(1).",
        f"http://testserver{edition.lead.get_absolute_url()}",
    )


def test_jumps_lead_to_the_other_part(edition, reader):
    lead, jumped = edition.lead.get_absolute_url(), edition.jumped.get_absolute_url()
    assert f'<a href="{jumped}">下转第四版</a>' in body_of(reader, lead)
    assert f'<a href="{lead}">上接第一版</a>' in body_of(reader, jumped)


def test_previous_and_next_run_through_the_whole_issue(edition, reader):
    html = body_of(reader, edition.second.get_absolute_url())
    assert f'rel="prev" href="{edition.lead.get_absolute_url()}"' in html
    assert f'rel="next" href="{edition.jumped.get_absolute_url()}"' in html


def test_a_notice_shows_its_fields_as_a_list_with_numbers_masked(edition, reader):
    html = body_of(reader, edition.notice.get_absolute_url())
    assert in_order(html, "遗失声明", "不慎遗失身份证", "<dt>声明人</dt><dd>王小明</dd>", "<dt>落款日期</dt>")
    assert "<dd>2024年3月4日</dd>" in html and "<dd>139＊＊＊＊＊＊＊＊</dd>" in html
    assert "《青溪日报》" in html and "第4版：分类广告" in html


def test_a_topic_lists_its_articles_with_their_place(edition, reader):
    html = body_of(reader, edition.topic.get_absolute_url())
    assert in_order(html, "跨江大桥", "几座大桥的建设。", "2024年3月5日", "青溪日报 第1版：要闻", "青溪大桥建成通车")
    assert edition.topic.name in body_of(reader, "/topics/")


def test_a_topic_has_an_address_once_there_is_something_to_read(edition, reader):
    from articles.models import Topic

    empty = Topic.objects.create(name="空专题", slug="空专题")
    paths = [empty.get_absolute_url(), f"{empty.get_absolute_url()}feed.xml", "/api/v1/topics/空专题/"]
    assert [reader.get(path).status_code for path in paths] == [404, 404, 404]
    assert "空专题" not in body_of(reader, "/topics/")
    topics.decide_topics(article=edition.second, confirm=[empty], actor=engine_user())
    assert [reader.get(path).status_code for path in paths] == [200, 200, 200]
    publishing.withdraw(item=edition.second, actor=engine_user(), reason="失实。")
    assert [reader.get(path).status_code for path in paths] == [404, 404, 404]


def test_a_retired_topic_keeps_its_address_but_is_not_listed(edition, reader):
    edition.topic.state = "retired"
    edition.topic.save()
    assert "已停止更新" in body_of(reader, edition.topic.get_absolute_url())
    for path in ("/", "/topics/", edition.lead.get_absolute_url()):
        assert edition.topic.name not in body_of(reader, path)


def test_a_renamed_topic_is_shown_under_its_present_name_and_address(edition, reader):
    edition.topic.name, edition.topic.slug = "过江通道", "guojiang"
    edition.topic.save()
    html = body_of(reader, edition.lead.get_absolute_url())
    assert 'href="/t/guojiang/"' in html and "过江通道" in html


def test_a_scheduled_article_appears_at_its_minute_everywhere(edition, reader, monkeypatch):
    path = edition.scheduled.get_absolute_url()
    body_of(reader, path, 404)
    before, after = edition.due - datetime.timedelta(seconds=1), edition.due
    monkeypatch.setattr("django.utils.timezone.now", lambda: before)
    body_of(reader, path, 404)
    assert edition.scheduled.headline not in body_of(reader, ISSUE)
    monkeypatch.setattr("django.utils.timezone.now", lambda: after)
    for shown in (path, ISSUE, ISSUE + "1/", "/p/qingxi/feed.xml"):
        response = reader.get(shown)
        assert response.status_code == 200 and edition.scheduled.headline in response.content.decode()


def test_a_withdrawn_article_comes_back_when_it_is_published_again(edition, reader):
    body_of(reader, edition.withdrawn.get_absolute_url(), 410)
    edition.withdrawn.refresh_from_db()
    publishing.publish(item=edition.withdrawn, actor=engine_user())
    body_of(reader, edition.withdrawn.get_absolute_url())


def test_the_address_without_slash_redirects_once(edition, reader):
    response = reader.get(edition.lead.get_absolute_url().rstrip("/"), follow=True)
    assert [status for _, status in response.redirect_chain] == [301]
    assert response.status_code == 200


@pytest.mark.parametrize("method", ["post", "put", "delete", "patch"])
def test_public_pages_are_for_reading_only(edition, reader, method):
    for path in ("/", ISSUE, edition.lead.get_absolute_url(), "/notices/"):
        assert getattr(reader, method)(path).status_code == 405


def test_long_texts_and_awkward_shapes_do_not_break_a_page(db, reader):
    """An article of captions only, of 300 paragraphs, with a one-character and a very long headline."""
    page = factories.page()
    shapes = [
        factories.article(on=page, headline="图", text="", captions=[{"id": "c1", "text": "▲图"}]),
        factories.article(
            on=page,
            headline="长" * 300,
            body=[{"id": f"s{n}", "role": "paragraph", "text": "字" * 200} for n in range(300)],
        ),
        factories.article(on=page, headline="Only Latin 2024", byline="John", text="x" * 5_000),
    ]
    for article in shapes:
        factories.published(article)
    for path in (
        "/",
        "/p/qingxi/",
        "/p/qingxi/2024-03-05/",
        "/p/qingxi/2024-03-05/1/",
        *(a.get_absolute_url() for a in shapes),
    ):
        body_of(reader, path)


def test_an_article_names_others_about_the_same_over_newspapers_and_years(edition, reader):
    other = factories.newspaper(name="白沙晚报", slug="baisha")
    old = factories.article(
        on=factories.page(paper=other, date=datetime.date(2019, 7, 1)),
        headline="青溪大桥开工",
        text="青溪大桥今日开工。",
    )
    hidden = factories.article(on=factories.page(date=datetime.date(2019, 7, 2)), headline="青溪大桥选址")
    for item in (old, hidden):
        topics.decide_topics(article=item, confirm=[edition.topic], actor=engine_user())
    factories.published(old)
    html = body_of(reader, edition.lead.get_absolute_url())
    assert in_order(html, "相关报道", "青溪大桥开工", "白沙晚报", "2019年7月1日", "引用本文")
    assert "青溪大桥选址" not in html
    old.refresh_from_db()
    publishing.withdraw(item=old, actor=engine_user(), reason="失实。")
    assert "青溪大桥开工" not in body_of(reader, edition.lead.get_absolute_url())

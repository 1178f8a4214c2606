"""A subject over the years: the plot, and the table that says the same."""

from __future__ import annotations

import datetime

import pytest

from articles.actions.topics import decide_topics
from articles.models import Topic
from articles.people import engine_user
from articles.public import timeline as module
from articles.public.reading import Paper
from articles.public.timeline import timeline
from tests import factories
from tests.articles.public.test_pages import body_of, in_order

PAPERS = [Paper(1, "青溪日报", "qingxi"), Paper(2, "白沙晚报", "baisha")]


def test_every_month_is_a_bar_at_its_place_and_as_tall_as_it_counts():
    drawn = timeline({(1, (2023, 1)): 2, (1, (2024, 1)): 4, (2, (2023, 7)): 1}, PAPERS)
    assert drawn is not None
    assert [(lane.name, lane.total) for lane in drawn.lanes] == [("青溪日报", 6), ("白沙晚报", 1)]
    first, last = drawn.lanes[0].bars
    middle = drawn.lanes[1].bars[0]
    assert first.x == 0 and middle.x == last.x / 2 and last.height == 2 * first.height
    assert all(bar.y + bar.height <= drawn.height and bar.x + bar.width <= drawn.width for bar in (first, middle, last))
    assert [tick.text for tick in drawn.ticks] == ["2023", "2024"]
    assert drawn.summary == "2023年1月至2024年1月共 7 篇，最多的一个月 4 篇：青溪日报 6 篇、白沙晚报 1 篇。"


def test_the_table_says_what_the_plot_shows_latest_first():
    drawn = timeline({(1, (2023, 1)): 2, (2, (2023, 1)): 1, (2, (2024, 7)): 3}, PAPERS)
    assert drawn is not None
    rows = [(row.period, row.counts, row.total) for row in drawn.rows]
    assert drawn.unit == "月" and rows == [("2024年7月", (3, 0), 3), ("2023年1月", (1, 2), 3)]
    years = [(one.year, one.total, one.before) for one in drawn.years]
    assert years == [(2024, 3, "2025-01-01.1"), (2023, 3, "2024-01-01.1")]


def test_of_more_months_than_there_is_room_for_each_year_is_one():
    counts = {(1, (2000, 3)): 2, (1, (2000, 9)): 3, (2, (2000, 9)): 1, (1, (2010, 3)): 4}
    drawn = timeline(counts, PAPERS)
    assert drawn is not None and drawn.unit == "年"
    assert [(row.period, row.counts, row.total) for row in drawn.rows] == [("2010年", (4, 0), 4), ("2000年", (5, 1), 6)]
    assert [(bar.says, bar.x == 0) for bar in drawn.lanes[0].bars] == [("2000年 5 篇", True), ("2010年 4 篇", False)]
    assert [(one.year, one.total) for one in drawn.years] == [(2010, 4), (2000, 6)]
    assert drawn.summary == "2000年3月至2010年3月共 10 篇，最多的一年 5 篇：青溪日报 9 篇、白沙晚报 1 篇。"
    assert drawn.ticks[0].text == "2000" and drawn.ticks[0].x == 0
    until_a_month_before = timeline({(1, (2000, 3)): 2, (1, (2010, 2)): 4}, PAPERS)
    assert until_a_month_before is not None and until_a_month_before.unit == "月"


def test_many_years_have_few_labels_and_one_month_has_one():
    long = timeline({(1, (1950, 3)): 1, (1, (2026, 11)): 1}, PAPERS)
    assert long is not None and len(long.ticks) <= 8 and long.ticks[0].text == "1950"
    short = timeline({(1, (2024, 3)): 1}, PAPERS)
    assert short is not None and [tick.text for tick in short.ticks] == ["2024.3"]
    assert timeline({}, PAPERS) is None


@pytest.fixture
def topic(db: None) -> Topic:
    topic = Topic.objects.create(name="大桥", slug="bridge")
    for date in ((2022, 5, 1), (2022, 5, 9), (2024, 2, 29)):
        article = factories.article(on=factories.page(date=datetime.date(*date)), headline=f"{date[0]}年{date[1]}月")
        decide_topics(article=article, confirm=[topic], actor=engine_user())
        factories.published(article)
    return topic


def test_a_topic_shows_its_years_and_leads_to_each(topic, reader):
    html = body_of(reader, "/t/bridge/")
    assert in_order(
        html, "历年报道", "<rect", "共 3 篇", "2022年（2 篇）", "各月篇数表", "<h2>2024年</h2>", "<h2>2022年</h2>"
    )
    assert 'href="/t/bridge/?before=2023-01-01.1"' in html
    older = body_of(reader, "/t/bridge/?before=2023-01-01.1")
    assert "2022年5月" in older and "2024年2月" not in older and "<svg" not in older


def test_what_is_not_public_is_not_counted(topic, reader):
    hidden = factories.article(headline="草稿", corrected=True)
    decide_topics(article=hidden, confirm=[topic], actor=engine_user())
    assert "共 3 篇" in body_of(reader, "/t/bridge/")


def test_an_old_subject_is_counted_as_far_as_the_newest_links_go(topic, reader, monkeypatch):
    monkeypatch.setattr(module, "LINKS", 2)
    html = body_of(reader, "/t/bridge/")
    assert "共 2 篇" in html and "只统计最近的 2 篇" in html

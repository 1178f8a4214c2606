"""Laying out entries: pages, weight, neighbours, jumps. No database."""

from __future__ import annotations

import datetime
import re
from dataclasses import replace
from html import unescape
from typing import Any

import pytest

from articles.jumps import page_meant
from articles.public.calendar import months_of
from articles.public.front import latest_issue
from articles.public.layout import beside, by_weight, jump, neighbours, pages_of
from articles.public.reading import Entry, IssueLink, Paper
from articles.public.sheet import opening_of, ranks
from articles.templatetags.newspaper import in_lines, in_phrases

PAPER = Paper(1, "青溪日报", "qingxi")


def entry(pk: int, *, page: int = 1, size: int = 100, kind: str = "", title: str = "", **more: Any) -> Entry:
    made = Entry(
        pk=pk,
        url=f"/a/{pk}/",
        title=title or f"标题{pk}",
        kicker="",
        column="",
        summary="",
        kind=kind,
        paper=PAPER,
        issue_id=1,
        date=datetime.date(2024, 3, 5),
        page_number=page,
        section="",
        position=pk,
        continued_from="",
        continued_on="",
        size=size,
    )
    return replace(made, **more)


def test_pages_keep_reading_order_and_take_the_name_that_is_there():
    pages = pages_of([entry(1), entry(2, section="要闻"), entry(3, page=4)])
    assert [(page.label, [e.pk for e in page.entries]) for page in pages] == [("第1版：要闻", [1, 2]), ("第4版", [3])]
    assert beside(pages, 1) == (None, pages[1]) and beside(pages, 4) == (pages[0], None)
    assert beside(pages, 2) == (pages[0], pages[1])


def test_the_longest_weighs_most_and_equals_stay_in_order():
    assert [e.pk for e in by_weight([entry(1, size=5), entry(2, size=9), entry(3, size=5)])] == [2, 1, 3]


def test_neighbours_run_over_pages_and_end():
    row = [entry(1), entry(2), entry(3, page=2)]
    assert neighbours(row, 2).previous is row[0] and neighbours(row, 2).next is row[2]
    assert neighbours(row, 1).previous is None and neighbours(row, 3).next is None
    assert neighbours(row, 9).previous is neighbours(row, 9).next is None


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("第四版", 4),
        ("第4版", 4),
        ("4版", 4),
        ("下转第十版", 10),
        ("（下转第十二版）", 12),
        ("第二十版", 20),
        ("第二十一版", 21),
        ("A04版", 4),
        ("上接第01版", 1),
        ("版", None),
        ("昨日本报", None),
        ("第一二版", None),
        ("第十十版", None),
        ("", None),
    ],
)
def test_page_references_as_newspapers_print_them(text, number):
    assert page_meant(text) == number


def test_a_jump_leads_to_the_article_that_points_back_else_to_the_page_else_nowhere():
    row = [entry(1), entry(2, page=4), entry(3, page=4, continued_from="第一版")]
    assert jump("", entries=row, here=1, is_forward=True) is None
    found = jump("第四版", entries=row, here=1, is_forward=True)
    assert found and (found.text, found.url) == ("下转第四版", "/a/3/")
    assert jump("第四版", entries=row[:2], here=1, is_forward=True).url == "/p/qingxi/2024-03-05/4/"  # type: ignore[union-attr]
    assert jump("上接第八版", entries=row, here=1, is_forward=False).url == ""  # type: ignore[union-attr]


def test_the_first_article_leads_unless_it_is_slight():
    assert ranks([entry(1, size=50), entry(2, size=100), entry(3, size=20)]) == {1: 1, 2: 2, 3: 2}
    assert ranks([entry(1, size=10), entry(2, size=100), entry(3, size=20)]) == {2: 2, 3: 2}
    assert ranks([]) == {}


@pytest.mark.parametrize(
    ("texts", "room", "shown", "is_cut"),
    [
        (["甲" * 10, "乙" * 10], 30, ("甲" * 10, "乙" * 10), False),
        (["甲" * 30, "乙" * 40], 60, ("甲" * 30, "乙" * 30 + "…"), True),
        (["甲" * 30, "乙"], 30, ("甲" * 30,), True),
        ([], 30, (), False),
        (["甲" * 19 + "，" + "乙" * 30], 20, ("甲" * 19 + "…",), True),
        (["甲" * 20 + "。”" + "乙" * 30], 30, ("甲" * 20 + "。”",), True),
        (["甲" * 10 + "。" + "乙" * 30], 30, ("甲" * 10 + "。" + "乙" * 19 + "…",), True),
    ],
)
def test_an_opening_is_cut_to_its_room(texts, room, shown, is_cut):
    assert opening_of(texts, room) == (shown, is_cut)


def test_the_front_tells_no_story_twice_and_counts_what_it_leaves_out():
    row = [entry(n, size=100 - n) for n in range(1, 12)] + [entry(20, page=2, kind="讣告")]
    front = latest_issue(row)
    assert front.lead is row[0] and front.seconds == tuple(row[1:4])
    assert [e.pk for e in front.pages[0].headlines] == [5, 6, 7, 8, 9] and front.pages[0].more == 2
    assert front.pages[1].headlines == (row[-1],)


def test_the_front_begins_with_the_lead_of_the_page_unless_that_is_slight():
    assert [e.pk for e in latest_issue([entry(1, size=60), entry(2, size=100), entry(3, size=70)]).seconds] == [2, 3]
    front = latest_issue([entry(1, size=30), entry(2, size=100), entry(3, size=70)])
    assert front.lead is not None and (front.lead.pk, [e.pk for e in front.seconds]) == (2, [3, 1])


def test_a_front_page_of_notices_only_has_no_lead():
    front = latest_issue([entry(1, kind="讣告")])
    assert front.lead is None and front.seconds == () and len(front.pages) == 1


@pytest.mark.parametrize(
    ("kind", "column", "title", "tag"),
    [
        ("讣告", "", "讣告：某", ""),
        ("讣告", "", "某人", "讣告"),
        ("", "市长专线", "路灯修好了", "市长专线"),
        ("", "【图片新闻】", "路灯修好了", "图片新闻"),
        ("", "", "无", ""),
    ],
)
def test_a_tag_does_not_repeat_the_title(kind, column, title, tag):
    assert entry(1, kind=kind, title=title, column=column).tag == tag


@pytest.mark.parametrize(
    ("headline", "expected"),
    [
        ("全省唯一 池店桥南社区 入选全国典型案例", True),
        ("罗山街道：紧扣晋江新城区建设目标", True),
        ("晋江长护险为失能家庭减负超亿元", False),  # one phrase: it must break inside
        ("国网晋江市供电公司创新精准碳计算体系 助力零碳园区建设", False),  # a phrase longer than a phone's line
        ("", False),
    ],
)
def test_a_headline_of_short_phrases_is_set_in_lines(headline, expected):
    assert in_lines(headline) is expected


@pytest.mark.parametrize(
    ("headline", "phrases"),
    [
        ("补时绝杀！ 青溪一中夺冠", ["补时绝杀！", "青溪一中夺冠"]),
        ("“还要多久？”市民问：桥何时通", ["“还要多久？”市民问：", "桥何时通"]),
        ("大桥通车！", None),
        ("<b>甲 乙</b>", ["&lt;b&gt;甲", "乙&lt;/b&gt;"]),
    ],
)
def test_a_headline_breaks_between_phrases_first(headline, phrases):
    html = in_phrases(headline)
    assert re.findall(r'<span class="phrase">(.*?)</span>', html) == (phrases or [])
    assert unescape(re.sub(r"</?span[^>]*>", "", html)) == headline


def test_a_calendar_runs_from_the_first_month_with_an_issue_to_the_last():
    days = [datetime.date(2024, 2, 29), datetime.date(2024, 4, 1)]
    months = months_of(2024, [IssueLink(PAPER, day, "") for day in days])
    assert [month.number for month in months] == [2, 3, 4]
    linked = [day.number for month in months for week in month.weeks for day in week if day.issue]
    assert linked == [29, 1]
    assert months_of(2024, []) == []

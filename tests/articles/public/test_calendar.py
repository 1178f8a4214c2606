"""Calendars: days that are missing, issues for two days, and one day through the years."""

from __future__ import annotations

import datetime
import re

import pytest

from articles.public import days
from articles.public.calendar import missing_days, months_of
from articles.public.days import MonthDay, on_this_day
from articles.public.reading import IssueLink, numbers_of
from tests import factories
from tests.articles.public.test_layout import PAPER
from tests.articles.public.test_pages import body_of, in_order


def day(month: int, number: int, year: int = 2024) -> datetime.date:
    return datetime.date(year, month, number)


def daily(first: datetime.date, days: int, *, without: tuple[datetime.date, ...] = ()) -> list[IssueLink]:
    dates = [first + datetime.timedelta(n) for n in range(days)]
    return [IssueLink(PAPER, date, "") for date in dates if date not in without]


@pytest.mark.parametrize(
    ("printed", "numbers"),
    [
        ("5213", (5213, 5213)),
        ("第5213期", (5213, 5213)),
        ("5213-5214", (5213, 5214)),
        ("5213、5214", (5213, 5214)),
        ("5213－14", (5213, 5214)),
        ("5299～301", (5299, 5301)),
        ("总第5213至5215期", (5213, 5215)),
        ("5214-5213", (5214, 5214)),
        ("", None),
        ("试刊", None),
    ],
)
def test_numbers_as_newspapers_print_them(printed, numbers):
    assert numbers_of(printed) == numbers


def test_a_daily_misses_the_days_that_are_not_there():
    gone = (day(2, 29), day(12, 30), day(12, 31))
    issues = daily(day(1, 1), 366, without=gone)
    assert missing_days(issues) == {day(2, 29)}  # nothing is known of what came after the last
    assert missing_days(daily(day(1, 1), 367, without=gone)) == set(gone)


def test_a_paper_does_not_miss_the_weekdays_it_never_comes_out_on():
    weekly = [IssueLink(PAPER, day(1, 1) + datetime.timedelta(7 * n), "") for n in range(30) if n != 11]
    assert missing_days(weekly) == {day(1, 1) + datetime.timedelta(77)}


def test_a_few_scattered_issues_say_nothing_about_the_rest():
    assert missing_days([IssueLink(PAPER, date, "") for date in (day(1, 1), day(1, 8), day(3, 5))]) == set()
    assert missing_days([]) == set()


def test_numbers_that_run_on_leave_nothing_out_and_numbers_that_leap_do():
    holidays = [IssueLink(PAPER, day(10, n), str(5200 + n)) for n in range(1, 4)]
    holidays += [IssueLink(PAPER, day(10, n), str(5200 + n - 4)) for n in range(8, 28)]
    assert missing_days(holidays) == set()
    leap = [IssueLink(PAPER, day(10, n), str(5200 + n)) for n in (1, 4)]
    assert missing_days(leap) == {day(10, 2), day(10, 3)}


def test_an_issue_for_two_days_covers_the_day_after():
    issues = daily(day(1, 1), 60, without=(day(2, 11),))
    assert missing_days(issues) == {day(2, 11)}
    double = [IssueLink(PAPER, one.date, "5213-5214" if one.date == day(2, 10) else "") for one in issues]
    assert missing_days(double) == set()
    assert [one.date for one in double if one.is_double] == [day(2, 10)]


def test_a_month_marks_what_is_missing():
    months = months_of(2024, daily(day(2, 1), 40, without=(day(2, 29),)))
    marked = [one.number for month in months for week in month.weeks for one in week if one.is_missing]
    assert [month.number for month in months] == [2, 3] and marked == [29]


@pytest.mark.django_db
def test_the_year_says_what_is_missing_and_which_are_double(reader):
    for n in range(1, 29):
        if n != 20:
            page = factories.page(date=day(2, n))
            page.issue.number = "71-72" if n == 10 else ""
            page.issue.save()
            factories.published(factories.article(on=page))
    html = body_of(reader, "/p/qingxi/2024/")
    assert "已上线 27 期，另有 1 天看来出了报而本站还没有" in html and "合刊" in html
    assert '<span class="missing">20<small>缺</small></span>' in html
    assert 'aria-label="2024年2月10日 星期六 合刊">10<small>合</small>' in html


def test_a_day_of_the_year_has_neighbours_and_years():
    assert MonthDay.parse("12-31").beside(1) == MonthDay(1, 1) and MonthDay(3, 1).beside(-1) == MonthDay(2, 29)
    assert str(MonthDay(3, 5)) == "03-05"
    assert MonthDay(2, 29).in_years(2019, 2025) == [day(2, 29, 2020), day(2, 29, 2024)]
    assert len(MonthDay(12, 31).in_years(2019, 2025)) == 7
    with pytest.raises(ValueError, match="day is out of range"):
        MonthDay.parse("02-30")


@pytest.mark.django_db
def test_one_day_is_shown_in_every_year_and_newspaper(edition, reader):
    for year in (2021, 2023):
        page = factories.page(date=datetime.date(year, 3, 5))
        factories.published(factories.article(on=page, headline=f"{year}年的头条"))
    factories.published(factories.article(on=factories.page(date=datetime.date(2022, 3, 6)), headline="别的日子"))
    html = body_of(reader, "/on/03-05/")
    assert in_order(html, "历史上的3月5日", "白沙晚报旧闻", "青溪大桥建成通车", "2023年的头条", "2021年的头条")
    assert "别的日子" not in html and "不可见" not in html
    assert 'href="/on/03-05/"' in body_of(reader, "/p/qingxi/2024-03-05/")
    assert "历年2月29日没有已上线的报纸" in body_of(reader, "/on/02-29/")
    for wrong in ("/on/02-30/", "/on/13-01/", "/on/3-5/"):
        body_of(reader, wrong, 404)


@pytest.mark.django_db
def test_the_years_of_a_day_go_on(reader, monkeypatch):
    monkeypatch.setattr(days, "SIZE", 2)
    for year in (2019, 2021, 2023):
        page = factories.page(date=datetime.date(year, 3, 5))
        factories.published(factories.article(on=page, headline=f"{year}年的头条"))
    html = body_of(reader, "/on/03-05/")
    assert "2021年的头条" in html and "2019年的头条" not in html
    older = re.search(r'rel="next" href="(/on/03-05/\?before=[^"]+)"', html)
    assert older is not None
    html = body_of(reader, older[1])
    assert (
        "2019年的头条" in html
        and "2021年的头条" not in html
        and "回到最新" in html
        and 'rel="next" href="/on/03-05/?' not in html
    )
    assert "没有更早的3月5日" in body_of(reader, "/on/03-05/?before=2019-03-05.1")
    body_of(reader, "/on/03-05/?before=x", 400)


@pytest.mark.django_db
def test_an_empty_site_has_days(reader, django_assert_num_queries):
    with django_assert_num_queries(1):
        assert on_this_day(MonthDay(3, 5), None).rows == ()
    assert "没有已上线" in body_of(reader, "/on/12-31/")

"""The day a page prints of itself, beside days that its texts speak of."""

from __future__ import annotations

from datetime import date

import pytest

from ingest.engine import Hints, read_page
from ingest.engine.furniture import is_folio

STORY = "城南图书馆对市民开放\n\n本报讯（记者 林一）昨日，县城南新建的图书馆对市民开放，首日接待读者三千余人。\n"

HEADS = (
    ("2021.9.7 星期二 东江都市报 09 民生", date(2021, 9, 7)),
    ("陇山周刊 2025年7月18日 第28期 总第1196期 3版", date(2025, 7, 18)),
    ("东江日报 2008年11月18日 星期二 农历戊子年十月廿一 第6版 分类信息", date(2008, 11, 18)),
    ("东江晚报 2021年5月28日 星期五 责编：林一 13 信息超市", date(2021, 5, 28)),
    ("今日东江 2020年3月15日 星期日 准印证号（桂）L0219", date(2020, 3, 15)),
    ("2015年7月22日 星期三 第7版 分类广告", date(2015, 7, 22)),
)

SPOKEN_OF = (
    "定于2015年8月3日（星期一）",
    "2015年8月3日（星期一）上午9：30",
    "2015年8月3日 星期一 上午九时开始",
    "报名截止2015年8月3日 星期一，逾期不候。",
    "拍卖时间：2015年8月3日 星期一",
)


@pytest.mark.parametrize(("head", "day"), HEADS)
def test_the_head_of_a_page_says_its_day(head: str, day: date) -> None:
    page = read_page(f"{head}\n\n{STORY}", hints=Hints())
    assert (page.date, page.date_basis) == (day, "printed")
    assert is_folio(head)


@pytest.mark.parametrize("line", SPOKEN_OF)
def test_a_day_the_text_speaks_of_is_not_the_page_s(line: str) -> None:
    assert read_page(f"{STORY}\n{line}\n", hints=Hints()).date is None


def test_the_head_outranks_the_day_a_notice_is_signed_with() -> None:
    page = f"2015年7月22日 星期三 第7版\n\n{STORY}\n某某公司\n2015年7月20日\n"
    assert read_page(page, hints=Hints()).date == date(2015, 7, 22)


def test_two_days_in_two_heads_leave_the_page_undated() -> None:
    page = f"2015年7月22日 星期三 第7版\n\n{STORY}\n2015年7月23日 星期四 第7版\n"
    assert read_page(page, hints=Hints()).date is None

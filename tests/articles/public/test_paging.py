"""Paging by keyset: every row once, in order, whatever comes in between."""

from __future__ import annotations

import datetime
import re

import pytest
from django.test import Client

from articles.models import Snapshot
from articles.public.paging import PAGE_SIZE, Cursor, WrongCursor
from tests import factories
from tests.articles.public import markup

ROWS = 2 * PAGE_SIZE + 5


@pytest.fixture
def notices(db):
    """More notices than two pages, several to a day."""
    pages = [factories.page(date=datetime.date(2024, 3, day)) for day in (1, 2, 3)]
    for number in range(ROWS):
        kind = "讣告" if number % 2 else "遗失声明"
        notice = factories.notice(on=pages[number % 3], kind=kind, fields={"declarant": f"甲{number:03}乙"})
        factories.published(notice)


def walk(reader: Client, path: str) -> list[list[str]]:
    """The rows of each page, following 更早的."""
    pages = []
    while path:
        html = reader.get(path).content.decode()
        assert markup.read(html).faults == []
        pages.append(re.findall(r"甲\d{3}乙(?=</a></h2>)", html))
        older = re.search(r'class="paging-older" rel="next" href="([^"]+)"', html)
        path = older[1].replace("&amp;", "&") if older else ""
    return pages


def test_every_notice_stands_on_one_page_newest_first(notices, reader):
    pages = walk(reader, "/notices/")
    assert [len(page) for page in pages] == [PAGE_SIZE, PAGE_SIZE, 5]
    shown = [name for page in pages for name in page]
    expected = Snapshot.objects.live().order_by("-date", "-pk").values_list("title", flat=True)
    assert [f"遗失声明：{name}" for name in shown] == list(expected)


def test_filters_stay_in_force_over_pages(notices, reader):
    pages = walk(reader, "/notices/?kind=讣告&since=2024-03-01")
    shown = [name for page in pages for name in page]
    assert len(shown) == ROWS // 2 == len(set(shown))
    assert all(int(name[1:4]) % 2 for name in shown)


def test_a_row_that_comes_while_reading_moves_no_other(notices, reader):
    html = reader.get("/notices/").content.decode()
    older = re.search(r'rel="next" href="([^"]+)"', html)[1]  # type: ignore[index]
    before = reader.get(older).content
    factories.published(factories.notice(on=factories.page(date=datetime.date(2024, 3, 4))))
    assert reader.get(older).content == before


def test_the_last_page_has_no_older_and_a_way_back(notices, reader):
    html = reader.get("/notices/?before=2024-03-01.1").content.decode()
    assert "回到最新" in html and "paging-older" not in html and "没有更早的符合条件的公告" in html


def test_a_cursor_says_what_it_reads():
    assert str(Cursor.parse("2024-03-05.12")) == "2024-03-05.12"


@pytest.mark.parametrize(
    "text", ["", "x", "2024-03-05", "2024-02-30.1", "2024-03-05.01", "2024-03-05.1 ", "2024-03-05.٣"]
)
def test_anything_else_is_no_cursor(text):
    with pytest.raises(WrongCursor):
        Cursor.parse(text)

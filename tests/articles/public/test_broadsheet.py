"""The page set again as a broadsheet: nothing lost, nothing out of order, one A3 sheet."""

from __future__ import annotations

import random
import re
from typing import TYPE_CHECKING, Any

import pytest
from django.contrib.staticfiles import finders
from hypothesis import given, settings
from hypothesis import strategies as st

from articles.public import typeset
from articles.public.broadsheet import bands_of
from articles.public.typeset import COLUMNS, HEADLINE, SIZES, Story, length, text_lines
from tests import factories
from tests.articles.public.conftest import DAY, HIDDEN, PHONE
from tests.articles.public.test_layout import entry
from tests.articles.public.test_pages import body_of, in_order

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Page

SHEET = f"/p/qingxi/{DAY}/1/broadsheet/"


def story(pk: int, *, rank: int = 3, text: int = 200, **more: Any) -> Story:
    return Story(entry=entry(pk), rank=rank, body=(("paragraph", "字" * text),) if text else (), **more)


_STORIES = st.lists(st.tuples(st.integers(2, 4), st.integers(0, 3_000)), max_size=14)


@settings(max_examples=40, deadline=None)
@given(shapes=_STORIES, leads=st.booleans())
def test_every_story_stands_once_in_reading_order_and_every_band_is_full(shapes, leads):
    stories = [story(n, rank=1 if leads and n == 0 else rank, text=text) for n, (rank, text) in enumerate(shapes)]
    bands = bands_of(stories, measure=14)
    assert [one for band in bands for cell in band for one in cell.stories] == stories
    assert all(sum(cell.width for cell in band) == COLUMNS for band in bands)
    for cell in (cell for band in bands for cell in band if any(one.rank == 1 for one in cell.stories)):
        assert len(cell.stories) == 1 and cell.width >= COLUMNS // 2


def test_stories_of_one_size_stand_beside_each_other_and_short_ones_beside_a_long_one():
    assert [cell.width for cell in bands_of([story(1, text=900), story(2, text=900)], 14)[0]] == [3, 3]
    first = bands_of([story(1, rank=2, text=1_500), story(2, text=250), story(3, text=250)], 14)[0]
    assert len(first) > 1 and first[0].width > first[-1].width


def test_type_is_measured_in_squares():
    assert length("晋江") == 2 and length("2025") < 3
    assert text_lines(Story(entry=entry(1), rank=3, body=(("paragraph", "字" * 12),)), 14) == 1
    assert text_lines(Story(entry=entry(1), rank=3, body=(("paragraph", "字" * 13),)), 14) == 2


def test_the_style_sheet_has_the_sizes_that_were_reckoned_with():
    found = finders.find("articles/public/broadsheet.css")
    assert isinstance(found, str)
    with open(found, encoding="utf-8") as file:  # noqa: PTH123 - a path from the finders
        css = file.read()
    printed = css.split("(min-width: 75rem), print", 1)[1]
    for rank in (1, 2):
        assert f".b-rank-{rank} h2 {{ font-size: {HEADLINE[rank]:g}em; }}" in printed
    assert f".b-story h2 {{ font-size: {HEADLINE[3]:g}em;" in css
    assert f".b-rank-4 h2 {{ font-size: {HEADLINE[4]:g}em;" in css
    sizes = re.findall(r"\.pt-(\d+) \{ font-size: ([\d.]+)pt", css)
    assert {int(quarters): float(points) for quarters, points in sizes} == {round(size * 4): size for size in SIZES}
    assert f"--gap: {typeset.GAP:g}mm" in css and "http" not in css and "@import" not in css and "url(" not in css


def test_the_sheet_has_the_whole_text_and_what_hangs_on_it(edition, reader):
    html = body_of(reader, SHEET)
    assert in_order(
        html,
        "第1版：要闻",
        "青溪日报",
        "2024年3月5日 星期二",
        "全县瞩目",
        "青溪大桥建成通车",
        "总投资十二亿元",
        "本报记者 王小明",
        "<h3>一桥飞架</h3>",
        "▲大桥全景。",
        "下转第四版",
        "早稻开镰",
    )
    assert "139＊" in html and PHONE not in html and HIDDEN not in html
    assert in_order(body_of(reader, SHEET.replace("/1/", "/4/")), "上接第一版", "分类公告", "遗失声明：王小明")
    assert SHEET in body_of(reader, SHEET.removesuffix("broadsheet/"))
    body_of(reader, SHEET.replace("/1/", "/2/"), 404)
    body_of(reader, SHEET + "?x=1", 400)


@pytest.mark.browser
@pytest.mark.once
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("articles", "characters", "notices"),
    [(1, 60, 0), (1, 4_000, 1), (4, 3_000, 3), (9, 9_000, 8), (22, 7_000, 0), (0, 0, 45), (6, 30_000, 0)],
)
def test_a_page_is_printed_on_one_sheet_of_a3(
    live_server: Any, browser_page: Page, tmp_path: Path, articles: int, characters: int, notices: int
) -> None:
    """Only a page with far more text than a newspaper has takes more, and says so."""
    chance = random.Random(articles)
    page = factories.page()
    for number in range(articles):
        share = round(characters / articles * chance.uniform(0.4, 1.6))
        texts = ["昨日，青溪大桥建成通车。两岸车程缩短一小时" * 9] * (share // 189) + ["通" * (share % 189 or 1)]
        body = [{"id": f"s{n}", "role": "paragraph", "text": text} for n, text in enumerate(texts)]
        more = {"kicker": "全县瞩目", "deck": ["两岸车程缩短一小时"]} if number % 2 else {"byline": "本报记者 王小明"}
        captions = [{"id": "c1", "text": "▲大桥全景。"}] if number % 3 == 0 else []
        headline = "青溪大桥建成通车两岸" * chance.randint(1, 3)
        factories.published(factories.article(on=page, headline=headline, body=body, captions=captions, **more))
    for number in range(notices):
        text = f"王小明不慎遗失证件一本，编号{number}，声明作废。" * chance.randint(1, 6)
        factories.published(factories.notice(on=page, text=text))
    browser_page.goto(live_server.url + SHEET)
    fits = "正好一张 A3" in browser_page.inner_text(".broadsheet-do")
    assert fits is (characters < 20_000)
    printed = browser_page.pdf(prefer_css_page_size=True, path=tmp_path / "page.pdf")
    sheets = len(re.findall(rb"/Type\s*/Page\b", printed))
    assert (sheets == 1) is fits
    width, height = map(float, re.findall(rb"/MediaBox\s*\[0 0 ([\d.]+) ([\d.]+)\]", printed)[0])
    assert (round(width / 72 * 25.4), round(height / 72 * 25.4)) == (297, 420)
    # Nothing is pushed out at the side, and nothing is cut off.
    browser_page.set_viewport_size({"width": 1047, "height": 1512})
    browser_page.emulate_media(media="print")
    assert browser_page.evaluate(
        "[...document.querySelectorAll('.cell, .box, .b-text')].every(e => e.scrollWidth <= e.clientWidth + 1)"
    )

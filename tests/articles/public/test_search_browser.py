"""Searching in a real browser: by keyboard, with completion, without scripts, on a phone."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import quote, unquote

import pytest

from tests import factories

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = [pytest.mark.browser, pytest.mark.once, pytest.mark.django_db(transaction=True)]

_WIDE = "document.documentElement.scrollWidth > innerWidth"


@pytest.fixture
def archive(live_server):
    page = factories.page()
    for headline in ("长护险惠及失能家庭", "长护险三周年", "长" * 120):
        factories.published(factories.article(on=page, headline=headline, text="晋江试点。" * 30))
    factories.published(factories.notice(on=page))
    return live_server.url


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_no_search_page_runs_out_of_a_phone(archive: str, browser_page: Page, scheme: str) -> None:
    browser_page.set_viewport_size({"width": 320, "height": 700})
    browser_page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    for text in ("", "长护险", "长护险 报纸:青溪日报 2024", "没有" * 60):
        browser_page.goto(f"{archive}/search/?q={quote(text)}")
        for size in ("standard", "huge"):
            browser_page.evaluate("size => document.documentElement.dataset.textSize = size", size)
            assert not browser_page.evaluate(_WIDE), (text, size)


def test_what_is_typed_is_completed_and_chosen_by_keyboard(archive: str, browser_page: Page) -> None:
    browser_page.goto(archive)
    box = browser_page.get_by_role("combobox", name="搜索全部见报内容")
    box.press_sequentially("changhu")
    options = browser_page.get_by_role("option")
    options.first.wait_for()
    assert options.all_inner_texts() == ["长护险三周年\n标题", "长护险惠及失能家庭\n标题"]
    assert box.get_attribute("aria-expanded") == "true"
    box.press("ArrowDown")
    box.press("ArrowDown")
    assert options.nth(1).get_attribute("aria-selected") == "true"
    assert box.get_attribute("aria-activedescendant") == options.nth(1).get_attribute("id")
    box.press("Escape")
    assert options.count() == 0 or not options.first.is_visible()
    box.press("Backspace")
    options.first.wait_for()
    box.press("ArrowUp")
    box.press("Enter")
    browser_page.wait_for_url("**/a/*/")
    assert "长护险惠及失能家庭" in browser_page.title()


def test_enter_searches_for_what_was_typed_and_a_click_takes_an_option(archive: str, browser_page: Page) -> None:
    browser_page.goto(archive)
    box = browser_page.get_by_role("combobox")
    box.press_sequentially("三周年")
    browser_page.get_by_role("option").first.wait_for()
    box.press("Enter")
    browser_page.wait_for_url("**/search/**")
    assert unquote(browser_page.url).endswith("/search/?q=三周年")
    assert browser_page.locator("mark").first.inner_text() == "三周年"
    box = browser_page.get_by_role("combobox", name="找什么")
    box.fill("惠及")
    browser_page.get_by_role("option", name="长护险惠及失能家庭").click()
    browser_page.wait_for_url("**/a/*/")


def test_everything_works_without_scripts(archive: str, chromium: Browser) -> None:
    context = chromium.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(archive)
    page.get_by_label("搜索全部见报内容").fill("长护险")
    page.get_by_role("button", name="查找").click()
    assert page.locator(".search-total").inner_text() == "共 2 条"
    page.get_by_role("link", name="日期新的在前").click()
    assert page.locator("ol.entries > li").count() == 2
    context.close()

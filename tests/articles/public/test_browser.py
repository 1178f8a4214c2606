"""Public pages in a real browser: no fault under the strict policy, readable without scripts, letters that grow."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests import factories

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = [pytest.mark.browser, pytest.mark.once, pytest.mark.django_db(transaction=True)]

_WIDE = "document.documentElement.scrollWidth > innerWidth"


@pytest.fixture
def archive(live_server):
    page = factories.page()
    for item in (
        factories.article(on=page),
        factories.article(on=page, headline="长" * 120),
        factories.notice(on=page),
    ):
        factories.published(item)
    return live_server.url


PATHS = [
    "/",
    "/p/qingxi/",
    "/p/qingxi/2024/",
    "/p/qingxi/2024-03-05/",
    "/p/qingxi/2024-03-05/1/",
    "/notices/",
    "/about/",
]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_no_page_breaks_the_policy_or_runs_out_of_a_phone(archive: str, browser_page: Page, scheme: str) -> None:
    """`browser_page` fails on any blocked style or script: a JSON-LD block is data, and the policy lets it stand."""
    browser_page.set_viewport_size({"width": 320, "height": 700})
    browser_page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    browser_page.goto(archive)
    items = browser_page.eval_on_selector_all("main a", "all => all.map(a => a.pathname)")
    for path in [*PATHS, *sorted({path for path in items if path.startswith(("/a/", "/n/"))})]:
        browser_page.goto(archive + path)
        for size in ("standard", "huge"):
            browser_page.evaluate("size => document.documentElement.dataset.textSize = size", size)
            assert not browser_page.evaluate(_WIDE), (path, size)


def test_the_text_size_is_kept_in_the_browser_and_no_cookie_is_set(archive: str, browser_page: Page) -> None:
    browser_page.goto(archive)
    before = browser_page.evaluate("getComputedStyle(document.querySelector('h3')).fontSize")
    browser_page.get_by_role("button", name="特大字号").click()
    browser_page.goto(archive + "/p/qingxi/")
    browser_page.goto(archive)
    assert browser_page.get_by_role("button", name="特大字号").get_attribute("aria-pressed") == "true"
    after = browser_page.evaluate("getComputedStyle(document.querySelector('h3')).fontSize")
    assert float(after[:-2]) > float(before[:-2]) * 1.4
    assert browser_page.context.cookies() == []


def test_everything_can_be_read_without_scripts(archive: str, chromium: Browser) -> None:
    context = chromium.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(archive)
    page.get_by_role("link", name="青溪大桥建成通车").first.click()
    assert page.get_by_role("heading", level=1).inner_text() == "青溪大桥建成通车"
    # What needs a script is not offered: of buttons only the one that sends the search.
    assert page.get_by_role("button").all_inner_texts() == ["查找"]
    page.goto(archive + "/notices/?kind=遗失声明")
    assert page.get_by_role("link", name="遗失声明：王小明").count() == 1
    context.close()


def test_the_first_tab_stop_leads_past_the_navigation(archive: str, browser_page: Page) -> None:
    browser_page.goto(archive)
    browser_page.keyboard.press("Tab")
    browser_page.keyboard.press("Enter")
    assert browser_page.evaluate("document.activeElement.id") == "content"

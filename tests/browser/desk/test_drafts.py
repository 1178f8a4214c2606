"""Nothing typed is lost: drafts, lost answers, expired sessions, and the way back to a former state."""

from __future__ import annotations

from typing import Any

import pytest

from articles.models import Article
from ingest.desk.rows import load
from ingest.models import DeskSave
from tests.browser.desk.driving import Keyboard, open_desk, save
from tests.browser.desk.scrambled import LINES

pytestmark = [pytest.mark.browser, pytest.mark.once, pytest.mark.django_db(transaction=True)]


def test_a_draft_is_offered_with_its_differences_and_never_applied_by_itself(live_server, browser_page, page):
    open_desk(browser_page, live_server, page)
    first = load(page.pk).layout
    keys = Keyboard(browser_page)
    keys.go("bridge-2")
    keys.press("u")
    browser_page.get_by_text("1 步没有保存，已存在本机").wait_for()
    browser_page.reload()
    browser_page.get_by_role("heading", name="有没保存的改动").wait_for()
    assert "第 1 条 → 未归位文字" in browser_page.locator(".dk-changes").inner_text()
    assert browser_page.locator('[data-tray="unplaced"] .dk-block').count() == 0
    browser_page.get_by_role("button", name="恢复这些改动").click()
    assert browser_page.locator('[data-tray="unplaced"] .dk-text').all_text_contents() == [LINES["bridge-2"]]
    keys.press("z")
    browser_page.get_by_text("都已保存").wait_for()
    assert load(page.pk).layout == first


def test_the_answer_is_lost_and_the_save_is_made_once(live_server, plain_tab, page):
    open_desk(plain_tab, live_server, page)
    keys = Keyboard(plain_tab)
    keys.go("bridge-2")
    keys.press("u")

    arrived: list[bool] = []

    def lose(route: Any) -> None:
        # It arrives; also when the server has just closed the connection that is kept open.
        arrived.append(route.fetch(max_retries=3).ok)
        route.abort()

    plain_tab.route("**/desk/save/", lose, times=1)
    keys.press("Control+s")
    plain_tab.get_by_text("连不上服务器").first.wait_for()
    assert arrived == [True]
    save(plain_tab)
    assert DeskSave.objects.count() == 1
    page.refresh_from_db()
    assert [entry["text"] for entry in page.unplaced] == [LINES["bridge-2"]]


def test_an_expired_session_loses_nothing(live_server, plain_tab, page):
    open_desk(plain_tab, live_server, page)
    keys = Keyboard(plain_tab)
    keys.go("bridge-2")
    keys.press("u")
    plain_tab.context.clear_cookies()
    keys.press("Control+s")
    plain_tab.get_by_text("登录已过期").first.wait_for()
    open_desk(plain_tab, live_server, page)
    plain_tab.get_by_role("button", name="恢复这些改动").click()
    save(plain_tab)
    page.refresh_from_db()
    assert [entry["text"] for entry in page.unplaced] == [LINES["bridge-2"]]


def test_the_history_is_shown_and_gone_back_to_by_keyboard(live_server, browser_page, page):
    open_desk(browser_page, live_server, page)
    keys = Keyboard(browser_page)
    for name in ("bridge-2", "park-2"):
        keys.go(name)
        keys.press("Enter")
        browser_page.keyboard.type("据悉，")
        keys.press("Escape")
        save(browser_page)
    keys.press("H")
    past = browser_page.locator(".dk-past > li")
    past.first.wait_for()
    assert past.first.locator("ins").all_text_contents() == ["据悉，"]
    assert "bianji" in past.first.inner_text()
    past.nth(1).locator("summary").click()
    past.nth(1).get_by_role("button", name="恢复到这次之后").click()
    browser_page.get_by_role("button", name="就这样").click()
    save(browser_page)
    texts = "\n".join(article.text for article in Article.objects.order_by("pk"))
    assert "据悉，" + LINES["bridge-2"] in texts and "据悉，" + LINES["park-2"] not in texts
    keys.press("z")
    save(browser_page)
    texts = "\n".join(article.text for article in Article.objects.order_by("pk"))
    assert "据悉，" + LINES["park-2"] in texts

"""The site and the admin in a real browser."""

from __future__ import annotations

import pytest

from tests import factories

pytestmark = [pytest.mark.browser, pytest.mark.once, pytest.mark.django_db(transaction=True)]


def test_a_reader_goes_from_the_front_page_to_an_article(live_server, browser_page):
    snapshot = factories.published(factories.article(headline="青溪大桥建成通车"))
    browser_page.goto(live_server.url + "/")
    browser_page.get_by_role("link", name="青溪大桥建成通车").first.click()
    assert browser_page.url == live_server.url + snapshot.get_absolute_url()
    assert browser_page.get_by_role("heading", level=1).inner_text() == "青溪大桥建成通车"


def test_an_editor_logs_in(live_server, browser_page):
    factories.user("zhubian", role="主编")
    browser_page.goto(live_server.url + "/admin/")
    browser_page.get_by_label("用户名").fill("zhubian")
    browser_page.get_by_label("密码").fill("secret")
    browser_page.keyboard.press("Enter")
    browser_page.get_by_role("heading", name="今日工作").wait_for()


def test_an_editor_goes_from_block_to_block_by_keyboard_and_saving_keeps_the_place(live_server, browser_page):
    factories.user("zhubian", role="主编")
    article = factories.article(text="第一段文字。")
    address = f"{live_server.url}/admin/articles/article/{article.pk}/change/"
    browser_page.goto(address)
    browser_page.get_by_label("用户名").fill("zhubian")
    browser_page.get_by_label("密码").fill("secret")
    browser_page.keyboard.press("Enter")
    browser_page.wait_for_url(address)
    browser_page.wait_for_load_state()
    browser_page.get_by_label("第1段的文字").focus()
    browser_page.keyboard.press("Alt+ArrowDown")
    browser_page.keyboard.type("第二段文字。")
    browser_page.keyboard.press("Alt+ArrowUp")
    browser_page.keyboard.press("Control+End")
    browser_page.keyboard.type("甲")
    browser_page.keyboard.press("Control+s")
    browser_page.locator(".bar .said", has_text="已保存为第 2 版。").wait_for()
    browser_page.keyboard.type("乙")
    assert browser_page.get_by_label("第1段的文字").input_value() == "第一段文字。甲乙"
    assert browser_page.get_by_label("第2段的文字").input_value() == "第二段文字。"

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

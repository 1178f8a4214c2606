"""Changing words on the desk: typed, found and replaced, taken from a suggestion."""

from __future__ import annotations

import pytest

from articles.actions import items
from articles.models import Article, Finding
from articles.people import engine_user
from ingest.desk.rows import load
from tests.browser.desk.driving import Keyboard, open_desk, save
from tests.browser.desk.scrambled import LINES, piece

pytestmark = [pytest.mark.browser, pytest.mark.once, pytest.mark.django_db(transaction=True)]


def test_editing_splitting_joining_and_undoing_also_after_the_save(live_server, browser_page, page):
    open_desk(browser_page, live_server, page)
    first = load(page.pk).layout
    keys = Keyboard(browser_page)
    keys.go("bridge-2")
    keys.press("Enter")
    browser_page.keyboard.type("据了解，")
    keys.press("Control+Enter")
    assert keys.here() == LINES["bridge-2"]
    save(browser_page)
    assert [p["text"] for p in Article.objects.order_by("pk")[0].body][-2:] == ["据了解，", LINES["bridge-2"]]
    keys.press("B")
    assert keys.here() == "据了解，" + LINES["bridge-2"]
    save(browser_page)
    browser_page.reload()
    browser_page.locator("#desk[data-is-ready]").wait_for()
    keys.press("z", "z", "z")  # the join, the split, the words: saved, reloaded, and undone all the same
    save(browser_page)
    assert load(page.pk).layout == first
    keys.press("y", "y", "y")
    save(browser_page)
    assert "据了解，" + LINES["bridge-2"] in Article.objects.order_by("pk")[0].text


def test_find_and_replace_shows_every_hit_first_and_is_undone_as_one_step(live_server, browser_page, page):
    open_desk(browser_page, live_server, page)
    keys = Keyboard(browser_page)
    keys.press("/")
    browser_page.keyboard.type("本报讯")
    keys.press("Tab")
    browser_page.keyboard.type("晋报讯")
    hits = browser_page.locator(".dk-hits li")
    assert hits.count() == 2
    hits.nth(1).get_by_role("checkbox").uncheck()
    browser_page.get_by_role("button", name="替换勾选的").click()
    assert browser_page.get_by_text("1 步没有保存").count() == 1
    save(browser_page)
    texts = "\n".join(article.text for article in Article.objects.order_by("pk"))
    assert (texts.count("晋报讯"), texts.count("本报讯")) == (1, 1)
    keys.press("z")
    save(browser_page)
    assert "晋报讯" not in "\n".join(article.text for article in Article.objects.all())


def test_punctuation_is_a_proposal_and_figures_are_left_alone(live_server, browser_page, page):
    one = Article.objects.get(headline=LINES["park-title"])
    body = [*one.body, {"id": "e1", "role": "paragraph", "text": "早上8:30,有1,000人(含儿童)到场..."}]
    items.edit_item(item=one, content={**one.content, "body": body}, base_version=1, actor=engine_user())
    open_desk(browser_page, live_server, page)
    browser_page.keyboard.press(".")
    browser_page.get_by_role("button", name="改勾选的").click()
    save(browser_page)
    one.refresh_from_db()
    assert one.body[-1]["text"] == "早上8:30，有1,000人（含儿童）到场……"


def test_a_suggestion_is_adopted_with_its_finding(live_server, browser_page, page):
    one = Article.objects.get(headline=LINES["park-title"])
    found = Finding.objects.create(
        page=page, article=one, key="k@1", kind="figure", message="数字可疑", quote="三百米", fix="三千米",
        piece=piece("bridge-2")["id"],
    )  # fmt: skip
    open_desk(browser_page, live_server, page)
    browser_page.keyboard.press("w")
    assert browser_page.locator(".dk-text mark").all_text_contents() == ["三百米"]
    browser_page.keyboard.press("Shift+O")
    save(browser_page)
    one.refresh_from_db()
    found.refresh_from_db()
    assert "大桥长三千米" in one.text
    assert found.state == "accepted"


def test_where_a_story_goes_on_is_edited_and_undone(live_server, browser_page, page):
    open_desk(browser_page, live_server, page)
    keys = Keyboard(browser_page)
    keys.go("bridge-2")
    keys.press("d")
    browser_page.keyboard.type("第一版")
    keys.press("Tab")
    browser_page.keyboard.type("第四版")
    keys.press("Enter")
    save(browser_page)
    one = Article.objects.get(headline=LINES["park-title"])
    assert (one.continued_from, one.continued_on) == ("第一版", "第四版")
    assert "上接第一版 · 下转第四版" in browser_page.locator(".dk-item header").first.inner_text()
    keys.press("z")
    save(browser_page)
    one.refresh_from_db()
    assert (one.continued_from, one.continued_on) == ("", "")

"""A scrambled page is repaired, by keyboard only and by drag; walking about; the menu."""

from __future__ import annotations

import pytest

from articles.models import Article
from ingest.desk.layout import ledger
from ingest.desk.rows import load
from ingest.models import Provenance
from tests.browser.desk.driving import Keyboard, drag, open_desk, save
from tests.browser.desk.scrambled import BRIDGE, LINES, is_repaired, piece

pytestmark = [pytest.mark.browser, pytest.mark.once, pytest.mark.django_db(transaction=True)]


def test_a_scrambled_page_is_repaired_by_keyboard_alone(live_server, browser_page, page):
    before = ledger(load(page.pk).layout)
    open_desk(browser_page, live_server, page)
    keys = Keyboard(browser_page)
    keys.go("lost-title")
    keys.press("x", "x", "N")  # both blocks of the notice become a notice of their own
    keys.go("lost-title")
    keys.press("1")
    keys.go("park-1")
    keys.press("x")
    keys.go("park-2")
    keys.press("V")  # the park's lead goes before its second paragraph
    keys.go("bridge-3")
    keys.press("x")
    keys.go("bridge-2")
    keys.press("v")
    keys.go("bridge-title")  # titles change places: each joins the other body
    keys.press("m", "1", "Enter")
    keys.go("park-title")
    keys.press("m", "2", "Enter")
    keys.go("bridge-title")
    keys.press("1")
    keys.go("park-title")
    keys.press("1")
    save(browser_page)
    keys.pressed += 1
    print(f"\nkey presses: {keys.pressed}")
    assert is_repaired(page)
    assert ledger(load(page.pk).layout) == before
    assert keys.pressed < 70


def test_a_scrambled_page_is_repaired_by_dragging(live_server, browser_page, page):
    open_desk(browser_page, live_server, page)
    drag(browser_page, "park-1", "bridge-title")
    drag(browser_page, "bridge-3", "bridge-2")
    article = browser_page.locator(".dk-item").nth(1)
    assert article.locator(".dk-text").all_text_contents()[:2] == [LINES["bridge-title"], LINES["park-1"]]
    first = browser_page.locator(".dk-item").nth(0).locator(".dk-text").all_text_contents()
    assert first == [LINES["park-title"], *(LINES[name] for name in BRIDGE)]
    keys = Keyboard(browser_page)
    keys.go("lost-title")
    keys.press("x", "x", "N")
    keys.go("lost-title")
    keys.press("1")
    drag(browser_page, "bridge-title", "park-title")
    drag(browser_page, "park-title", "park-2")
    for name in ("bridge-title", "park-title"):
        keys.go(name)
        keys.press("1")
    save(browser_page)
    assert is_repaired(page)


def test_blocks_and_source_lines_light_up_together(live_server, browser_page, page):
    open_desk(browser_page, live_server, page)
    keys = Keyboard(browser_page)
    keys.go("park-1")
    assert browser_page.locator(".dk-line.is-lit .line-text").all_text_contents() == [LINES["park-1"]]
    keys.press("l")
    keys.press("ArrowDown")
    assert browser_page.locator(".dk-block.is-lit .dk-text").all_text_contents() == [LINES["park-2"]]
    keys.press("Enter")
    assert keys.here() == LINES["park-2"]


def test_without_a_keyboard_every_operation_is_in_the_menu(live_server, browser_page, page):
    open_desk(browser_page, live_server, page)
    browser_page.locator(".dk-block", has=browser_page.get_by_text(LINES["bridge-2"], exact=True)).click()
    browser_page.get_by_role("button", name="操作").click()
    browser_page.get_by_role("button", name="放到未归位").click()
    assert browser_page.locator('[data-tray="unplaced"] .dk-text').all_text_contents() == [LINES["bridge-2"]]


def test_a_refusal_is_shown_and_changes_nothing(live_server, browser_page, page):
    open_desk(browser_page, live_server, page)
    keys = Keyboard(browser_page)
    keys.go("park-title")
    keys.press("i")
    assert "从第一段分开" in browser_page.locator("#dk-note").inner_text()
    assert browser_page.get_by_text("都已保存").count() == 1


def test_one_goes_from_doubt_to_doubt_until_the_item_is_read(live_server, browser_page, page):
    """Whatever the machine was unsure of: an item as a whole, or a block of it."""
    Article.objects.filter(headline=LINES["bridge-title"]).update(confidence=0.2)
    mine = Provenance.objects.get(article__headline=LINES["bridge-title"])
    mine.pieces[piece("park-3")["id"]]["confidence"] = 0.1
    mine.save()
    open_desk(browser_page, live_server, page)
    keys = Keyboard(browser_page)
    assert browser_page.get_by_text("把握低").count() == 1
    for name in ("bridge-title", "park-3", "bridge-title"):
        keys.press("w")
        assert keys.here() == LINES[name]
    keys.press("c")
    browser_page.locator(".dk-item").nth(1).get_by_text("已校").wait_for()
    keys.press("w")
    assert "没有疑点了" in browser_page.locator("#dk-note").inner_text()

"""Others on the page: merging, being named, claims, and the way to the next page."""

from __future__ import annotations

import pytest

from articles.actions import items
from articles.actions.stages import set_stages
from articles.models import Article
from articles.people import engine_user
from ingest.desk import presence
from ingest.desk.claims import claim
from ingest.models import DeskClaim
from tests import factories
from tests.browser.desk.driving import Keyboard, open_desk, save
from tests.browser.desk.scrambled import LINES

pytestmark = [pytest.mark.browser, pytest.mark.once, pytest.mark.django_db(transaction=True)]


def test_two_people_on_one_page(live_server, plain_tab, page):
    """The slower one sees base, theirs and mine, decides, and nobody's other work is touched."""
    open_desk(plain_tab, live_server, page)
    keys = Keyboard(plain_tab)
    for name, words in (("bridge-2", "我"), ("park-2", "也")):
        keys.go(name)
        keys.press("Enter")
        plain_tab.keyboard.type(words)
        keys.press("Escape")
    one = Article.objects.get(headline=LINES["park-title"])
    body = [
        {**p, "text": f"他{p['text']}"} if p["text"] in (LINES["bridge-2"], LINES["park-1"]) else p for p in one.body
    ]
    items.edit_item(item=one, content={**one.content, "body": body}, base_version=1, actor=engine_user())
    plain_tab.keyboard.press("Control+s")
    dialog = plain_tab.locator("#dk-dialog")
    dialog.get_by_role("heading", name="别人先保存了").wait_for()
    assert dialog.locator(".dk-three dd").all_text_contents()[:1] == [LINES["bridge-2"]]
    area = dialog.get_by_label("合并后的文字")
    assert area.input_value() == "我" + LINES["bridge-2"]
    area.fill("我和他" + LINES["bridge-2"])
    dialog.get_by_role("button", name="就这样合并").click()
    save(plain_tab)
    texts = "\n".join(article.text for article in Article.objects.all())
    assert "我和他" + LINES["bridge-2"] in texts
    assert "他" + LINES["park-1"] in texts
    assert "也" + LINES["park-2"] in texts


def test_a_colleague_on_the_page_is_named(live_server, browser_page, page):
    presence.note(page=page, user=factories.user("lili", role="编辑"), tab="bbbbbbbb", has_acted=True)
    open_desk(browser_page, live_server, page)
    browser_page.get_by_text("lili正在改").first.wait_for()
    assert "lili正在改" in browser_page.locator("#dk-live").inner_text()


def test_a_page_is_claimed_and_taken_over_only_after_the_question(live_server, browser_page, page):
    other = factories.user("lili", role="编辑")
    claim(page=page, user=other)
    open_desk(browser_page, live_server, page)
    button = browser_page.locator("#dk-claim")
    button.get_by_text("lili认领了，接手").wait_for()
    keys = Keyboard(browser_page)
    keys.press("C")
    browser_page.get_by_role("heading", name="接手这一版？").wait_for()
    keys.press("Escape")
    assert DeskClaim.objects.get().user == other
    keys.press("C")
    browser_page.get_by_role("button", name="接手", exact=True).click()
    button.get_by_text("已认领，放回").wait_for()
    assert DeskClaim.objects.get().taken_from == other
    keys.press("C")
    button.get_by_text("认领", exact=False).wait_for()
    browser_page.get_by_text("放回了这一版").wait_for(state="attached")
    assert not DeskClaim.objects.exists()
    keys.press("Shift+<")
    browser_page.wait_for_url("**/page/queue/")
    assert "待校（1）" in browser_page.locator("#q-wait").inner_text()


def test_an_item_is_corrected_and_the_next_page_opened(live_server, browser_page, page):
    other = factories.article(on=factories.page(number=2), headline="另一版")
    open_desk(browser_page, live_server, page)
    keys = Keyboard(browser_page)
    keys.go("bridge-2")
    keys.press("Alt+ArrowUp", "c")
    browser_page.locator(".dk-item").first.get_by_text("已校").wait_for()
    one = Article.objects.get(headline=LINES["park-title"])
    assert one.work_state == "corrected"
    assert [p["text"] for p in one.body][1] == LINES["bridge-2"]
    keys.press("u")
    keys.press("Shift+>")
    browser_page.wait_for_url(f"**/page/{other.page_id}/desk/")
    page.refresh_from_db()
    assert len(page.unplaced) == 1


def test_one_goes_to_sign_what_is_saved(live_server, browser_page, page):
    open_desk(browser_page, live_server, page)
    keys = Keyboard(browser_page)
    keys.press("Shift+S")
    browser_page.locator("#dk-note", has_text="这里不签审").wait_for()
    set_stages(newspaper=page.issue.newspaper, stages=[("一校", "proof")], actor=engine_user())
    browser_page.reload()
    browser_page.locator("#desk[data-is-ready]").wait_for()
    keys.go("bridge-2")
    keys.press("u", "Shift+S")
    browser_page.wait_for_url(f"**/page/{page.pk}/sign/")
    page.refresh_from_db()
    assert [entry["text"] for entry in page.unplaced] == [LINES["bridge-2"]]

"""What the engine proposes is looked at and taken as one step: streams, a second reading, another file."""

from __future__ import annotations

import pytest

from articles.actions import items
from articles.models import Article, Notice
from articles.people import engine_user
from ingest.desk.layout import ledger
from ingest.desk.rows import load
from ingest.models import NewReading, Provenance, Source
from tests import factories
from tests.browser.desk.driving import Keyboard, open_desk, save
from tests.browser.desk.scrambled import LINES, TEXT

pytestmark = [pytest.mark.browser, pytest.mark.once, pytest.mark.django_db(transaction=True)]


def test_two_streams_read_across_each_other_are_dealt_out(live_server, browser_page, page):
    open_desk(browser_page, live_server, page)
    keys = Keyboard(browser_page)
    keys.go("bridge-1")
    keys.press("x", "x", "x", "s")
    way = browser_page.get_by_label("怎样分")
    way.wait_for()
    wanted = [LINES[name] for name in ("bridge-1", "bridge-2", "park-1")]
    for index in range(way.locator("option").count()):
        way.select_option(index=index)
        shown = [text.rpartition("段落 ")[2] for text in browser_page.locator(".dk-ways p").all_text_contents()]
        if shown[-3:] == wanted:
            break
    browser_page.get_by_role("button", name="就这样").click()
    save(browser_page)
    one = Article.objects.get(headline=LINES["park-title"])
    assert [p["text"] for p in one.body] == wanted


def test_a_paragraph_of_two_columns_is_put_right_and_undone(live_server, browser_page, page):
    """Line by line two stories in one paragraph: three keys."""
    from tests.ingest.desk.test_rearrange import BRIDGE, MIXED, PARK

    one = Article.objects.get(headline=LINES["park-title"])
    text = "\n".join(MIXED)
    source = Source.objects.create(
        sha256="f" * 64, name="002.txt", raw=text.encode(), encoding="utf-8", text=text, page=page
    )
    mixed = factories.article(on=page, body=[{"id": "s900", "role": "paragraph", "text": "".join(MIXED)}])
    known = {"role": "paragraph", "spans": [[0, len(text)]], "reason": "试", "confidence": 0.5}
    Provenance.objects.create(source=source, item_key="s900", article=mixed, pieces={"s900": known})
    open_desk(browser_page, live_server, page)
    first = load(page.pk).layout
    browser_page.locator('.dk-block[data-id="s900"]').click()
    keys = Keyboard(browser_page)
    keys.press("s")
    browser_page.get_by_text("按接缝（读起来最顺）").wait_for(state="attached")
    browser_page.get_by_role("button", name="就这样").click()
    save(browser_page)
    mixed.refresh_from_db()
    assert [p["text"] for p in mixed.body] == [BRIDGE, PARK]
    assert one.body == Article.objects.get(pk=one.pk).body
    keys.press("z")
    save(browser_page)
    assert load(page.pk).layout == first


def test_the_engine_reads_the_picked_blocks_again(live_server, browser_page, page):
    """The notice inside the article comes out as a notice, in one step that is undone as one."""
    open_desk(browser_page, live_server, page)
    before = load(page.pk).layout
    keys = Keyboard(browser_page)
    keys.go("lost-title")
    keys.press("x", "x", "r")
    browser_page.locator(".dk-ways").wait_for()
    assert "遗失声明" in browser_page.locator(".dk-ways").inner_text()
    browser_page.get_by_role("button", name="就这样").click()
    save(browser_page)
    made = Notice.objects.get(page=page)
    assert (made.heading, made.kind, made.body[0]["text"]) == ("遗失声明", "遗失声明", LINES["lost-1"])
    assert ledger(load(page.pk).layout) == ledger(before)
    keys.press("z")
    save(browser_page)
    assert load(page.pk).layout.items == before.items


def test_another_file_is_decided_difference_by_difference(live_server, browser_page, page):
    """By keyboard: what was corrected stays, what is new is taken over, undone and taken again."""
    one = Article.objects.get(headline=LINES["park-title"])
    new = TEXT.replace("三百米", "五百米").replace("上千名", "近千名").replace("五路公交车", "七路公交车")
    blocks = [{"role": "paragraph", "text": line} for line in [*new.splitlines(), "另有一段在此。"]]
    NewReading.objects.create(page=page, sha256="e" * 64, name="again.txt", text=new, blocks=blocks)
    body = [{**p, "text": p["text"].replace("上千名", "数千名")} for p in one.body]
    items.edit_item(item=one, content={**one.content, "body": body}, base_version=1, actor=engine_user())
    two = Article.objects.get(headline=LINES["bridge-title"])
    body = [{**p, "text": p["text"].replace("上千名", "数千名")} for p in two.body]
    items.edit_item(item=two, content={**two.content, "body": body}, base_version=1, actor=engine_user())
    open_desk(browser_page, live_server, page)
    assert "新读法 4 处" in browser_page.locator("#dk-readings").inner_text()
    keys = Keyboard(browser_page)
    keys.press("q")
    dialog = browser_page.locator("#dk-dialog")
    assert dialog.locator("del").all_text_contents() == ["三", "数", "五"]
    assert dialog.locator(".change-label", has_text="编辑改过这里").count() == 1
    keys.press("Enter")  # the first button: all that is not disputed
    assert dialog.locator(".dk-changes > li").count() == 1
    keys.press("Escape")
    save(browser_page)
    texts = "\n".join(article.text for article in Article.objects.order_by("pk"))
    assert "五百米" in texts and "七路公交车" in texts and "数千名" in texts
    page.refresh_from_db()
    assert [entry["text"] for entry in page.unplaced] == ["另有一段在此。"]
    keys.press("z")
    save(browser_page)
    assert "新读法 4 处" in browser_page.locator("#dk-readings").inner_text()
    keys.press("y", "q")
    dialog.get_by_role("button", name="全部不采纳").click()
    dialog.get_by_text("都定好了").wait_for()
    keys.press("Escape")
    save(browser_page)
    assert NewReading.objects.get().state == "dismissed"

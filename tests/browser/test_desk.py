"""The correction desk in a real browser: a scrambled page repaired by keyboard and by drag, drafts, a colleague."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from articles.actions import items
from articles.models import Article, Finding, Notice, Page
from articles.people import engine_user
from ingest.desk import presence
from ingest.desk.claims import claim
from ingest.desk.layout import ledger
from ingest.desk.rows import load
from ingest.models import DeskClaim, DeskSave, NewReading, Provenance, Source
from tests import factories

pytestmark = [pytest.mark.browser, pytest.mark.once, pytest.mark.django_db(transaction=True)]

LINES = {
    "bridge-title": "青溪大桥建成通车",
    "bridge-1": "本报讯 昨日，青溪大桥建成通车，两岸居民往来只要五分钟。",
    "bridge-2": "大桥长三百米，历时三年建成。",
    "bridge-3": "通车当天，上千名居民步行过桥。",
    "park-title": "南山公园免费开放",
    "park-1": "本报讯 南山公园今起免费开放，园内新种樱花五百株。",
    "park-2": "公园每天早上六点开门，晚上十点关门。",
    "park-3": "游客可乘坐五路公交车前往。",
    "lost-title": "遗失声明",
    "lost-1": "王小明不慎遗失身份证一张，声明作废。",
}
TEXT = "\n".join(LINES.values())
BRIDGE = ["bridge-1", "bridge-2", "bridge-3"]
PARK = ["park-1", "park-2", "park-3"]


def piece(name: str) -> dict[str, str]:
    return {"id": f"s{TEXT.index(LINES[name])}", "role": "paragraph", "text": LINES[name]}


def scrambled_page() -> Page:
    """Headlines on the wrong bodies, two columns interleaved, one notice inside an article."""
    page = factories.page()
    source = Source.objects.create(
        sha256=f"{page.pk:064}", name="001.txt", raw=TEXT.encode(), encoding="utf-8", text=TEXT, page=page
    )
    bodies = {
        "park-title": ["bridge-1", "park-1", "bridge-2"],
        "bridge-title": ["park-2", "bridge-3", "lost-title", "lost-1", "park-3"],
    }
    for title, names in bodies.items():
        article = factories.article(on=page, headline=LINES[title], body=[piece(name) for name in names])
        origins = {"headline": title, **dict(zip(names, names, strict=True))}
        pieces: dict[str, Any] = {}
        for role, name in origins.items():
            start = TEXT.index(LINES[name])
            pieces[f"s{start}"] = {
                "role": "headline" if role == "headline" else "paragraph",
                "spans": [[start, start + len(LINES[name])]],
                "reason": "试",
                "confidence": 0.9,
            }
        Provenance.objects.create(source=source, item_key=f"s{article.pk}", article=article, pieces=pieces)
    return page


def is_repaired(page: Page) -> bool:
    articles = {a.headline: [p["text"] for p in a.body] for a in Article.objects.filter(page=page)}
    notices = [(n.heading, [p["text"] for p in n.body]) for n in Notice.objects.filter(page=page)]
    return articles == {
        LINES["bridge-title"]: [LINES[name] for name in BRIDGE],
        LINES["park-title"]: [LINES[name] for name in PARK],
    } and notices == [(LINES["lost-title"], [LINES["lost-1"]])]


class Keyboard:
    """Presses keys and counts them."""

    def __init__(self, tab: Any) -> None:
        self.tab = tab
        self.pressed = 0

    def press(self, *keys: str) -> None:
        for key in keys:
            self.tab.keyboard.press(key)
            self.pressed += 1

    def here(self) -> str:
        return str(
            self.tab.evaluate(
                "document.activeElement.closest('.dk-block')?.querySelector('.dk-text')?.textContent ?? ''"
            )
        )

    def go(self, name: str) -> None:
        """Walk to a block, down and around the shorter way, as an editor who sees the screen would."""
        order = self.tab.locator("#dk-items .dk-block .dk-text, #dk-trays details[open] .dk-text").all_text_contents()
        here = order.index(self.here()) if self.here() in order else -1
        way = order.index(LINES[name]) - here
        self.press(*(["ArrowDown"] * way if way > 0 else ["ArrowUp"] * -way))
        assert self.here() == LINES[name]


def open_desk(tab: Any, live_server: Any, page: Page, user: str = "bianji") -> None:
    tab.goto(f"{live_server.url}/admin/login/?next=/admin/articles/page/{page.pk}/change/")
    if tab.locator("#id_username").count():
        tab.get_by_label("用户名").fill(user)
        tab.get_by_label("密码").fill("secret")
        tab.keyboard.press("Enter")
    tab.get_by_role("link", name="整版校对台").click()
    tab.locator("#desk").wait_for()


def save(tab: Any) -> None:
    tab.keyboard.press("Control+s")
    tab.get_by_text("都已保存").wait_for()


@pytest.fixture
def page(db: None) -> Page:
    factories.user("bianji", role="编辑")
    return scrambled_page()


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


def drag(tab: Any, name: str, onto: str) -> None:
    """Take a block by its grip and drop it on the lower half of another."""

    def box(text: str, part: str) -> Any:
        block = tab.locator(".dk-block", has=tab.get_by_text(LINES[text], exact=True))
        return block.locator(part).bounding_box()

    start, end = box(name, ".dk-grip"), box(onto, ".dk-text")
    tab.mouse.move(start["x"] + 4, start["y"] + 10)
    tab.mouse.down()
    for share in (0.1, 0.4, 0.7, 0.9, 1.0):
        tab.mouse.move(
            start["x"] + 4 + (end["x"] + 20 - start["x"]) * share,
            start["y"] + 10 + (end["y"] + end["height"] - 4 - start["y"] - 10) * share,
            steps=3,
        )
    tab.wait_for_timeout(200)
    tab.mouse.up()
    tab.wait_for_timeout(250)


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


@pytest.fixture
def plain_tab(chromium: Any) -> Iterator[Any]:
    """A tab in which an answer of 409 is no fault: browsers log it as an error."""
    context = chromium.new_context(locale="zh-CN", viewport={"width": 1280, "height": 900})
    tab = context.new_page()
    tab.set_default_timeout(15_000)
    yield tab
    context.close()


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


def test_the_answer_is_lost_and_the_save_is_made_once(live_server, plain_tab, page):
    open_desk(plain_tab, live_server, page)
    keys = Keyboard(plain_tab)
    keys.go("bridge-2")
    keys.press("u")

    def lose(route: Any) -> None:
        route.fetch()  # it arrives
        route.abort()

    plain_tab.route("**/desk/save/", lose, times=1)
    keys.press("Control+s")
    plain_tab.get_by_text("连不上服务器").first.wait_for()
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


def test_a_colleague_on_the_page_is_named(live_server, browser_page, page):
    presence.note(page=page, user=factories.user("lili", role="编辑"), tab="bbbbbbbb", has_acted=True)
    open_desk(browser_page, live_server, page)
    browser_page.get_by_text("lili正在改").first.wait_for()
    assert "lili正在改" in browser_page.locator("#dk-live").inner_text()


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

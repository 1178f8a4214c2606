"""What an editor sees of the desk: no violation that axe-core finds, and what matters stands within sight."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from articles.actions import items
from articles.models import Article, Finding
from articles.people import engine_user
from ingest.models import DeskSave, NewReading, ProtectedName
from tests import factories
from tests.browser.desk.driving import Keyboard, open_desk, save
from tests.browser.desk.scrambled import LINES, TEXT, piece

if TYPE_CHECKING:
    from playwright.sync_api import Page as Tab

pytestmark = [pytest.mark.browser, pytest.mark.once, pytest.mark.django_db(transaction=True)]

_RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


def violations(tab: Tab) -> list[str]:
    """As it stands now, light and dark."""
    from axe_playwright_python.sync_playwright import Axe

    found = []
    for scheme in ("light", "dark"):
        # Without motion colours are those of the scheme at once, not those on the way from the other.
        tab.emulate_media(color_scheme="dark" if scheme == "dark" else "light", reduced_motion="reduce")
        answer = Axe().run(tab, options={"runOnly": _RULES, "resultTypes": ["violations"]}).response
        for violation in answer["violations"]:
            node = violation["nodes"][0]
            found.append(f"{scheme}: {violation['id']}: {node['html'][:160]} {node['failureSummary'][:300]}")
    tab.emulate_media(color_scheme="light")
    return found


@pytest.fixture
def doubtful(page: Any) -> Any:
    """The page with a finding, an uncertain item, another file, something unplaced and a history."""
    one = Article.objects.get(headline=LINES["park-title"])
    Article.objects.filter(pk=one.pk).update(confidence=0.2)
    Finding.objects.create(
        page=page, article=one, key="k@1", kind="figure", message="数字可疑", quote="三百米", fix="三千米",
        piece=piece("bridge-2")["id"],
    )  # fmt: skip
    ProtectedName.objects.create(name="青溪大桥")
    blocks = [{"role": "paragraph", "text": line} for line in TEXT.replace("上千名", "近千名").splitlines()]
    NewReading.objects.create(page=page, sha256="e" * 64, name="again.txt", text="", blocks=blocks)
    page.unplaced = [{"id": "e900", "text": "一段没有归位的文字。"}]
    page.save()
    return page


def test_the_desk_and_its_dialogs_violate_no_guideline(live_server: Any, plain_tab: Tab, doubtful: Any) -> None:
    tab = plain_tab
    open_desk(tab, live_server, doubtful)
    keys = Keyboard(tab)
    found: list[str] = []

    def look(name: str) -> None:
        found.extend(f"{name}, {each}" for each in violations(tab))

    tab.eval_on_selector_all("details", "all => all.forEach(one => { one.open = true; })")
    keys.press("w")
    look("desk")
    keys.press("x", "Enter")
    look("editing")
    keys.press("Escape", "Escape", "i")
    look("refused")
    for key in ("?", "m", "d", ".", "q", "/"):
        keys.press(key)
        tab.locator("#dk-dialog[open]").wait_for()
        if key == "/":
            tab.keyboard.type("大桥")
        look(f"dialog of {key}")
        keys.press("Escape")
    keys.go("bridge-1")
    keys.press("x", "x", "x", "s")
    tab.locator(".dk-ways").wait_for()
    look("streams")
    keys.press("Escape", "Escape")
    keys.go("bridge-2")
    keys.press("Enter")
    tab.keyboard.type("据悉，")
    save(tab)
    keys.press("H")
    tab.locator(".dk-past").wait_for()
    look("history")
    keys.press("Escape")
    keys.go("park-2")
    keys.press("Enter")
    tab.keyboard.type("也")
    keys.press("Escape")
    other = Article.objects.get(headline=LINES["bridge-title"])
    body = [{**p, "text": f"他{p['text']}"} if p["text"] == LINES["park-2"] else p for p in other.body]
    items.edit_item(item=other, content={**other.content, "body": body}, base_version=1, actor=engine_user())
    tab.reload()
    tab.locator("#dk-dialog[open]").wait_for()
    look("draft")
    tab.get_by_role("button", name="恢复这些改动").click()
    tab.get_by_role("heading", name="别人先保存了").wait_for()
    look("conflict")
    tab.get_by_role("button", name="就这样合并").click()
    for name, path in (
        ("queue", "queue/"),
        ("replace", "replace/?q=%E5%A4%A7%E6%A1%A5&words=%E5%A4%A7%E6%A1%A5&by=%E9%95%BF%E6%A1%A5"),
    ):
        tab.goto(f"{live_server.url}/admin/articles/page/{path}")
        look(name)
    tab.get_by_role("button", name="替换勾选的").click()
    tab.get_by_role("button", name="整个撤销").wait_for()
    look("replaced")
    assert DeskSave.objects.count() == 2
    assert not found, "\n".join(found)


@pytest.mark.parametrize("size", [(1280, 900), (820, 1100), (640, 450)], ids=["desk", "tablet", "zoomed to 200 %"])
def test_what_is_said_and_meant_is_within_sight_wherever_one_has_scrolled(
    live_server: Any, plain_tab: Tab, page: Any, size: tuple[int, int]
) -> None:
    """The lines of a block in the source beside it, a refusal, and nothing wider than the window."""
    for _number in range(6):
        factories.article(
            on=page, headline="中间的一篇", body=[{**piece("park-1"), "id": "e1", "text": "长文。" * 200}]
        )
    tab = plain_tab
    tab.set_viewport_size({"width": size[0], "height": size[1]})
    open_desk(tab, live_server, page)
    keys = Keyboard(tab)
    keys.go("park-3")
    lit = tab.locator(".dk-line.is-lit")
    panel = tab.locator("#dk-source").bounding_box()
    line = lit.first.bounding_box()
    assert panel and line
    assert panel["y"] <= line["y"] <= panel["y"] + panel["height"] - line["height"]
    keys.press("J", "J", "i")
    note = tab.locator("#dk-note")
    assert "从第一段分开" in note.inner_text()
    box = note.bounding_box()
    assert box and box["y"] >= 0 and box["y"] + box["height"] <= size[1]
    assert tab.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") <= 0

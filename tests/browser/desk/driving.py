"""The desk driven as an editor drives it: keys, which are counted, and drags."""

from __future__ import annotations

from typing import Any

from articles.models import Page
from tests.browser.desk.scrambled import LINES


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

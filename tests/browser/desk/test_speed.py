"""How long the browser works on one key press on a page of 300 blocks. `pytest -s` prints the figures."""

from __future__ import annotations

import statistics
from typing import Any

import pytest

from ingest.models import Provenance, Source
from tests import factories
from tests.browser.desk.driving import open_desk

pytestmark = [pytest.mark.browser, pytest.mark.once, pytest.mark.django_db(transaction=True)]

ITEMS, BLOCKS, ROUNDS = 30, 10, 8
MOST = 50
"""Milliseconds an operation may take; a machine busy with other things is allowed five times that."""

# Each leaves the page as the next finds it: what one does another undoes.
KEYS = {
    "next block": "ArrowDown", "next item": "J", "pick": "x", "unpick": "Escape", "move down": "Alt+ArrowDown",
    "undo the move": "z", "move it again": "y", "undo that": "z", "to a tray": "u", "back from the tray": "z",
    "another role": "6", "undo the role": "z", "join": "b", "undo the join": "z", "item up": "[", "item down": "]",
    "new item": "n", "undo the new item": "z", "merge items": "g", "undo the merge": "z",
}  # fmt: skip

PRESS = """([key, isAlt]) => {
  const event = new KeyboardEvent("keydown", { key, altKey: isAlt, bubbles: true, cancelable: true });
  const start = performance.now();
  document.activeElement.dispatchEvent(event);
  document.body.getBoundingClientRect();
  return performance.now() - start;
}"""
TYPE = """() => {
  const start = performance.now();
  document.execCommand("insertText", false, "字");
  document.body.getBoundingClientRect();
  return performance.now() - start;
}"""


def large_page() -> Any:
    page = factories.page()
    lines = [f"第{n}段：青溪大桥建成通车，两岸居民往来只要五分钟，大桥历时三年建成。" for n in range(ITEMS * BLOCKS)]
    text = "\n".join(lines)
    source = Source.objects.create(
        sha256="a" * 64, name="a.txt", raw=text.encode(), encoding="utf-8", text=text, page=page
    )
    for item in range(ITEMS):
        body, pieces = [], {}
        for line in lines[item * BLOCKS : (item + 1) * BLOCKS - 1]:
            start = text.index(line)
            body.append({"id": f"s{start}", "role": "paragraph", "text": line})
            pieces[f"s{start}"] = {"role": "paragraph", "spans": [[start, start + len(line)]], "confidence": 0.5}
        article = factories.article(on=page, headline=f"第{item}条", body=body)
        Provenance.objects.create(source=source, item_key=body[0]["id"], article=article, pieces=pieces)
    return page


def test_a_page_of_300_blocks_stays_fluid(live_server: Any, browser_page: Any) -> None:
    factories.user("bianji", role="编辑")
    open_desk(browser_page, live_server, large_page())
    browser_page.locator("#desk[data-is-ready]").wait_for()
    assert browser_page.locator(".dk-block").count() == ITEMS * BLOCKS
    spent: dict[str, list[float]] = {name: [] for name in (*KEYS, "a character typed")}
    browser_page.keyboard.press("ArrowDown")
    for _round in range(ROUNDS):
        for name, keys in KEYS.items():
            spent[name].append(browser_page.evaluate(PRESS, [keys.removeprefix("Alt+"), keys.startswith("Alt+")]))
        browser_page.keyboard.press("J")
        browser_page.keyboard.press("ArrowDown")
        browser_page.keyboard.press("Enter")
        spent["a character typed"] += [browser_page.evaluate(TYPE) for _character in range(5)]
        browser_page.keyboard.press("Escape")
    # What is not undone: two moves of an item and the typing. So nothing was refused, and fast for that.
    assert f"{3 * ROUNDS} 步没有保存" in browser_page.locator("#dk-status").inner_text()
    print()
    for name, times in spent.items():
        print(f"{name}: {statistics.median(times):.1f} ms (slowest {max(times):.1f})")
    slow = {name: times for name, times in spent.items() if statistics.median(times) > 5 * MOST}
    assert slow == {}

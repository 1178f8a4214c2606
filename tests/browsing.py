"""A headless Chromium for tests: the machine's own, driven by Playwright. No browser is ever downloaded.

`tests.conftest` takes the fixtures over for all tests: Playwright can be started once in a process only.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page, Request

_FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-quic",
    "--no-first-run",
]


def find_chromium() -> str | None:
    for name in (os.environ.get("CHROMIUM"), "chromium", "chromium-browser", "google-chrome"):
        if name and (path := shutil.which(name)):
            return path
    return None


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    path = find_chromium()
    if path is None:
        message = "没有 Chromium：浏览器测试没有运行。安装：sudo apt-get install chromium fonts-noto-cjk"
        if os.environ.get("CI"):
            pytest.fail(message)
        pytest.skip(message)
    from playwright.sync_api import sync_playwright

    # Playwright's synchronous interface keeps an event loop in this thread; Django's ORM is used beside it, not in it.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=_FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def browser_page(chromium: Browser) -> Iterator[Page]:
    """A fresh tab that fails the test on any script error, blocked resource or failed request."""
    context = chromium.new_context(locale="zh-CN", viewport={"width": 1280, "height": 900})
    page = context.new_page()
    page.set_default_timeout(15_000)
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(f"脚本错误：{error}"))
    page.on("console", lambda message: faults.append(message.text) if message.type == "error" else None)

    def note_failure(request: Request) -> None:
        # Going to another page cuts off what the former one was still fetching: no fault of either.
        if request.failure != "net::ERR_ABORTED":
            faults.append(f"请求失败：{request.url}（{request.failure}）")

    page.on("requestfailed", note_failure)
    yield page
    context.close()
    assert faults == [], faults

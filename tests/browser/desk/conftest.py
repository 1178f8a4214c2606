"""A scrambled page, and a tab in which a refusal of the server is no fault."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from articles.models import Page
from tests import factories
from tests.browser.desk.scrambled import scrambled_page


@pytest.fixture
def page(db: None) -> Page:
    factories.user("bianji", role="编辑")
    return scrambled_page()


@pytest.fixture
def plain_tab(chromium: Any) -> Iterator[Any]:
    """A tab in which an answer of 409 is no fault: browsers log it as an error."""
    context = chromium.new_context(locale="zh-CN", viewport={"width": 1280, "height": 900})
    tab = context.new_page()
    tab.set_default_timeout(15_000)
    yield tab
    context.close()

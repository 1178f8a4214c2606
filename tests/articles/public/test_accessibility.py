"""Every kind of public page, light and dark, on a phone and on a desk: no violation that axe-core can find."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.articles.public.everything import addresses

if TYPE_CHECKING:
    from playwright.sync_api import Browser

pytestmark = [pytest.mark.browser, pytest.mark.once, pytest.mark.django_db(transaction=True)]

_RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
_OPTIONS = {"runOnly": _RULES, "resultTypes": ["violations"]}


def test_no_page_violates_the_guidelines(live_server: Any, edition: Any, chromium: Browser) -> None:
    from axe_playwright_python.sync_playwright import Axe

    axe = Axe()
    context = chromium.new_context(locale="zh-CN")
    page = context.new_page()
    found = []
    for kind, path in addresses(edition).items():
        page.goto(live_server.url + path)
        page.eval_on_selector_all("details", "all => all.forEach(one => { one.open = true; })")
        for width in (390, 1280):
            page.set_viewport_size({"width": width, "height": 900})
            for scheme in ("light", "dark"):
                page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
                for violation in axe.run(page, options=_OPTIONS).response["violations"]:
                    node = violation["nodes"][0]
                    says = f"{node['html'][:160]} {node['failureSummary'][:300]}"
                    found.append((kind, width, scheme, violation["id"], says))
    context.close()
    assert found == []

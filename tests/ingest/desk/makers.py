"""Rows for the tests of the desk: an imported page, and steps as the browser sends them."""

from __future__ import annotations

import itertools
from typing import Any

from articles.models import Article, Finding, Notice, Page
from articles.people import engine_user
from ingest.desk.codec import encode
from ingest.desk.operations import Operation
from ingest.desk.rows import Loaded, load
from ingest.desk.saving import Saved, save
from ingest.models import Provenance, Source
from tests import factories

_keys = itertools.count(1)

LINES = (
    "青溪大桥通车",  # 0
    "历时三年",  # 7
    "本报讯昨日，大桥通车。",  # 12
    "桥长三百米。",  # 24
    "遗失声明",  # 31
    "王小明遗失证件一本。",  # 36
    "散落的文字",  # 47
    "热线电话",  # 53
)
TEXT = "\n".join(LINES)


def origin(role: str, start: int, **more: Any) -> dict[str, Any]:
    length = len(TEXT[start:].partition("\n")[0])
    return {"role": role, "spans": [[start, start + length]], "reason": "试", "confidence": 0.9, **more}


def piece(start: int) -> dict[str, str]:
    return {"id": f"s{start}", "role": "paragraph", "text": TEXT[start:].partition("\n")[0]}


def entry(start: int) -> dict[str, Any]:
    known = origin("", start)
    return {"id": f"s{start}", "text": piece(start)["text"], "spans": known["spans"], "reason": "试"}


def page_with_source() -> Page:
    """An article and a notice, with text in two trays, as the import leaves a page."""
    page = factories.page()
    source = Source.objects.create(
        sha256=f"{page.pk:064}", name="001.txt", raw=TEXT.encode(), encoding="utf-8", text=TEXT, page=page
    )
    article = factories.article(on=page, headline=LINES[0], deck=[LINES[1]], body=[piece(12), piece(24)])
    notice = factories.notice(on=page, body=[piece(36)])
    Provenance.objects.create(
        source=source,
        item_key="s0",
        article=article,
        pieces={
            "s0": origin("headline", 0),
            "s7": origin("deck", 7, line=0),
            "s12": origin("paragraph", 12),
            "s24": origin("paragraph", 24),
        },
    )
    Provenance.objects.create(
        source=source,
        item_key="s31",
        notice=notice,
        pieces={"s31": origin("heading", 31), "s36": origin("paragraph", 36)},
    )
    page.unplaced, page.furniture = [entry(47)], [entry(53)]
    page.save()
    return page


def rows(page: Page) -> tuple[Article, Notice]:
    return Article.objects.get(page=page), Notice.objects.get(page=page)


def finding(page: Page, key: str, **more: Any) -> Finding:
    return Finding.objects.create(page=page, key=key, kind="quote", message="引号不成对", **more)


def step(*operations: Operation, label: str = "试") -> dict[str, Any]:
    return {"label": label, "ops": [encode(operation) for operation in operations]}


def keep(page: Page, *operations: Operation, base: Loaded | None = None, key: str = "", **more: Any) -> Saved:
    """Save operations, as made on the page as it is now unless `base` says otherwise."""
    return save(
        page_id=page.pk,
        base=(base or load(page.pk)).stamp,
        steps=[step(*operations)],
        key=key or f"key-{next(_keys):08}",
        actor=more.get("actor") or factories.user(role="编辑"),
    )


__all__ = ["engine_user", "finding", "keep", "page_with_source", "rows", "step"]

"""Going back to a former version, as a new version."""

from __future__ import annotations

from typing import TypeVar

from django.contrib.auth.models import User
from django.db import transaction

from articles import history, versions
from articles.actions.items import edit_item, locked
from articles.content import Content
from articles.errors import ActionRefused
from articles.models import Act, Article, Notice, Page

T = TypeVar("T", Article, Notice)


def piece_ids(content: Content) -> set[str]:
    return {piece["id"] for name in ("body", "captions") if name in content for piece in content[name]}


@transaction.atomic
def restore_version(*, item: T, version: int, base_version: int, actor: User, reason: str = "") -> T:
    """Save the content of a former version as a new one; nothing in between is lost from the history.

    Text that comes back leaves the page's unplaced text, where it went when it was taken out.
    """
    current = locked(item, base_version=base_version)
    try:
        content = versions.content_at(current, version)
    except LookupError as missing:
        raise ActionRefused(str(missing)) from missing
    back = piece_ids(content) - piece_ids(current.content)
    texts = {p["id"]: p["text"] for name in ("body", "captions") if name in content for p in content[name]}
    saved = edit_item(
        item=current, content=content, base_version=base_version, actor=actor, reason=reason or f"恢复第 {version} 版"
    )
    page = Page.objects.select_for_update().get(pk=saved.page_id)
    kept = [p for p in page.unplaced if not (p["id"] in back and texts[p["id"]] == p["text"])]
    if kept != page.unplaced:
        before = {"unplaced": page.unplaced}
        page.unplaced = kept
        page.version += 1
        page.save(update_fields=["unplaced", "version"])
        history.record(page, Act.MOVED, actor=actor, before=before, new_version=True, reason="随恢复的版本放回")
    return saved

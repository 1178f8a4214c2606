"""Going back to a former version, as a new version."""

from __future__ import annotations

from typing import TypeVar

from django.contrib.auth.models import User
from django.db import transaction

from articles import versions
from articles.actions.items import edit_item
from articles.actions.locks import locked
from articles.errors import ActionRefused
from articles.models import Article, Notice

T = TypeVar("T", Article, Notice)


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
    return edit_item(
        item=current, content=content, base_version=base_version, actor=actor, reason=reason or f"恢复第 {version} 版"
    )

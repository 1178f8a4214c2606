"""Former versions of an item, rebuilt by walking its history back from the present."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from articles import history
from articles.content import Content, content_hash
from articles.models import AnyItem, HistoryEntry


@dataclass(frozen=True)
class Version:
    """The content after `entry`. `is_intact` is false when the history does not lead back to the recorded hash."""

    entry: HistoryEntry
    content: Content
    is_intact: bool


def versions(item: AnyItem) -> Iterator[Version]:
    """Every version of the item, newest first."""
    content = item.content
    for entry in history.of(item).filter(version__isnull=False):
        yield Version(entry, dict(content), content_hash(content) == entry.content_hash)
        content = {**content, **{name: value for name, value in entry.before.items() if name in content}}


def content_at(item: AnyItem, version: int) -> Content:
    """The content of one version; `LookupError` if there is none."""
    for each in versions(item):
        if each.entry.version == version:
            return each.content
    raise LookupError(f"没有第 {version} 版")

"""Writing history. Every action ends here; nothing else creates entries."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.models import User
from django.db.models import Model, QuerySet

from articles.models import Act, Article, HistoryEntry, Issue, Notice, Page, Target, Topic

_TARGETS: dict[type, Target] = {
    Article: Target.ARTICLE,
    Notice: Target.NOTICE,
    Page: Target.PAGE,
    Issue: Target.ISSUE,
    Topic: Target.TOPIC,
}


def entry(
    obj: Model,
    act: Act,
    *,
    actor: User,
    reason: str = "",
    before: dict[str, Any] | None = None,
    new_version: bool = False,
    details: dict[str, Any] | None = None,
) -> HistoryEntry:
    """An unsaved entry, for bulk writers. `before` holds the former values of exactly the fields that changed."""
    return HistoryEntry(
        target=_TARGETS[type(obj)],
        target_id=obj.pk,
        act=act,
        version=getattr(obj, "version", None) if new_version else None,
        actor=actor,
        reason=reason,
        before=before or {},
        content_hash=getattr(obj, "content_hash", ""),
        details=details or {},
    )


def record(obj: Model, act: Act, **more: Any) -> HistoryEntry:
    """Write one entry; the arguments are those of `entry`."""
    made = entry(obj, act, **more)
    made.save(force_insert=True)
    return made


def of(obj: Model) -> QuerySet[HistoryEntry]:
    """The history of one thing, newest first, with its people."""
    return HistoryEntry.objects.filter(target=_TARGETS[type(obj)], target_id=obj.pk).select_related("actor")

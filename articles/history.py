"""Writing history. Every action ends here; nothing else creates entries."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.models import User
from django.db.models import Model, QuerySet

from articles.content import is_storable
from articles.errors import ActionRefused
from articles.models import Act, Article, HistoryEntry, Issue, Notice, Office, Page, Target, Topic

_TARGETS: dict[type, Target] = {
    Article: Target.ARTICLE,
    Notice: Target.NOTICE,
    Page: Target.PAGE,
    Issue: Target.ISSUE,
    Topic: Target.TOPIC,
    Office: Target.OFFICE,
}

REASON_LIMIT = 500


def check_reason(reason: str, *, limit: int) -> None:
    """Refuse a reason that is too long or not storable: cutting it would change what a person said."""
    if len(reason) > limit:
        raise ActionRefused(f"理由不能超过 {limit} 字，现有 {len(reason)} 字。")
    if not is_storable(reason):
        raise ActionRefused("理由里有不能保存的控制字符，请删去。")


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
    """An unsaved entry, for bulk writers. `before` holds the former values of exactly the fields that changed.

    Refuses a reason that the database cannot hold.
    """
    check_reason(reason, limit=REASON_LIMIT)
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

"""Writing history. Every action ends here; nothing else creates entries."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.models import Group, User
from django.db.models import Model, QuerySet

from articles.content import is_storable
from articles.errors import ActionRefused
from articles.models import (
    Act,
    Article,
    Contributor,
    HistoryEntry,
    Issue,
    Newspaper,
    Notice,
    Office,
    Page,
    Target,
    Topic,
)

_TARGETS: dict[type, Target] = {
    Article: Target.ARTICLE,
    Notice: Target.NOTICE,
    Page: Target.PAGE,
    Issue: Target.ISSUE,
    Topic: Target.TOPIC,
    Office: Target.OFFICE,
    Newspaper: Target.NEWSPAPER,
    Contributor: Target.CONTRIBUTOR,
    User: Target.ACCOUNT,
    Group: Target.GROUP,
}

REASON_LIMIT = 500


def check_reason(reason: str, *, limit: int) -> None:
    """Refuse a reason that is too long or not storable: cutting it would change what a person said."""
    check_text(reason, what="理由", limit=limit)


def check_text(text: str, *, what: str, limit: int) -> None:
    """Refuse what a person wrote if it is too long or not storable."""
    if len(text) > limit:
        raise ActionRefused(f"{what}不能超过 {limit} 字，现有 {len(text)} 字。")
    if not is_storable(text):
        raise ActionRefused(f"{what}里有不能保存的控制字符，请删去。")


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
        actor_id=actor.pk,
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

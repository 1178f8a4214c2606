"""禁发: before that time nobody can let readers see it."""

from __future__ import annotations

from datetime import datetime

from django.contrib.auth.models import User
from django.db import transaction
from django.utils import timezone

from articles import history
from articles.actions.locks import locked
from articles.errors import ActionRefused
from articles.models import Act, AnyItem, Snapshot


@transaction.atomic
def set_embargo(*, item: AnyItem, until: datetime | None, actor: User, reason: str = "") -> None:
    """Hold an item back until that instant, or lift what holds it back.

    A limit and not a plan: nothing becomes public at the end of it, and what is planned must come after it. Refused for
    what readers see already, and for what is planned to be seen before.
    """
    current: AnyItem = locked(item)
    now = timezone.now()
    if until is not None and timezone.is_naive(until):
        until = timezone.make_aware(until)
    if until is not None:
        mine = Snapshot.objects.filter(**{current.snapshot_key: current})
        if until <= now:
            raise ActionRefused("禁发时间已经过去：请改成以后的时间。")
        if mine.live(now).exists():
            raise ActionRefused("读者已经看到这一条：不能再禁发，只能撤稿。")
        planned = mine.scheduled(now).first()
        if planned is not None and planned.live_from < until:
            raise ActionRefused("已经定时在禁发时间之前见报：先取消定时。")
    if current.embargo_until == until:
        raise ActionRefused("这一条没有禁发时间。" if until is None else "已经是这个禁发时间。")
    former = current.embargo_until
    current.embargo_until = until
    current.save(update_fields=["embargo_until", "updated_at"])
    history.record(
        current,
        Act.EMBARGOED,
        actor=actor,
        reason=reason,
        before={"embargo_until": former.isoformat() if former else None},
        details={"until": until.isoformat() if until else None},
    )

"""见报, 定时, 撤稿: making and ending snapshots."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Max, Min
from django.utils import timezone

from articles import history, rules, snapshots
from articles.actions.items import locked
from articles.errors import ActionRefused, NotPublishable, StaleVersion
from articles.models import Act, AnyItem, Article, Snapshot, SnapshotTopic, Withdrawal


@dataclass(frozen=True)
class Result:
    """What became of one item of a bulk act: `reason` is empty when it was done."""

    item: AnyItem
    reason: str = ""

    @property
    def is_done(self) -> bool:
        return not self.reason


@transaction.atomic
def publish(
    *, item: AnyItem, actor: User, base_version: int | None = None, at: datetime | None = None, reason: str = ""
) -> Snapshot:
    """Let readers see the item as it is now, from `at` on (now, unless given).

    Raises `NotPublishable` with the rules it breaks, `StaleVersion` if `base_version` is no longer current, and
    `ActionRefused` when the same text is public already.
    """
    now = timezone.now()
    current: AnyItem = locked(item, base_version=base_version)
    verdict = rules.check([current])[current.snapshot_key, current.pk]
    if not verdict.is_publishable:
        raise NotPublishable(verdict.messages)
    live_from = at or now
    if live_from < now:
        raise ActionRefused("见报时间已经过去：要立即见报，请把时间留空。")
    mine = Snapshot.objects.filter(**{current.snapshot_key: current})
    if mine.scheduled(now).exists():
        raise ActionRefused("这一条已经定时见报：先取消定时，再重新安排。")
    past = mine.aggregate(number=Max("number"), first=Min("published_at"))
    made = snapshots.build(
        current,
        number=(past["number"] or 0) + 1,
        live_from=live_from,
        published_at=past["first"] or live_from,
        published_by=actor,
    )
    standing = mine.live(now).first()
    if standing is not None and _says_the_same(standing, made):
        raise ActionRefused("见报的已经是这一版文字，没有变化。")
    if standing is not None:
        standing.live_until = live_from
        standing.save(update_fields=["live_until"])
    made.save(force_insert=True)
    if isinstance(current, Article):
        SnapshotTopic.objects.bulk_create(
            SnapshotTopic(snapshot=made, topic=topic, date=made.date) for topic in snapshots.confirmed_topics(current)
        )
    Withdrawal.objects.in_force().filter(**{current.snapshot_key: current}).update(lifted_at=live_from)
    history.record(
        current,
        Act.SCHEDULED if at else Act.PUBLISHED,
        actor=actor,
        reason=reason,
        details={"version": current.version, "snapshot": made.number, "live_from": live_from.isoformat()},
    )
    return made


def _says_the_same(one: Snapshot, other: Snapshot) -> bool:
    names = ("content", "newspaper_id", "issue_id", "date", "page_number", "section", "position", "title")
    return all(getattr(one, name) == getattr(other, name) for name in names)


def publish_many(*, items: Sequence[AnyItem], actor: User, reason: str = "") -> list[Result]:
    """Publish each in a transaction of its own; one that cannot be published does not hold up the others."""
    results = []
    for item in items:
        try:
            publish(item=item, actor=actor, reason=reason)
        except NotPublishable as refusal:
            results.append(Result(item, "；".join(refusal.problems)))
        except StaleVersion:  # pragma: no cover - no base version is given here
            raise
        except ActionRefused as refusal:
            results.append(Result(item, str(refusal)))
        else:
            results.append(Result(item))
    return results


@transaction.atomic
def unschedule(*, item: AnyItem, actor: User, reason: str = "") -> None:
    """Cancel a publication that has not come yet. Readers keep what they had before."""
    now = timezone.now()
    current = locked(item)
    mine = Snapshot.objects.filter(**{current.snapshot_key: current})
    planned = mine.scheduled(now).first()
    if planned is None:
        raise ActionRefused("这一条没有定时见报。")
    planned.live_until = planned.live_from  # an interval of no length is never public
    planned.save(update_fields=["live_until"])
    standing = mine.live(now).first()
    if standing is not None:
        standing.live_until = None
        standing.save(update_fields=["live_until"])
    Withdrawal.objects.filter(**{current.snapshot_key: current}, lifted_at=planned.live_from).update(lifted_at=None)
    history.record(current, Act.UNSCHEDULED, actor=actor, reason=reason)


@transaction.atomic
def withdraw(*, item: AnyItem, actor: User, reason: str) -> Withdrawal:
    """撤稿: end the publication at once. The address answers 410 with the reason, which readers see."""
    if not reason.strip():
        raise ActionRefused("请写明撤稿的理由：读者会看到它。")
    now = timezone.now()
    current = locked(item)
    mine = Snapshot.objects.filter(**{current.snapshot_key: current})
    standing = mine.live(now).first()
    if standing is None:
        raise ActionRefused("这一条没有见报，不用撤稿。")
    planned = mine.scheduled(now).first()
    if planned is not None:
        planned.live_until = planned.live_from
        planned.save(update_fields=["live_until"])
    standing.live_until = now
    standing.save(update_fields=["live_until"])
    made = Withdrawal(reason=reason.strip(), at=now, by=actor, **{current.snapshot_key: current})
    made.save(force_insert=True)
    history.record(current, Act.WITHDRAWN, actor=actor, reason=reason, details={"snapshot": standing.number})
    return made

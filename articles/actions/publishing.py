"""见报, 定时, 撤稿: making and ending snapshots."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import F, Max, Min, Q
from django.utils import timezone

from articles import history, rules, snapshots
from articles.actions.locks import locked
from articles.actions.notices import has_numbers_of, publish_numbers
from articles.actions.results import Result, attempt
from articles.errors import ActionRefused, AlreadySo, NotPublishable
from articles.extracts import extract
from articles.models import Act, AnyItem, Notice, Snapshot, Withdrawal
from articles.models.publication import WITHDRAWAL_REASON_LIMIT


@transaction.atomic
def publish(
    *, item: AnyItem, actor: User, base_version: int | None = None, at: datetime | None = None, reason: str = ""
) -> Snapshot:
    """Let readers see the item as it is now, from `at` on (now, unless given).

    Raises `NotPublishable` with the rules it breaks, `StaleVersion` if `base_version` is no longer current, and
    `ActionRefused` when the same text is public already or another publication is planned.
    """
    current: AnyItem = locked(item, base_version=base_version)
    now = timezone.now()  # only once the lock is held: what others published before us lies in the past
    if at is not None and timezone.is_naive(at):
        at = timezone.make_aware(at)
    live_from = at or now
    if live_from < now:
        raise ActionRefused("见报时间已经过去：请改成以后的时间；要立即见报，请用“见报”。")
    verdict = rules.check([current], at=live_from)[current.snapshot_key, current.pk]
    if not verdict.is_publishable:
        raise NotPublishable(verdict.messages)
    mine = Snapshot.objects.filter(**{current.snapshot_key: current})
    if mine.scheduled(now).exists():
        raise ActionRefused("这一条已经定时见报：先取消定时，再重新安排。")
    # What was planned and cancelled has a number, but nobody has read it.
    was_seen = Q(live_from__lte=now) & (Q(live_until__isnull=True) | Q(live_until__gt=F("live_from")))
    past = mine.aggregate(number=Max("number"), first=Min("published_at", filter=was_seen))
    made = snapshots.build(
        current,
        number=(past["number"] or 0) + 1,
        live_from=live_from,
        published_at=past["first"] or live_from,
        published_by=actor,
    )
    standing = mine.live(now).first()
    if standing is not None and _says_the_same(standing, made) and _is_found_the_same(standing, current):
        raise AlreadySo("见报的已经是这一版文字，没有变化。")
    if standing is not None:
        standing.end(live_from)
    made.save(force_insert=True)
    if isinstance(current, Notice):
        publish_numbers(made, current)
    else:
        topics, contributors = snapshots.confirmed_topics(current), snapshots.contributors_of(current)
        snapshots.link(made, topics=topics, contributors=contributors, extract=extract(current, made.content))
    Withdrawal.objects.in_force(now).filter(**{current.snapshot_key: current}).update(lifted_at=live_from)
    history.record(
        current,
        Act.SCHEDULED if live_from > now else Act.PUBLISHED,
        actor=actor,
        reason=reason,
        details={
            "version": current.version,
            "snapshot": made.number,
            "live_from": live_from.isoformat(),
            **_relied_upon(verdict),
        },
    )
    return made


def _relied_upon(verdict: rules.Verdict) -> dict[str, Any]:
    """The signatures by which this text went out, where the newspaper asks for any."""
    standing = verdict.standing
    if standing is None or not standing.stages:
        return {}
    return {"signed": sorted(row.pk for row in standing.holding.values()), "hash": standing.fingerprint}


def _says_the_same(one: Snapshot, other: Snapshot) -> bool:
    names = ("content", "newspaper_id", "issue_id", "date", "page_number", "section", "position", "title")
    return all(getattr(one, name) == getattr(other, name) for name in names)


def _is_found_the_same(standing: Snapshot, item: AnyItem) -> bool:
    """Masked texts can be equal when the numbers behind the mask are not, names when the people are not."""
    if isinstance(item, Notice):
        return has_numbers_of(standing, item)
    people = standing.contributor_links.values_list("contributor", flat=True)
    return set(people) == set(snapshots.contributors_of(item))


def publish_many(*, items: Sequence[AnyItem], actor: User, reason: str = "") -> list[Result]:
    """Publish each in a transaction of its own; one that cannot be published does not hold up the others."""
    return [attempt(publish, item=item, actor=actor, reason=reason) for item in items]


def withdraw_many(*, items: Sequence[AnyItem], actor: User, reason: str) -> list[Result]:
    """Withdraw each in a transaction of its own, as `publish_many` publishes."""
    return [attempt(withdraw, item=item, actor=actor, reason=reason) for item in items]


@transaction.atomic
def unschedule(*, item: AnyItem, actor: User, reason: str = "") -> None:
    """Cancel a publication that has not come yet. Readers keep what they had before."""
    current = locked(item)
    now = timezone.now()
    mine = Snapshot.objects.filter(**{current.snapshot_key: current})
    planned = mine.scheduled(now).first()
    if planned is None:
        raise ActionRefused("这一条没有定时见报。")
    planned.end(planned.live_from)
    standing = mine.live(now).first()
    if standing is not None:
        standing.end(None)
    Withdrawal.objects.filter(**{current.snapshot_key: current}, lifted_at=planned.live_from).update(lifted_at=None)
    history.record(current, Act.UNSCHEDULED, actor=actor, reason=reason, details={"snapshot": planned.number})


@transaction.atomic
def withdraw(*, item: AnyItem, actor: User, reason: str) -> Withdrawal:
    """撤稿: end the publication at once, and what is planned. The address answers 410 with the reason, which readers
    see."""
    reason = " ".join(reason.split())
    if not reason:
        raise ActionRefused("请写明撤稿的理由：读者会看到它。")
    history.check_reason(reason, limit=WITHDRAWAL_REASON_LIMIT)
    current = locked(item)
    now = timezone.now()
    mine = Snapshot.objects.filter(**{current.snapshot_key: current})
    standing = mine.live(now).first()
    if standing is None:
        raise AlreadySo("这一条没有见报，不用撤稿。")
    planned = mine.scheduled(now).first()
    if planned is not None:
        planned.end(planned.live_from)
    standing.end(now)
    made = Withdrawal(reason=reason, at=now, by=actor, **{current.snapshot_key: current})
    made.save(force_insert=True)
    history.record(current, Act.WITHDRAWN, actor=actor, reason=reason, details={"snapshot": standing.number})
    return made

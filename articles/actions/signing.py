"""签审: signing a text at a stage, and sending it back."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.contrib.auth.models import User
from django.db import transaction

from articles import history, signoffs, versions
from articles.actions.locks import locked
from articles.actions.passing import passed, sent_back
from articles.actions.results import Result, attempt
from articles.content import running_text
from articles.diff import content_diff, count_corrections
from articles.errors import ActionRefused, StaleVersion
from articles.models import (
    Act,
    AnyItem,
    Article,
    ErrorBasis,
    HistoryEntry,
    Notice,
    Outcome,
    SignOff,
    Stage,
    WorkState,
)

ERROR_LIMIT = 9_999
NOTE_LIMIT = 500


@transaction.atomic
def sign(
    *,
    item: AnyItem,
    stage: Stage,
    actor: User,
    base_version: int,
    base_hash: str = "",
    errors: int | None = None,
    note: str = "",
) -> SignOff:
    """Sign the item as it is, in its place, at a stage of its newspaper.

    `base_version` and `base_hash`, the fingerprint, are of what the person read: `StaleVersion` if either is no longer
    current. `errors` is how many the person found; left out, it is the number of corrections since the text was last
    signed or marked corrected. Whoever signs has read the text: an item still waiting to be corrected no longer is.
    Raises `ActionRefused` with everything that is in the way.
    """
    note = " ".join(note.split())
    history.check_reason(note, limit=NOTE_LIMIT)
    if errors is not None and not 0 <= errors <= ERROR_LIMIT:
        raise ActionRefused(f"差错数须在 0 到 {ERROR_LIMIT} 之间。")
    current: AnyItem = locked(item, base_version=base_version)
    standing = signoffs.standing(current)
    if base_hash and base_hash != standing.fingerprint:
        raise StaleVersion(current)
    obstacles = signoffs.obstacles(standing, stage, actor)
    if obstacles:
        raise ActionRefused(f"不能签“{stage.name}”：" + "；".join(obstacles) + "。")
    counted = corrections_since(current, standing) if errors is None else errors
    row = _row(current, standing, actor=actor, outcome=Outcome.SIGNED, stage=stage, note=note)
    row.errors = counted
    row.error_basis = ErrorBasis.COMPUTED if errors is None else ErrorBasis.ENTERED
    row.save(force_insert=True)
    if current.work_state != WorkState.CORRECTED:
        current.work_state = WorkState.CORRECTED
        current.save(update_fields=["work_state", "updated_at"])
    details = {"stage": stage.name, "version": current.version, "hash": row.hash, "errors": counted}
    history.record(current, Act.SIGNED, actor=actor, reason=note, details=details)
    passed(item=current, actor=actor)
    return row


@dataclass(frozen=True)
class Seen:
    """An item as somebody saw it before signing it: in this version, with this fingerprint."""

    item: AnyItem
    version: int
    fingerprint: str = ""


def sign_many(*, seen: Sequence[Seen], stage: Stage, actor: User, note: str = "") -> list[Result]:
    """Sign each as it was seen, in a transaction of its own; one that cannot be signed does not hold up the others."""
    return [
        attempt(
            sign,
            item=each.item,
            stage=stage,
            actor=actor,
            base_version=each.version,
            base_hash=each.fingerprint,
            note=note,
        )
        for each in seen
    ]


@transaction.atomic
def send_back(*, item: AnyItem, actor: User, reason: str) -> SignOff:
    """退回: what was signed counts no more, and the text is to be read again from the first stage on. What readers see
    stays as published."""
    reason = " ".join(reason.split())
    if not reason:
        raise ActionRefused("请写明退回的理由：给再校的同事看。")
    history.check_reason(reason, limit=NOTE_LIMIT)
    current: AnyItem = locked(item)
    standing = signoffs.standing(current)
    if current.work_state == WorkState.DISSOLVED:
        raise ActionRefused("已拆散，文字在别的条目里，没有可退回的。")
    if current.work_state == WorkState.IMPORTED and not standing.holding:
        raise ActionRefused("还在待校，不用退回。")
    sent_back(item=current, actor=actor, reason=reason)
    row = _row(current, standing, actor=actor, outcome=Outcome.RETURNED, stage=standing.next, note=reason)
    row.save(force_insert=True)
    if current.work_state == WorkState.CORRECTED:
        current.work_state = WorkState.IMPORTED
        current.save(update_fields=["work_state", "updated_at"])
    details = {"version": current.version, "stage": row.stage_name}
    history.record(current, Act.REOPENED, actor=actor, reason=reason, details=details)
    return row


def void_signatures(*, items: Iterable[AnyItem], actor: User, why: str) -> None:
    """End the round of each item that has been signed in it, because something besides the text has changed that a
    signature stands for. For actions that hold the page's lock, before they change it."""
    found = list(items)
    standings = signoffs.standings(found, is_past_told=True)
    rows, entries = [], []
    for item in found:
        standing = standings[item.snapshot_key, item.pk]
        if any(row.round == standing.round for row in standing.rows):
            rows.append(_row(item, standing, actor=actor, outcome=Outcome.VOIDED, stage=None, note=why))
            entries.append(history.entry(item, Act.UNSIGNED, actor=actor, reason=why))
    SignOff.objects.bulk_create(rows)
    HistoryEntry.objects.bulk_create(entries)


def _row(
    item: AnyItem, standing: signoffs.Standing, *, actor: User, outcome: Outcome, stage: Stage | None, note: str
) -> SignOff:
    return SignOff(
        article=item if isinstance(item, Article) else None,
        notice=item if isinstance(item, Notice) else None,
        stage=stage,
        stage_name=stage.name if stage else "",
        outcome=outcome,
        round=standing.round,
        version=item.version,
        hash=standing.fingerprint,
        stood=dict(standing.stood),
        by=actor,
        characters=len(running_text(item.content)),
        note=note,
    )


def corrections_since(item: AnyItem, standing: signoffs.Standing) -> int | None:
    """How many places were corrected since the text was last signed, or marked corrected; before either, since it came.
    None where the history does not reach back."""
    seen = [row.version for row in standing.rows if row.outcome == Outcome.SIGNED]
    if item.version not in seen:
        marks = history.of(item).filter(act=Act.CORRECTED).values_list("details", flat=True)[:1]
        seen += [details["version"] for details in marks if "version" in details]
    base = max(seen, default=1)
    if base == item.version:
        return 0
    try:
        former = versions.content_at(item, base)
    except LookupError:
        return None
    return count_corrections(content_diff(former, item.content, {}, {}))

"""更正、澄清、道歉: telling readers, with a date, what was wrong."""

from __future__ import annotations

from collections.abc import Sequence

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone

from articles import history
from articles.actions.locks import locked
from articles.errors import ActionRefused
from articles.masking import mask
from articles.models import Act, AnyItem, Article, Correction, CorrectionKind, CorrectionSubject, Notice, Snapshot
from articles.models.corrections import CORRECTION_LIMIT, WITHDRAWN_WHY_LIMIT

SUBJECTS_LIMIT = 50


@transaction.atomic
def issue_correction(*, items: Sequence[AnyItem], kind: CorrectionKind, text: str, actor: User) -> Correction:
    """Tell readers, from now on, beside each of these items and in the list of corrections.

    Refused for an item that readers have never seen. Personal numbers are masked before anything is stored. The text of
    the items stays as it is: it is mended and published as any other.
    """
    text = "\n".join(line for each in text.splitlines() if (line := each.strip()))
    if not text:
        raise ActionRefused("请写明更正的内容：原来怎么说，应是怎样。")
    history.check_text(text, what="更正的内容", limit=CORRECTION_LIMIT)
    if kind not in CorrectionKind.values:
        raise ActionRefused("不认识的种类：请选更正、澄清或道歉。")
    if not 0 < len(items) <= SUBJECTS_LIMIT:
        raise ActionRefused(f"请指明更正的是哪一条，一次不超过 {SUBJECTS_LIMIT} 条。")
    # In the order in which pages are locked everywhere: two corrections of the same items do not wait in a circle.
    ordered = sorted({(i.page_id, *i.reading_order): i for i in items}.values(), key=lambda i: (i.page_id, i.pk))
    current: list[AnyItem] = [locked(item) for item in ordered]
    now = timezone.now()
    for item in current:
        if not _was_seen(item, now):
            raise ActionRefused(f"“{item.title}”还没有见报：没有读者看过，改正文字就可以，不用更正。")
    made = Correction(kind=kind, text=mask(text), at=now, by=actor)
    made.save(force_insert=True)
    CorrectionSubject.objects.bulk_create(
        CorrectionSubject(
            correction=made,
            article=item if isinstance(item, Article) else None,
            notice=item if isinstance(item, Notice) else None,
        )
        for item in current
    )
    for item in current:
        history.record(item, Act.AMENDED, actor=actor, reason=made.text[:500], details={"correction": made.pk})
    return made


def _was_seen(item: AnyItem, now: object) -> bool:
    """Whether it has ever been public. What was planned and cancelled begins as it ends."""
    mine = Snapshot.objects.filter(**{item.snapshot_key: item}, live_from__lte=now)
    return mine.filter(Q(live_until__isnull=True) | Q(live_until__gt=F("live_from"))).exists()


@transaction.atomic
def retract_correction(*, correction: Correction, actor: User, reason: str) -> Correction:
    """Take a correction back: readers no longer see it, the desk does, with the reason."""
    reason = " ".join(reason.split())
    if not reason:
        raise ActionRefused("请写明为什么撤回这条更正：记入历史。")
    history.check_reason(reason, limit=WITHDRAWN_WHY_LIMIT)
    current = Correction.objects.select_for_update().get(pk=correction.pk)
    if current.withdrawn_at is not None:
        raise ActionRefused("这条更正已经撤回。")
    current.withdrawn_at, current.withdrawn_by, current.withdrawn_why = timezone.now(), actor, reason
    current.save(update_fields=["withdrawn_at", "withdrawn_by", "withdrawn_why"])
    for subject in current.subjects.select_related("article", "notice"):
        item = subject.article or subject.notice
        if item is not None:
            history.record(item, Act.RETRACTED, actor=actor, reason=reason, details={"correction": current.pk})
    return current

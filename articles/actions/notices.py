"""What is kept beside notices: their numbers, the digests of published ones, repeats; and who saw numbers in clear.

`index_notices` runs inside whatever writes the content of notices, `publish_numbers` inside publication. Neither asks
more questions for more notices.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Collection, Iterable, Sequence
from typing import Any

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Count, Q

from articles import history
from articles.actions.locks import locked
from articles.errors import ActionRefused
from articles.inserting import insert
from articles.models import (
    Act,
    Notice,
    NoticeNumber,
    NoticeRegister,
    NoticeSeries,
    Page,
    Printing,
    PrintingState,
    Snapshot,
    SnapshotNumber,
)
from articles.models.items import ItemQuerySet
from articles.numbers import numbers_of


def index_notices(notices: Sequence[Notice]) -> None:
    """Rewrite the numbers of these notices from their content, and find out which of them were printed before."""
    if not notices:
        return
    ids = [notice.pk for notice in notices]
    NoticeNumber.objects.filter(notice__in=ids).delete()
    insert(
        NoticeNumber(notice_id=notice.pk, kind=number.kind, value=number.value)
        for notice in notices
        for number in numbers_of(notice.content)
    )
    find_repeats(notices)


def digests(values: Iterable[str], key: bytes) -> list[str]:
    """HMAC-SHA256 of each value."""
    return [hmac.new(key, value.encode(), hashlib.sha256).hexdigest() for value in values]


def publish_numbers(snapshot: Snapshot, notice: Notice) -> None:
    """Let readers find the snapshot by the numbers of the notice it was made from."""
    numbers = numbers_of(notice.content)
    if numbers:
        found = digests((number.value for number in numbers), NoticeRegister.digest_key())
        SnapshotNumber.objects.bulk_create(
            SnapshotNumber(snapshot=snapshot, kind=number.kind, digest=digest)
            for number, digest in zip(numbers, found, strict=True)
        )


def has_numbers_of(snapshot: Snapshot, notice: Notice) -> bool:
    """Whether readers find the snapshot by exactly the numbers that the notice has now."""
    wanted = digests((number.value for number in numbers_of(notice.content)), NoticeRegister.digest_key())
    return set(snapshot.number_rows.values_list("digest", flat=True)) == set(wanted)


def repeats_of(notice: Notice) -> ItemQuerySet[Notice]:
    """The other printings of this notice, in the order they came in."""
    mine = Printing.objects.filter(notice=notice, series__isnull=False).values("series")
    return Notice.objects.filter(printing__series__in=mine).exclude(pk=notice.pk).order_by("pk")


# Repeats

_Row = tuple[int, str, str, int | None, str | None]
"""Number of a notice, its two keys, its series, the state of its printing."""


def _alike(notices: Sequence[Notice]) -> list[_Row]:
    """Every notice that shares a key with one of these, these included; not those an editor set apart."""
    by_fields = {notice.same_fields for notice in notices} - {""}
    by_text = {notice.same_text for notice in notices} - {""}
    found = Notice.objects.filter(Q(same_fields__in=by_fields) | Q(same_text__in=by_text))
    rows = found.values_list("pk", "same_fields", "same_text", "printing__series", "printing__state")
    return [row for row in rows.order_by("pk") if row[4] != PrintingState.APART]


@transaction.atomic
def find_repeats(notices: Sequence[Notice]) -> None:
    """Put notices that are the same into one series, and take those that no longer are out of theirs.

    What an editor linked or set apart stays so. Groups are found by what notices share, so the order in which they
    come in makes no difference to which belong together.
    """
    found_before = Printing.objects.filter(notice__in=[notice.pk for notice in notices], state=PrintingState.FOUND)
    if not found_before.exists() and not _groups(_alike(notices)):
        return
    NoticeRegister.lock()
    left = set(found_before.values_list("series", flat=True))
    found_before.delete()
    rows = _alike(notices)
    _write(_groups(rows), {pk: series for pk, _, _, series, _ in rows if series is not None})
    _drop_lonely(left)


def _drop_lonely(series: Collection[Any]) -> None:
    """Remove those of these series that have only one notice left."""
    if series:
        counted = NoticeSeries.objects.filter(pk__in=series).annotate(size=Count("printings"))
        NoticeSeries.objects.filter(pk__in=[one.pk for one in counted if one.size < 2]).delete()


def _groups(rows: Sequence[_Row]) -> list[list[int]]:
    """Notices joined by shared keys or a shared series, two at least in each group, in order of their numbers."""
    leader: dict[int, int] = {}

    def lead(pk: int) -> int:
        while leader[pk] != pk:
            leader[pk] = leader[leader[pk]]
            pk = leader[pk]
        return pk

    first: dict[tuple[str, object], int] = {}
    for pk, by_fields, by_text, series, _ in rows:
        leader[pk] = pk
        for key in (("fields", by_fields), ("text", by_text), ("series", series)):
            if key[1]:
                other = first.setdefault(key, pk)
                one, two = sorted((lead(pk), lead(other)))
                leader[two] = one
    groups: dict[int, list[int]] = {}
    for pk in leader:
        groups.setdefault(lead(pk), []).append(pk)
    return [sorted(group) for _, group in sorted(groups.items()) if len(group) > 1]


def _write(groups: Sequence[Sequence[int]], standing: dict[int, int]) -> None:
    """Give each group one series: the oldest it has, with whoever else is in its other series, or a new one."""
    lacking = [group for group in groups if not any(pk in standing for pk in group)]
    made = iter(NoticeSeries.objects.bulk_create(NoticeSeries() for _ in lacking))
    new: list[Printing] = []
    merged: dict[int, int] = {}
    for group in groups:
        there = sorted({standing[pk] for pk in group if pk in standing})
        series = there[0] if there else next(made).pk
        merged |= dict.fromkeys(there[1:], series)
        new += [Printing(notice_id=pk, series_id=series) for pk in group if pk not in standing]
    Printing.objects.bulk_create(new)
    if merged:
        moved = list(Printing.objects.filter(series__in=merged))
        for printing in moved:
            printing.series_id = merged[printing.series_id]  # type: ignore[index]
        Printing.objects.bulk_update(moved, ["series"])
        NoticeSeries.objects.filter(pk__in=merged).delete()


@transaction.atomic
def link(*, notice: Notice, other: Notice, actor: User, reason: str = "") -> None:
    """An editor says that two notices are one, printed twice. Whatever is in their series comes along."""
    if notice.pk == other.pk:
        raise ActionRefused("请填另一条公告的编号：不能和自己归并。")
    current = locked(notice)
    NoticeRegister.lock()
    if not Notice.objects.filter(pk=other.pk).exists():
        raise ActionRefused("没有这个编号的公告。")
    both = [current.pk, other.pk]
    standing = dict(Printing.objects.filter(notice__in=both, series__isnull=False).values_list("notice", "series"))
    if len(standing) == 2 and len(set(standing.values())) == 1:
        raise ActionRefused("这两条已经归并在一起了。")
    Printing.objects.filter(notice__in=both, state=PrintingState.APART).delete()
    _write([sorted(both)], {pk: series for pk, series in standing.items() if series is not None})
    Printing.objects.filter(notice__in=both).update(state=PrintingState.LINKED)
    for one, two in ((current, other), (other, current)):
        history.record(one, Act.LINKED, actor=actor, reason=reason, details={"with": two.pk})


@transaction.atomic
def unlink(*, notice: Notice, actor: User, reason: str = "") -> None:
    """An editor says that this notice is one of its own. No import puts it into a series again."""
    current = locked(notice)
    NoticeRegister.lock()
    printing = Printing.objects.filter(notice=current, series__isnull=False).first()
    if printing is None:
        raise ActionRefused("这条公告没有和别的归并。")
    series = printing.series_id
    printing.series, printing.state = None, PrintingState.APART
    printing.save(update_fields=["series", "state"])
    _drop_lonely([series])
    history.record(current, Act.UNLINKED, actor=actor, reason=reason, details={"series": series})


# Seeing numbers in clear


def unmask(*, target: Notice | Page, actor: User, reason: str) -> None:
    """Record that a person is shown the numbers of a notice, or of all notices of a page, in clear. Whether they may is
    the caller's to check."""
    reason = " ".join(reason.split())
    if not reason:
        raise ActionRefused("请写明为什么要看完整号码。")
    history.record(target, Act.UNMASKED, actor=actor, reason=reason)

"""Making everything that is kept beside notices anew from their content: after an upgrade, or when in doubt."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import transaction

from articles import versions
from articles.actions.locks import locked_page
from articles.actions.notices import digests, index_notices
from articles.models import Notice, NoticeRegister, Page, Snapshot, SnapshotNumber
from articles.numbers import numbers_of


def index_all() -> int:
    """Columns, numbers, repeats and digests of every notice, a page and transaction at a time; how many notices.

    The fingerprint of the content is left alone: it would hide a change made behind the back of the actions.
    """
    done = 0
    for pk in Page.objects.filter(notices__isnull=False).order_by("pk").distinct().values_list("pk", flat=True):
        done += _index_page(pk)
    return done


@transaction.atomic
def _index_page(pk: int) -> int:
    notices = list(Notice.objects.filter(page=locked_page(pk)).order_by("pk"))
    hashes = {notice.pk: notice.content_hash for notice in notices}
    for notice in notices:
        notice.set_content(notice.content)
        notice.content_hash = hashes[notice.pk]
    names = [name for name in Notice.derived_fields if name != "content_hash"]
    Notice.objects.bulk_update(notices, names, batch_size=200)
    index_notices(notices)
    _index_snapshots(notices)
    return len(notices)


def _index_snapshots(notices: Sequence[Notice]) -> None:
    """The digests of every snapshot, from the version of the text it was made from."""
    own = {notice.pk: notice for notice in notices}
    key = NoticeRegister.digest_key()
    rows = []
    snapshots = Snapshot.objects.filter(notice__in=own).only("notice_id", "source_hash")
    for snapshot in snapshots:
        notice = own[snapshot.notice_id or 0]
        content = notice.content if snapshot.source_hash == notice.content_hash else None
        if content is None:
            found = (each for each in versions.versions(notice) if each.entry.content_hash == snapshot.source_hash)
            version = next(found, None)
            content = version.content if version is not None else None
        if content is not None:
            numbers = numbers_of(content)
            for number, digest in zip(numbers, digests((n.value for n in numbers), key), strict=True):
                rows.append(SnapshotNumber(snapshot=snapshot, kind=number.kind, digest=digest))
    SnapshotNumber.objects.filter(snapshot__notice__in=own).delete()
    SnapshotNumber.objects.bulk_create(rows)

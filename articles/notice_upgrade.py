"""For the migration that brought numbers and repeats: fills them for the notices that were there before it.

Works on the migration's own models. What it leaves out (repeats, and snapshots of a text that has changed since) is
found by the command `index_notices`, which may be run at any time.
"""

from __future__ import annotations

import hashlib
import hmac
from typing import Any

from articles.models.items import derived
from articles.numbers import numbers_of

CHUNK = 500
FILLED = ("declarant", "signed_on", "deadline_on", "same_fields", "same_text")


def fill(apps: Any) -> None:
    notices = apps.get_model("articles", "Notice").objects.order_by("pk")
    register, _ = apps.get_model("articles", "NoticeRegister").objects.get_or_create(pk=1)
    key, last = bytes.fromhex(register.key), 0
    while rows := list(notices.filter(pk__gt=last)[:CHUNK]):
        _fill(apps, rows, key)
        last = rows[-1].pk


def _fill(apps: Any, rows: list[Any], key: bytes) -> None:
    notices, numbers = apps.get_model("articles", "Notice"), apps.get_model("articles", "NoticeNumber")
    snapshots, digests = apps.get_model("articles", "Snapshot"), apps.get_model("articles", "SnapshotNumber")
    found = {}
    for row in rows:
        content = {"kind": row.kind, "heading": row.heading, "body": row.body, "fields": row.fields}
        values = derived(content)
        for name in FILLED:
            setattr(row, name, values[name])
        found[row.pk] = numbers_of(content)
    notices.objects.bulk_update(rows, FILLED)
    numbers.objects.bulk_create(
        numbers(notice_id=pk, kind=number.kind, value=number.value) for pk, own in found.items() for number in own
    )
    by_pk = {row.pk: row for row in rows}
    made = []
    for snapshot in snapshots.objects.filter(notice__in=list(by_pk)).only("notice_id", "source_hash"):
        notice = by_pk[snapshot.notice_id]
        if snapshot.source_hash == notice.content_hash:
            snapshots.objects.filter(pk=snapshot.pk).update(deadline_on=notice.deadline_on)
            for number in found[notice.pk]:
                digest = hmac.new(key, number.value.encode(), hashlib.sha256).hexdigest()
                made.append(digests(snapshot_id=snapshot.pk, kind=number.kind, digest=digest))
    digests.objects.bulk_create(made)

"""What notices are looked up by: their numbers, the digests readers' questions are held against, and repeats.

Beside the notices, not in their rows: numbers are rewritten with the content, and who belongs to whom concerns several
notices of several pages, whose rows other people may be working on.
"""

from __future__ import annotations

import secrets

from django.db import models
from django.db.models import Q

from articles.models.items import Notice
from articles.models.publication import Snapshot
from articles.numbers import VALUE_LIMIT, NumberKind


class NoticeNumber(models.Model):
    """A value that the notice as it is now is found by. In clear, for the desk only."""

    notice = models.ForeignKey(Notice, verbose_name="分类公告", on_delete=models.CASCADE, related_name="number_rows")
    kind = models.CharField("种类", max_length=12, choices=NumberKind.choices)
    value = models.CharField("号码", max_length=VALUE_LIMIT, help_text="去掉空格、横线、括号，字母大写。")

    class Meta:
        verbose_name = verbose_name_plural = "公告号码"
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["value", "notice"], name="notice_number_once")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.notice_id}"


class SnapshotNumber(models.Model):
    """A value that a published notice is found by, as a keyed digest: the number itself cannot be read from it."""

    snapshot = models.ForeignKey(Snapshot, on_delete=models.CASCADE, related_name="number_rows")
    kind = models.CharField("种类", max_length=12, choices=NumberKind.choices)
    digest = models.CharField("号码指纹", max_length=64)

    class Meta:
        verbose_name = verbose_name_plural = "见报号码指纹"
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["digest", "snapshot"], name="snapshot_number_once")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.snapshot_id}"


def _new_key() -> str:
    return secrets.token_hex(32)


class NoticeRegister(models.Model):
    """公告登记簿, one row: the key of the digests, and what is locked while repeats are put together.

    The key is in the database and not in the settings: whoever has the whole database has the notices in clear anyway,
    and so it comes back with every backup and survives a change of SECRET_KEY.
    """

    key = models.CharField("查号密钥", max_length=64, default=_new_key, editable=False)

    class Meta:
        verbose_name = verbose_name_plural = "公告登记簿"
        default_permissions = ()

    def __str__(self) -> str:
        return "公告登记簿"

    @classmethod
    def digest_key(cls) -> bytes:
        """Made on first use; one query once it is there."""
        key = cls.objects.filter(pk=1).values_list("key", flat=True).first()
        return bytes.fromhex(key if key is not None else cls.objects.get_or_create(pk=1)[0].key)

    @classmethod
    def lock(cls) -> None:
        """Hold it until the end of the transaction: one at a time changes which notices are the same."""
        if not cls.objects.select_for_update().filter(pk=1).values_list("pk"):
            cls.objects.get_or_create(pk=1)
            list(cls.objects.select_for_update().filter(pk=1).values_list("pk"))


class NoticeSeries(models.Model):
    """连登: one notice, printed several times."""

    class Meta:
        verbose_name = verbose_name_plural = "连登公告"
        default_permissions = ()

    def __str__(self) -> str:
        return f"连登公告 {self.pk}"


class PrintingState(models.TextChoices):
    FOUND = "found", "自动归并"
    LINKED = "linked", "编辑归并"
    APART = "apart", "编辑拆开"


class Printing(models.Model):
    """A notice's place in a series, or an editor's word that it belongs to none. Most notices have neither."""

    notice = models.OneToOneField(Notice, on_delete=models.CASCADE, related_name="printing")
    series = models.ForeignKey(NoticeSeries, on_delete=models.CASCADE, null=True, blank=True, related_name="printings")
    state = models.CharField("依据", max_length=8, choices=PrintingState.choices, default=PrintingState.FOUND)

    class Meta:
        verbose_name = verbose_name_plural = "刊次"
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                condition=Q(state="apart", series__isnull=True) | (~Q(state="apart") & Q(series__isnull=False)),
                name="printing_in_a_series_or_apart",
            )
        ]

    def __str__(self) -> str:
        return f"{self.notice_id}: {self.series_id}"

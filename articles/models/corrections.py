"""Correction 更正: what readers are told, with a date, about a mistake in something they have read."""

from __future__ import annotations

from datetime import datetime
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q

from articles import clock
from articles.models.constraints import done_by_somebody, one_item
from articles.models.items import AnyItem, Article, Notice

CORRECTION_LIMIT = 1_000
WITHDRAWN_WHY_LIMIT = 300


class CorrectionKind(models.TextChoices):
    CORRECTION = "correction", "更正"
    CLARIFICATION = "clarification", "澄清"
    APOLOGY = "apology", "道歉"


class CorrectionQuerySet(models.QuerySet["Correction"]):
    def in_force(self, at: datetime | None = None) -> Self:
        """What readers may see at that instant (now, unless given): the one definition of a public correction."""
        at = at or clock.now()
        return self.filter(Q(withdrawn_at__isnull=True) | Q(withdrawn_at__gt=at), at__lte=at)

    def of(self, item: AnyItem) -> Self:
        """Those about this item, oldest first."""
        return self.filter(**{f"subjects__{item.snapshot_key}": item.pk}).order_by("at", "pk")


class Correction(models.Model):
    """A public, dated note on one item or several. It is never changed: one that was wrong is taken back, with a
    reason, and another made."""

    kind = models.CharField("种类", max_length=15, choices=CorrectionKind.choices, default=CorrectionKind.CORRECTION)
    text = models.CharField(
        "内容",
        max_length=CORRECTION_LIMIT,
        help_text="读者看到的话：原来怎么说，应是怎样。个人的电话、证件和账号会遮盖。",
    )
    at = models.DateTimeField("何时")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, verbose_name="谁", on_delete=models.PROTECT, related_name="+")
    withdrawn_at = models.DateTimeField("撤回时间", null=True, blank=True)
    withdrawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="谁撤回",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    withdrawn_why = models.CharField(
        "为何撤回", max_length=WITHDRAWN_WHY_LIMIT, blank=True, help_text="只在编辑部看得到。"
    )

    objects = CorrectionQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "更正"
        ordering = ["-at", "-pk"]
        default_permissions = ("view",)
        permissions = [("issue_correction", "发更正、撤回更正")]
        constraints = [
            models.CheckConstraint(condition=~Q(text=""), name="correction_says_something"),
            done_by_somebody("withdrawn", "correction_withdrawn_by_somebody"),
        ]
        indexes = [models.Index(fields=["-at", "-id"], name="correction_by_time")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}：{self.text[:40]}"


class CorrectionSubject(models.Model):
    """That a correction is about an item."""

    correction = models.ForeignKey(Correction, on_delete=models.PROTECT, related_name="subjects")
    article = models.ForeignKey(
        Article,
        verbose_name="稿件",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="correction_subjects",
    )
    notice = models.ForeignKey(
        Notice,
        verbose_name="分类公告",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="correction_subjects",
    )

    class Meta:
        verbose_name = verbose_name_plural = "更正对象"
        default_permissions = ()
        ordering = ["pk"]
        constraints = [
            one_item("correction_subject_is_one_item"),
            models.UniqueConstraint(fields=["correction", "article"], name="correction_of_article_once"),
            models.UniqueConstraint(fields=["correction", "notice"], name="correction_of_notice_once"),
        ]

    def __str__(self) -> str:
        return f"{self.correction_id}: {self.article_id or self.notice_id}"

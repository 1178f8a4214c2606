"""Publication: snapshots of exactly what readers may see, and withdrawals.

A snapshot is public from `live_from` on and until before `live_until`, both compared in the query, so a scheduled
publication needs no background job. A new snapshot of an item ends the one before it; nothing else about a snapshot
ever changes, and none is deleted: the database refuses it. One that was cancelled before its time ends as it begins.
"""

from __future__ import annotations

from datetime import datetime
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from articles import clock
from articles.models.constraints import one_item
from articles.models.items import Article, Notice
from articles.models.newspaper import Issue, Newspaper
from articles.models.topics import Contributor, Topic


def is_live(path: str = "", at: datetime | None = None) -> Q:
    """That readers may see the snapshot at the end of this path (`snapshot__`) at that instant (now, unless given). The
    one definition of "public"."""
    at = at or clock.now()
    ends = Q(**{f"{path}live_until__isnull": True}) | Q(**{f"{path}live_until__gt": at})
    return ends & Q(**{f"{path}live_from__lte": at})


class SnapshotQuerySet(models.QuerySet["Snapshot"]):
    def live(self, at: datetime | None = None) -> Self:
        """What readers may see at that instant (now, unless given)."""
        return self.filter(is_live(at=at))

    def scheduled(self, at: datetime | None = None) -> Self:
        """What will become public later. Ended ones (live_until not after live_from) never do."""
        at = at or clock.now()
        return self.filter(Q(live_until__isnull=True) | Q(live_until__gt=F("live_from")), live_from__gt=at)

    def articles(self) -> Self:
        return self.filter(article__isnull=False)

    def notices(self) -> Self:
        return self.filter(notice__isnull=False)

    def in_page_order(self) -> Self:
        return self.order_by("page_number", "position", "pk")


class Snapshot(models.Model):
    article = models.ForeignKey(
        Article, verbose_name="稿件", on_delete=models.PROTECT, null=True, blank=True, related_name="snapshots"
    )
    notice = models.ForeignKey(
        Notice, verbose_name="分类公告", on_delete=models.PROTECT, null=True, blank=True, related_name="snapshots"
    )
    number = models.PositiveIntegerField("第几次见报")
    live_from = models.DateTimeField("起")
    live_until = models.DateTimeField("止", null=True, blank=True)
    published_at = models.DateTimeField("首次见报", help_text="同一条第一次公开的时间。")
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="签发", on_delete=models.PROTECT, related_name="+"
    )
    source_hash = models.CharField("所据内容指纹", max_length=64)

    # Where it stands, copied so that public lists touch this table only.
    newspaper = models.ForeignKey(Newspaper, on_delete=models.PROTECT, related_name="+")
    issue = models.ForeignKey(Issue, on_delete=models.PROTECT, related_name="snapshots")
    date = models.DateField("日期")
    page_number = models.PositiveSmallIntegerField("版次")
    section = models.CharField("版名", max_length=40, blank=True)
    position = models.PositiveIntegerField("顺序")
    notice_kind = models.CharField("公告类别", max_length=30, blank=True)
    deadline_on = models.DateField("截止日期", null=True, blank=True)
    title = models.CharField("标题", max_length=400)
    summary = models.CharField("摘要", max_length=200, blank=True)
    content = models.JSONField("内容", help_text="读者所见的全部：见 articles.snapshots。")
    topics = models.ManyToManyField(Topic, through="articles.SnapshotTopic", related_name="snapshots")

    objects = SnapshotQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "见报稿"
        default_permissions = ("view",)
        constraints = [
            one_item("snapshot_of_one_item"),
            models.CheckConstraint(
                condition=Q(live_until__isnull=True) | Q(live_until__gte=F("live_from")),
                name="snapshot_ends_after_start",
            ),
            models.UniqueConstraint(
                fields=["article"], condition=Q(live_until__isnull=True), name="snapshot_one_open_per_article"
            ),
            models.UniqueConstraint(
                fields=["notice"], condition=Q(live_until__isnull=True), name="snapshot_one_open_per_notice"
            ),
            models.UniqueConstraint(fields=["article", "number"], name="snapshot_article_number"),
            models.UniqueConstraint(fields=["notice", "number"], name="snapshot_notice_number"),
        ]
        indexes = [
            models.Index(fields=["issue", "page_number", "position"], name="snapshot_in_issue"),
            # When the next scheduled publication begins or ends: see articles.public_version.
            models.Index(fields=["live_from"], name="snapshot_by_start"),
            models.Index(fields=["live_until"], condition=Q(live_until__isnull=False), name="snapshot_by_end"),
            models.Index(fields=["newspaper", "-date"], name="snapshot_by_newspaper"),
            models.Index(fields=["-date", "-id"], condition=Q(notice__isnull=False), name="snapshot_notices_by_date"),
            models.Index(fields=["-date", "-id"], condition=Q(article__isnull=False), name="snapshot_articles_by_date"),
            models.Index(
                fields=["deadline_on", "id"], condition=Q(deadline_on__isnull=False), name="snapshot_by_deadline"
            ),
            models.Index(
                fields=["newspaper", "-date", "-id"],
                condition=Q(notice__isnull=False),
                name="snapshot_notices_by_paper",
            ),
            models.Index(
                fields=["notice_kind", "-date", "-id"],
                condition=Q(notice__isnull=False),
                name="snapshot_notices_by_kind",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        if self.article_id:
            return reverse("article", args=[self.article_id])
        return reverse("notice", args=[self.notice_id])

    def end(self, at: datetime | None) -> None:
        """Make it end at that instant, or stand until further notice: the one thing about it that changes."""
        self.live_until = at
        self.save(update_fields=["live_until"])


class SnapshotExtract(models.Model):
    """提取原文: the source lines that a snapshot of an article was made from, as far as readers may see them. Never
    changed, as little as the snapshot is."""

    snapshot = models.OneToOneField(Snapshot, on_delete=models.PROTECT, related_name="extract")
    lines = models.JSONField("来源各行", help_text="见 articles.extracts.extract。")

    class Meta:
        verbose_name = verbose_name_plural = "见报稿提取原文"
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self._meta.verbose_name} {self.snapshot_id}"


class SnapshotTopic(models.Model):
    """A confirmed topic of a snapshot. The date is copied, so that a topic's page walks one index."""

    snapshot = models.ForeignKey(Snapshot, on_delete=models.CASCADE, related_name="topic_links")
    topic = models.ForeignKey(Topic, on_delete=models.PROTECT, related_name="+")
    date = models.DateField()

    class Meta:
        verbose_name = verbose_name_plural = "见报稿专题"
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["snapshot", "topic"], name="snapshot_topic_once")]
        indexes = [models.Index(fields=["topic", "-date", "-snapshot"], name="snapshot_topic_by_date")]

    def __str__(self) -> str:
        return f"{self.topic_id}: {self.snapshot_id}"


class SnapshotContributor(models.Model):
    """Who signed a snapshot. The date is copied, so that a contributor's page walks one index."""

    snapshot = models.ForeignKey(Snapshot, on_delete=models.CASCADE, related_name="contributor_links")
    contributor = models.ForeignKey(Contributor, on_delete=models.PROTECT, related_name="+")
    date = models.DateField()

    class Meta:
        verbose_name = verbose_name_plural = "见报稿作者"
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["snapshot", "contributor"], name="snapshot_contributor_once")]
        indexes = [
            models.Index(fields=["contributor", "-date", "-snapshot"], name="snapshot_contributor_by_date"),
            models.Index(fields=["-date", "-snapshot"], name="snapshot_contributor_newest"),
        ]

    def __str__(self) -> str:
        return f"{self.contributor_id}: {self.snapshot_id}"


WITHDRAWAL_REASON_LIMIT = 300


class WithdrawalQuerySet(models.QuerySet["Withdrawal"]):
    def in_force(self, at: datetime | None = None) -> Self:
        """Not lifted at that instant (now, unless given): one that a scheduled publication will lift stands until
        that moment."""
        return self.filter(Q(lifted_at__isnull=True) | Q(lifted_at__gt=at or clock.now()))


class Withdrawal(models.Model):
    """撤稿: the address of the item answers 410 with this public reason until it is published again."""

    article = models.ForeignKey(
        Article, verbose_name="稿件", on_delete=models.PROTECT, null=True, blank=True, related_name="withdrawals"
    )
    notice = models.ForeignKey(
        Notice, verbose_name="分类公告", on_delete=models.PROTECT, null=True, blank=True, related_name="withdrawals"
    )
    reason = models.CharField(
        "公开的理由", max_length=WITHDRAWAL_REASON_LIMIT, help_text="读者打开原网址时看到这句话。"
    )
    at = models.DateTimeField("撤稿时间")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, verbose_name="谁", on_delete=models.PROTECT, related_name="+")
    lifted_at = models.DateTimeField("恢复时间", null=True, blank=True)

    objects = WithdrawalQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "撤稿"
        default_permissions = ("view",)
        constraints = [
            one_item("withdrawal_of_one_item"),
            models.UniqueConstraint(
                fields=["article"], condition=Q(lifted_at__isnull=True), name="withdrawal_one_in_force_per_article"
            ),
            models.UniqueConstraint(
                fields=["notice"], condition=Q(lifted_at__isnull=True), name="withdrawal_one_in_force_per_notice"
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="withdrawal_has_reason"),
        ]

    def __str__(self) -> str:
        return self.reason


class PublicVersion(models.Model):
    """One row: the mark of what readers may see, renewed by triggers. See `articles.public_version`."""

    token = models.CharField(max_length=32)

    class Meta:
        verbose_name = verbose_name_plural = "公开内容的标记"
        default_permissions = ()

    def __str__(self) -> str:
        return self.token

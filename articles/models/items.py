"""Item 条: Article 稿件 and Notice 分类公告."""

from __future__ import annotations

from typing import ClassVar, Self, TypeVar

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.urls import reverse

from articles.content import ARTICLE_FIELDS, NOTICE_FIELDS, Content, NoticeKind, content_hash, notice_title
from articles.models.newspaper import Page


class WorkState(models.TextChoices):
    """How far the work on an item has come. Whether readers see it is another matter: see `Snapshot`."""

    IMPORTED = "imported", "待校"
    CORRECTED = "corrected", "已校"


M = TypeVar("M", bound="Item")


class ItemQuerySet(models.QuerySet[M]):
    """Reads shared by articles and notices."""

    def with_publication(self) -> Self:
        """Annotate `is_live`, `is_scheduled` and `is_withdrawn`, as the public site would answer now."""
        from articles.models.publication import Snapshot, Withdrawal

        key = self.model.snapshot_key
        mine = {key: OuterRef("pk")}
        return self.annotate(
            is_live=Exists(Snapshot.objects.live().filter(**mine)),
            is_scheduled=Exists(Snapshot.objects.scheduled().filter(**mine)),
            is_withdrawn=Exists(Withdrawal.objects.in_force().filter(**mine)),
        )

    def with_page(self) -> Self:
        return self.select_related("page__issue__newspaper")


class Item(models.Model):
    """What articles and notices share. Content changes go through `articles.actions`, never through `save()`."""

    page = models.ForeignKey(Page, verbose_name="版", on_delete=models.PROTECT, related_name="%(class)ss")
    position = models.PositiveIntegerField("顺序", default=0, help_text="在本版的阅读顺序，小的在前。")
    body = models.JSONField("正文", default=list)
    work_state = models.CharField(
        "校对状态", max_length=10, choices=WorkState.choices, default=WorkState.IMPORTED, db_index=True
    )
    confidence = models.FloatField("机器把握", null=True, blank=True)
    version = models.PositiveIntegerField("版本", default=1)
    content_hash = models.CharField("内容指纹", max_length=64, editable=False)
    created_at = models.DateTimeField("入库时间", auto_now_add=True)
    updated_at = models.DateTimeField("最后修改", auto_now=True)

    content_fields: ClassVar[tuple[str, ...]]
    snapshot_key: ClassVar[str]

    class Meta:
        abstract = True
        ordering = ["page_id", "position", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(version__gte=1), name="%(class)s_version_positive"),
            models.CheckConstraint(
                condition=Q(confidence__isnull=True) | Q(confidence__gte=0, confidence__lte=1),
                name="%(class)s_confidence_in_range",
            ),
        ]

    @property
    def content(self) -> Content:
        """The editable content, the same form that `articles.content.check_content` checks."""
        return {name: getattr(self, name) for name in self.content_fields}

    def set_content(self, content: Content) -> None:
        """Take over checked content and its hash; the caller saves."""
        for name, value in content.items():
            setattr(self, name, value)
        self.content_hash = content_hash(self.content)

    @property
    def title(self) -> str:
        raise NotImplementedError

    @property
    def text(self) -> str:
        """The body as plain text, a paragraph a line."""
        return "\n".join(piece["text"] for piece in self.body)


class Article(Item):
    column = models.CharField("栏目", max_length=100, blank=True)
    kicker = models.CharField("引题", max_length=300, blank=True)
    headline = models.CharField("主题", max_length=300, blank=True)
    deck = models.JSONField("副题", default=list, blank=True)
    byline = models.CharField("署名", max_length=300, blank=True, help_text="照报面原样，例如：本报记者 王小明 文/图")
    captions = models.JSONField("图片说明", default=list, blank=True)
    continued_from = models.CharField("上接", max_length=30, blank=True, help_text="例如：第一版")
    continued_on = models.CharField("下转", max_length=30, blank=True)
    keywords = models.JSONField("关键词", default=list, blank=True, help_text="由文字算出，供推荐专题。")
    topics = models.ManyToManyField("articles.Topic", verbose_name="专题", through="articles.TopicLink", blank=True)
    contributors = models.ManyToManyField(
        "articles.Contributor", verbose_name="作者", through="articles.Credit", blank=True
    )

    content_fields = ARTICLE_FIELDS
    snapshot_key = "article"

    objects = ItemQuerySet["Article"].as_manager()

    class Meta(Item.Meta):
        verbose_name = verbose_name_plural = "稿件"
        permissions = [
            ("publish_article", "稿件见报、撤稿"),
            ("export_article", "批量导出稿件"),
        ]
        indexes = [
            models.Index(fields=["-updated_at", "-id"], name="article_by_update"),
            models.Index(fields=["page", "position"], name="article_on_page"),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def title(self) -> str:
        if self.headline:
            return self.headline
        first = self.body[0]["text"] if self.body else ""
        return f"（无题）{first[:20]}"

    def get_absolute_url(self) -> str:
        """The permanent public address."""
        return reverse("article", args=[self.pk])


class Notice(Item):
    kind = models.CharField("类别", max_length=30, choices=NoticeKind.choices, default=NoticeKind.OTHER)
    heading = models.CharField("报面标题", max_length=200, blank=True)
    fields = models.JSONField(
        "要素", default=dict, blank=True, help_text="声明人、证件、号码、电话、截止日期等，从文字中读出。"
    )

    content_fields = NOTICE_FIELDS
    snapshot_key = "notice"

    objects = ItemQuerySet["Notice"].as_manager()

    class Meta(Item.Meta):
        verbose_name = verbose_name_plural = "分类公告"
        permissions = [
            ("publish_notice", "公告见报、撤稿"),
            ("export_notice", "批量导出公告"),
        ]
        indexes = [
            models.Index(fields=["-updated_at", "-id"], name="notice_by_update"),
            models.Index(fields=["page", "position"], name="notice_on_page"),
            models.Index(fields=["kind", "-id"], name="notice_by_kind"),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def title(self) -> str:
        return notice_title(self.content)

    def get_absolute_url(self) -> str:
        """The permanent public address."""
        return reverse("notice", args=[self.pk])


AnyItem = Article | Notice

"""Item 条: Article 稿件 and Notice 分类公告."""

from __future__ import annotations

import datetime
from typing import Any, ClassVar, Self, TypeVar

from django.db import models
from django.db.models import Exists, OuterRef, Q, Subquery
from django.urls import reverse

from articles.content import ARTICLE_FIELDS, NOTICE_FIELDS, Content, NoticeKind, content_hash
from articles.models.newspaper import Page
from articles.notice_masking import masked_title
from articles.numbers import strings
from articles.repeats import repeat_keys
from articles.sureness import Sureness, sureness


class WorkState(models.TextChoices):
    """How far the work on an item has come. Whether readers see it is another matter: see `Snapshot`."""

    IMPORTED = "imported", "待校"
    CORRECTED = "corrected", "已校"
    DISSOLVED = "dissolved", "已拆散"
    """Its text went to other items: an empty row with its number and history. New text makes it an item again."""


M = TypeVar("M", bound="Item")


class Probe(Exists):
    """Whether there is such a row, for a column of a list: one look into an index for each row that is shown.

    For `Exists` PostgreSQL reckons with all rows of the list instead of the fifty of a page, and reads the whole other
    table first. In a filter `Exists` is right.
    """

    template = "((%(subquery)s) IS NOT NULL)"


class ItemQuerySet(models.QuerySet[M]):
    """Reads shared by articles and notices."""

    def with_publication(self) -> Self:
        """Annotate `is_live`, `is_scheduled` and `is_withdrawn`, as the public site would answer now."""
        from articles.models.publication import Snapshot, Withdrawal

        key = self.model.snapshot_key
        mine = {key: OuterRef("pk")}
        return self.annotate(
            is_live=Probe(Snapshot.objects.live().filter(**mine)),
            is_scheduled=Probe(Snapshot.objects.scheduled().filter(**mine)),
            is_withdrawn=Probe(Withdrawal.objects.in_force().filter(**mine)),
        )

    def with_live_hash(self) -> Self:
        """Annotate `live_hash`, the hash of the content that readers see; None when they see nothing."""
        from articles.models.publication import Snapshot

        live = Snapshot.objects.live().filter(**{self.model.snapshot_key: OuterRef("pk")})
        return self.annotate(live_hash=Subquery(live.values("source_hash")[:1]))

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
    embargo_until = models.DateTimeField(
        "禁发到", null=True, blank=True, help_text="在这之前谁也不能让读者看到；到了时间也不会自己见报。"
    )
    confidence = models.FloatField("机器把握", null=True, blank=True)
    version = models.PositiveIntegerField("版本", default=1)
    content_hash = models.CharField("内容指纹", max_length=64, editable=False)
    created_at = models.DateTimeField("入库时间", auto_now_add=True)
    updated_at = models.DateTimeField("最后修改", auto_now=True)

    content_fields: ClassVar[tuple[str, ...]]
    derived_fields: ClassVar[tuple[str, ...]] = ("content_hash",)
    """What `set_content` computes from the content: to be saved with it."""
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
    def sureness(self) -> Sureness | None:
        return sureness(self.confidence)

    @property
    def reading_order(self) -> tuple[int, str, int]:
        """What the items of a page are sorted by: articles and notices share the positions."""
        return self.position, self.snapshot_key, self.pk

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
            ("import_article", "批量导入稿件"),
        ]
        indexes = [
            models.Index(fields=["-updated_at", "-id"], name="article_by_update"),
            models.Index(fields=["work_state", "-page"], name="article_by_work"),
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


DECLARANT_LIMIT = 200


def derived(content: Content) -> dict[str, Any]:
    """The columns of a notice that its content decides. A date that is none, or does not exist, is no date."""
    fields = content["fields"]
    same_fields, same_text = repeat_keys(content)
    return {
        "declarant": "、".join(strings(fields.get("declarant")))[:DECLARANT_LIMIT],
        "signed_on": day_of(fields.get("date")),
        "deadline_on": day_of(fields.get("deadline")),
        "same_fields": same_fields,
        "same_text": same_text,
    }


def day_of(value: object) -> datetime.date | None:
    """The day that ``2026-02-03`` means."""
    if not isinstance(value, str) or len(value.strip()) != len("2026-02-03"):
        return None
    try:
        return datetime.date.fromisoformat(value.strip())
    except ValueError:
        return None


class Notice(Item):
    kind = models.CharField("类别", max_length=30, choices=NoticeKind.choices, default=NoticeKind.OTHER)
    heading = models.CharField("报面标题", max_length=200, blank=True)
    fields = models.JSONField(
        "要素", default=dict, blank=True, help_text="声明人、证件、号码、电话、截止日期等，从文字中读出。"
    )

    # Columns that lists filter and sort by, and by which repeats are found: `set_content` keeps them in step.
    declarant = models.CharField("声明人", max_length=DECLARANT_LIMIT, blank=True, default="", editable=False)
    signed_on = models.DateField("落款日期", null=True, blank=True, editable=False)
    deadline_on = models.DateField("截止日期", null=True, blank=True, editable=False)
    same_fields = models.CharField(max_length=64, blank=True, default="", editable=False)
    same_text = models.CharField(max_length=64, blank=True, default="", editable=False)

    content_fields = NOTICE_FIELDS
    derived_fields = ("content_hash", "declarant", "signed_on", "deadline_on", "same_fields", "same_text")
    snapshot_key = "notice"

    objects = ItemQuerySet["Notice"].as_manager()

    class Meta(Item.Meta):
        verbose_name = verbose_name_plural = "分类公告"
        permissions = [
            ("publish_notice", "公告见报、撤稿"),
            ("export_notice", "批量导出公告"),
            ("import_notice", "批量导入公告"),
            ("unmask_notice", "看公告里的完整号码"),
        ]
        indexes = [
            models.Index(fields=["-updated_at", "-id"], name="notice_by_update"),
            models.Index(fields=["work_state", "-page"], name="notice_by_work"),
            models.Index(fields=["page", "position"], name="notice_on_page"),
            models.Index(fields=["kind", "-id"], name="notice_by_kind"),
            models.Index(
                fields=["deadline_on", "id"], condition=Q(deadline_on__isnull=False), name="notice_by_deadline"
            ),
            models.Index(fields=["same_fields"], name="notice_same_fields"),
            models.Index(fields=["same_text"], name="notice_same_text"),
        ]

    def __str__(self) -> str:
        return self.title

    def set_content(self, content: Content) -> None:
        super().set_content(content)
        for name, value in derived(self.content).items():
            setattr(self, name, value)

    @property
    def title(self) -> str:
        """What lists, messages and the history call it. Personal numbers are masked: it goes everywhere."""
        return masked_title(self.content)

    def get_absolute_url(self) -> str:
        """The permanent public address."""
        return reverse("notice", args=[self.pk])


AnyItem = Article | Notice

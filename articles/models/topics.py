"""Topic 专题 and Contributor 作者, and how articles belong to them."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.urls import reverse

from articles.models.items import Article


class TopicState(models.TextChoices):
    PROPOSED = "proposed", "机器提议"
    ACTIVE = "active", "使用中"
    RETIRED = "retired", "停用"


class Topic(models.Model):
    name = models.CharField("名称", max_length=40, unique=True)
    slug = models.SlugField("网址代号", max_length=60, unique=True, allow_unicode=True)
    description = models.TextField("说明", blank=True)
    words = models.JSONField("线索词", default=list, blank=True, help_text="稿件里出现这些词时推荐本专题。")
    state = models.CharField(
        "状态",
        max_length=10,
        choices=TopicState.choices,
        default=TopicState.ACTIVE,
        help_text="机器提议的专题，编辑改为“使用中”之后读者才看得到。",
    )

    class Meta:
        verbose_name = verbose_name_plural = "专题"
        ordering = ["name"]
        permissions = [("import_topic", "批量导入专题"), ("export_topic", "批量导出专题")]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("topic", args=[self.slug])


class LinkState(models.TextChoices):
    SUGGESTED = "suggested", "推荐"
    CONFIRMED = "confirmed", "已确认"
    REJECTED = "rejected", "已否决"


class TopicLink(models.Model):
    """An article's topic. A suggestion is the machine's; readers see confirmed ones only."""

    article = models.ForeignKey(Article, verbose_name="稿件", on_delete=models.CASCADE, related_name="topic_links")
    topic = models.ForeignKey(Topic, verbose_name="专题", on_delete=models.PROTECT, related_name="links")
    state = models.CharField("状态", max_length=10, choices=LinkState.choices, default=LinkState.SUGGESTED)
    score = models.FloatField("相关度", default=0)

    class Meta:
        verbose_name = verbose_name_plural = "专题归属"
        ordering = ["-score", "topic_id"]
        constraints = [models.UniqueConstraint(fields=["article", "topic"], name="topic_link_once")]
        indexes = [models.Index(fields=["topic", "state"], name="topic_link_by_state")]

    def __str__(self) -> str:
        return f"{self.topic}（{self.get_state_display()}）"


class Contributor(models.Model):
    """A person who signs articles. Two people of one name are told apart by the note."""

    name = models.CharField("姓名", max_length=40)
    note = models.CharField("区别", max_length=60, blank=True, help_text="同名不同人时填写，例如：单位。")

    class Meta:
        verbose_name = verbose_name_plural = "作者"
        permissions = [("import_contributor", "批量导入作者"), ("export_contributor", "批量导出作者")]
        ordering = ["name", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["name", "note"], name="contributor_once"),
            models.CheckConstraint(condition=~Q(name=""), name="contributor_has_name"),
        ]

    def __str__(self) -> str:
        return f"{self.name}（{self.note}）" if self.note else self.name

    def get_absolute_url(self) -> str:
        """The permanent public address; there is something to read as long as an article signed so is public."""
        return reverse("contributor", args=[self.pk])


class CreditRole(models.TextChoices):
    REPORTER = "reporter", "记者"
    CORRESPONDENT = "correspondent", "通讯员"
    AUTHOR = "author", "作者"


class Credit(models.Model):
    article = models.ForeignKey(Article, verbose_name="稿件", on_delete=models.CASCADE, related_name="credits")
    contributor = models.ForeignKey(Contributor, verbose_name="作者", on_delete=models.PROTECT, related_name="credits")
    role = models.CharField("身份", max_length=15, choices=CreditRole.choices, default=CreditRole.AUTHOR)
    position = models.PositiveSmallIntegerField("顺序", default=0)

    class Meta:
        verbose_name = verbose_name_plural = "署名归属"
        ordering = ["position", "pk"]
        constraints = [models.UniqueConstraint(fields=["article", "contributor"], name="credit_once")]

    def __str__(self) -> str:
        return f"{self.get_role_display()} {self.contributor}"

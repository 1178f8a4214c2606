"""Working together: Assignment 指派, Comment 批注, Mention 提及."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from articles.masking import mask
from articles.models.constraints import done_by_somebody, one_item_at_most
from articles.models.items import AnyItem, Article, Notice
from articles.models.newspaper import Page

COMMENT_LIMIT = 1_000
NOTE_LIMIT = 300
QUOTE_LIMIT = 200


class AboutWork(models.Model):
    """About a page, or about one item of it."""

    page = models.ForeignKey(Page, verbose_name="版", on_delete=models.PROTECT, related_name="%(class)ss")
    article = models.ForeignKey(
        Article, verbose_name="稿件", on_delete=models.PROTECT, null=True, blank=True, related_name="%(class)ss"
    )
    notice = models.ForeignKey(
        Notice, verbose_name="分类公告", on_delete=models.PROTECT, null=True, blank=True, related_name="%(class)ss"
    )

    class Meta:
        abstract = True

    @property
    def item(self) -> AnyItem | None:
        return self.article or self.notice

    @property
    def subject(self) -> AnyItem | Page:
        return self.item or self.page


class AssignmentKind(models.TextChoices):
    GIVEN = "given", "指派"
    RETURNED = "returned", "退回"


class Assignment(AboutWork):
    """That somebody is to work on it. Open until it is done, by whomever, or taken back."""

    kind = models.CharField("由来", max_length=10, choices=AssignmentKind.choices, default=AssignmentKind.GIVEN)
    assignee = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="交给", on_delete=models.PROTECT, related_name="assignments"
    )
    by = models.ForeignKey(settings.AUTH_USER_MODEL, verbose_name="谁交的", on_delete=models.PROTECT, related_name="+")
    note = models.CharField("要做什么", max_length=NOTE_LIMIT, blank=True)
    due_on = models.DateField("期限", null=True, blank=True)
    at = models.DateTimeField("何时", auto_now_add=True)
    closed_at = models.DateTimeField("了结", null=True, blank=True)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="谁了结",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )

    class Meta:
        verbose_name = verbose_name_plural = "指派"
        ordering = ["-pk"]
        default_permissions = ("view", "add")
        constraints = [
            one_item_at_most("assignment_of_one_item_at_most"),
            models.UniqueConstraint(
                fields=["article", "assignee"], condition=Q(closed_at__isnull=True), name="assignment_open_article"
            ),
            models.UniqueConstraint(
                fields=["notice", "assignee"], condition=Q(closed_at__isnull=True), name="assignment_open_notice"
            ),
            models.UniqueConstraint(
                fields=["page", "assignee"],
                condition=Q(closed_at__isnull=True, article__isnull=True, notice__isnull=True),
                name="assignment_open_page",
            ),
            done_by_somebody("closed", "assignment_closed_by_somebody"),
        ]
        indexes = [
            models.Index(fields=["assignee", "-id"], condition=Q(closed_at__isnull=True), name="assignment_waiting")
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}：{self.subject}"


class Comment(AboutWork):
    """A remark to colleagues, about an item or one piece of it. Nobody changes what was said; a remark that has been
    dealt with is resolved, once."""

    piece = models.CharField("段块", max_length=20, blank=True)
    quote = models.CharField("原文", max_length=QUOTE_LIMIT, blank=True, help_text="写批注时这一段的开头。")
    version = models.PositiveIntegerField("当时的版本")
    text = models.CharField("批注", max_length=COMMENT_LIMIT)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="谁", on_delete=models.PROTECT, related_name="comments"
    )
    at = models.DateTimeField("何时", auto_now_add=True)
    resolved_at = models.DateTimeField("解决", null=True, blank=True)
    resolved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="谁解决",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )

    class Meta:
        verbose_name = verbose_name_plural = "批注"
        ordering = ["pk"]
        default_permissions = ("view", "add")
        constraints = [
            one_item_at_most("comment_of_one_item_at_most"),
            models.CheckConstraint(condition=~Q(text=""), name="comment_says_something"),
            done_by_somebody("resolved", "comment_resolved_by_somebody"),
        ]
        indexes = [models.Index(fields=["-id"], condition=Q(resolved_at__isnull=True), name="comment_open")]

    def __str__(self) -> str:
        return mask(self.text)[:40]  # it goes into lists and messages


class Mention(models.Model):
    """That a comment names a colleague with @."""

    comment = models.ForeignKey(Comment, verbose_name="批注", on_delete=models.PROTECT, related_name="mentions")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="提到谁", on_delete=models.PROTECT, related_name="mentions"
    )
    seen_at = models.DateTimeField("看过", null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "提及"
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["comment", "user"], name="mention_once")]
        indexes = [models.Index(fields=["user", "-id"], condition=Q(seen_at__isnull=True), name="mention_unseen")]

    def __str__(self) -> str:
        return f"@{self.user_id}"

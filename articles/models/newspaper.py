"""Newspaper 报纸, Issue 期, Page 版."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q


class Newspaper(models.Model):
    name = models.CharField("报名", max_length=60, unique=True)
    slug = models.SlugField("网址代号", max_length=40, unique=True, help_text="出现在网址里，公开后不要改。")
    description = models.TextField("简介", blank=True)
    expected_pages = models.PositiveSmallIntegerField(
        "每期版数", null=True, blank=True, help_text="用来看一期是否齐全；不固定就留空。"
    )

    class Meta:
        verbose_name = verbose_name_plural = "报纸"
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class DateState(models.TextChoices):
    """How sure the date of an issue is. Only a confirmed date is ever published."""

    UNDATED = "undated", "未定"
    PROPOSED = "proposed", "待确认"
    CONFIRMED = "confirmed", "已确认"


class IssueQuerySet(models.QuerySet["Issue"]):
    def undated(self) -> IssueQuerySet:
        return self.exclude(date_state=DateState.CONFIRMED)


class Issue(models.Model):
    """One newspaper on one date. A page that nobody has dated yet has an issue of its own without a date."""

    newspaper = models.ForeignKey(
        Newspaper, verbose_name="报纸", on_delete=models.PROTECT, null=True, blank=True, related_name="issues"
    )
    date = models.DateField("日期", null=True, blank=True)
    date_state = models.CharField(
        "日期状态", max_length=10, choices=DateState.choices, default=DateState.UNDATED, db_index=True
    )
    date_basis = models.CharField("日期依据", max_length=60, blank=True, help_text="例如：报面印出、清单、编辑核定。")
    date_not_before = models.DateField(
        "不早于", null=True, blank=True, help_text="文中提到的最晚日期，供定日期时参考。"
    )
    number = models.CharField("期号", max_length=20, blank=True)
    expected_pages = models.PositiveSmallIntegerField("应有版数", null=True, blank=True)
    created_at = models.DateTimeField("入库时间", auto_now_add=True)

    objects = IssueQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "期"
        ordering = [F("date").desc(nulls_first=True), "-pk"]
        permissions = [
            ("place_issue", "核定日期、版次"),
            ("report_issue", "看进度、工作量和差错率"),
            ("import_issue", "批量导入期号和应有版数"),
            ("export_issue", "批量导出期"),
        ]
        constraints = [
            # Two issues of one day can stand side by side only until an editor merges them: see actions.placing.
            models.UniqueConstraint(
                fields=["newspaper", "date"],
                condition=Q(date_state="confirmed"),
                name="issue_one_per_newspaper_and_day",
                violation_error_message="这份报纸这一天已经有一期了。",
            ),
            models.CheckConstraint(
                condition=~Q(date_state="confirmed") | Q(date__isnull=False, newspaper__isnull=False),
                name="issue_confirmed_means_dated",
                violation_error_message="确认日期之前，先填报纸和日期。",
            ),
            models.CheckConstraint(
                condition=~Q(date_state="undated") | Q(date__isnull=True), name="issue_undated_means_no_date"
            ),
        ]
        indexes = [
            # PostgreSQL reads the default ordering from this; SQLite sorts, over a table of one row a day.
            models.Index(fields=["-date", "-id"], name="issue_by_date"),
            models.Index(fields=["newspaper", "-date"], name="issue_by_newspaper"),
        ]

    def __str__(self) -> str:
        paper = self.newspaper.name if self.newspaper_id and self.newspaper else "未知报纸"
        if self.date is None:
            return f"{paper} 未定日期 #{self.pk}"
        mark = "" if self.date_state == DateState.CONFIRMED else "（待确认）"
        return f"{paper} {self.date:%Y-%m-%d}{mark}"


class Page(models.Model):
    issue = models.ForeignKey(Issue, verbose_name="期", on_delete=models.PROTECT, related_name="pages")
    number = models.PositiveSmallIntegerField("版次", null=True, blank=True, help_text="第几版；还不知道就留空。")
    section = models.CharField("版名", max_length=40, blank=True, help_text="例如：要闻、综合、分类广告。")
    furniture = models.JSONField("版面附件", default=list, blank=True, help_text="报头、口号、热线等，不属于任何一条。")
    removed = models.JSONField("已剔除", default=list, blank=True)
    unplaced = models.JSONField("未归位文字", default=list, blank=True)
    set_aside = models.JSONField("已搁置文字", default=list, blank=True, help_text="编辑看过、确认不用的文字。")
    version = models.PositiveIntegerField("版本", default=1)

    class Meta:
        verbose_name = verbose_name_plural = "版"
        ordering = ["-issue_id", "number", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["issue", "number"],
                condition=Q(number__isnull=False),
                name="page_one_per_number",
                violation_error_message="这一期已经有这个版次了。",
            ),
            models.CheckConstraint(
                condition=Q(number__isnull=True) | Q(number__gte=1, number__lte=999), name="page_number_in_range"
            ),
        ]
        # Of most pages nothing is left over: those of which something is are counted on the landing page of the desk.
        indexes = [models.Index(fields=["issue"], condition=~Q(unplaced=[]), name="page_with_unplaced")]

    def __str__(self) -> str:
        return f"{self.issue} {self.label}"

    @property
    def label(self) -> str:
        """“第3版：要闻”, the form readers of a 数字报 know."""
        name = f"第{self.number}版" if self.number else "版次未定"
        return f"{name}：{self.section}" if self.section else name

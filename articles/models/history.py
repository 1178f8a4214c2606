"""History: every act, who, when, what, why. Rows are only ever added; the database itself refuses anything else.

An entry keeps the *former* values of the fields it changed (`before`) and the hash of the content after it. The
present text stands in the item's own row, so each text is stored once; `articles.versions` walks back from it.
"""

from __future__ import annotations

from django.conf import settings
from django.db import models


class Target(models.TextChoices):
    ARTICLE = "article", "稿件"
    NOTICE = "notice", "分类公告"
    PAGE = "page", "版"
    ISSUE = "issue", "期"
    TOPIC = "topic", "专题"
    OFFICE = "office", "任职"
    NEWSPAPER = "newspaper", "报纸"
    CONTRIBUTOR = "author", "作者"
    ACCOUNT = "account", "账号"
    GROUP = "group", "角色"


class Act(models.TextChoices):
    IMPORTED = "imported", "入库"
    UPDATED = "updated", "重新入库"
    CREATED = "created", "新建"
    EDITED = "edited", "修改"
    MOVED = "moved", "移动文字"
    CORRECTED = "corrected", "校毕"
    SIGNED = "signed", "签审"
    REOPENED = "reopened", "退回待校"
    UNSIGNED = "unsigned", "签审作废"
    PLACED = "placed", "核定日期版次"
    FINDING = "finding", "处理疑点"
    TOPICS = "topics", "归入专题"
    PUBLISHED = "published", "见报"
    SCHEDULED = "scheduled", "定时见报"
    UNSCHEDULED = "unscheduled", "取消定时"
    EMBARGOED = "embargoed", "禁发"
    WITHDRAWN = "withdrawn", "撤稿"
    ADDRESSED = "addressed", "旧网址"
    AMENDED = "amended", "发更正"
    RETRACTED = "retracted", "撤回更正"
    LINKED = "linked", "归并连登"
    UNLINKED = "unlinked", "拆开连登"
    UNMASKED = "unmasked", "查看完整号码"
    JOINED = "joined", "连接转版"
    PARTED = "parted", "断开转版"
    SPLIT = "split", "拆分"
    MERGED = "merged", "合并"
    ASSIGNED = "assigned", "指派"
    UNASSIGNED = "unassigned", "了结指派"
    COMMENTED = "commented", "批注"
    DELETED = "deleted", "删除"


class HistoryEntry(models.Model):
    target = models.CharField("对象", max_length=10, choices=Target.choices)
    target_id = models.BigIntegerField("编号")
    act = models.CharField("操作", max_length=12, choices=Act.choices)
    version = models.PositiveIntegerField("版本", null=True, help_text="操作之后的版本。")
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, verbose_name="谁", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField("何时", auto_now_add=True)
    reason = models.CharField("为何", max_length=500, blank=True)
    before = models.JSONField("改前", default=dict, blank=True)
    content_hash = models.CharField("改后指纹", max_length=64, blank=True)
    details = models.JSONField("细节", default=dict, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "历史"
        ordering = ["-pk"]
        default_permissions = ("view",)
        indexes = [models.Index(fields=["target", "target_id", "-id"], name="history_of_target")]
        constraints = [
            # Two writers can never both make version 7 of one item: the second fails, whatever the isolation level.
            models.UniqueConstraint(fields=["target", "target_id", "version"], name="history_one_entry_a_version"),
        ]

    def __str__(self) -> str:
        return f"{self.get_target_display()} {self.target_id} {self.get_act_display()}"

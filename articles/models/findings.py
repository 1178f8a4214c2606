"""Finding 疑点: something a careful proofreader would query."""

from __future__ import annotations

import re

from django.db import models

from articles.masking import MASK, mask
from articles.models.constraints import one_item_at_most
from articles.models.items import Article, Notice
from articles.models.newspaper import Page

_RUN = re.compile(r"[0-9A-Za-z０-９][0-9A-Za-z０-９ \-]{4,}")


class FindingState(models.TextChoices):
    OPEN = "open", "待处理"
    ACCEPTED = "accepted", "已采纳"
    DISMISSED = "dismissed", "已排除"


class Finding(models.Model):
    """About an item, or about the page as a whole. Lives beside the items, not with the engine, because publish rules
    and people raise findings too."""

    page = models.ForeignKey(Page, verbose_name="版", on_delete=models.CASCADE, related_name="findings")
    article = models.ForeignKey(
        Article, verbose_name="稿件", on_delete=models.CASCADE, null=True, blank=True, related_name="findings"
    )
    notice = models.ForeignKey(
        Notice, verbose_name="分类公告", on_delete=models.CASCADE, null=True, blank=True, related_name="findings"
    )
    key = models.CharField("标识", max_length=80, help_text="种类和来源位置；同一疑点再次入库不会重复。")
    kind = models.CharField("种类", max_length=40)
    message = models.CharField("说明", max_length=300)
    quote = models.CharField("原文", max_length=200, blank=True)
    fix = models.CharField("建议", max_length=200, blank=True)
    piece = models.CharField("段块", max_length=20, blank=True)
    is_blocking = models.BooleanField("未处理不能见报", default=False)
    state = models.CharField("状态", max_length=10, choices=FindingState.choices, default=FindingState.OPEN)

    class Meta:
        verbose_name = verbose_name_plural = "疑点"
        ordering = ["page_id", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["page", "key"], name="finding_once"),
            one_item_at_most("finding_of_one_item_at_most"),
        ]
        indexes = [models.Index(fields=["state", "-id"], name="finding_by_state")]

    def __str__(self) -> str:
        return self.veiled(f"{self.message}：{self.quote}" if self.quote else self.message)

    def veiled(self, text: str) -> str:
        """What may be said of it in lists and messages: it quotes what it doubts, identity numbers among it. Of a
        notice no run of figures is shown, for a misread number is one all the same."""
        masked = mask(text)
        return _RUN.sub(lambda found: MASK * len(found[0]), masked) if self.notice_id else masked

"""Jump 转版: a story that begins on one page and goes on upon another."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from articles.models.items import Article


class JumpState(models.TextChoices):
    LINKED = "linked", "已连接"
    REJECTED = "rejected", "已否决"


class Jump(models.Model):
    """A person's word that one article goes on in another, or that it does not. What is only likely has no row: it is
    worked out when somebody looks (`articles.jumps`)."""

    origin = models.ForeignKey(Article, verbose_name="前文", on_delete=models.CASCADE, related_name="jumps_on")
    target = models.ForeignKey(Article, verbose_name="后文", on_delete=models.CASCADE, related_name="jumps_from")
    state = models.CharField("状态", max_length=10, choices=JumpState.choices, default=JumpState.LINKED)

    class Meta:
        verbose_name = verbose_name_plural = "转版"
        default_permissions = ("view", "change")
        constraints = [
            models.UniqueConstraint(fields=["origin", "target"], name="jump_once"),
            models.UniqueConstraint(fields=["origin"], condition=Q(state="linked"), name="jump_goes_on_once"),
            models.UniqueConstraint(fields=["target"], condition=Q(state="linked"), name="jump_comes_from_one"),
            models.CheckConstraint(condition=~Q(origin=F("target")), name="jump_between_two"),
        ]

    def __str__(self) -> str:
        return f"{self.origin_id} → {self.target_id}（{self.get_state_display()}）"

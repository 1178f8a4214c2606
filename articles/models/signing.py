"""Sign-off 签审: the stages that a newspaper's texts go through, and who signed which text at which.

A signature stands for exactly one text in one place: the version it names, in the round it was given in. Any edit makes
a new version; a return, a change of place or of credits ends the round, by a row of its own. So a signature is never
taken away, it only ceases to fit, and the table can be append-only: the database refuses everything else.
"""

from __future__ import annotations

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q

from articles.models.constraints import one_item
from articles.models.items import Article, Notice
from articles.models.newspaper import Newspaper


class StageKind(models.TextChoices):
    """What is done at a stage, and so which permission signs it. A person signs at most one of a text's reviews."""

    PROOF = "proof", "校对"
    FIRST = "first", "初审"
    SECOND = "second", "复审"
    FINAL = "final", "终审"

    @property
    def is_review(self) -> bool:
        return self is not StageKind.PROOF

    @property
    def permission(self) -> str:
        return f"articles.sign_{self.value}"


DEFAULT_STAGES = (
    ("一校", StageKind.PROOF),
    ("二校", StageKind.PROOF),
    ("三校", StageKind.PROOF),
    ("初审", StageKind.FIRST),
    ("复审", StageKind.SECOND),
    ("终审", StageKind.FINAL),
)
"""三校三审, offered to a new newspaper. A small one may do with fewer, or with none: then 校毕 opens the way."""


class StageQuerySet(models.QuerySet["Stage"]):
    def in_use(self) -> Self:
        """The stages texts go through today, in their order."""
        return self.filter(is_retired=False).order_by("newspaper_id", "position", "pk")


class Stage(models.Model):
    """One step of a newspaper's 三校三审. It is retired rather than deleted, for there are signatures of it."""

    newspaper = models.ForeignKey(Newspaper, verbose_name="报纸", on_delete=models.PROTECT, related_name="stages")
    name = models.CharField("环节", max_length=20)
    kind = models.CharField("做什么", max_length=10, choices=StageKind.choices, default=StageKind.PROOF)
    position = models.PositiveSmallIntegerField("次序")
    is_retired = models.BooleanField("已停用", default=False)

    objects = StageQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "校审环节"
        ordering = ["newspaper_id", "position", "pk"]
        default_permissions = ("view",)
        constraints = [
            models.UniqueConstraint(
                fields=["newspaper", "name"],
                name="stage_once_in_newspaper",
                violation_error_message="这份报纸已经有这个环节了。",
            ),
            models.CheckConstraint(condition=~Q(name=""), name="stage_has_name"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_review(self) -> bool:
        return StageKind(self.kind).is_review

    @property
    def permission(self) -> str:
        """What a person needs to sign it."""
        return StageKind(self.kind).permission


class Outcome(models.TextChoices):
    SIGNED = "signed", "签"
    RETURNED = "returned", "退回"
    VOIDED = "voided", "作废"


class ErrorBasis(models.TextChoices):
    """Where the number of errors comes from."""

    COMPUTED = "computed", "按改动数计"
    ENTERED = "entered", "签字人填"


class SignOffQuerySet(models.QuerySet["SignOff"]):
    def signatures(self) -> Self:
        return self.filter(outcome=Outcome.SIGNED)


class SignOff(models.Model):
    """A signature, or the end of a round: a return with its reason, or a change that no signature outlives."""

    article = models.ForeignKey(
        Article, verbose_name="稿件", on_delete=models.PROTECT, null=True, blank=True, related_name="sign_offs"
    )
    notice = models.ForeignKey(
        Notice, verbose_name="分类公告", on_delete=models.PROTECT, null=True, blank=True, related_name="sign_offs"
    )
    stage = models.ForeignKey(
        Stage, verbose_name="环节", on_delete=models.PROTECT, null=True, blank=True, related_name="sign_offs"
    )
    stage_name = models.CharField("环节名", max_length=20, blank=True, help_text="当时的名称。")
    outcome = models.CharField("结果", max_length=10, choices=Outcome.choices, default=Outcome.SIGNED)
    round = models.PositiveIntegerField("轮次", default=1, help_text="退回一次、作废一次，就是新的一轮。")
    version = models.PositiveIntegerField("文字版本")
    hash = models.CharField("指纹", max_length=64, help_text="文字、署名归属和所在报纸、日期、版次合起来的指纹。")
    stood = models.JSONField("所签", default=dict, help_text="签时的位置和署名归属，供对照。")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, verbose_name="谁", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField("何时", auto_now_add=True)
    errors = models.PositiveIntegerField("查出差错", null=True, blank=True)
    error_basis = models.CharField("差错数依据", max_length=10, choices=ErrorBasis.choices, blank=True)
    characters = models.PositiveIntegerField("字数", default=0, help_text="所签文字的字数，供算差错率。")
    note = models.CharField("意见", max_length=500, blank=True)

    objects = SignOffQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "签审"
        ordering = ["-pk"]
        default_permissions = ("view",)
        permissions = [
            ("sign_proof", "签校对（一校、二校、三校）"),
            ("sign_first", "签初审"),
            ("sign_second", "签复审"),
            ("sign_final", "签终审"),
        ]
        constraints = [
            one_item("sign_off_of_one_item"),
            models.CheckConstraint(
                condition=~Q(outcome="signed") | Q(stage__isnull=False), name="sign_off_signed_means_stage"
            ),
            models.CheckConstraint(condition=~Q(outcome="returned") | ~Q(note=""), name="sign_off_return_has_reason"),
            # Of two people who sign one stage of one text at once, one does: whatever the isolation level.
            models.UniqueConstraint(
                fields=["article", "stage", "round", "version"],
                condition=Q(outcome="signed", article__isnull=False),
                name="sign_off_once_per_article",
            ),
            models.UniqueConstraint(
                fields=["notice", "stage", "round", "version"],
                condition=Q(outcome="signed", notice__isnull=False),
                name="sign_off_once_per_notice",
            ),
            models.UniqueConstraint(
                fields=["article", "round"],
                condition=~Q(outcome="signed") & Q(article__isnull=False),
                name="sign_off_article_round_ends_once",
            ),
            models.UniqueConstraint(
                fields=["notice", "round"],
                condition=~Q(outcome="signed") & Q(notice__isnull=False),
                name="sign_off_notice_round_ends_once",
            ),
        ]
        indexes = [
            models.Index(fields=["article", "-id"], condition=Q(article__isnull=False), name="sign_off_of_article"),
            models.Index(fields=["notice", "-id"], condition=Q(notice__isnull=False), name="sign_off_of_notice"),
            models.Index(fields=["by", "-id"], name="sign_off_by_person"),
            models.Index(fields=["at", "id"], name="sign_off_by_time"),
        ]

    def __str__(self) -> str:
        return f"{self.stage_name or '—'} {self.get_outcome_display()}"

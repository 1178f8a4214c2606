"""Office 任职: who bore which title when, as far as the editors keep it on record."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

NAME_LIMIT = 20


class Office(models.Model):
    """One person, one title, one period. Without a title the name alone is watched, for characters mistaken in it.

    Two people of one name are told apart by the note; what either may be called is right for the name.
    """

    name = models.CharField("姓名", max_length=NAME_LIMIT, db_index=True)
    note = models.CharField("区别", max_length=60, blank=True, help_text="同名不同人时填写，例如：单位。")
    title = models.CharField(
        "职务", max_length=60, blank=True, help_text="照报面的叫法，例如：市委副书记。不填就只看名字有没有错字。"
    )
    since = models.DateField("起", null=True, blank=True, help_text="这一天起；不知道就留空。")
    until = models.DateField("止", null=True, blank=True, help_text="这一天止（含）；还在任就留空。")
    updated_at = models.DateTimeField("最后修改", auto_now=True)

    class Meta:
        verbose_name = verbose_name_plural = "任职"
        ordering = ["name", "note", "since", "pk"]
        permissions = [("import_office", "批量导入任职"), ("export_office", "批量导出任职")]
        constraints = [
            models.UniqueConstraint(
                fields=["name", "note", "title", "since"],
                name="office_once",
                violation_error_message="这一条任职已经有了。",
            ),
            models.UniqueConstraint(
                fields=["name", "note", "title"],
                condition=Q(since__isnull=True),
                name="office_once_without_start",
                violation_error_message="这一条任职已经有了。",
            ),
            models.CheckConstraint(condition=~Q(name=""), name="office_has_name"),
            models.CheckConstraint(
                condition=Q(since__isnull=True) | Q(until__isnull=True) | Q(until__gte=F("since")),
                name="office_ends_after_start",
                violation_error_message="“止”不能早于“起”。",
            ),
        ]

    def __str__(self) -> str:
        named = f"{self.name}（{self.note}）" if self.note else self.name
        return f"{named}　{self.title}" if self.title else named

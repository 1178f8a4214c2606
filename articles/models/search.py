"""The search index, which the database itself derives from the content, and the words that ranking knows."""

from __future__ import annotations

from typing import Any

from django.db import models


class SearchState(models.IntegerChoices):
    """Whose text it is. Draft and snapshot with the same words share one row."""

    DRAFT = 0, "草稿"
    BOTH = 1, "草稿和见报稿"
    PUBLIC = 2, "见报稿"


class RowNumber(models.BigIntegerField):  # type: ignore[type-arg]  # takes none when it runs
    """A key that SQLite keeps the rows themselves by, instead of in an index beside them."""

    def db_type(self, connection: Any) -> str | None:
        return "integer" if connection.vendor == "sqlite" else super().db_type(connection)


class SearchDoc(models.Model):
    """Texts are folded (`articles.search.folding`). Triggers write the rows: see `articles.search.schema`."""

    key = RowNumber(primary_key=True)
    """State, day and a number within the day, from the highest bits: see `articles.search.keys`."""
    state = models.SmallIntegerField(choices=SearchState.choices)
    kind = models.SmallIntegerField()
    item_id = models.BigIntegerField()
    snapshot_id = models.BigIntegerField(null=True)
    live_from = models.DateTimeField(null=True)
    live_until = models.DateTimeField(null=True)
    date = models.DateField(null=True)
    newspaper_id = models.BigIntegerField(null=True)
    page_number = models.SmallIntegerField(null=True)
    topics = models.TextField(help_text="专题编号，逗号隔开。")
    contributors = models.TextField(help_text="作者姓名，一行一个。")
    headline = models.TextField()
    deck = models.TextField()
    byline = models.TextField()
    column = models.TextField()
    section = models.TextField()
    captions = models.TextField()
    subheads = models.TextField(help_text="小标题，也在正文里；只用来排序。")
    body = models.TextField()

    class Meta:
        verbose_name = verbose_name_plural = "检索条目"
        default_permissions = ()
        indexes = [models.Index(fields=["kind", "item_id"], name="search_of_item")]

    def __str__(self) -> str:
        return f"{self.kind} {self.item_id}"


class SearchRebuild(models.Model):
    """How far the rebuild of the index has come: one row, so that a broken-off one goes on where it was."""

    kind = models.SmallIntegerField(default=1)
    item_id = models.BigIntegerField(default=0)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = verbose_name_plural = "检索重建"
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.kind} {self.item_id}"


class SiteWord(models.Model):
    """A word of this place that no dictionary knows, for the order of search results."""

    word = models.CharField(
        "词",
        max_length=20,
        unique=True,
        help_text="例如：陈埭、五店市。检索排序时当作一个词；加了马上生效，不用重建索引。",
    )
    is_used = models.BooleanField("使用", default=True, help_text="加错了就取消；检索仍然找得到这几个字。")

    class Meta:
        verbose_name = verbose_name_plural = "本地词"
        ordering = ["word"]
        permissions = [("import_siteword", "批量导入本地词"), ("export_siteword", "批量导出本地词")]

    def __str__(self) -> str:
        return self.word
